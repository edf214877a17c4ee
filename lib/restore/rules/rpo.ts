import { Backup, BackupKind, BackupStatus } from "../../model/backup";
import { Duration, lengthOf } from "../../model/duration";
import { toRfc3339 } from "../../model/time";
import { RuleId, RuleKind, RuleLevel, RuleSubject } from "./kind";
import { limit } from "./measure";
import { duration } from "./parameter";
import { at, moment, named, usableBy, whyNoneUsable } from "./seen";

export const rpo: RuleKind<{ maxAge: Duration }> = {
  id: RuleId.RPO,
  title: "The newest usable backup is older than the recovery point objective, or there is none.",
  level: RuleLevel.ERROR,
  parameters: { maxAge: duration(Duration.hours(26)) },
  check(subject, { maxAge }, asOf) {
    const newest = newestPoint(subject, asOf);
    if (newest.time === undefined) {
      const { since } = subject;
      if (!since || asOf.getTime() - since.getTime() >= maxAge.toMilliseconds()) {
        return [{ evidence: newest.text, advice: NONE_ADVICE }];
      }
      const evidence = `whether there is a usable backup of the last ${limit(maxAge)} can't be known: those begun before ${toRfc3339(since)} were not asked for, and ${newest.text}`;
      return [{ evidence, advice: UNASKED_ADVICE }];
    }
    const age = asOf.getTime() - newest.time;
    if (age <= maxAge.toMilliseconds()) return [];
    const evidence = `${newest.text} is ${lengthOf(age, Math.ceil)} old as of ${toRfc3339(asOf)}; the RPO is ${limit(maxAge)}`;
    return [{ evidence, advice: OLD_ADVICE }];
  },
};

const NONE_ADVICE =
  "Make a backup now, and see whether the instance's backup policy is on and why its attempts don't succeed.";
const UNASKED_ADVICE =
  "Ask for backups from as long ago as the RPO (`within`, `beginTime`), or give the rule a shorter one.";
const OLD_ADVICE =
  "Make a backup now, and see whether the instance's backup policy runs as often as the RPO wants.";

/** Up to when a restore would have the data, and by which backup. */
export interface RecoveryPoint {
  readonly time: number;
  readonly backup: Backup;
}

/** All that the RPO may count from, newest first: usable backups, of a list of incremental ones their ends. */
export function recoveryPoints(subject: RuleSubject, asOf: Date): RecoveryPoint[] {
  if (!subject.hasFullBackups) return incrementalEnds(subject, asOf);
  return usableBy(subject, asOf).map(({ backup, begun }) => ({ backup, time: begun }));
}

function newestPoint(subject: RuleSubject, asOf: Date): { time?: number; text: string } {
  const newest = recoveryPoints(subject, asOf)[0];
  if (subject.hasFullBackups) {
    if (!newest) return { text: whyNoneUsable(subject, asOf) };
    const { backup, time } = newest;
    return { time, text: `the newest usable backup ${named({ backup, begun: time })}` };
  }
  if (!newest) {
    return {
      text: `there is no incremental backup with an end time up to ${toRfc3339(asOf)} among the ${subject.backups.length} listed`,
    };
  }
  const { backup, time } = newest;
  return { time, text: `the newest incremental backup ${backup.id} complete ${at(time)}` };
}

// TaurusDB sends no status, so UNKNOWN is what a good one looks like.
const GOOD = [BackupStatus.UNKNOWN, BackupStatus.COMPLETED];

function incrementalEnds(subject: RuleSubject, asOf: Date): RecoveryPoint[] {
  const ends = subject.backups.flatMap((backup) => {
    const time = moment(backup.endTime);
    if (backup.kind !== BackupKind.INCREMENTAL || !GOOD.includes(backup.status)) return [];
    return time === undefined || time > asOf.getTime() ? [] : [{ backup, time }];
  });
  // Of two with the same end the one of the lesser id comes first, whatever the order of the list.
  return ends.sort((a, b) => b.time - a.time || (a.backup.id < b.backup.id ? -1 : 1));
}
