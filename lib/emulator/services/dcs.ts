import { DAY, HOUR, MINUTE, readCompactTime } from "../times";
import { FULL, MANUAL, RUNNING } from "./drafts";
import type { EmulatedList, Spec } from "./list";
import { endOf, isUnderWay } from "./write";

const window: EmulatedList["window"] = {
  begin: "beginTime",
  end: "endTime",
  notation: { form: "yyyyMMddHHmmss", read: readCompactTime },
  together: false,
  endIs: "not earlier",
};

/** DCS page, "Querying DCS Instance Backup Records". */
export const dcs: EmulatedList = {
  service: "dcs",
  version: "v1.0", // URI
  resource: "backups",
  instance: "path", // URI
  // Table 1, start: "Start sequence number", 1 by default. That a smaller one is refused is a
  // choice made here: a sequence that starts with 1 has no number 0.
  offset: { name: "start", first: 1 },
  // Table 1, limit: "minimum value … is 1", 10 by default, and no maximum.
  limit: { default: 10, allowed: (limit) => limit >= 1, rule: "at least 1" },
  // Table 1, beginTime and endTime: yyyyMMddHHmmss, and nothing about using them together.
  // docs/apis/shared.md, Errors: DCS.4025, the end lies before the start.
  window,
  // The vendor's page of the API's v2 (ListBackupRecords), Table 2: offset from 0, limit from 1 to 1000,
  // 10 by default, begin_time and end_time. Its records are the same.
  later: {
    version: "v2",
    offset: { name: "offset", first: 0 },
    limit: {
      default: 10,
      allowed: (limit) => limit >= 1 && limit <= 1000,
      rule: "between 1 and 1000",
    },
    window: { ...window, begin: "begin_time", end: "end_time" },
  },
  filters: {},
  // docs/apis/shared.md, The vendor's own restore windows: "none", as "a cache restores from a backup only".
  windows: undefined,
  newestFirst: false, // no order on the page
  // Table 2, total_num: "Number of obtained backup records", which may be either (docs/apis/dcs.md).
  isTotalAmbiguous: true,
  // Tables 2 and 3. Table 3, execution_at: "Time at which the backup starts".
  keys: {
    list: "backup_record_response",
    total: "total_num",
    id: "backup_id",
    begin: "execution_at",
    end: "updated_at", // Table 3, updated_at: "Time at which DCS instance backup is completed"
  },
  errors: {
    // Only DCS.4025, DCS.1001 and DCS.3022 are in docs/apis/shared.md; DCS.4001 and DCS.1004 stand
    // in for codes that no source at hand names.
    parameter: "DCS.4001",
    offset: "DCS.4001",
    endTime: "DCS.4025",
    zone: "DCS.4001",
    backupId: "DCS.4001",
    token: { status: 401, code: "DCS.1001" },
    project: { status: 403, code: "DCS.1004" },
    instance: { status: 404, code: "DCS.3022" },
    body: { error_ext_msg: null }, // docs/apis/shared.md, Errors: "DCS may add error_ext_msg"
  },
  // "Example response".
  samples: [
    {
      status: "succeed",
      remark: "001",
      period: null,
      progress: "100.00",
      size: 880232,
      instance_id: "5560df16-cebf-4473-95c4-d1b573c16e79",
      backup_id: "4631832a-14c6-45b0-a0b3-3abd8f591ad1",
      created_at: "2019-05-10T08:31:16.166Z",
      updated_at: "2019-05-10T08:32:30.546Z",
      execution_at: "2019-05-10T08:31:21.461Z",
      backup_type: "manual",
      backup_format: "AOF",
      backup_name: "backup_20190510163116",
      error_code: null,
      is_support_restore: "TRUE",
    },
  ],
  says: ["status", "description", "isSupportRestore"], // Table 3; description: remark
  // Table 3: size in byte; times with milliseconds and Z, as in the example.
  write: (spec) => ({
    status: statusOf(spec),
    remark: spec.description ?? null,
    period: spec.kind === "auto" ? "02:00-03:00" : null,
    progress: spec.state === "done" || spec.state === "expired" ? "100.00" : "0.00",
    size: Math.round(spec.bytes),
    instance_id: spec.instance,
    backup_id: dashed(spec.id),
    // Table 3: the task is created, the backup starts a little later, or not yet.
    created_at: new Date(spec.beginMs - 5295).toISOString(),
    updated_at: new Date(isUnderWay(spec) ? spec.beginMs : endOf(spec)).toISOString(),
    execution_at: spec.state === "waiting" ? null : new Date(spec.beginMs).toISOString(),
    backup_type: spec.kind,
    backup_format: "AOF",
    backup_name: spec.name,
    error_code: spec.state === "failed" ? "dcs.08.0002" : null, // Table 4
    // Table 3, is_support_restore: a string.
    is_support_restore: spec.state === "done" && !spec.unrestorable ? "TRUE" : "FALSE",
  }),
  namePrefix: "backup_",
  // Table 3: status and is_support_restore. The backup that can't be restored from is newer than all
  // that can. More than the default page of 10.
  drafts: [
    ...FULL,
    { ...MANUAL, ago: 3 * HOUR, name: "unrestorable", unrestorable: true },
    { ...RUNNING, ago: 5 * MINUTE, state: "waiting" },
    { ...MANUAL, ago: 30 * DAY, state: "expired", name: "expired" },
    { ...MANUAL, ago: 25 * DAY, state: "deleted", name: "deleted" },
  ],
  generated: {
    kinds: ["auto", "auto", "auto", "manual"], // Table 3
    states: ["done", "done", "done", "failed", "running", "waiting", "expired", "deleted"],
  },
};

/** Table 3, status. */
function statusOf({ state }: Spec): string {
  const words = { done: "succeed", running: "backuping" } as const;
  return state in words ? words[state as keyof typeof words] : state;
}

function dashed(hex: string): string {
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join("-");
}
