import { BackupLevel } from "../model/backup";
import { canonical } from "../model/canonical";
import type { RawRecord } from "./record";

// No field of an answer says what a GeminiDB backup is of: only the list that was asked for does. In
// the name is what none of the vendor's has.
const KEY = "cdktf-backups:level";

/** The record with the level of the list that it came in, which a lock keeps with it; no mark is INSTANCE. */
export function withLevel(record: RawRecord, level: BackupLevel | undefined): RawRecord {
  const isMarked = level !== undefined && level !== BackupLevel.INSTANCE;
  return isMarked ? canonical({ ...record, [KEY]: level }) : record;
}

/** The level that a record is marked with. */
export function levelOf(record: RawRecord): BackupLevel | undefined {
  if (!Object.hasOwn(record, KEY)) return undefined;
  // A file may hold anything; what is no level is taken for the one that nothing is restored from.
  return record[KEY] === BackupLevel.INSTANCE ? BackupLevel.INSTANCE : BackupLevel.DATABASE_TABLE;
}

/** The record as it was sent. */
export function withoutLevel(record: RawRecord): RawRecord {
  if (!Object.hasOwn(record, KEY)) return record;
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== KEY));
}
