import { BackupKind, BackupService, BackupStatus } from "../model/backup";
import { escapeUri } from "../model/text";
import { databaseWindow } from "./database";
import { KIB } from "./fields";
import { query, ServiceApi } from "./service";
import { restoreTime } from "./windows";

export const taurusDb: ServiceApi = {
  service: BackupService.TAURUSDB,
  label: "TaurusDB",
  page: "TaurusDB API Reference, Querying Incremental Backups (support.huaweicloud.com)",
  kinds: { [BackupKind.INCREMENTAL]: "incremental" },
  windows: restoreTime("restore_times"),
  isInstanceRequired: true,
  paging: {
    parameter: "offset",
    first: 0,
    // "Value: 10 (default value), 20, or 50."
    size: 50,
    records: "backups",
    total: "total_count",
    totals: "likely",
    id: "id",
  },
  // The API has no filter for the kind or the id: the library applies them to the answer.
  lists: (filters) => [
    {
      path: `/v3/{project}/instances/${escapeUri(filters.instanceId ?? "")}/incremental-backups`,
      query: query(databaseWindow(filters.window)),
    },
  ],
  decode: (record) => ({
    service: BackupService.TAURUSDB,
    id: record.text("id") ?? "",
    name: record.text("name"),
    instanceId: record.text("instance_id"),
    kind: BackupKind.INCREMENTAL,
    // The page has no status: UNKNOWN without a warning.
    status: record.has("status") ? record.status("status") : BackupStatus.UNKNOWN,
    // An incremental backup extends a full one; no restore starts from it alone.
    isRestorable: false,
    sizeBytes: record.size("size", KIB),
    beginTime: record.time("begin_time"),
    endTime: record.time("end_time"),
    databases: [],
    raw: record.raw,
  }),
};
