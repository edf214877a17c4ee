import { Days } from "../query/question";
import { Duration } from "../model/duration";
import { refusal } from "../model/errors";
import { BackupService } from "../model/service";
import { DAY_MS, midnightOf } from "../model/time";
import { RestoreWindow } from "../model/window";
import { findMoment, MomentSearch, newestMoment } from "../restore/moment";
import { SERVICES } from "../services/registry";

// How far from the moment that is wanted, or from today, windows are looked for.
const MAX_DAYS = 32;

export const TODAY: Days = { daysBefore: [0] };

/** The windows of some days, asked for in one batch; in the order of their starts. */
export type WindowsOf = (days: readonly Days[]) => RestoreWindow[];

/**
 * Whether the moment can be restored to, else what is near. The days around are asked only for one that
 * lies in a gap, further and further out.
 */
export function searchMoment(windowsOf: WindowsOf, time: Date, asOf: Date): MomentSearch {
  const day = midnightOf(time);
  const today = midnightOf(asOf);
  let days = [day];
  for (let reach = 1; ; reach *= 2) {
    const found = findMoment(windowsOf(days.map(on)), time, asOf);
    const isAfterKnown = found.after !== undefined || (days.at(-1) ?? day) >= today;
    if (found.moment || (found.before && isAfterKnown)) return found;
    if (reach > MAX_DAYS) {
      const isNear = found.before !== undefined || found.after !== undefined;
      return isNear ? found : { newest: searchNewest(windowsOf, asOf).moment };
    }
    const around = Array.from({ length: 2 * reach + 1 }, (_, i) => day + (i - reach) * DAY_MS);
    days = around.filter((each) => each <= Math.max(today, day));
  }
}

/** The newest moment that can be restored to. */
export function searchNewest(windowsOf: WindowsOf, asOf: Date): MomentSearch {
  for (let from = 0, count = 1; from < MAX_DAYS; from += count, count = from) {
    const days = Array.from({ length: count }, (_, i) => before(from + i));
    const moment = newestMoment(windowsOf(days), asOf);
    if (moment) return { moment };
  }
  return {};
}

/** Refuses a service that lists no windows. */
export function requireWindows(service: BackupService, constructPath?: string): void {
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

/** The day that begins then. */
export function on(midnight: number): Days {
  return { dates: [new Date(midnight).toISOString().slice(0, 10)] };
}

/** The day so many before today. */
export function before(days: number): Days {
  return { daysBefore: [days] };
}

export function byStart(a: RestoreWindow, b: RestoreWindow): number {
  return a.start.getTime() - b.start.getTime();
}
