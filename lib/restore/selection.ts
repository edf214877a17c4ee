import { Backup } from "../model/backup";

/**
 * The newest backup that a restore could start from, of a list that is newest first. One without a
 * begin time has no age: it is never chosen.
 */
export function latestRestorable(backups: readonly Backup[]): Backup | undefined {
  return backups.find((backup) => backup.isRestorable && backup.beginTime !== undefined);
}
