import { Backup, newestFirst, placeInTime } from "../../model/backup";
import { toRfc3339 } from "../../model/time";
import { whyNotRestorable } from "../candidates";
import { RuleSubject } from "./kind";
import { count } from "./measure";

/** A backup whose begin, or else creation, can be read, in milliseconds. */
export interface Dated {
  readonly backup: Backup;
  readonly begun: number;
}

/** A moment in milliseconds, if there is one that can be read. */
export function moment(time: Date | undefined): number | undefined {
  const milliseconds = time?.getTime();
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** RFC 3339, of milliseconds. */
export function at(milliseconds: number): string {
  return toRfc3339(new Date(milliseconds));
}

/**
 * What had begun as of that moment, newest first, whatever the order of the list. One without a time
 * has no place in an order. One begun later did not exist then: that happens with an `asOf` in the
 * past, and a begin far in the future, by a wrong clock, must not look like a fresh backup for years.
 */
export function begunBy(subject: RuleSubject, asOf: Date): Dated[] {
  const dated = subject.backups.flatMap((backup) => {
    const begun = moment(placeInTime(backup));
    return begun === undefined || begun > asOf.getTime() ? [] : [{ backup, begun }];
  });
  return dated.sort((a, b) => newestFirst(a.backup, b.backup));
}

/** Those of them that a restore could start from. */
export function usableBy(subject: RuleSubject, asOf: Date): Dated[] {
  return begunBy(subject, asOf).filter(({ backup }) => whyNotRestorable(backup) === undefined);
}

/** `b1 begun 2026-01-31T04:00:00Z`; what never began was created. */
export function named({ backup, begun }: Dated): string {
  return `${backup.id} ${backup.beginTime ? "begun" : "created"} ${at(begun)}`;
}

/** Why none is usable: `of 5 listed backups none is usable: 3 × "has failed"; …`, most frequent first. */
export function whyNoneUsable(subject: RuleSubject, asOf: Date): string {
  const tally = new Map<string, number>();
  for (const backup of subject.backups) {
    const reason = whyUnusable(backup, asOf);
    tally.set(reason, (tally.get(reason) ?? 0) + 1);
  }
  if (tally.size === 0) {
    if (subject.since) return `it has no backup begun since ${toRfc3339(subject.since)}`;
    return subject.instance ? "there is no backup of it at all" : "the list of backups is empty";
  }
  const reasons = [...tally].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const listed = count(subject.backups.length, "listed backup");
  const each = reasons.map(([reason, times]) => `${times} × "${reason}"`);
  return `of ${listed} none is usable: ${each.join("; ")}`;
}

function whyUnusable(backup: Backup, asOf: Date): string {
  const reason = whyNotRestorable(backup);
  if (reason !== undefined) return reason;
  return moment(backup.beginTime) === undefined
    ? "has no begin time that can be read, so no age"
    : `begins after ${toRfc3339(asOf)}`;
}
