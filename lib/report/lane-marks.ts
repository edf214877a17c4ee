import { Backup, BackupKind, BackupStatus, placeInTime } from "../model/backup";
import { lengthOf } from "../model/duration";
import { Stretch } from "../model/stretch";
import { toRfc3339 } from "../model/time";
import { whyNotNow } from "../restore/candidates";
import { scaledBytes } from "../restore/rules/measure";
import { at, moment } from "../restore/rules/seen";

/** What a backup is drawn as, in the order of the legend. */
export const MARKS = ["full", "incremental", "failed", "building", "other"] as const;
export type Mark = (typeof MARKS)[number];

/** By the library's judgement of what can be restored, and by the state that forbids it. */
export function markOf(backup: Backup, asOf: Date): Mark {
  if (backup.status === BackupStatus.FAILED) return "failed";
  if (backup.status === BackupStatus.BUILDING) return "building";
  if (backup.kind === BackupKind.INCREMENTAL) return "incremental";
  return whyNotNow(backup, asOf) === undefined ? "full" : "other";
}

const WORDS: Record<Mark, string> = {
  full: "usable",
  incremental: "incremental",
  failed: "failed",
  building: "being made",
  other: "not usable",
};

/** "31 backups: 28 usable, 2 failed, 1 being made". */
export function tally(backups: readonly Backup[], asOf: Date): string {
  const all = `${backups.length} backup${backups.length === 1 ? "" : "s"}`;
  const marks = backups.map((backup) => markOf(backup, asOf));
  const parts = MARKS.flatMap((mark) => {
    const amount = marks.filter((each) => each === mark).length;
    return amount > 0 ? [`${amount} ${WORDS[mark]}`] : [];
  });
  return parts.length > 0 ? `${all}: ${parts.join(", ")}` : all;
}

/** One backup in a line: what a mark tells under the pointer. */
export function describe(backup: Backup, asOf: Date): string {
  const parts = [
    placeText(backup) ?? "at an unknown time",
    backup.id,
    backup.kind,
    sizeOf(backup),
    whyNotNow(backup, asOf) ?? "usable",
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/**
 * Where it is drawn: an incremental one from begin to end, as far as these can be read, any other at
 * its begin; undefined where that is nowhere.
 */
export function spanOf(backup: Backup): Stretch | undefined {
  const isLong = backup.kind === BackupKind.INCREMENTAL;
  const end = isLong ? moment(backup.endTime) : undefined;
  const start = moment(placeInTime(backup)) ?? end;
  return start === undefined ? undefined : { start, end: Math.max(start, end ?? start) };
}

/** When it was begun, or else created, where that can be read. */
export function placeText(backup: Backup): string | undefined {
  const place = moment(placeInTime(backup));
  return place === undefined ? undefined : at(place);
}

export function sizeOf({ sizeBytes = NaN }: Backup): string | undefined {
  return sizeBytes >= 0 && sizeBytes < Infinity ? scaledBytes(sizeBytes) : undefined;
}

/** A gap in a line. */
export function gapText({ start, end }: { start: number; end: number }): string {
  if (start === -Infinity) return `all of it up to ${toRfc3339(new Date(end))}`;
  const length = lengthOf(end - start, Math.ceil);
  return `${toRfc3339(new Date(start))} to ${toRfc3339(new Date(end))} (${length})`;
}
