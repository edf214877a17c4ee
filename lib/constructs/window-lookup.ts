import { Construct } from "constructs";
import { Days, windowsOf } from "../query/question";
import { Lookup } from "../lookup/lookup";
import {
  before,
  byStart,
  on,
  requireWindows,
  searchMoment,
  searchNewest,
  TODAY,
} from "../lookup/moments";
import { refusal } from "../model/errors";
import { midnightOf } from "../model/time";
import { RestoreWindow } from "../model/window";
import { MomentSearch, upTo } from "../restore/moment";
import { BackupQuery } from "./backup-query";
import { declared, sessionOf } from "./provider";

/** Asks the service which moments an instance can be restored to, for the days that matter alone. */
export class WindowLookup {
  private readonly lookups = new Map<string, Lookup<RestoreWindow[]>>();

  constructor(
    private readonly construct: Construct,
    private readonly backups: BackupQuery,
    /** Undefined: the newest that there is. */
    private readonly time: Date | undefined,
  ) {
    const { service, instanceId } = backups._query();
    const at = { constructPath: construct.node.path };
    if (!backups._isOfOne()) {
      throw refusal(
        "NO_INSTANCE",
        "a moment is one of an instance, but the query names none",
        "Give the query an `instanceId` or an `instanceName`.",
        at,
      );
    }
    requireWindows(service, construct.node.path);
    // Declared with everything else, so that it travels in the same batch; of a named one the id comes first.
    if (time !== undefined && instanceId !== undefined) this.declare(on(midnightOf(time)));
  }

  /** All that were needed so far. */
  public get all(): Lookup[] {
    return [...this.lookups.values()];
  }

  public search(): MomentSearch {
    const windowsOf = (days: readonly Days[]) => this.windowsOf(days);
    const asOf = this.backups._asOf();
    return this.time ? searchMoment(windowsOf, this.time, asOf) : searchNewest(windowsOf, asOf);
  }

  /** The windows of today and yesterday up to now, in order. */
  public recent(): RestoreWindow[] {
    const asOf = this.backups._asOf();
    return upTo(
      [before(1), TODAY].flatMap((day) => this.windowsOn(day)),
      asOf,
    );
  }

  /** Of several days in one batch. */
  private windowsOf(days: readonly Days[]): RestoreWindow[] {
    for (const day of days) this.declare(day);
    return days.flatMap((day) => this.windowsOn(day)).sort(byStart);
  }

  private windowsOn(day: Days): RestoreWindow[] {
    return sessionOf(this.construct).settle(this.declare(day)).required;
  }

  private declare(day: Days): Lookup<RestoreWindow[]> {
    const key = JSON.stringify(day);
    const known = this.lookups.get(key);
    if (known) return known;
    const { service } = this.backups._query();
    const question = windowsOf(service, this.backups._requireInstanceId()!, day)!;
    const lookup = declared(this.construct, question, () => this.backups._source());
    this.lookups.set(key, lookup);
    return lookup;
  }
}
