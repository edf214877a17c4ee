import { BackupAttributes, BackupKind, BackupService, BackupStatus } from "../model/backup";
import { toOffsetTime } from "../model/time";
import { Fields } from "./fields";
import { AskedWindow } from "./service";

/** A record of GaussDB, RDS or GeminiDB: they share their names, not their units. */
export function decodeDatabaseBackup(
  record: Fields,
  service: BackupService,
  sizeUnit: number,
): BackupAttributes {
  const kind = record.kind("type");
  const status = record.status("status");
  return {
    service,
    id: record.text("id") ?? "",
    name: record.text("name"),
    description: record.text("description"),
    instanceId: record.text("instance_id"),
    instanceName: record.text("instance_name"),
    kind,
    status,
    isRestorable: status === BackupStatus.COMPLETED && isFull(kind),
    sizeBytes: record.size("size", sizeUnit),
    beginTime: record.time("begin_time"),
    endTime: status === BackupStatus.BUILDING ? undefined : record.time("end_time"),
    ...record.engine(),
    databases: [],
    raw: record.raw,
  };
}

export function isFull(kind: BackupKind): boolean {
  return kind === BackupKind.AUTOMATIC || kind === BackupKind.MANUAL;
}

/** `begin_time` and `end_time`: always both, in UTC, without the colon in the offset. */
export function databaseWindow(window: AskedWindow | undefined) {
  return {
    begin_time: window && toOffsetTime(window.begin),
    end_time: window && toOffsetTime(window.end),
  };
}
