import { BackupKind, BackupService } from "../model/backup";
import { databaseWindow, decodeDatabaseBackup } from "./database";
import { MIB } from "./fields";
import { query, ServiceApi } from "./service";
import { restoreTime } from "./windows";

export const gaussDb: ServiceApi = {
  service: BackupService.GAUSSDB,
  label: "GaussDB",
  page: "GaussDB API Reference, Querying Backups (docs.otc.t-systems.com, opengauss_newapi_0023)",
  kinds: { [BackupKind.AUTOMATIC]: "auto", [BackupKind.MANUAL]: "manual" },
  windows: restoreTime("restore_time"),
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
  lists: (filters) => [
    {
      path: "/v3/{project}/backups",
      query: query({
        instance_id: filters.instanceId,
        backup_id: filters.backupId,
        backup_type: filters.kind && gaussDb.kinds[filters.kind],
        ...databaseWindow(filters.window),
      }),
    },
  ],
  // The only one of the five whose sizes are in MB.
  decode: (record) => decodeDatabaseBackup(record, BackupService.GAUSSDB, MIB),
};
