import { Construct } from "constructs";
import { windowsOf } from "../lookup/question";
import { Lookup } from "../lookup/session";
import { BackupsUsageError } from "../model/errors";
import { RestoreWindow } from "../model/window";
import { findMoment, MomentSearch, newestMoment } from "../restore/moment";
import { BackupQuery } from "./backup-query";
import { sessionOf } from "./provider";

const DAY_MS = 86_400_000;

/** Asks the service which moments an instance can be restored to, for the days that matter alone. */
export class WindowLookup {
  private readonly lookups = new Map<number, Lookup<RestoreWindow[]>>();
  private readonly instanceId: string;

  constructor(
    private readonly construct: Construct,
    private readonly backups: BackupQuery,
    /** Undefined: the newest that there is. */
    private readonly time: Date | undefined,
  ) {
    const { service, instanceId } = backups._query();
    if (instanceId === undefined) {
      throw this.refused(
        "NO_INSTANCE",
        "a moment is one of an instance, but the query names none",
        "Give the query an `instanceId`.",
      );
    }
    this.instanceId = instanceId;
    if (windowsOf(service, instanceId, []) === undefined) {
      throw this.refused(
        "NO_POINT_IN_TIME",
        `${service} can't restore to a moment`,
        "A cache is restored from a backup only: choose one by Selection.latest or latestBefore.",
      );
    }
    // Declared with everything else, so that it travels in the same batch.
    if (time !== undefined) this.declare(dayOf(time));
  }

  public search(): MomentSearch {
    return this.time === undefined ? this.newest() : this.at(this.time);
  }

  /** The windows of today and yesterday, in order. */
  public recent(): RestoreWindow[] {
    const today = dayOf(this.backups._asOf());
    return [today - DAY_MS, today].flatMap((day) => this.windowsOn(day));
  }

  /** The neighbouring days are asked only for a moment that lies in a gap. */
  private at(time: Date): MomentSearch {
    const day = dayOf(time);
    const found = findMoment(this.windowsOn(day), time);
    if (found.moment || (found.before && found.after)) return found;
    for (const each of [day - DAY_MS, day + DAY_MS]) this.declare(each);
    const days = [day - DAY_MS, day, day + DAY_MS];
    return findMoment(days.flatMap((each) => this.windowsOn(each)).sort(byStart), time);
  }

  private newest(): MomentSearch {
    const asOf = this.backups._asOf();
    const today = dayOf(asOf);
    for (const day of [today, today - DAY_MS]) {
      const moment = newestMoment(this.windowsOn(day), asOf);
      if (moment) return { moment };
    }
    return {};
  }

  private windowsOn(day: number): RestoreWindow[] {
    const lookup = this.declare(day);
    sessionOf(this.construct).settle(lookup);
    if (lookup.result) return lookup.result;
    throw lookup.error;
  }

  private declare(day: number): Lookup<RestoreWindow[]> {
    const known = this.lookups.get(day);
    if (known) return known;
    const question = windowsOf(this.backups._query().service, this.instanceId, [day])!;
    const lookup = new Lookup(question, this.construct.node.path, () => this.backups._source());
    this.lookups.set(day, lookup);
    sessionOf(this.construct).declare(lookup);
    return lookup;
  }

  private refused(code: string, what: string, advice: string): BackupsUsageError {
    return new BackupsUsageError({ code, what, advice, constructPath: this.construct.node.path });
  }
}

/** The days of the calls are UTC days. */
function dayOf(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS;
}

function byStart(a: RestoreWindow, b: RestoreWindow): number {
  return a.start.getTime() - b.start.getTime();
}
