import { DAY_MS } from "../model/time";
import { Query } from "../services/query";
import { AskedWindow } from "../services/service";

/** Epoch milliseconds; begin is inclusive, end exclusive, either may be open. */
export interface Window {
  readonly begin?: number;
  readonly end?: number;
}

// The notations of the APIs have four digits for the year.
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The window that the user wants, which `within` ends at `asOf`. */
export function exactWindow(query: Query, asOf: Date): Window {
  if (query.within === undefined) {
    return { begin: query.beginTime?.getTime(), end: query.endTime?.getTime() };
  }
  return { begin: asOf.getTime() - query.within.toMilliseconds(), end: asOf.getTime() };
}

/**
 * The window that the service is asked for: never less than what is wanted.
 *
 * In whole seconds, both bounds always, and wider than what is wanted: which time of a backup is
 * compared (its begin, its end, both) and whether a bound is inclusive is on no page, and a backup may
 * last longer than any margin. So the end that is asked for is a day from now at the least: by then
 * every backup has ended. It costs the pages of what was begun since the wanted end. The begin is a
 * day before the wanted one, for a service that reads times in another zone; a lone end is asked from
 * 1970.
 */
export function askedWindow(query: Query, asOf: Date, now: Date): AskedWindow | undefined {
  const { begin, end } = exactWindow(query, asOf);
  if (begin === undefined && end === undefined) return undefined;
  const from = begin === undefined ? 0 : Math.max(0, begin - DAY_MS);
  // Not `asOf`, which may lie in the past: what has begun since then belongs into an open window.
  const to = Math.max(end ?? 0, now.getTime(), begin ?? 0) + DAY_MS;
  return {
    begin: Math.floor(from / 1000) * 1000,
    end: Math.min(Math.ceil(to / 1000) * 1000, LAST_SECOND),
  };
}
