import { Backup, BackupKind, newestFirst, placeInTime } from "../model/backup";
import { defang, excerpt, printable } from "../model/text";
import { whyNotOf } from "../restore/candidates";
import { Fields } from "../services/fields";
import { RawRecord } from "../services/record";
import { Query } from "../services/query";
import { listOf, SERVICES } from "../services/registry";
import { exactWindow } from "./window";

/** What a lookup came to. */
export interface Result {
  /** Newest first. */
  readonly backups: Backup[];
  readonly warnings: string[];
}

/** Records to backups: decoded, filtered by what the API can't be trusted to filter, in order. */
export function decode(records: readonly RawRecord[], query: Query, asOf: Date): Result {
  const warnings: string[] = [];
  const { decode: decodeOne } = listOf(query);
  const backups: Backup[] = [];
  for (const record of records) {
    const about: string[] = [];
    const backup = Backup.of(decodeOne(new Fields(record, subject(record, query), about)));
    if (!isWanted(backup, query, asOf)) continue;
    const reason = whyNotOf(backup, query.instanceId);
    // Whoever chooses, counts or judges must not take it for one of the instance.
    if (reason !== undefined) {
      warnings.push(`${subject(record, query)} ${reason}, which was asked for: it is left out`);
      continue;
    }
    backups.push(backup);
    warnings.push(...about);
  }
  return {
    backups: Object.freeze(backups.sort(newestFirst)) as Backup[],
    // A subject holds the id, which comes from the cloud as everything else does.
    warnings: Object.freeze(warnings.map((each) => printable(defang(each)))) as string[],
  };
}

/**
 * Some of the lists have no filter for kind or id, and none says what its time filter compares. What
 * is known to be something else goes; what could not be understood stays, with its warning.
 */
function isWanted(backup: Backup, query: Query, asOf: Date): boolean {
  const { begin, end } = exactWindow(query, asOf);
  const time = placeInTime(backup)?.getTime();
  return (
    (query.backupId === undefined || backup.id === query.backupId) &&
    (query.backupType === undefined ||
      backup.kind === query.backupType ||
      backup.kind === BackupKind.UNKNOWN) &&
    (begin === undefined || time === undefined || time >= begin) &&
    (end === undefined || time === undefined || time < end)
  );
}

function subject(record: RawRecord, query: Query): string {
  const { label } = SERVICES[query.service];
  const { paging } = listOf(query);
  const key = Object.keys(record).find((name) => name.trim() === paging.id) ?? paging.id;
  return `${label} backup ${excerpt(String(record[key]), 60)}`;
}
