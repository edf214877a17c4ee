import { DAY, HOUR, MINUTE } from "../times";
import { FULL, incrementals, MANUAL } from "./drafts";
import type { Draft, EmulatedList } from "./list";
import {
  backupsKeys,
  byId,
  byType,
  databaseErrors,
  offsetWindow,
  oneToHundred,
  restoreTime,
} from "./rules";
import { CHINA, databaseStatus, offsetTimes } from "./write";

/** Table 4: the three engines, told apart by the suffixes of the samples' ids. */
const MYSQL = { type: "MySQL", version: "8.0" };
const ENGINES: Record<string, { type: string; version: string }> = {
  "01": MYSQL,
  "03": { type: "PostgreSQL", version: "16" },
  "04": { type: "SQLServer", version: "2022_SE" },
};

/** An instance that has none of the suffixes is MySQL's. */
export function engineOf(instance: string): { type: string; version: string } {
  return { ...(ENGINES[instance.slice(-2)] ?? MYSQL) };
}

const fragment = (ago: number): Draft => ({
  ago,
  durationMs: 2 * MINUTE,
  megabytes: 210.5,
  kind: "fragment",
  state: "done",
});

/** RDS page, "Obtaining Details About Backups". */
export const rds: EmulatedList = {
  service: "rds",
  version: "v3", // URI format
  resource: "backups",
  instance: "mandatory", // Table 1, instance_id: Mandatory "Yes"
  // Table 1, offset: "must be a positive number", yet the default is 0 and the example sends 0.
  offset: { name: "offset", first: 0 },
  limit: oneToHundred, // Table 1, limit: 1 to 100, default 100
  // Table 1, notes: each bound makes the other mandatory; end_time "must be later".
  window: { ...offsetWindow, endIs: "later" },
  filters: {
    backup_id: byId,
    backup_type: byType("auto", "manual", "fragment", "incremental"), // Table 1, backup_type
  },
  windows: restoreTime,
  newestFirst: false, // no order on the page
  keys: backupsKeys, // Tables 2 and 3
  errors: {
    ...databaseErrors,
    parameter: "DBS.280001",
    project: { status: 403, code: "DBS.200044" }, // docs/apis/shared.md, Errors
    instance: { status: 404, code: "DBS.200045" }, // docs/apis/shared.md, Errors
  },
  // "Example normal response": one list each of MySQL, PostgreSQL and SQL Server.
  samples: [
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      name: "xxxx.xxx",
      type: "auto",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "MySQL",
        version: "5.6",
      },
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin01",
      associated_with_ddm: false,
    },
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br03",
      name: "xxxx.xxx",
      type: "incremental",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "PostgreSQL",
        version: "9.6",
      },
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin03 ",
      associated_with_ddm: false,
    },
    {
      "id ": "43e4feaab48f11e89039fa163ebaa7e4br04",
      name: "xxxx.xxx",
      type: "manual",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "SQLServer",
        version: "2014_WEB",
      },
      databases: [
        {
          name: "user01",
        },
        {
          name: "user02",
        },
      ],
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin04",
      associated_with_ddm: false,
    },
  ],
  says: ["status", "engine", "databases"], // Table 3; databases: of Microsoft SQL Server
  // Table 3: size in KB as a whole number; no description.
  write: (spec) => {
    const engine = { ...engineOf(spec.instance), ...spec.engine };
    // Table 3, databases: of Microsoft SQL Server only.
    const made = engine.type === "SQLServer" ? ["orders", "audit"] : [];
    const databases = (spec.databases ?? made).map((name) => ({ name }));
    return {
      id: `${spec.id}br${spec.instance.slice(-2)}`,
      name: spec.name,
      type: spec.kind,
      size: Math.round(spec.bytes / 1024),
      status: databaseStatus(spec),
      ...offsetTimes(spec, CHINA),
      datastore: engine,
      ...(databases.length > 0 ? { databases } : {}),
      instance_id: spec.instance,
      associated_with_ddm: false,
    };
  },
  namePrefix: "rds-orders-",
  // Table 3: all four types, and the status DELETING.
  drafts: [
    ...incrementals(2, 24),
    ...FULL,
    fragment(9 * HOUR),
    fragment(33 * HOUR),
    { ...MANUAL, ago: 20 * DAY, state: "deleting", name: "no-longer-wanted" },
  ],
  generated: {
    kinds: ["auto", "auto", "manual", "fragment", "incremental", "incremental"], // Table 3
    states: ["done", "done", "done", "done", "failed", "running", "deleting"],
  },
};
