import { BackupAttributes, BackupStatus, isFull } from "../model/backup";
import { BackupService } from "../model/service";
import { toOffsetTime } from "../model/time";
import { Fields } from "./fields";
import { Paging } from "./paging";
import { Query } from "./query";
import { AskedWindow, BackupList } from "./service";

/** The parameter and the key of the instance, in the lists of these services. */
export const INSTANCE = "instance_id";

/** In what the records of the database services differ. */
export interface Dialect {
  readonly service: BackupService;
  /** Of sizes, in bytes. */
  readonly unit: number;
  /** Of times that name none. */
  readonly zone?: "UTC";
  /** States that the other pages don't have. */
  readonly states?: { readonly [word: string]: BackupStatus };
}

/** A record of a database service: they share their names, not their units. */
export function decodeDatabaseBackup(
  record: Fields,
  { service, states, unit, zone }: Dialect,
): BackupAttributes {
  const kind = record.kind("type");
  const status = record.status("status", states);
  const { engine, engineVersion } = record.engine();
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
    sizeBytes: record.size("size", unit),
    beginTime: record.time("begin_time", zone),
    endTime: status === BackupStatus.BUILDING ? undefined : record.time("end_time", zone),
    engine,
    engineVersion,
    databases: [],
  };
}

/** Pages of a hundred, as these services cut their lists. */
export function databasePaging(totals: Paging["totals"]): Paging {
  return {
    parameter: "offset",
    first: 0,
    size: 100,
    records: "backups",
    total: "total_count",
    totals,
    id: "id",
  };
}

/** Pages of the instances that something can be restored onto. */
export function restorablePaging(records: string): Paging {
  return { ...databasePaging("all"), records, id: INSTANCE };
}

/** What their lists of backups can all be asked for; `kinds` has the page's words. */
export function databaseParameters(
  { instanceId, backupId, backupType }: Query,
  kinds: BackupList["kinds"],
  window: AskedWindow | undefined,
) {
  return {
    [INSTANCE]: instanceId,
    backup_id: backupId,
    backup_type: backupType && kinds[backupType],
    ...databaseWindow(window),
  };
}

/** `begin_time` and `end_time`: always both, in UTC, without the colon in the offset. */
export function databaseWindow(window: AskedWindow | undefined) {
  return {
    begin_time: window && toOffsetTime(window.begin),
    end_time: window && toOffsetTime(window.end),
  };
}
