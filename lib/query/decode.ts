import { Backup, BackupKind, newestFirst, placeInTime } from "../model/backup";
import { defang, excerpt, printable } from "../model/text";
import { whyNotOf } from "../restore/candidates";
import { Fields } from "../services/fields";
import { RawRecord } from "../services/record";
import { Records } from "../services/records";
import { Query, WhichList } from "../services/query";
import { listOf, SERVICES } from "../services/registry";
import { Result, Shelf } from "./result";
import { exactWindow } from "./window";

/** A backup, and what of its record could not be understood, if anything. */
interface Decoded {
  readonly backup: Backup;
  readonly about?: readonly string[];
}

/** The backups of a list, kept with the records: whoever waits for more of them has the time. */
export function decodeAhead(records: Records, which: WhichList): Decoded[] {
  const { decode } = listOf(which);
  const subjectOf = (record: RawRecord) => subject(record, which);
  const items = records.all().map((record, index): Decoded => {
    const fields = new Fields(record, subjectOf);
    const backup = Backup._at(decode(fields), records, index);
    return { backup, about: fields.warnings };
  });
  records.items = items;
  return items;
}

/**
 * Records to backups: decoded, filtered by what the API can't be trusted to filter, in order. `warnings`
 * are put before its own.
 */
export function decode(
  records: Records,
  query: Query,
  asOf: Date,
  warnings: readonly string[] = [],
  shelf = new Shelf(),
): Result {
  return new Result(shelf, (onWarning) => {
    const items = (records.items as Decoded[] | undefined) ?? decodeAhead(records, query);
    // Kept no longer than the backups are.
    records.items = undefined;
    warnings.forEach(onWarning);
    return selectedOf(items, query, asOf, (each) => onWarning(printable(defang(each))));
  });
}

function selectedOf(
  items: readonly Decoded[],
  query: Query,
  asOf: Date,
  onWarning: (warning: string) => void,
): Backup[] {
  const { begin, end } = exactWindow(query, asOf);
  const backups: Backup[] = [];
  for (const { about, backup } of items) {
    if (!isWanted(backup, query, begin, end)) continue;
    const reason = whyNotOf(backup, query.instanceId);
    // Whoever chooses, counts or judges must not take it for one of the instance.
    if (reason !== undefined) {
      // A subject holds the id, which comes from the cloud as everything else does.
      const what = `${subject(backup.raw, query)} ${reason}`;
      onWarning(`${what}, which was asked for: it is left out`);
      continue;
    }
    backups.push(backup);
    about?.forEach(onWarning);
  }
  return Object.freeze(backups.sort(newestFirst)) as Backup[];
}

/**
 * Some of the lists have no filter for kind or id, and none says what its time filter compares. What
 * is known to be something else goes; what could not be understood stays, with its warning.
 */
function isWanted(
  backup: Backup,
  query: Query,
  begin: number | undefined,
  end: number | undefined,
): boolean {
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

function subject(record: RawRecord, which: WhichList): string {
  const { label } = SERVICES[which.service];
  const { paging } = listOf(which);
  const key = Object.keys(record).find((name) => name.trim() === paging.id) ?? paging.id;
  return `${label} backup ${excerpt(String(record[key]), 60)}`;
}
