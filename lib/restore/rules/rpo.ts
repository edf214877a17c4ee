import { BackupKind, BackupStatus } from "../../model/backup";
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
      return [{ evidence: newest.text, advice: NONE_ADVICE }];
    }
    const age = asOf.getTime() - newest.time;
    if (age <= maxAge.toMilliseconds()) return [];
    const evidence = `${newest.text} is ${lengthOf(age, Math.ceil)} old as of ${toRfc3339(asOf)}; the RPO is ${limit(maxAge)}`;
    return [{ evidence, advice: OLD_ADVICE }];
  },
};

const NONE_ADVICE =
  "Make a backup now, and see whether the instance's backup policy is on and why its attempts don't succeed.";
const OLD_ADVICE =
  "Make a backup now, and see whether the instance's backup policy runs as often as the RPO wants.";

/** What the RPO counts from. */
export function newestPoint(subject: RuleSubject, asOf: Date): { time?: number; text: string } {
  if (!subject.hasFullBackups) return newestIncremental(subject, asOf);
  const newest = usableBy(subject, asOf)[0];
  if (newest) return { time: newest.begun, text: `the newest usable backup ${named(newest)}` };
  return { text: whyNoneUsable(subject, asOf) };
}

// TaurusDB sends no status, so UNKNOWN is what a good one looks like.
const GOOD = [BackupStatus.UNKNOWN, BackupStatus.COMPLETED];

function newestIncremental(subject: RuleSubject, asOf: Date): { time?: number; text: string } {
  let newest: { time: number; text: string } | undefined;
  for (const { id, kind, status, endTime } of subject.backups) {
    const time = moment(endTime);
    if (kind !== BackupKind.INCREMENTAL || !GOOD.includes(status)) continue;
    if (time === undefined || time > asOf.getTime()) continue;
    // Of two with the same end the one of the lesser id is named, whatever the order of the list.
    const text = `the newest incremental backup ${id} complete ${at(time)}`;
    if (!newest || time > newest.time || (time === newest.time && text < newest.text)) {
      newest = { time, text };
    }
  }
  return (
    newest ?? {
      text: `there is no incremental backup with an end time up to ${toRfc3339(asOf)} among the ${subject.backups.length} listed`,
    }
  );
}
