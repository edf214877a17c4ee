import { BackupKind, BackupService, BackupStatus } from "../model/backup";
import { escapeUri } from "../model/text";
import { toCompactTime } from "../model/time";
import { isFull } from "./database";
import { query, ServiceApi } from "./service";

export const dcs: ServiceApi = {
  service: BackupService.DCS,
  label: "DCS",
  page: "DCS API Reference, Querying DCS Instance Backup Records (docs.otc.t-systems.com, dcs-api-0312022)",
  kinds: { [BackupKind.AUTOMATIC]: "auto", [BackupKind.MANUAL]: "manual" },
  isInstanceRequired: true,
  paging: {
    parameter: "start",
    first: 1,
    // The page states no maximum; the vendor's v2 page says 1000. A server may give fewer.
    size: 100,
    records: "backup_record_response",
    total: "total_num",
    totals: "ambiguous",
    id: "backup_id",
  },
  // The API has no filter for the kind or the id: the library applies them to the answer.
  lists: (filters) => [
    {
      path: `/v1.0/{project}/instances/${escapeUri(filters.instanceId ?? "")}/backups`,
      query: query({
        beginTime: filters.window && toCompactTime(filters.window.begin),
        endTime: filters.window && toCompactTime(filters.window.end),
      }),
    },
  ],
  decode: (record) => {
    const kind = record.kind("backup_type");
    const status = record.status("status");
    const isCompleted = status === BackupStatus.COMPLETED;
    return {
      service: BackupService.DCS,
      id: record.text("backup_id") ?? "",
      name: record.text("backup_name"),
      description: record.text("remark"),
      instanceId: record.text("instance_id"),
      kind,
      status,
      // "TRUE" or "FALSE" as a text: `if (is_support_restore)` would take both for true.
      isRestorable: record.isNotForbidden("is_support_restore") && isCompleted && isFull(kind),
      sizeBytes: record.size("size", 1),
      // created_at is when the task was made; the backup starts at execution_at.
      beginTime: record.time("execution_at"),
      endTime: isCompleted ? record.time("updated_at") : undefined,
      databases: [],
      raw: record.raw,
    };
  },
};
