import { Construct } from "constructs";
import { Days, windowsOf } from "../query/question";
import { Lookup } from "../lookup/lookup";
import { Duration } from "../model/duration";
import { refusal } from "../model/errors";
import { BackupService } from "../model/service";
import { DAY_MS, midnightOf } from "../model/time";
import { RestoreWindow } from "../model/window";
import { findMoment, MomentSearch, newestMoment, upTo } from "../restore/moment";
import { SERVICES } from "../services/registry";
import { BackupQuery } from "./backup-query";
import { declared, sessionOf } from "./provider";

// How far from the moment that is wanted, or from today, windows are looked for.
const MAX_DAYS = 32;
const TODAY: Days = { daysBefore: [0] };

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
    return this.time === undefined ? this.newest() : this.at(this.time);
  }

  /** The windows of today and yesterday up to now, in order. */
  public recent(): RestoreWindow[] {
    const asOf = this.backups._asOf();
    return upTo(
      [before(1), TODAY].flatMap((day) => this.windowsOn(day)),
      asOf,
    );
  }

  /** The days around are asked only for a moment that lies in a gap, further and further out. */
  private at(time: Date): MomentSearch {
    const asOf = this.backups._asOf();
    const day = midnightOf(time);
    const today = midnightOf(asOf);
    let days = [day];
    for (let reach = 1; ; reach *= 2) {
      const found = findMoment(this.windowsOf(days.map(on)), time, asOf);
      const isAfterKnown = found.after !== undefined || (days.at(-1) ?? day) >= today;
      if (found.moment || (found.before && isAfterKnown)) return found;
      if (reach > MAX_DAYS) {
        const isNear = found.before !== undefined || found.after !== undefined;
        return isNear ? found : { newest: this.newest().moment };
      }
      const around = Array.from({ length: 2 * reach + 1 }, (_, i) => day + (i - reach) * DAY_MS);
      days = around.filter((each) => each <= Math.max(today, day));
    }
  }

  private newest(): MomentSearch {
    const asOf = this.backups._asOf();
    for (let from = 0, count = 1; from < MAX_DAYS; from += count, count = from) {
      const days = Array.from({ length: count }, (_, i) => before(from + i));
      const moment = newestMoment(this.windowsOf(days), asOf);
      if (moment) return { moment };
    }
    return {};
  }

  /** Of several days in one batch. */
  private windowsOf(days: Days[]): RestoreWindow[] {
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

/** Refuses a service that lists no windows. */
export function requireWindows(service: BackupService, constructPath: string): void {
  if (SERVICES[service].windows) return;
  throw refusal(
    "NO_POINT_IN_TIME",
    `${service} can't restore to a moment`,
    "A cache is restored from a backup only: choose one by Selection.latest or latestBefore.",
    { constructPath },
  );
}

/** Today, and each day that what lies so far back may begin on. */
export function lastDays(within: Duration): Days {
  const days = Math.ceil(within.toMilliseconds() / DAY_MS);
  return { daysBefore: Array.from({ length: days + 1 }, (_, i) => i) };
}

function on(midnight: number): Days {
  return { dates: [new Date(midnight).toISOString().slice(0, 10)] };
}

function before(days: number): Days {
  return { daysBefore: [days] };
}

function byStart(a: RestoreWindow, b: RestoreWindow): number {
  return a.start.getTime() - b.start.getTime();
}
