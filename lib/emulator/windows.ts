import { type Answer, json } from "./answers";
import type { PageFault, Paging } from "./listing";
import { readBound, readLimit, readOffset, readParameters, wrong } from "./parameters";
import type { Instances } from "./instances";
import type { EmulatedList, RestoreWindow, WindowsCall } from "./services/list";
import { DAY, readDay } from "./times";
import type { Settings } from "./types";

/** GeminiDB page, "Querying the Time Window When a Backup Can Be Restored" (ListRestoreTime), limit: 0 to 1000. */
const LIMIT = {
  default: 1000,
  allowed: (limit: number): boolean => limit >= 0 && limit <= 1000,
  rule: "between 0 and 1000",
};

/** A windows call that broke no rule; both bounds belong to it. */
export interface WindowsQuery {
  beginMs: number;
  endMs: number;
  /** Undefined for a call that has no pages. */
  page: Paging | undefined;
}

/** Checks a call by its list's rules; throws the service's refusal. */
export function readWindowsQuery(
  list: EmulatedList,
  call: WindowsCall,
  { now, rawPlus }: Pick<Settings, "now" | "rawPlus">,
  rawQuery: string,
): WindowsQuery {
  return call.by === "bounds"
    ? readPeriod(list, now, rawQuery, rawPlus)
    : readDate(list, call.by === "mandatory day", rawQuery);
}

/** Makes the answer; whole windows, although only a part of one may lie in what was asked for. */
export function windowsPage(
  call: WindowsCall,
  instances: Instances,
  instance: string,
  { beginMs, endMs, page }: WindowsQuery,
  fault: PageFault,
): Answer {
  const matching = instances.windowsWithin(instance, beginMs, endMs);
  if (page === undefined) return answerOf(call, matching); // Without pages, nothing befalls them.
  const from = fault.repeatFirstPage ? 0 : page.offset;
  const size = Math.min(page.limit, fault.pageCap ?? Infinity);
  if (!fault.endless) return answerOf(call, matching.slice(from, from + size), matching.length);
  const points = Array.from({ length: size }, (_, index) => beginMs + from + index);
  return answerOf(
    call,
    points.map((point) => ({ start: point, end: point })),
    from + 2 * page.limit,
  );
}

/**
 * docs/apis/shared.md, The vendor's own restore windows: epoch milliseconds, as numbers. GeminiDB page,
 * total_count: of all pages.
 */
function answerOf(call: WindowsCall, windows: readonly RestoreWindow[], total?: number): Answer {
  const list = windows.map(({ start, end }) => ({ start_time: start, end_time: end }));
  return json(200, { total_count: total, [call.list]: list });
}

/**
 * docs/apis/shared.md, The vendor's own restore windows: `date`, yyyy-mm-dd. That a window belongs to every
 * day it touches, and is sent whole instead of cut at midnight, is a choice made here: no page says.
 */
function readDate(list: EmulatedList, mandatory: boolean, rawQuery: string): WindowsQuery {
  const date = readParameters(list, ["date"], rawQuery).get("date")?.value;
  if (date === undefined) {
    if (mandatory) throw wrong(list, "The parameter date is mandatory.");
    return { beginMs: -Infinity, endMs: Infinity, page: undefined };
  }
  const day = readDay(date);
  if (day === undefined) throw wrong(list, "The parameter date must be yyyy-mm-dd.");
  return { beginMs: day, endMs: day + DAY - 1, page: undefined };
}

/**
 * docs/apis/shared.md, The vendor's own restore windows: "without bounds only the day before now", which is
 * the emulator's own now. The bounds' notation is the lists' (the vendor's page: the same
 * yyyy-mm-ddThh:mm:ssZ). That a lone bound leaves the other at that default is a choice made here.
 */
function readPeriod(
  list: EmulatedList,
  now: number,
  rawQuery: string,
  rawPlus: Settings["rawPlus"],
): WindowsQuery {
  const values = readParameters(list, ["start_time", "end_time", "offset", "limit"], rawQuery);
  return {
    beginMs: readBound(list, values, "start_time", rawPlus) ?? now - DAY,
    endMs: readBound(list, values, "end_time", rawPlus) ?? now,
    page: { offset: readOffset(list, values), limit: readLimit({ ...list, limit: LIMIT }, values) },
  };
}
