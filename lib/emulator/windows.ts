import { type Answer, json } from "./answers";
import type { PageFault } from "./listing";
import { readBound, readOffset, readParameters, wrong } from "./parameters";
import type { ServiceRow, WindowsRow } from "./services";
import type { Store } from "./store";
import { readDay } from "./times";
import type { RestoreWindow, Settings } from "./types";

const DAY_MS = 24 * 3_600_000;

/**
 * How many periods GeminiDB sends at most. docs/apis/shared.md knows an offset and no size, so it is a
 * choice made here; the vendor's page has a `limit` of up to 1000 and a `total_count` besides.
 */
const PAGE = 100;

/** A windows call that broke no rule; both bounds belong to it. */
export interface WindowsQuery {
  beginMs: number;
  endMs: number;
  /** Undefined for a call that has no pages. */
  offset: number | undefined;
}

/** Checks a call by its row's rules; throws the service's refusal. */
export function readWindowsQuery(
  row: ServiceRow,
  call: WindowsRow,
  { now, rawPlus }: Pick<Settings, "now" | "rawPlus">,
  rawQuery: string,
): WindowsQuery {
  return call.by === "bounds"
    ? readPeriod(row, now, rawQuery, rawPlus)
    : readDate(row, call.by === "mandatory day", rawQuery);
}

/** Makes the answer; whole windows, although only a part of one may lie in what was asked for. */
export function windowsPage(
  call: WindowsRow,
  store: Store,
  instance: string,
  { beginMs, endMs, offset }: WindowsQuery,
  fault: PageFault,
): Answer {
  const matching = store.windowsWithin(instance, beginMs, endMs);
  if (offset === undefined) return answerOf(call, matching); // Without pages, nothing befalls them.
  const from = fault.repeatFirstPage ? 0 : offset;
  const size = Math.min(PAGE, fault.pageCap ?? Infinity);
  if (!fault.endless) return answerOf(call, matching.slice(from, from + size));
  const points = Array.from({ length: size }, (_, index) => beginMs + from + index);
  return answerOf(
    call,
    points.map((point) => ({ start: point, end: point })),
  );
}

/** docs/apis/shared.md, The vendor's own restore windows: epoch milliseconds, as numbers. */
function answerOf(call: WindowsRow, windows: readonly RestoreWindow[]): Answer {
  const list = windows.map(({ start, end }) => ({ start_time: start, end_time: end }));
  return json(200, { [call.list]: list });
}

/**
 * docs/apis/shared.md, The vendor's own restore windows: `date`, yyyy-mm-dd. That a window belongs to every
 * day it touches, and is sent whole instead of cut at midnight, is a choice made here: no page says.
 */
function readDate(row: ServiceRow, mandatory: boolean, rawQuery: string): WindowsQuery {
  const date = readParameters(row, ["date"], rawQuery).get("date")?.value;
  if (date === undefined) {
    if (mandatory) throw wrong(row, "The parameter date is mandatory.");
    return { beginMs: -Infinity, endMs: Infinity, offset: undefined };
  }
  const day = readDay(date);
  if (day === undefined) throw wrong(row, "The parameter date must be yyyy-mm-dd.");
  return { beginMs: day, endMs: day + DAY_MS - 1, offset: undefined };
}

/**
 * docs/apis/shared.md, The vendor's own restore windows: "without bounds only the day before now", which is
 * the emulator's own now. The bounds' notation is the lists' (the vendor's page: the same
 * yyyy-mm-ddThh:mm:ssZ). That a lone bound leaves the other at that default is a choice made here.
 */
function readPeriod(
  row: ServiceRow,
  now: number,
  rawQuery: string,
  rawPlus: Settings["rawPlus"],
): WindowsQuery {
  const values = readParameters(row, ["start_time", "end_time", "offset"], rawQuery);
  return {
    beginMs: readBound(row, values, "start_time", rawPlus) ?? now - DAY_MS,
    endMs: readBound(row, values, "end_time", rawPlus) ?? now,
    offset: readOffset(row, values),
  };
}
