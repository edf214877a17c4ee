import { fieldsOf, textOf } from "../record";
import { DAY, HOUR } from "../times";
import { FULL, MANUAL } from "./drafts";
import type { EmulatedList, RestoreWindow } from "./list";
import { backupsKeys, byId, byType, databaseErrors, offsetWindow, oneToHundred } from "./rules";
import { databaseStatus, offsetTimes, UTC } from "./write";

/** GeminiDB page, "Querying Backups (Recommended)". */
export const geminiDb: EmulatedList = {
  service: "geminiDb",
  version: "v3.1", // URI
  resource: "backups",
  instance: "optional", // Table 2, instance_id: Mandatory "No"
  offset: { name: "offset", first: 0 }, // Table 2, offset: "greater than or equal to 0"
  limit: oneToHundred, // Table 2, limit: 1 to 100, "the first 100" by default
  // Table 2, constraints of begin_time and end_time: each makes the other mandatory. Which of
  // them is later is not on the page, so any pair is served (the other way round: nothing lies
  // between).
  window: { ...offsetWindow, endIs: "anything" },
  filters: {
    backup_id: byId,
    backup_type: byType("Auto", "Manual"), // Table 2, backup_type: "The value is case sensitive"
    datastore_type: {
      allowed: ["cassandra", "redis", "mongodb", "influxdb"], // Table 2, datastore_type
      // RDS page, Table 4, and GaussDB page, Table 4: engines are case-insensitive.
      of: ({ datastore }) => textOf(fieldsOf(datastore)["type"])?.toLowerCase(),
    },
    // Table 2, type, which contradicts itself: see `untyped` of the configuration.
    type: {
      allowed: ["Instance", "DatabaseTable"],
      default: "Instance",
      of: (_, isTableLevel) => (isTableLevel ? "DatabaseTable" : "Instance"),
    },
  },
  // Table 5, database_tables: empty for an instance backup.
  isTableLevel: ({ database_tables: tables }) => Array.isArray(tables) && tables.length > 0,
  // docs/apis/shared.md, The vendor's own restore windows; under v3, not v3.1.
  windows: {
    version: "v3",
    resource: ["backups", "restorable-time-periods"],
    list: "restorable_time_periods",
    by: "bounds",
    default: pointsAndStretch,
  },
  newestFirst: true, // Table 2, offset: "the query starts from the latest created instance"
  keys: backupsKeys, // Tables 4 and 5
  errors: {
    ...databaseErrors,
    parameter: "DBS.200001",
    project: { status: 403, code: "DBS.280015" }, // docs/apis/shared.md, Errors
    instance: { status: 403, code: "DBS.201028" }, // docs/apis/shared.md, Errors: a 403, not a 404
  },
  // "Example Responses". Both are table-level, so only type=DatabaseTable lists them.
  samples: [
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      name: "backup-test",
      instance_id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      instance_name: "cluster-test",
      datastore: {
        type: "cassandra",
        version: "3.4",
      },
      type: "Auto",
      begin_time: "2019-05-27T03:38:51+0000",
      end_time: "2019-05-27T03:39:51+0000",
      status: "COMPLETED",
      size: 2803,
      description: "backup description",
      database_tables: [
        {
          database_name: "DATABASE_X",
          table_names: ["TABLE_A", "TABLE_B", "TABLE_C"],
        },
        {
          database_name: "DATABASE_Y",
          table_names: null,
        },
      ],
    },
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br02",
      name: "backup-test-2",
      instance_id: "43e4feaab48f11e89039fa163ebaa7e4br02",
      instance_name: "cluster-test",
      datastore: {
        type: "cassandra",
        version: "3.4",
      },
      type: "Manual",
      begin_time: "2019-05-27T03:38:51+0000",
      end_time: "2019-05-27T03:39:51+0000",
      status: "COMPLETED",
      size: 2803,
      description: "backup description",
      database_tables: [
        {
          database_name: "DATABASE_X",
          table_names: ["TABLE_A", "TABLE_B", "TABLE_C"],
        },
        {
          database_name: "DATABASE_Y",
          table_names: null,
        },
      ],
    },
  ],
  says: ["status", "description", "instanceName", "engine", "databases"], // Table 5; databases: database_tables
  // Table 5: size in KB; "Auto" and "Manual"; the example's times are at +0000.
  write: (spec) => ({
    id: `${spec.id}br06`,
    name: spec.name,
    instance_id: spec.instance,
    instance_name: spec.instanceName ?? "cluster-test",
    datastore: { type: "cassandra", version: "3.11", ...spec.engine },
    type: spec.kind === "manual" ? "Manual" : "Auto",
    ...offsetTimes(spec, UTC),
    status: databaseStatus(spec),
    size: spec.bytes / 1024,
    description: spec.description ?? "",
    ...(spec.tables === undefined ? {} : { database_tables: spec.tables }),
  }),
  namePrefix: "geminidb-orders-",
  // Table 2, type: backups of the instance and of databases or tables. Two of the latter are newer
  // than every backup of the instance that completed.
  drafts: [
    ...FULL,
    {
      ...MANUAL,
      ago: 2 * HOUR,
      name: "orders-tables",
      tables: [{ database_name: "ORDERS", table_names: ["ITEMS", "CUSTOMERS"] }],
    },
    {
      ...MANUAL,
      ago: 3 * HOUR,
      kind: "auto",
      name: "audit-database",
      tables: [{ database_name: "AUDIT", table_names: null }],
    },
  ],
  // All of the instance level, so that a call without `type` lists all of them.
  generated: {
    kinds: ["auto", "auto", "auto", "manual"], // Table 5
    states: ["done", "done", "done", "done", "failed", "running"],
  },
};

/**
 * Three points a day for a week and one stretch of the last hours: docs/apis/shared.md, The vendor's own
 * restore windows: "points, not stretches" occur. In no order, because none is promised.
 */
function pointsAndStretch(now: number): RestoreWindow[] {
  const points = [13, 5, 21].flatMap((hours) =>
    [0, 1, 2, 3, 4, 5, 6].map((day) => now - day * DAY - hours * HOUR),
  );
  const stretch = { start: now - 3 * HOUR, end: now - HOUR };
  return [...points.map((point) => ({ start: point, end: point })), stretch];
}
