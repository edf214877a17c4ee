import type { ServiceName } from "./types";

/** A call for restore windows. */
export interface WindowsRow {
  version: string;
  /** What follows the instance in the path. */
  resource: readonly string[];
  list: string;
  /** Whether a day selects them, or two bounds and an offset. */
  by: "day" | "mandatory day" | "bounds";
}

/** What the five APIs do differently; everything else is one list. */
export interface ServiceRow {
  /** Path prefix on the one origin all emulated services share. */
  prefix: string;
  version: string;
  resource: string;
  /** Where the instance is named, and whether it must be. */
  instance: "optional" | "mandatory" | "path";
  offset: { name: string; first: 0 | 1 };
  limit: { default: number; allowed: (limit: number) => boolean; rule: string };
  window: {
    begin: string;
    end: string;
    notation: "offset" | "compact";
    together: boolean;
    /** What the end must be, compared with the begin. */
    endIs: "later" | "not earlier" | "anything";
  };
  /** Further query parameters and the values they may have. */
  filters: Record<string, readonly string[] | "any">;
  /** The call for the vendor's own restore windows, if there is one. */
  windows: WindowsRow | undefined;
  newestFirst: boolean;
  keys: { list: string; total: string; id: string; begin: string; end: string };
  errors: {
    parameter: string;
    offset: string;
    endTime: string;
    zone: string;
    backupId: string;
    token: { status: number; code: string };
    project: { status: number; code: string };
    instance: { status: number; code: string };
  };
}

const oneToHundred = {
  default: 100,
  allowed: (limit: number): boolean => limit >= 1 && limit <= 100,
  rule: "between 1 and 100",
};

/** "yyyy-mm-ddThh:mm:ssZ", both or none: four of the pages. */
const offsetWindow = {
  begin: "begin_time",
  end: "end_time",
  notation: "offset",
  together: true,
} as const;

/** docs/apis/shared.md, The vendor's own restore windows: GET, query and answer of RDS and GaussDB. */
const restoreTime: WindowsRow = {
  version: "v3",
  resource: ["restore-time"],
  list: "restore_time",
  by: "day",
};

const backupsKeys = {
  ...{ list: "backups", total: "total_count", id: "id" },
  ...{ begin: "begin_time", end: "end_time" },
};

/**
 * Codes of the four database services. docs/apis/shared.md, Errors, lists them without saying which service
 * uses which parameter code, so the choice between DBS.200001 and DBS.280001 is made here.
 */
const databaseErrors = {
  offset: "DBS.280440",
  endTime: "DBS.280416",
  zone: "DBS.280447",
  backupId: "DBS.280124",
  token: { status: 403, code: "DBS.280056" },
};

/** The five APIs, one row each. */
export const SERVICES: Record<ServiceName, ServiceRow> = {
  // GaussDB page, "Querying Backups".
  gaussDb: {
    prefix: "/gaussdb",
    version: "v3", // URI format
    resource: "backups",
    instance: "optional", // Table 1, instance_id: Mandatory "No"
    offset: { name: "offset", first: 0 }, // Table 1, offset: minimum value 0, the default
    limit: oneToHundred, // Table 1, limit: minimum 1, maximum 100, default 100
    // Table 1, begin_time: "must be used together with end_time"; end_time: "must be later".
    window: { ...offsetWindow, endIs: "later" },
    filters: { backup_id: "any", backup_type: ["auto", "manual"] }, // Table 1
    // docs/apis/shared.md, The vendor's own restore windows: "GaussDB's page says mandatory".
    windows: { ...restoreTime, by: "mandatory day" },
    newestFirst: false, // no order on the page
    keys: backupsKeys, // Tables 2 and 3
    errors: {
      ...databaseErrors,
      parameter: "DBS.200001",
      project: { status: 403, code: "DBS.200044" }, // docs/apis/shared.md, Errors: "no permission"
      instance: { status: 404, code: "DBS.200002" }, // docs/apis/shared.md, Errors
    },
  },
  // RDS page, "Obtaining Details About Backups".
  rds: {
    prefix: "/rds",
    version: "v3", // URI format
    resource: "backups",
    instance: "mandatory", // Table 1, instance_id: Mandatory "Yes"
    // Table 1, offset: "must be a positive number", yet the default is 0 and the example sends 0.
    offset: { name: "offset", first: 0 },
    limit: oneToHundred, // Table 1, limit: 1 to 100, default 100
    // Table 1, notes: each bound makes the other mandatory; end_time "must be later".
    window: { ...offsetWindow, endIs: "later" },
    // Table 1, backup_type.
    filters: { backup_id: "any", backup_type: ["auto", "manual", "fragment", "incremental"] },
    windows: restoreTime,
    newestFirst: false, // no order on the page
    keys: backupsKeys, // Tables 2 and 3
    errors: {
      ...databaseErrors,
      parameter: "DBS.280001",
      project: { status: 403, code: "DBS.200044" }, // docs/apis/shared.md, Errors
      instance: { status: 404, code: "DBS.200045" }, // docs/apis/shared.md, Errors
    },
  },
  // GeminiDB page, "Querying Backups (Recommended)".
  geminiDb: {
    prefix: "/geminidb",
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
      backup_id: "any",
      datastore_type: ["cassandra", "redis", "mongodb", "influxdb"], // Table 2, datastore_type
      backup_type: ["Auto", "Manual"], // Table 2, backup_type: "The value is case sensitive"
      type: ["Instance", "DatabaseTable"], // Table 2, type
    },
    // Table 2, offset: "the query starts from the latest created instance".
    // docs/apis/shared.md, The vendor's own restore windows; under v3, not v3.1.
    windows: {
      version: "v3",
      resource: ["backups", "restorable-time-periods"],
      list: "restorable_time_periods",
      by: "bounds",
    },
    newestFirst: true,
    keys: backupsKeys, // Tables 4 and 5
    errors: {
      ...databaseErrors,
      parameter: "DBS.200001",
      project: { status: 403, code: "DBS.280015" }, // docs/apis/shared.md, Errors
      instance: { status: 403, code: "DBS.201028" }, // docs/apis/shared.md, Errors: a 403, not a 404
    },
  },
  // DCS page, "Querying DCS Instance Backup Records".
  dcs: {
    prefix: "/dcs",
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
    window: {
      begin: "beginTime",
      end: "endTime",
      notation: "compact",
      together: false,
      endIs: "not earlier",
    },
    filters: {},
    // docs/apis/shared.md, The vendor's own restore windows: "none", as "a cache restores from a backup only".
    windows: undefined,
    newestFirst: false, // no order on the page
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
    },
  },
  // TaurusDB page, "Querying Incremental Backups".
  taurusDb: {
    prefix: "/taurusdb",
    version: "v3", // URI
    resource: "incremental-backups",
    instance: "path", // URI
    offset: { name: "offset", first: 0 }, // query parameters, offset: 0 by default, not negative
    // Query parameters, limit: "Value: 10 (default value), 20, or 50".
    limit: { default: 10, allowed: (limit) => [10, 20, 50].includes(limit), rule: "10, 20 or 50" },
    // Query parameters: each bound makes the other mandatory; end_time "must be later".
    window: { ...offsetWindow, endIs: "later" },
    filters: {},
    // docs/apis/shared.md, The vendor's own restore windows: the same path, the plural in the answer.
    windows: { ...restoreTime, list: "restore_times" },
    newestFirst: false, // no order on the page
    keys: backupsKeys, // response parameters
    errors: {
      ...databaseErrors,
      parameter: "DBS.280001",
      project: { status: 403, code: "DBS.280015" }, // docs/apis/shared.md, Errors
      instance: { status: 404, code: "DBS.280022" }, // docs/apis/shared.md, Errors
    },
  },
};

/** The services' names, in the table's order. */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
