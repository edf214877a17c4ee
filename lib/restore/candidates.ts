import { Backup, BackupKind, BackupStatus } from "../model/backup";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";

/** How far two clocks may be apart; the clouds refuse a signature beyond it as well. */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

const STATES: Record<BackupStatus, string | undefined> = {
  [BackupStatus.COMPLETED]: undefined,
  [BackupStatus.BUILDING]: "is still being made",
  [BackupStatus.FAILED]: "has failed",
  [BackupStatus.DELETING]: "is being deleted",
  [BackupStatus.EXPIRED]: "has expired",
  [BackupStatus.DELETED]: "has been deleted",
  [BackupStatus.UNKNOWN]: "is in a state that is not known",
};

/** What the service says of a failure. */
function why({ errorCode, errorMessage }: Backup): string {
  if (errorCode === undefined) return "";
  return ` (${excerpt(errorCode, 40)}${errorMessage ? `: ${errorMessage.replace(/\.$/, "")}` : ""})`;
}

/** Why no restore can start from it, in the order in which a person would want to hear it. */
export function whyNotRestorable(backup: Backup, kinds?: BackupKind[]): string | undefined {
  if (backup.kind === BackupKind.INCREMENTAL) {
    return "is incremental: no restore starts from it alone";
  }
  const state = STATES[backup.status];
  if (state !== undefined) return `${state}${why(backup)}`;
  if (backup.kind === BackupKind.UNKNOWN) return "is of a kind that is not known";
  if (backup.kind === BackupKind.FRAGMENT && !kinds?.includes(BackupKind.FRAGMENT)) {
    return "is differential: chosen only where `kinds` names FRAGMENT";
  }
  if (!Number.isFinite(backup.beginTime?.getTime()))
    return "has no begin time that can be read, so no age";
  // What a service's own flag forbids; a fragment is not restorable by itself only for its kind.
  if (!backup.isRestorable && backup.kind !== BackupKind.FRAGMENT) {
    if (backup.isPartial) return "holds single databases or tables, not the instance";
    return backup.isSupportRestore === undefined
      ? "is not said to support a restore"
      : "can't be restored, the service says";
  }
  return undefined;
}

/** The one judgement of what may be chosen as of a moment: restorable, and not from the future. */
export function whyNotNow(backup: Backup, asOf: Date, kinds?: BackupKind[]): string | undefined {
  return whyNotYet(backup, asOf) ?? whyNotRestorable(backup, kinds);
}

/** A begin time in the future has no age: it would pass as fresh for ever. Clocks may differ a little. */
export function whyNotYet({ beginTime }: Backup, asOf: Date): string | undefined {
  const isLater = beginTime && beginTime.getTime() > asOf.getTime() + MAX_CLOCK_SKEW_MS;
  if (!isLater) return undefined;
  return `was begun only at ${toRfc3339(beginTime)}, after ${toRfc3339(asOf)}`;
}

/** What is known to be of another instance must not stand in for one that was asked for. */
export function whyNotOf(backup: Backup, instanceId: string | undefined): string | undefined {
  const isOther = instanceId !== undefined && (backup.instanceId ?? instanceId) !== instanceId;
  return isOther ? `is of instance ${backup.instanceId}, not ${instanceId}` : undefined;
}

/** The newest backup that a restore could start from, of a list that is newest first. */
export function latestRestorable(backups: readonly Backup[], asOf: Date): Backup | undefined {
  return backups.find((backup) => whyNotNow(backup, asOf) === undefined);
}
