import { Construct, IConstruct } from "constructs";
import { windowsOf } from "../query/question";
import { Lookup } from "../lookup/lookup";
import { BackupsError, BackupsUsageError } from "../model/errors";
import { RestoreWindow } from "../model/window";
import {
  applySuppressions,
  RuleFinding,
  RuleLevel,
  RULES,
  runRules,
  RuleSettings,
  RuleSubject,
  RuleSuppression,
  SortedFindings,
} from "../restore/rules";
import { writeCheck, writeLocal } from "../terraform/check";
import { literal } from "../model/literal";
import { settledIn, writeOutput } from "../terraform/output";
import { requireStack } from "../terraform/problems";
import { writeDecision } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { judge, unlessFailed } from "./judge";
import { sessionOf } from "./provider";
import { requireConstruct } from "./require";

/** What a policy says about one rule. */
export interface RecoveryRuleSetting {
  /** Its level. @default - the rule's own, see RULES.md */
  readonly level?: RuleLevel;
  /** Its parameters by name, such as `{ rpoHours: 26 }`. @default - the rule's own */
  readonly parameters?: { readonly [name: string]: any };
}

/** Which rules hold for which queries. */
export interface RecoveryPolicyProps {
  /** The queries that the rules look at. */
  readonly queries: BackupQuery[];
  /**
   * What differs from the rules' defaults, by rule id. Naming `window-gap` here has the service asked
   * for its windows, a request for each day. @default - every rule as RULES.md has it
   */
  readonly rules?: { readonly [ruleId: string]: RecoveryRuleSetting };
  /** Whether findings become Terraform `check` blocks as well, which warn at plan and apply. @default false */
  readonly checks?: boolean;
}

/**
 * Rules that the backups have to keep: an RPO, no gaps, enough of them, none that failed of late, …
 *
 * Findings of level ERROR fail the synthesis, those of WARNING are told; which rule found something
 * in which query stands in the policy's output, and the evidence in `restore-decisions.json`.
 */
export class RecoveryPolicy extends Construct {
  /**
   * Accepts the findings of a rule for a construct and everything below it. The reason is for those
   * who read it later; it stands beside the finding in `restore-decisions.json`.
   */
  public static suppress(construct: IConstruct, rule: string, reason: string): void {
    // What can't be is refused here, where it is written.
    const suppression = { rule, path: construct.node.path, reason };
    applySuppressions([], [suppression]);
    const { root } = construct.node;
    suppressions.set(root, [...(suppressions.get(root) ?? []), suppression]);
  }

  private readonly windows = new Map<BackupQuery, Lookup<RestoreWindow[]>>();
  private memo?: SortedFindings;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RecoveryPolicyProps,
  ) {
    super(scope, id);
    requireStack(this, "a RecoveryPolicy");
    for (const query of props.queries)
      requireConstruct("queries", query, BackupQuery, this.node.path);
    this.checkSettings();
    if (this.asksForWindows) this.declareWindows();
    const report = judge(
      this,
      () => [...this.props.queries.map((query) => query._lookup()), ...this.windows.values()],
      () => this.problems(),
    );
    writeOutput(this, `What the recovery policy ${id} found, as of the synthesis`, (context) => {
      const findings = settledIn(context, report, () => this.findings) ?? [];
      const told = findings.map(({ rule, level, subject }) => ({ rule, level, subject }));
      return { findings: literal(told) };
    });
    writeDecision(this, () => this.known());
    if (props.checks) this.writeChecks();
  }

  /** What the rules found, but for what is suppressed. */
  public get findings(): RuleFinding[] {
    return this.sorted.kept;
  }

  private get sorted(): SortedFindings {
    this.memo ??= applySuppressions(
      runRules(this.subjects(), this.settings, this.asOf),
      suppressions.get(this.node.root) ?? [],
    );
    return this.memo;
  }

  private get settings(): RuleSettings {
    return this.props.rules ?? {};
  }

  private get asOf(): Date {
    return this.props.queries[0]?._asOf() ?? sessionOf(this).now;
  }

  private get asksForWindows(): boolean {
    const setting = this.settings["window-gap"];
    return setting !== undefined && setting.level !== RuleLevel.OFF;
  }

  /** A setting that can't be is an error here, not at the synthesis. */
  private checkSettings(): void {
    try {
      runRules([], this.settings, new Date(0));
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      throw new BackupsUsageError({ ...error.details, constructPath: this.node.path });
    }
  }

  private subjects(): RuleSubject[] {
    return this.props.queries.map((query) => ({
      path: query.node.path,
      label: query._label(),
      service: query._query().service,
      backups: query.all,
      windows: this.windowsOf(query),
    }));
  }

  private windowsOf(query: BackupQuery): RestoreWindow[] | undefined {
    const lookup = this.windows.get(query);
    if (!lookup) return undefined;
    sessionOf(this).settle(lookup);
    if (lookup.result) return lookup.result;
    throw lookup.error;
  }

  private declareWindows(): void {
    const { parameters } = RULES.find(({ id }) => id === "window-gap")!;
    const given = this.settings["window-gap"]?.parameters as { days?: number } | undefined;
    const days = given?.days ?? (parameters as { days: number }).days;
    for (const query of this.props.queries) {
      const { service, instanceId } = query._query();
      if (instanceId === undefined) continue;
      const daysBefore = Array.from({ length: Math.ceil(days) + 1 }, (_, i) => i);
      const question = windowsOf(service, instanceId, { daysBefore });
      if (!question) continue;
      const lookup = new Lookup(question, this.node.path, () => query._source());
      this.windows.set(query, lookup);
      sessionOf(this).declare(lookup);
    }
  }

  private problems() {
    const told = (level: RuleLevel) =>
      this.findings
        .filter((finding) => finding.level === level)
        .map(
          ({ rule, subject, evidence, advice }) => `${rule}: [${subject}] ${evidence}. ${advice}`,
        );
    try {
      // A lookup that failed is its query's own to report.
      if (this.props.queries.some((query) => query._error())) return { warnings: [] };
      const errors = told(RuleLevel.ERROR);
      const error = errors.length > 0 ? `RECOVERY_POLICY: ${errors.join("\n")}` : undefined;
      return { error, warnings: told(RuleLevel.WARNING) };
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      return { error: error.message, warnings: [] };
    }
  }

  private known(): SortedFindings | undefined {
    return unlessFailed(() => this.sorted);
  }

  private writeChecks(): void {
    const kept = () => this.known()?.kept ?? [];
    const count = writeLocal(this, "findings", () => kept().length);
    writeCheck(this, "check", () =>
      kept().map(({ rule, subject, advice }) => ({
        condition: `\${${count} == 0}`,
        error_message: literal(`${rule}: [${subject}] ${advice}`) as string,
      })),
    );
  }
}

const suppressions = new WeakMap<IConstruct, RuleSuppression[]>();
