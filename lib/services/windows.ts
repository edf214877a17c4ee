import { refusal } from "../model/errors";
import { merged, stretch } from "../model/stretch";
import { escapeUri, excerpt } from "../model/text";
import { DAY_MS, parseTime, timeOf, toOffsetTime } from "../model/time";
import { RestoreWindow } from "../model/window";
import { RawRecord } from "./record";
import { WindowsApi } from "./service";

const ID = { id: "start_time", idWith: "end_time" };

/** RDS, GaussDB and TaurusDB: one answer for one UTC day, under a key that differs. */
export function restoreTime(
  key: "restore_time" | "restore_times",
  actions?: readonly string[],
): WindowsApi {
  return {
    actions,
    paging: {
      parameter: "offset",
      first: 0,
      size: 100,
      totals: "all",
      records: key,
      total: "total_count",
      ...ID,
      isSingle: true,
    },
    list: (instanceId, begin) => ({
      path: `/v3/{project}/instances/${escapeUri(instanceId)}/restore-time`,
      query: { date: new Date(begin).toISOString().slice(0, 10) },
    }),
  };
}

/** GeminiDB: by bounds, in pages without a documented size or total. */
export const restorablePeriods: WindowsApi = {
  paging: {
    parameter: "offset",
    first: 0,
    size: 100,
    totals: "ambiguous",
    records: "restorable_time_periods",
    total: "total_count",
    ...ID,
    isWithoutLimit: true,
  },
  list: (instanceId, begin) => ({
    path: `/v3/{project}/instances/${escapeUri(instanceId)}/backups/restorable-time-periods`,
    query: { start_time: toOffsetTime(begin), end_time: toOffsetTime(begin + DAY_MS) },
  }),
};

/** Epoch milliseconds to windows, sorted and joined where they touch. */
export function decodeWindows(records: readonly RawRecord[]): RestoreWindow[] {
  const windows = records.map((record) => {
    const [start, end] = Object.values(ID).map((key) => parseTime(record[key]));
    // Not true where one of them can't be read.
    if (start! <= end!) return stretch(start, end);
    // A moment that can't be read may be the one that matters: no guess here.
    throw refusal(
      "BAD_ANSWER",
      `a restore window can't be read: ${excerpt(JSON.stringify(record))}`,
      "Report it to the service's support; choose a backup instead of a moment.",
    );
  });
  return merged(windows).map(({ start, end }) => ({ start: timeOf(start), end: timeOf(end) }));
}
