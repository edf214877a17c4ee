import { Construct, IConstruct } from "constructs";
import { windowsOf } from "../query/question";
import { Lookup } from "../lookup/lookup";
import { Outcome } from "../model/outcome";
import { refusal } from "../model/errors";
import { by, checkedProps, declareProps, FLAG, listOf, made } from "../model/shape";
import { printable } from "../model/text";
import { RestoreWindow } from "../model/window";
import {
  applySuppressions,
  heldRules,
  Rule,
  RuleFinding,
  RuleId,
  RuleLevel,
  runRules,
  RuleSubject,
  RuleSuppression,
  SortedFindings,
  valuesIn,
} from "../restore/rules";
import { windowGap } from "../restore/rules/window-gap";
import { writeCheck, writeLocal } from "../terraform/check";
import { literal } from "../model/literal";
import { settledIn, writeOutput } from "../terraform/output";
import { Problem, requireStack } from "../terraform/problems";
import { writeDecision } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { groundsOf, judge } from "./judge";
import { subjectsOf, subjectsOfOne } from "./policy-subjects";
import { ProjectBackups } from "./project-backups";
import { declared, sessionOf } from "./provider";
import { lastDays } from "../lookup/moments";

/** Which rules hold for which queries and projects: one of both at least is given. */
export interface RecoveryPolicyProps {
  /** The queries that the rules look at. @default - none */
  readonly queries?: BackupQuery[];
  /**
   * The projects whose instances the rules look at, each for itself, but for those that are being created or
   * can't be backed up. For `windowGap` their restore windows are not asked, so it finds nothing there.
   * @default - none
   */
  readonly projects?: ProjectBackups[];
  /**
   * The rules that differ from their defaults, each once: `[Rule.rpo(Duration.hours(12))]`. Every other
   * holds as well, but for `windowGap`, `engineVersion` and `missedWindow`; one that is not to is
   * `withLevel(RuleLevel.OFF)`. @default - all but those three, as RULES.md has them
   */
  readonly rules?: Rule[];
  /** Whether findings become Terraform `check` blocks as well, which warn at plan and apply. @default false */
  readonly checks?: boolean;
}

/**
 * Rules that the backups have to keep: an RPO, no gaps, enough of them, none that failed of late, …
 *
 * Findings of level ERROR fail the synthesis, those of WARNING are told; which rule found something
 * in which query or instance stands in the policy's output, and the evidence in `restore-decisions.json`.
 */
export class RecoveryPolicy extends Construct {
  /**
   * Accepts the findings of a rule for a construct and everything below it. The reason is for those
   * who read it later; it stands beside the finding in `restore-decisions.json`.
   * @param construct The query or the project, or what has such below it.
   * @param rule Whose findings are accepted.
   * @param reason Why; not blank.
   * @throws `UNKNOWN_RULE` for what is no rule, `MISSING_REASON` without a reason.
   */
  public static suppress(construct: IConstruct, rule: RuleId, reason: string): void {
    // What can't be is refused here, where it is written.
    const suppression = { rule, path: construct?.node?.path, reason };
    applySuppressions([], [suppression]);
    const { root } = construct.node;
    suppressions.set(root, [...(suppressions.get(root) ?? []), suppression]);
  }

  private readonly rules: Rule[];
  private readonly queries: readonly BackupQuery[];
  private readonly projects: readonly ProjectBackups[];
  private readonly windows = new Map<BackupQuery, Lookup<RestoreWindow[]>>();
  private memo?: Outcome<SortedFindings>;

  /**
   * @param props Which rules hold for which queries and projects.
   * @throws `INVALID_PROPERTY` or `INVALID_RULE_SETTING` for a property that can't be; `HCL_OUTPUT`
   * or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(scope: Construct, id: string, props: RecoveryPolicyProps) {
    super(scope, id);
    const given = checkedProps(new.target, props, this.node.path);
    requireStack(this, "a RecoveryPolicy");
    const { queries = [], projects = [] } = given;
    this.queries = queries;
    this.projects = projects;
    if (queries.length === 0 && projects.length === 0) {
      throw refusal(
        "INVALID_PROPERTY",
        "there are neither queries nor projects",
        "Give the policy what its rules are to look at.",
        { constructPath: this.node.path },
      );
    }
    this.rules = heldRules(given.rules ?? [], this.node.path);
    this.declareWindows();
    const report = judge(
      this,
      groundsOf(queries, () => [...this.windows.values()], projects),
      () => this.problems(),
    );
    writeOutput(this, `What the recovery policy ${id} found, as of the synthesis`, (context) => {
      const findings = settledIn(context, report, this.outcome)?.kept ?? [];
      const told = findings.map(({ rule, level, subject }) => ({ rule, level, subject }));
      return { findings: literal(told) };
    });
    writeDecision(this, () => this.outcome.value);
    if (given.checks) this.writeChecks();
  }

  /**
   * What the rules found, but for what is suppressed.
   * @throws What `BackupQuery.all` throws.
   */
  public get findings(): RuleFinding[] {
    return this.outcome.required.kept;
  }

  /** What it holds the query or the project to; nothing, where it doesn't judge it. @internal */
  public _rulesFor(judged: BackupQuery | ProjectBackups): readonly Rule[] {
    const isOurs = [...this.queries, ...this.projects].some((each) => each === judged);
    return isOurs ? this.rules : [];
  }

  /** What the rules found, and what of it is suppressed. @internal */
  public _outcome(): Outcome<SortedFindings> {
    return this.outcome;
  }

  private get outcome(): Outcome<SortedFindings> {
    this.memo ??= Outcome.of(() =>
      applySuppressions(
        runRules(this.subjects(), this.rules, this.asOf),
        suppressions.get(this.node.root) ?? [],
      ),
    );
    return this.memo;
  }

  private get asOf(): Date {
    const [first] = [...this.queries, ...this.projects];
    return first?._asOf() ?? sessionOf(this).now;
  }

  private subjects(): RuleSubject[] {
    return [
      ...this.queries.flatMap((query) => subjectsOfOne(query, this.windowsOf(query))),
      ...this.projects.flatMap(subjectsOf),
    ];
  }

  private windowsOf(query: BackupQuery): RestoreWindow[] | undefined {
    if (query._query().instanceName !== undefined) this.declareWindowsOf(query);
    const lookup = this.windows.get(query);
    return lookup && sessionOf(this).settle(lookup).required;
  }

  /** Where the id of an instance is known from the start, so that they travel with everything else. */
  private declareWindows(): void {
    for (const query of this.queries) {
      if (query._query().instanceId !== undefined) this.declareWindowsOf(query);
    }
  }

  private declareWindowsOf(query: BackupQuery): void {
    const within = valuesIn(this.rules, windowGap)?.within;
    const instanceId = within && query._instanceId();
    if (!within || instanceId === undefined || this.windows.has(query)) return;
    const question = windowsOf(query._query().service, instanceId, lastDays(within));
    if (!question) return;
    this.windows.set(
      query,
      declared(this, question, () => query._source()),
    );
  }

  private problems(): Problem {
    const { value, problem } = this.outcome;
    const sentences = (level: RuleLevel) =>
      (value?.kept ?? [])
        .filter((finding) => finding.level === level)
        .map(({ rule, subject, evidence, advice }) =>
          printable(`${rule}: [${subject}] ${evidence}. ${advice}`),
        );
    const errors = sentences(RuleLevel.ERROR);
    const error = errors.length > 0 ? `RECOVERY_POLICY: ${errors.join("\n")}` : problem?.message;
    return { error, warnings: sentences(RuleLevel.WARNING) };
  }

  private writeChecks(): void {
    const kept = () => this.outcome.value?.kept ?? [];
    const count = writeLocal(this, "findings", () => kept().length);
    writeCheck(this, "check", () =>
      kept().map(({ rule, subject, advice }) => ({
        condition: `\${${count} == 0}`,
        error_message: literal(printable(`${rule}: [${subject}] ${advice}`)) as string,
      })),
    );
  }
}

const suppressions = new WeakMap<IConstruct, RuleSuppression[]>();

declareProps<RecoveryPolicyProps>(RecoveryPolicy, "RecoveryPolicy", {
  queries: listOf(made<BackupQuery>("BackupQuery")),
  projects: listOf(made<ProjectBackups>("ProjectBackups")),
  rules: by(
    "INVALID_RULE_SETTING",
    listOf(by("INVALID_RULE_SETTING", made<Rule>("Rule", ", such as Rule.rpo()"))),
  ),
  checks: FLAG,
});
