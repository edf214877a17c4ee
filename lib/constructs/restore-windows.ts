import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { Duration } from "../model/duration";
import { refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import {
  by,
  checkedProps,
  declareProps,
  DURATION,
  lengthMs,
  made,
  SERVICE,
  TEXT,
} from "../model/shape";
import { RestoreWindow } from "../model/window";
import { windowsOf } from "../query/question";
import { between } from "../restore/moment";
import { SERVICES } from "../services/registry";
import { reportProblems, requireStack } from "../terraform/problems";
import { whenWritten } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { BackupProvider, declared, PROVIDER, sessionOf, sourceOf } from "./provider";
import { lastDays, requireWindows } from "../lookup/moments";

const DEFAULT_WITHIN = Duration.days(7);
const MAX_WITHIN = Duration.days(366);

/** Whose restore windows, and how far back: `backups`, or `service` and `instanceId`. */
export interface RestoreWindowsProps {
  /** A query of the instance; it is asked whom the query asks. @default - the instance of `instanceId` */
  readonly backups?: BackupQuery;
  /** The service of the instance. @default - that of `backups` */
  readonly service?: BackupService;
  /** The id of the instance. @default - that of `backups` */
  readonly instanceId?: string;
  /** How far back from `asOf`, up to 366 days: each day costs a request. @default Duration.days(7) */
  readonly within?: Duration;
  /** Whom to ask; not beside `backups`. @default - the one BackupProvider of the nearest scope, else the environment */
  readonly provider?: BackupProvider;
}

/** What lies between two restore windows: no moment in it can be restored to. */
export interface RestoreGap {
  /** The last moment before it that can be restored to. */
  readonly start: Date;
  /** The first moment after it that can be restored to. */
  readonly end: Date;
}

/**
 * The moments that an instance can be restored to, looked up while the stack is synthesised, as backups are:
 * in one batch with them, complete or an error, kept in the lock.
 *
 * It writes no output: the newest moment is another one at each synthesis. DCS has no windows.
 *
 * The vendor's calls, service by service: `docs/apis/shared.md`.
 */
export class RestoreWindows extends Construct {
  private readonly props: RestoreWindowsProps;
  private readonly within: Duration;
  private lookup?: Lookup<RestoreWindow[]>;
  private memo?: Outcome<RestoreWindow[]>;

  /**
   * @param props Whose windows, and how far back.
   * @throws `INVALID_DURATION`, `INVALID_ID`, `INVALID_PROPERTY` or `INVALID_SERVICE` for a property that can't
   * be; `NO_INSTANCE` where the query names none; `NO_POINT_IN_TIME` where the service can't restore to a
   * moment; `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands; `INVALID_PRUNE_DAYS` for
   * CDKTF_BACKUPS_PRUNE_DAYS.
   */
  constructor(scope: Construct, id: string, props: RestoreWindowsProps) {
    super(scope, id);
    this.props = checkedProps(new.target, props, this.node.path);
    requireStack(this, "a list of restore windows");
    this.within = this.props.within ?? DEFAULT_WITHIN;
    requireWindows(this.checkedService(), this.node.path);
    // With everything else; of a named one the id comes first.
    if (this.instanceId !== undefined) this.declare(this.instanceId);
    whenWritten(this, sessionOf(this).save);
    // Read or not, it is waited for: what was asked stands in the lock, and is told where it failed.
    reportProblems(this, () => ({ error: this.outcome.problem?.message, warnings: [] }));
  }

  /**
   * The windows, in order and apart from each other; what is longer ago than `within` or after `asOf` is cut
   * off. Empty where no moment can be restored to.
   * @throws `BAD_ANSWER` where a window can't be read; what `BackupQuery.all` throws.
   */
  public get all(): RestoreWindow[] {
    return [...this.outcome.required];
  }

  /**
   * The first moment of `within` that can be restored to; undefined where there is none.
   * @throws What `all` throws.
   */
  public get earliest(): Date | undefined {
    return this.outcome.required[0]?.start;
  }

  /**
   * The last moment that can be restored to; undefined where there is none.
   * @throws What `all` throws.
   */
  public get latest(): Date | undefined {
    return this.outcome.required.at(-1)?.end;
  }

  /**
   * What lies between two windows, in order; empty where there is one window, or none.
   * @throws What `all` throws.
   */
  public get gaps(): RestoreGap[] {
    const windows = this.outcome.required;
    return windows.slice(1).map(({ start }, i) => ({ start: windows[i]!.end, end: start }));
  }

  /** Whether they are the windows of the instance that the query is of. @internal */
  public _isOf(query: BackupQuery): boolean {
    if (this.props.backups === query) return true;
    const id = this.instanceId ?? this.props.backups?._instanceId();
    return (
      id !== undefined && id === query._instanceId() && this.service === query._query().service
    );
  }

  private get outcome(): Outcome<RestoreWindow[]> {
    this.memo ??= Outcome.of(() => {
      const windows = sessionOf(this).settle(this.asked()).required;
      const asOf = sessionOf(this).asOf(this.source());
      const from = new Date(asOf.getTime() - this.within.toMilliseconds());
      return between(windows, from, asOf);
    }).at({ constructPath: this.node.path });
    return this.memo;
  }

  private asked(): Lookup<RestoreWindow[]> {
    return this.lookup ?? this.declare(this.props.backups!._requireInstanceId()!);
  }

  private declare(instanceId: string): Lookup<RestoreWindow[]> {
    const question = windowsOf(this.service, instanceId, lastDays(this.within))!;
    this.lookup = declared(this, question, () => this.source());
    return this.lookup;
  }

  private source(): Source {
    const { backups, provider } = this.props;
    return backups ? backups._source() : sourceOf(this, provider);
  }

  private get service(): BackupService {
    return this.props.backups?._query().service ?? this.props.service!;
  }

  /** Where it is known from the start. */
  private get instanceId(): string | undefined {
    return this.props.backups ? this.props.backups._query().instanceId : this.props.instanceId;
  }

  private checkedService(): BackupService {
    const { backups, instanceId, provider, service } = this.props;
    const at = { constructPath: this.node.path };
    if (backups !== undefined) {
      const beside = Object.entries({ service, instanceId, provider }).find(([, given]) => given);
      if (beside) {
        throw refusal(
          "INVALID_PROPERTY",
          `${beside[0]} stands beside backups`,
          "Give either `backups`, or `service` and `instanceId`.",
          at,
        );
      }
      if (backups._isOfOne()) return this.service;
      throw refusal(
        "NO_INSTANCE",
        "restore windows are those of an instance, but the query names none",
        "Give the query an `instanceId` or an `instanceName`.",
        at,
      );
    }
    if (service === undefined) {
      throw refusal(
        "INVALID_SERVICE",
        "the restore windows are of no service",
        `Give \`backups\`, or a value of BackupService (${Object.keys(SERVICES).join(", ")}) and an \`instanceId\`.`,
        at,
      );
    }
    checkedId("instanceId", instanceId, this.node.path);
    return this.service;
  }
}

declareProps<RestoreWindowsProps>(RestoreWindows, "RestoreWindows", {
  backups: made("BackupQuery"),
  service: SERVICE,
  instanceId: by("INVALID_ID", TEXT),
  within: {
    ...DURATION,
    allowed: "a Duration longer than nothing, up to 366 days: each costs a request",
    is: (value): value is Duration =>
      lengthMs(value) > 0 && lengthMs(value) <= MAX_WITHIN.toMilliseconds(),
  },
  provider: PROVIDER,
});
