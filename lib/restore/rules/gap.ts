import { Duration, lengthOf } from "../../model/duration";
import { gapsOf, longest } from "./gaps";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count, limit } from "./measure";
import { duration, lookBack } from "./parameter";
import { at, begunBy, usableBy } from "./seen";

/** What `Rule.gap` wants. */
export interface GapRuleOptions {
  /** How far it looks back; longer than nothing. @default Duration.days(7) */
  readonly within?: Duration;
  /** How often a backup is to begin; longer than nothing. @default Duration.hours(24) */
  readonly schedule?: Duration;
  /** How much later than that it may begin. @default Duration.hours(2) */
  readonly tolerance?: Duration;
}

// Stretches are cut at the start: an old manual backup before a short retention is no gap of a year.
export const gap: RuleKind<Required<GapRuleOptions>> = {
  id: RuleId.GAP,
  title: "Between usable backups of the past days lies more time than the schedule allows.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: {
    within: lookBack(Duration.days(7)),
    schedule: lookBack(Duration.hours(24)),
    tolerance: duration(Duration.hours(2)),
  },
  check(subject, { within, schedule, tolerance }, asOf) {
    const past = within.toMilliseconds();
    const [start, end] = [asOf.getTime() - past, asOf.getTime()];
    const reachesBack = begunBy(subject, asOf).some(({ begun }) => begun <= start);
    const points = usableBy(subject, asOf).map(({ begun }) => ({ start: begun, end: begun }));
    const gaps = gapsOf(points, start, end, reachesBack);
    const allowed = schedule.toMilliseconds() + tolerance.toMilliseconds();
    const tooLong = gaps.filter((each) => each.end - each.start > allowed);
    const worst = longest(tooLong);
    if (!worst) return [];
    return [
      {
        evidence:
          `in the ${lengthOf(past)} up to ${at(end)} no usable backup was begun for ${lengthOf(worst.end - worst.start, Math.ceil)}, ` +
          `from ${at(worst.start)} to ${at(worst.end)}; the schedule of ${limit(schedule)} with a tolerance of ` +
          `${limit(tolerance)} was exceeded by ${count(tooLong.length, "gap")}`,
        advice:
          "See why the backups of that time failed or were deleted, and whether the schedule is still what this rule's schedule says.",
      },
    ];
  },
};
