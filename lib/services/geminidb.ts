import { BackupKind, BackupLevel, BackupService } from "../model/backup";
import { databaseWindow, decodeDatabaseBackup } from "./database";
import { KIB } from "./fields";
import { query, ServiceApi } from "./service";
import { restorablePeriods } from "./windows";

/** The words of the page's parameter `type`. */
const TYPES = {
  [BackupLevel.INSTANCE]: "Instance",
  [BackupLevel.DATABASE_TABLE]: "DatabaseTable",
};

export const geminiDb: ServiceApi = {
  service: BackupService.GEMINIDB,
  label: "GeminiDB",
  page: "GeminiDB API Reference, Querying Backups (Recommended) (support.huaweicloud.com)",
  // "The value is case sensitive."
  kinds: { [BackupKind.AUTOMATIC]: "Auto", [BackupKind.MANUAL]: "Manual" },
  windows: restorablePeriods,
  isInstanceRequired: false,
  paging: {
    parameter: "offset",
    first: 0,
    size: 100,
    records: "backups",
    total: "total_count",
    totals: "all",
    id: "id",
  },
  // No type lists both, so "all" is two lists. The page contradicts itself about what is listed without
  // a type ("Default value: Instance", and "including database- and table-level backups"): it is sent.
  lists: (filters) =>
    levelsOf(filters.type).map((level) => ({
      level,
      path: "/v3.1/{project}/backups",
      query: query({
        instance_id: filters.instanceId,
        datastore_type: filters.datastoreType,
        backup_id: filters.backupId,
        backup_type: filters.kind && geminiDb.kinds[filters.kind],
        type: TYPES[level],
        ...databaseWindow(filters.window),
      }),
    })),
  decode: (record) => {
    const backup = decodeDatabaseBackup(record, BackupService.GEMINIDB, KIB);
    const databases = record.databases("database_tables", "database_name", "table_names");
    // Of the list of tables none is of an instance, whether or not it names its tables.
    const level = record.level ?? BackupLevel.INSTANCE;
    const isPartial = level !== BackupLevel.INSTANCE || record.isFilled("database_tables");
    const isRestorable = backup.isRestorable && !isPartial;
    return { ...backup, databases, level, isPartial, isRestorable };
  },
};

function levelsOf(type: string | undefined): BackupLevel[] {
  if (type === "all") return [BackupLevel.INSTANCE, BackupLevel.DATABASE_TABLE];
  return [type === "databaseTable" ? BackupLevel.DATABASE_TABLE : BackupLevel.INSTANCE];
}
