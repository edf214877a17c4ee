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

/** The record as it was sent, and the level of its list. */
export function splitLevel(record: RawRecord): { raw: RawRecord; level?: BackupLevel } {
  if (!Object.hasOwn(record, KEY)) return { raw: record };
  const { [KEY]: level, ...raw } = record;
  // A file may hold anything; what is no level is taken for the one that nothing is restored from.
  return {
    raw,
    level: level === BackupLevel.INSTANCE ? BackupLevel.INSTANCE : BackupLevel.DATABASE_TABLE,
  };
}
