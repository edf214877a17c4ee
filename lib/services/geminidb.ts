import { BackupKind, BackupLevel } from "../model/backup";
import { BackupService } from "../model/service";
import { escapeUri } from "../model/text";
import {
  databaseParameters,
  databasePaging,
  decodeDatabaseBackup,
  restorablePaging,
} from "./database";
import { KIB } from "./fields";
import { databaseInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";
import { restorablePeriods } from "./windows";

/** The words of the page's parameter `type`. */
const TYPES = {
  [BackupLevel.INSTANCE]: "Instance",
  [BackupLevel.DATABASE_TABLE]: "DatabaseTable",
};

const backups: BackupList = {
  noun: "backups",
  page: "GeminiDB API Reference, Querying Backups (Recommended) (https://support.huaweicloud.com/intl/en-us/api-nosql/nosql_05_0211.html)",
  // "The value is case sensitive."
  kinds: { [BackupKind.AUTOMATIC]: "Auto", [BackupKind.MANUAL]: "Manual" },
  actions: ["nosql:backup:list", "gaussdbfornosql:backup:list"],
  isInstanceRequired: false,
  hasFullBackups: true,
  hasVersions: true,
  filters: {
    datastoreType: { allowed: ["cassandra", "redis", "mongodb", "influxdb"] },
    type: { allowed: ["instance", "databaseTable", "all"], default: "instance", all: "all" },
  },
  paging: databasePaging("all"),
  // No type lists both, so "all" is two lists. The page contradicts itself about what is listed without
  // a type ("Default value: Instance", and "including database- and table-level backups"): it is sent.
  requests: (query, window) =>
    levelsOf(query.filters["type"]).map((level) => ({
      level,
      path: "/v3.1/{project}/backups",
      query: parameters({
        ...databaseParameters(query, backups.kinds, window),
        datastore_type: query.filters["datastoreType"],
        type: TYPES[level],
      }),
    })),
  decode: (record) => {
    const backup = decodeDatabaseBackup(record, { service: BackupService.GEMINIDB, unit: KIB });
    const databases = record.databases("database_tables", "database_name", "table_names");
    // Of the list of tables none is of an instance, whether or not it names its tables.
    const level = record.level ?? BackupLevel.INSTANCE;
    const isPartial = level !== BackupLevel.INSTANCE || record.isFilled("database_tables");
    const isRestorable = backup.isRestorable && !isPartial;
    return Object.assign(backup, { databases, level, isPartial, isRestorable });
  },
};

export const geminiDb: ServiceApi = {
  service: BackupService.GEMINIDB,
  label: "GeminiDB",
  endpoint: "geminiDb",
  hosts: { otc: "gaussdb-nosql", huaweicloud: "gaussdb-nosql" },
  idEndings: ["in06"],
  windows: restorablePeriods,
  restorable: {
    page: "GeminiDB API Reference, Querying Instances That Can Be Restored (https://support.huaweicloud.com/intl/en-us/api-nosql/ShowRestorableList.html)",
    paging: restorablePaging("restorable_instances"),
    // Of a moment it has none.
    request: ({ backupId }) =>
      backupId === undefined
        ? undefined
        : {
            path: `/v3/{project}/backups/${escapeUri(backupId)}/restorable-instances`,
            query: {},
            keep: ["instance_id"],
          },
  },
  instances: databaseInstances({
    service: BackupService.GEMINIDB,
    page: "GeminiDB API Reference, Querying Instances and Details (https://support.huaweicloud.com/intl/en-us/api-nosql/nosql_05_0016.html)",
    actions: ["nosql:instance:list", "gaussdbfornosql:instance:list"],
    zone: "UTC",
    volumes: "groups",
  }),
  lists: { backups },
};

function levelsOf(type: string | undefined): BackupLevel[] {
  if (type === "all") return [BackupLevel.INSTANCE, BackupLevel.DATABASE_TABLE];
  return [type === "databaseTable" ? BackupLevel.DATABASE_TABLE : BackupLevel.INSTANCE];
}
