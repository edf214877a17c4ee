import { BackupKind, BackupService } from "../model/backup";
import { databaseWindow, decodeDatabaseBackup } from "./database";
import { KIB } from "./fields";
import { query, ServiceApi } from "./service";
import { restoreTime } from "./windows";

export const rds: ServiceApi = {
  service: BackupService.RDS,
  label: "RDS",
  page: "RDS API Reference, Obtaining Details About Backups (docs.otc.t-systems.com)",
  kinds: {
    [BackupKind.AUTOMATIC]: "auto",
    [BackupKind.MANUAL]: "manual",
    [BackupKind.FRAGMENT]: "fragment",
    [BackupKind.INCREMENTAL]: "incremental",
  },
  windows: restoreTime("restore_time"),
  isInstanceRequired: true,
  paging: {
    parameter: "offset",
    // The page says "must be a positive number", its own example sends 0.
    first: 0,
    size: 100,
    records: "backups",
    total: "total_count",
    totals: "likely",
    id: "id",
  },
  lists: (filters) => [
    {
      path: "/v3/{project}/backups",
      query: query({
        instance_id: filters.instanceId,
        backup_id: filters.backupId,
        backup_type: filters.kind && rds.kinds[filters.kind],
        ...databaseWindow(filters.window),
      }),
    },
  ],
  decode: (record) => {
    const backup = decodeDatabaseBackup(record, BackupService.RDS, KIB);
    const databases = record.databases("databases", "name");
    // "Creating a Manual Backup" (rds_09_0004): given databases, a manual backup holds those alone. The
    // policy of the automated ones knows no such list; there it only names what is in the instance.
    const isPartial = backup.kind === BackupKind.MANUAL && record.isFilled("databases");
    const isRestorable = backup.isRestorable && !isPartial;
    const isAssociatedWithDdm = record.flag("associated_with_ddm");
    return { ...backup, databases, isPartial, isRestorable, isAssociatedWithDdm };
  },
};
