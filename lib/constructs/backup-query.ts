import { Construct } from "constructs";
import { decode } from "../query/decode";
import { checkedQuery, describe, FILTERS } from "../query/query";
import { Result } from "../query/result";
import { Query } from "../services/query";
import { Records } from "../services/records";
import { backupsOf } from "../query/question";
import { Lookup, Source } from "../lookup/lookup";
import { Backup, BackupKind } from "../model/backup";
import { BackupService } from "../model/service";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import {
  checkedProps,
  DATE,
  declareProps,
  DURATION,
  oneOf,
  OWN_CHECK,
  Shape,
} from "../model/shape";
import { latestRestorable } from "../restore/candidates";
import { literal } from "../model/literal";
import { settledIn, writeOutput } from "../terraform/output";
import { Report, reportProblems, requireStack } from "../terraform/problems";
import { whenWritten } from "../terraform/stack-files";
import { NamedInstance } from "../lookup/named-instance";
import { BackupProvider, callerOf, declared, PROVIDER, sessionOf, sourceOf } from "./provider";

/** What a query does where the service says that there is no such instance. */
export enum IfInstanceMissing {
  /** It is an error: the id, the region or the project is wrong. */
  FAIL = "fail",
  /** It has no backups yet: for a stack that creates the instance it will ask about. */
  EMPTY = "empty",
}

/** What a query writes as a Terraform output. */
export enum BackupOutputs {
  /** Nothing. */
  NONE = "none",
  /** How many backups there are, and the newest restorable one. */
  SUMMARY = "summary",
  /** The same, and the whole list. */
  ALL = "all",
}

export const OUTPUTS = oneOf("BackupOutputs", BackupOutputs);

/** What every query can be asked for. */
export interface BackupQueryProps {
  /**
   * The name of the instance, letter for letter, instead of its id: exactly one may have it. It is looked
   * up as well, and what was found stands in the lock.
   * @default - the instance of `instanceId`
   */
  readonly instanceName?: string;
  /** Only the backup of this id. @default - all */
  readonly backupId?: string;
  /** Only backups of this kind; one that the service does not know is refused. @default - all */
  readonly backupType?: BackupKind;
  /** Only backups begun at this moment or after; whole milliseconds. @default - from the first on */
  readonly beginTime?: Date;
  /** Only backups begun before this moment; whole milliseconds. @default - up to the last */
  readonly endTime?: Date;
  /** Only backups begun this long before `asOf` or less; instead of the two times. @default - all */
  readonly within?: Duration;
  /** What it means that there is no such instance. @default IfInstanceMissing.FAIL */
  readonly ifInstanceMissing?: IfInstanceMissing;
  /** Whom to ask. @default - the one BackupProvider of the nearest scope, else the environment */
  readonly provider?: BackupProvider;
  /** What to write as a Terraform output. @default BackupOutputs.SUMMARY */
  readonly outputs?: BackupOutputs;
}

/**
 * A list of backups, looked up while the stack is synthesised.
 *
 * Declaring it sends nothing. The first value that is read, of whichever query, sends all queries
 * that were declared so far, and waits. What is read is complete, or an error
 * (`BackupsEnvironmentError`); nothing here is a token.
 *
 * It writes one output, named after the construct: `{service, count, latest, backups}`.
 */
export abstract class BackupQuery extends Construct {
  private readonly query: Query;
  private readonly named?: NamedInstance;
  /** Undefined until the id of a named instance is known. */
  private lookup?: Lookup<Result>;
  private readonly isWritten: boolean;
  private isNeeded = false;
  /** Of those that may do with less: whether one knows by now that it does not. */
  private readonly isShort: (() => boolean)[] = [];
  private readonly provider?: BackupProvider;

  /**
   * @param props Which backups, and whom to ask for them.
   * @param service Whose list is read.
   * @param list Which of its lists: "backups", of TaurusDB "full-backups" as well. Default: "backups".
   * @throws `INVALID_DURATION`, `INVALID_FILTER`, `INVALID_ID`, `INVALID_KIND`, `INVALID_NAME`, `INVALID_PROPERTY`,
   * `INVALID_TIME` or `INVALID_WINDOW` for a property that can't be, or is none that the class has, `INVALID_SERVICE` for a list that is none;
   * `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands; `INVALID_PRUNE_DAYS` for
   * CDKTF_BACKUPS_PRUNE_DAYS.
   */
  protected constructor(
    scope: Construct,
    id: string,
    props: BackupQueryProps,
    service: BackupService,
    list: string = "backups",
  ) {
    super(scope, id);
    const given = checkedProps(new.target, props, this.node.path, FILTERS);
    this.provider = given.provider;
    requireStack(this, "a query of backups");
    this.query = checkedQuery({ service, list }, given, this.node.path);
    const { instanceName } = this.query;
    if (instanceName === undefined) this.declare(this.query);
    else {
      const caller = callerOf(this, () => this._source());
      const isRequired = given.ifInstanceMissing !== IfInstanceMissing.EMPTY;
      const follow = () => this.follow();
      this.named = new NamedInstance(caller, service, instanceName, follow, isRequired);
      // A lock keeps no answer that a name is nobody's, or that of an instance which is gone by now.
      const { lookup } = this.named;
      sessionOf(this).addJudge({
        constructPath: this.node.path,
        lookups: () => [lookup],
        isBroken: () => (this.lookup ? this.isGone : this.known?.problem !== undefined),
      });
    }
    whenWritten(this, sessionOf(this).save);
    const report = reportProblems(this, () => {
      const { problem, value } = this.known ?? {};
      return { error: problem?.message, warnings: value?.warnings ?? [] };
    });
    this.isWritten = given.outputs !== BackupOutputs.NONE;
    if (this.isWritten) {
      this.writeOutput(report, given.outputs === BackupOutputs.ALL);
    }
  }

  /**
   * All backups that were asked for, newest first by `beginTime` (of DCS, where one never began, by
   * `createdAt`), then by id; those without come last. Where a synthesis has read more than 5,000 since, they are
   * made anew: other objects of the same backups.
   *
   * @throws Where it is not known whom to ask, or as whom: `AMBIGUOUS_ENVIRONMENT`, `CLOUDS_YAML`,
   * `INVALID_CLOUD`, `INVALID_CREDENTIALS`, `INVALID_ENDPOINT`, `INVALID_MODE`, `INVALID_REGION`,
   * `NO_CLOUD`, `NO_CREDENTIALS`, `NO_ENDPOINT`, `NO_REGION`, `SEVERAL_PROVIDERS`. Of the lock:
   * `LOCK_AMBIGUOUS`, `LOCK_INVALID`, `LOCK_MISSING`, `LOCK_OF_ANOTHER_HOST`, `LOCK_TOO_NEW`,
   * `LOCK_UNREADABLE`. On the way: `CA_FILE_UNREADABLE`, `CERTIFICATE_NOT_TRUSTED`,
   * `DEADLINE_EXCEEDED`, `INTERRUPTED`, `INVALID_PROXY`, `PACKAGE_INCOMPLETE`, `UNREACHABLE`, `WORKER_FAILED`. By what was answered:
   * `ANSWER_TOO_LARGE`, `BAD_ANSWER`, `CLOCK_SKEW`, `INSTANCE_NOT_FOUND`, `LIST_DID_NOT_SETTLE`,
   * `LIST_TOO_LONG`, `NOT_FOUND`, `NOT_FOUND_OR_NOT_PERMITTED`, `NOT_PERMITTED`, `PROJECT_NOT_FOUND`,
   * `REFUSED_BY_SERVICE`, `SERVICE_FAILED`, `SEVERAL_INSTANCES` (of an `instanceName`), `SIGN_IN_REFUSED`, `SIGNATURE_REFUSED`, `THROTTLED`,
   * `TOKEN_REFUSED`, `UNEXPECTED_ANSWER`. docs/errors.md tells what each means.
   */
  public get all(): Backup[] {
    return this._outcome().required.backups;
  }

  /**
   * The newest backup that a restore can start from; undefined where there is none.
   * @throws What `all` throws.
   */
  public get latest(): Backup | undefined {
    return latestRestorable(this.all, this._asOf());
  }

  /**
   * What could not be understood in the service's answer, field by field; empty as a rule.
   * @throws What `all` throws.
   */
  public get warnings(): string[] {
    return this._outcome().required.warnings;
  }

  /**
   * The backup of this id.
   * @param id As the service has it.
   * @throws `BACKUP_NOT_FOUND`, with what there is, where it is not in the list; what `all` throws.
   */
  public byId(id: string): Backup {
    const found = this.all.find((backup) => backup.id === id);
    if (found) return found;
    const shown = this.all.slice(0, 10).map((backup) => backup.id);
    const more =
      this.all.length > shown.length ? ` and ${this.all.length - shown.length} more` : "";
    throw refusal(
      "BACKUP_NOT_FOUND",
      `there is no backup ${JSON.stringify(id)}`,
      shown.length > 0 ? `There are ${shown.join(", ")}${more}.` : "The list of backups is empty.",
      { constructPath: this.node.path, query: this._label() },
    );
  }

  /** The moment that ages count back from. @internal */
  public _asOf(): Date {
    return sessionOf(this).asOf(this._source());
  }

  /** Whom it asks. @internal */
  public _source(): Source {
    return sourceOf(this, this.provider);
  }

  /** As a person reads it. @internal */
  public _label(): string {
    return describe(this.query);
  }

  /** Whether it is of one instance, by id or by name. @internal */
  public _isOfOne(): boolean {
    return this.query.instanceId !== undefined || this.named !== undefined;
  }

  /**
   * The id of the instance that it is of; of a named one asks for it. Undefined where it is of none in
   * particular, or of one that could not be found. @internal
   */
  public _instanceId(): string | undefined {
    return this.query.instanceId ?? this.named?.outcome.value?.id;
  }

  /** The named instance, where it is one and was found; asks for it. @internal */
  public _instance(): Instance | undefined {
    return this.named?.outcome.value;
  }

  /** The same, or why it could not be found. @internal */
  public _requireInstanceId(): string | undefined {
    return this.query.instanceId ?? this.named?.outcome.required.id;
  }

  /** What it asks. @internal */
  public _query(): Query {
    return this.query;
  }

  /** The lookup behind it; as long as the id of a named instance is not known, that of the name. @internal */
  public _lookup(): Lookup {
    return this.lookup ?? this.named!.lookup;
  }

  /** The lookups that its answer rests on. @internal */
  public _lookups(): Lookup[] {
    return [this.named?.lookup, this.lookup].filter((lookup) => lookup !== undefined);
  }

  /** Whoever calls it needs all backups. @internal */
  public _need(): void {
    this.isNeeded = true;
  }

  /** Whoever calls it asks for less first. @internal */
  public _spare(isShort: () => boolean): void {
    this.isShort.push(isShort);
  }

  /** Whether all that need it ask for less, and that has not turned out to be too little. @internal */
  public _isSpared(): boolean {
    if (this.isWritten || this.isNeeded || this.isShort.length === 0) return false;
    return !sessionOf(this).isSent(this._lookup()) && !this.isShort.some((isShort) => isShort());
  }

  /** What came of the lookup; asks if it has not yet. @internal */
  public _outcome(): Outcome<Result> {
    this._need();
    const problem = this.named?.outcome.problem;
    if (problem) return this.withoutInstance(problem);
    return sessionOf(this).settle(this.lookup!);
  }

  /** What is known by now. */
  private get known(): Outcome<Result> | undefined {
    const problem = this.named?.isSettled ? this.named.outcome.problem : undefined;
    if (problem) return this.withoutInstance(problem);
    return this.lookup && sessionOf(this).settledOf(this.lookup)?.outcome;
  }

  /** Whether the service knows nothing of the instance that the name led to. */
  private get isGone(): boolean {
    const settled = this.lookup && sessionOf(this).settledOf(this.lookup);
    const code = settled?.outcome.problem?.code ?? settled?.entry?.missing?.code;
    return code === "INSTANCE_NOT_FOUND";
  }

  /** What it means that the instance was not found by its name. */
  private withoutInstance(problem: BackupsError): Outcome<Result> {
    return Outcome.of(() => {
      const isEmpty = this.query.ifInstanceMissing === IfInstanceMissing.EMPTY;
      if (!isEmpty || problem.code !== "INSTANCE_NOT_FOUND") throw problem;
      return decode(Records.of([]), this.query, this._asOf());
    });
  }

  /** Asks for the backups of the instance that was found. */
  private follow(): void {
    const instanceId = this.named!.found?.id;
    if (instanceId !== undefined) {
      this.declare({ ...this.query, instanceId, instanceName: undefined });
    }
  }

  private declare(query: Query): void {
    const isSpared = () => this._isSpared();
    this.lookup = declared(this, backupsOf(query), () => this._source(), { isSpared });
  }

  private writeOutput(report: Report, isWhole: boolean): void {
    const { service } = this.query;
    const produce = (backups: Backup[] | undefined) => {
      const latest = backups && latestRestorable(backups, this._asOf());
      return {
        service,
        count: backups?.length ?? null,
        latest: latest ? literal(latest) : null,
        ...(isWhole ? { backups: backups?.map(literal) ?? null } : {}),
      };
    };
    let written: ReturnType<typeof produce> | undefined;
    writeOutput(this, `${this._label()}, as of the synthesis`, (context) => {
      const result = settledIn(context, report, this._outcome());
      return (written ??= produce(result?.backups));
    });
  }
}

export const QUERY: Shape<BackupQueryProps> = {
  instanceName: OWN_CHECK,
  backupId: OWN_CHECK,
  backupType: OWN_CHECK,
  beginTime: DATE,
  endTime: DATE,
  within: DURATION,
  ifInstanceMissing: oneOf("IfInstanceMissing", IfInstanceMissing),
  provider: PROVIDER,
  outputs: OUTPUTS,
};

declareProps(BackupQuery, "BackupQuery", QUERY);
