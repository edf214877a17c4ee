import { lengthOf } from "../../model/duration";
import { DAY_MS } from "../../model/time";
import { SPAN, STRETCH } from "./allowed";
import { gapsOf, longest } from "./gaps";
import { count, HOUR_MS } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { at, begunBy, listsFullBackups, usableBy } from "./seen";

/**
 * The longest stretch of the past days in which no usable backup was begun.
 *
 * The stretch from the newest to now counts. The one before the oldest counts, from the start of the
 * past days on, only where the list shows some backup, usable or not, from before that start: else
 * the instance or its policy may be younger, or the query may not have asked so far back. Stretches
 * are cut at that start, so that an old manual backup before a short retention is no gap of a year.
 *
 * Not for TaurusDB: its list has no full backups.
 */
export const gap: Rule<{ days: number; scheduleHours: number; toleranceHours: number }> = {
  id: "gap",
  title: "Between usable backups of the past days lies more time than the schedule allows.",
  level: RuleLevel.WARNING,
  parameters: { days: 7, scheduleHours: 24, toleranceHours: 2 },
  allowed: { days: STRETCH, scheduleHours: STRETCH, toleranceHours: SPAN },
  check(subject, { days, scheduleHours, toleranceHours }, asOf) {
    if (!listsFullBackups(subject)) return [];
    const [start, end] = [asOf.getTime() - days * DAY_MS, asOf.getTime()];
    const reachesBack = begunBy(subject, asOf).some(({ begun }) => begun <= start);
    const points = usableBy(subject, asOf).map(({ begun }) => ({ start: begun, end: begun }));
    const gaps = gapsOf(points, start, end, reachesBack);
    const allowed = (scheduleHours + toleranceHours) * HOUR_MS;
    const tooLong = gaps.filter((each) => each.end - each.start > allowed);
    const worst = longest(tooLong);
    if (!worst) return [];
    return [
      {
        evidence:
          `in the ${days} days up to ${at(end)} no usable backup was begun for ${lengthOf(worst.end - worst.start, Math.ceil)}, ` +
          `from ${at(worst.start)} to ${at(worst.end)}; the schedule of ${scheduleHours} h with a tolerance of ` +
          `${toleranceHours} h was exceeded by ${count(tooLong.length, "gap")}`,
        advice:
          "See why the backups of that time failed or were deleted, and whether the schedule is still what this rule's scheduleHours says.",
      },
    ];
  },
};
