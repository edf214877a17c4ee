import { BackupKind, BackupService } from "../model/backup";
import { databaseWindow, decodeDatabaseBackup } from "./database";
import { KIB } from "./fields";
import { query, ServiceApi } from "./service";
import { restorablePeriods } from "./windows";

/** The words of the page's parameter `type`. */
export const GEMINIDB_TYPES = { instance: "Instance", databaseTable: "DatabaseTable" } as const;

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
  // No type lists both, so "all" is two lists. Unasked, the page's default is Instance.
  lists: (filters) =>
    (filters.type === "all"
      ? Object.values(GEMINIDB_TYPES)
      : [filters.type === "databaseTable" ? GEMINIDB_TYPES.databaseTable : undefined]
    ).map((type) => ({
      path: "/v3.1/{project}/backups",
      query: query({
        instance_id: filters.instanceId,
        datastore_type: filters.datastoreType,
        backup_id: filters.backupId,
        backup_type: filters.kind && geminiDb.kinds[filters.kind],
        type,
        ...databaseWindow(filters.window),
      }),
    })),
  decode: (record) => {
    const backup = decodeDatabaseBackup(record, BackupService.GEMINIDB, KIB);
    const databases = record.databases("database_tables", "database_name", "table_names");
    // A backup of some tables is no backup of the instance, and nothing but this list tells.
    const isPartial = record.isFilled("database_tables");
    return { ...backup, databases, isPartial, isRestorable: backup.isRestorable && !isPartial };
  },
};
