import { DAY, HOUR, MINUTE, readOffsetTime } from "../times";
import type { Filter, RestoreWindow, WindowsCall } from "./list";

export const oneToHundred = {
  default: 100,
  allowed: (limit: number): boolean => limit >= 1 && limit <= 100,
  rule: "between 1 and 100",
};

/** "yyyy-mm-ddThh:mm:ssZ", both or none: four of the pages. Their examples have a raw plus in it. */
export const offsetWindow = {
  begin: "begin_time",
  end: "end_time",
  notation: { form: "yyyy-mm-ddThh:mm:ssZ", read: readOffsetTime, hasPlus: true },
  together: true,
};

export const byId: Filter = { allowed: "any", of: ({ id }) => id };

export function byType(...allowed: string[]): Filter {
  return { allowed, of: ({ type }) => type };
}

/** docs/apis/shared.md, The vendor's own restore windows: GET, query and answer of RDS and GaussDB. */
export const restoreTime: WindowsCall = {
  version: "v3",
  resource: ["restore-time"],
  list: "restore_time",
  by: "day",
  default: stretchesAroundGap,
};

/** Seven days up to five minutes ago, but for 90 minutes from 2 o'clock UTC three days ago. */
function stretchesAroundGap(now: number): RestoreWindow[] {
  const gap = Math.floor((now - 3 * DAY) / DAY) * DAY + 2 * HOUR;
  return [
    { start: gap + 90 * MINUTE, end: now - 5 * MINUTE },
    { start: now - 7 * DAY, end: gap },
  ];
}

export const backupsKeys = {
  list: "backups",
  total: "total_count",
  id: "id",
  begin: "begin_time",
  end: "end_time",
};

/**
 * Codes of the database services. docs/apis/shared.md, Errors, lists them without saying which service
 * uses which parameter code, so the choice between DBS.200001 and DBS.280001 is made here.
 */
export const databaseErrors = {
  offset: "DBS.280440",
  endTime: "DBS.280416",
  zone: "DBS.280447",
  backupId: "DBS.280124",
  token: { status: 403, code: "DBS.280056" },
};
