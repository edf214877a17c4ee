import { Construct } from "constructs";
import { Lookup } from "../lookup/lookup";
import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { DAY_MS } from "../model/time";
import { Recent, recentOf, startOf } from "../query/question";
import { Result } from "../query/result";
import { RestoreDecision } from "../restore/decision";
import { Selection } from "../restore/selection";
import { BackupQuery } from "./backup-query";
import { declared, sessionOf } from "./provider";

// Whoever backs up once a week has one in it.
const RECENT_MS = 8 * DAY_MS;

/** Decides among these; `since`: where no others were asked for. */
type Decide = (backups: readonly Backup[], since: Date) => RestoreDecision;

/**
 * Asks for the last days of an instance's backups, where nothing but the newest suitable one is wanted of
 * its list: none of the others can be newer. The list as a whole is asked for where none of them will do.
 */
export class RecentLookup {
  public readonly lookup: Lookup<Result>;
  /** Once the lookup has settled. */
  private settled?: { readonly decision?: RestoreDecision };
  private isDeciding = false;

  private constructor(
    private readonly construct: Construct,
    private readonly backups: BackupQuery,
    private readonly recent: Recent,
    private readonly decide: Decide,
  ) {
    const question = recentOf(backups._query(), recent);
    const isSpared = () => !backups._isSpared();
    this.lookup = declared(construct, question, () => backups._source(), { isSpared });
    backups._spare(() => this.isShort);
  }

  /** Undefined where it is not the newest of an instance that is wanted, or the query is narrow itself. */
  public static of(
    construct: Construct,
    backups: BackupQuery,
    selection: Selection,
    maxAge: Duration | undefined,
    decide: Decide,
  ): RecentLookup | undefined {
    const { backupId, beginTime, endTime, instanceId, within } = backups._query();
    const newest = selection._newest();
    const isNarrow = backupId ?? beginTime ?? endTime ?? within;
    const ageMs = Math.min(maxAge?.toMilliseconds() ?? Infinity, RECENT_MS);
    if (!newest || instanceId === undefined || isNarrow !== undefined || ageMs === 0) {
      return undefined;
    }
    const { before } = newest;
    const recent = before
      ? { beginTime: new Date(Math.max(0, before.getTime() - RECENT_MS)) }
      : { within: Duration.seconds(ageMs / 1_000) };
    return new RecentLookup(construct, backups, recent, decide);
  }

  /** Among the last days' backups; undefined where none of them will do, or all are asked for anyway. */
  public get decision(): RestoreDecision | undefined {
    if (!this.settled && this.backups._isSpared()) sessionOf(this.construct).settle(this.lookup);
    return this.isShort ? undefined : this.settled?.decision;
  }

  /** What of the last days' backups could not be understood. */
  public get warnings(): string[] {
    return sessionOf(this.construct).settledOf(this.lookup)?.outcome.value?.warnings ?? [];
  }

  /** Whether it is known by now that none of them will do. */
  private get isShort(): boolean {
    const outcome = sessionOf(this.construct).settledOf(this.lookup)?.outcome;
    // While it decides, a condition may read other queries: that must not lead here again.
    if (outcome && !this.settled && !this.isDeciding) {
      this.isDeciding = true;
      this.settled = { decision: this.decided(outcome.value) };
      this.isDeciding = false;
    }
    return this.settled !== undefined && this.settled.decision === undefined;
  }

  private decided(result: Result | undefined): RestoreDecision | undefined {
    try {
      const since = startOf(this.recent, this.backups._asOf());
      const decision = result && this.decide(result.backups, since);
      return decision?.chosen && decision;
    } catch {
      // A condition of the program's own may throw: it does so again where all are looked at.
      return undefined;
    }
  }
}
