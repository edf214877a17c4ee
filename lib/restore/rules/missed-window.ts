import { BackupKind, BackupStatus } from "../../model/backup";
import { Duration } from "../../model/duration";
import { AutomatedBackups } from "../../model/instance";
import { Stretch } from "../../model/stretch";
import { DAY_MS, midnightOf, toRfc3339 } from "../../model/time";
import { MAX_CLOCK_SKEW_MS } from "../candidates";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { limit } from "./measure";
import { duration } from "./parameter";
import { at, begunBy, moment, named } from "./seen";

const MINUTE_MS = 60_000;
const DAYS_OF_WEEK = 7;
// 1 January 1970 was a Thursday, the fourth day.
const FIRST_WEEKDAY = 4;

export const missedWindow: RuleKind<{ grace: Duration }> = {
  id: RuleId.MISSED_WINDOW,
  title: "Since the last window of the instance's backup policy no automatic backup was begun.",
  level: RuleLevel.WARNING,
  isOptIn: true,
  needs: "instance",
  parameters: { grace: duration(Duration.hours(3)) },
  check(subject, { grace }, asOf) {
    const { automatedBackups, createdAt } = subject.instance ?? {};
    const window = lastWindow(automatedBackups, asOf.getTime() - grace.toMilliseconds());
    if (!window) return [];
    // What was begun then was not asked for.
    if (subject.since && window.start - MAX_CLOCK_SKEW_MS < subject.since.getTime()) return [];
    // One that was not there yet could not be backed up.
    const created = moment(createdAt);
    if (created !== undefined && created > window.start) return [];
    const automatic = begunBy(subject, asOf).filter(
      ({ backup }) => backup.kind === BackupKind.AUTOMATIC && backup.status !== BackupStatus.FAILED,
    );
    const newest = automatic[0];
    if (newest && newest.begun >= window.start - MAX_CLOCK_SKEW_MS) return [];
    const before = newest ? `; the newest before is ${named(newest)}` : "";
    return [
      {
        evidence: `no automatic backup was begun since its window from ${at(window.start)} to ${at(window.end)}, which ended at least ${limit(grace)} before ${toRfc3339(asOf)}${before}`,
        advice:
          "See in the console whether the backup of that window failed or waits, and on which weekdays the backup policy runs; then make one by hand.",
      },
    ];
  },
};

/** The last window that ended by that moment; undefined where none is known. */
function lastWindow(policy: AutomatedBackups | undefined, by: number): Stretch | undefined {
  const times = policy?.isOn ? timesOf(policy.window) : undefined;
  if (!policy || !times || Number.isNaN(by)) return undefined;
  const today = midnightOf(new Date(by));
  // It may run past midnight: a week, and the day on which it began.
  for (let back = 0; back <= DAYS_OF_WEEK + 1; back++) {
    const midnight = today - back * DAY_MS;
    const [start, end] = [midnight + times.start, midnight + times.end];
    if (end <= by && isOn(policy.weekdays, midnight)) return { start, end };
  }
  return undefined;
}

/** Of "22:00-23:00", from midnight on; an end that is not after the begin is one of the next day. */
function timesOf(window: string | undefined): Stretch | undefined {
  const [, ...parts] = /^(\d\d?):(\d\d)-(\d\d?):(\d\d)$/.exec(window ?? "") ?? [];
  const [hour = NaN, minute = NaN, endHour = NaN, endMinute = NaN] = parts.map(Number);
  if (!(hour <= 23 && endHour <= 24 && minute <= 59 && endMinute <= 59)) return undefined;
  const start = (hour * 60 + minute) * MINUTE_MS;
  const end = (endHour * 60 + endMinute) * MINUTE_MS;
  return { start, end: end > start ? end : end + DAY_MS };
}

/** Without weekdays that are known it is any day; 1 is Monday. */
function isOn(weekdays: readonly number[] | undefined, midnight: number): boolean {
  if (!weekdays || weekdays.length === 0) return true;
  const weekday = ((midnight / DAY_MS + FIRST_WEEKDAY - 1) % DAYS_OF_WEEK) + 1;
  return weekdays.includes(weekday);
}
