import { timeOf } from "../model/time";
import { RestoreWindow } from "../model/window";

/** Whether a moment can be restored to, and if not, which can nearest to it. */
export interface MomentSearch {
  /** The moment that can be restored to; undefined where there is none. */
  readonly moment?: Date;
  /** The last one before the moment that was asked for. */
  readonly before?: Date;
  /** The first one after it. */
  readonly after?: Date;
  /** The newest of all, where there is neither. */
  readonly newest?: Date;
}

/** Looks for a moment in windows that are sorted and don't touch; none is later than `asOf`. */
export function findMoment(all: readonly RestoreWindow[], time: Date, asOf: Date): MomentSearch {
  const windows = upTo(all, asOf);
  if (windows.some(({ start, end }) => start <= time && time <= end))
    return { moment: timeOf(time) };
  const before = windows.filter(({ end }) => end < time).at(-1)?.end;
  const after = windows.find(({ start }) => start > time)?.start;
  return { before, after };
}

/** The newest moment that can be restored to, not later than `asOf`. */
export function newestMoment(windows: readonly RestoreWindow[], asOf: Date): Date | undefined {
  return upTo(windows, asOf).at(-1)?.end;
}

/** What of the windows lies from a moment on, and not after another. */
export function between(all: readonly RestoreWindow[], from: Date, asOf: Date): RestoreWindow[] {
  return upTo(all, asOf)
    .filter(({ end }) => end >= from)
    .map(({ start, end }) => ({ start: start > from ? start : timeOf(from), end }));
}

/** What of the windows is not in the future. */
export function upTo(windows: readonly RestoreWindow[], asOf: Date): RestoreWindow[] {
  return windows
    .filter(({ start }) => start <= asOf)
    .map(({ start, end }) => ({ start, end: end < asOf ? end : timeOf(asOf) }));
}
