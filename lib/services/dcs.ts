import { BackupKind, BackupStatus, isFull } from "../model/backup";
import { BackupService } from "../model/service";
import { escapeUri } from "../model/text";
import { toCompactTime } from "../model/time";
import { cacheInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";

// The page's Table 4.
const ERRORS = new Map([
  ["dcs.08.0001", "Failed to start the backup and restore tool."],
  ["dcs.08.0002", "Operation timed out."],
  ["dcs.08.0003", "Failed to delete bucket."],
  ["dcs.08.0004", "Failed to obtain AK/SK."],
  ["dcs.08.0005", "Failed to create bucket."],
  ["dcs.08.0006", "Failed to obtain backup file size."],
  ["dcs.08.0007", "Data synchronization failed during instance restoration."],
  [
    "dcs.08.0008",
    "Automatic backup of the instance cannot start because the instance is running other jobs.",
  ],
]);

const backups: BackupList = {
  noun: "backups",
  page: "DCS API Reference, Querying DCS Instance Backup Records (https://docs.otc.t-systems.com/distributed-cache-service/api-ref/outdated_apis_v1/backup_and_restoration_apis/querying_dcs_instance_backup_records.html)",
  kinds: { [BackupKind.AUTOMATIC]: "auto", [BackupKind.MANUAL]: "manual" },
  actions: ["dcs:instance:getDataBackupLog"],
  isInstanceRequired: true,
  hasFullBackups: true,
  hasVersions: false,
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
  requests: ({ instanceId }, window) => [
    {
      path: `/v1.0/{project}/instances/${escapeUri(instanceId!)}/backups`,
      query: parameters({
        beginTime: window && toCompactTime(window.begin),
        endTime: window && toCompactTime(window.end),
      }),
    },
  ],
  decode: (record) => {
    const kind = record.kind("backup_type");
    const status = record.status("status");
    const isCompleted = status === BackupStatus.COMPLETED;
    // "TRUE" or "FALSE" as a text: `if (is_support_restore)` would take both for true.
    const isSupportRestore = record.flag("is_support_restore");
    if (isCompleted) record.expect("is_support_restore");
    const errorCode = record.text("error_code");
    const updatedAt = record.time("updated_at");
    return {
      service: BackupService.DCS,
      id: record.text("backup_id") ?? "",
      name: record.text("backup_name"),
      description: record.text("remark"),
      instanceId: record.text("instance_id"),
      kind,
      status,
      // The page has the service say it of every record: what it does not say is no yes.
      isRestorable: isSupportRestore === true && isCompleted && isFull(kind),
      isSupportRestore,
      sizeBytes: record.size("size", 1),
      // created_at is when the task was made; the backup starts at execution_at.
      beginTime: record.time("execution_at"),
      endTime: isCompleted ? updatedAt : undefined,
      createdAt: record.time("created_at"),
      updatedAt,
      errorCode,
      errorMessage: errorCode === undefined ? undefined : ERRORS.get(errorCode.toLowerCase()),
      backupFormat: record.text("backup_format"),
      progress: record.text("progress"),
      period: record.text("period"),
      databases: [],
    };
  },
};

export const dcs: ServiceApi = {
  service: BackupService.DCS,
  label: "DCS",
  endpoint: "dcs",
  hosts: { otc: "dcs", huaweicloud: "dcs" },
  // The provider's schema, huaweicloud 1.97.1.
  restore: {
    resource: "huaweicloud_dcs_instance_restore",
    attributes: ({ targetInstanceId, backupId, description }) => ({
      instance_id: targetInstanceId,
      backup_id: backupId,
      description,
    }),
  },
  instances: cacheInstances,
  lists: { backups },
};
