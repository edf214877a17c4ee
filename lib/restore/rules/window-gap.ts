import { Duration, lengthOf } from "../../model/duration";
import { merged, stretch } from "../../model/stretch";
import { gapsOf, longest } from "./gaps";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count, limit } from "./measure";
import { askedDays, duration } from "./parameter";
import { at } from "./seen";

/** What `Rule.windowGap` wants. */
export interface WindowGapRuleOptions {
  /**
   * How far it looks back; longer than nothing, up to 366 days: each costs a request.
   * @default Duration.days(7)
   */
  readonly within?: Duration;
  /** The longest stretch without a moment that can be restored to. @default Duration.hours(1) */
  readonly maxGap?: Duration;
}

export const windowGap: RuleKind<Required<WindowGapRuleOptions>> = {
  id: RuleId.WINDOW_GAP,
  title: "Between the restore windows of the past days lies more time than allowed.",
  level: RuleLevel.WARNING,
  isOptIn: true,
  parameters: { within: askedDays(Duration.days(7)), maxGap: duration(Duration.hours(1)) },
  check(subject, { within, maxGap }, asOf) {
    if (subject.windows === undefined) return [];
    const length = within.toMilliseconds();
    const [start, end] = [asOf.getTime() - length, asOf.getTime()];
    const windows = merged(subject.windows.map((each) => stretch(each.start, each.end)));
    const past = `the ${lengthOf(length)} up to ${at(end)}`;
    if (!windows.some((each) => each.end >= start && each.start <= end)) {
      return [{ evidence: `no moment of ${past} can be restored to`, advice: ADVICE }];
    }
    const reachesBack = windows.some((each) => each.start <= start);
    const gaps = gapsOf(windows, start, end, reachesBack);
    const tooLong = gaps.filter((each) => each.end - each.start > maxGap.toMilliseconds());
    const worst = longest(tooLong);
    if (!worst) return [];
    const evidence =
      `in ${past} no moment can be restored to for ${lengthOf(worst.end - worst.start, Math.ceil)}, from ${at(worst.start)} to ` +
      `${at(worst.end)}; ${count(tooLong.length, "gap")} of more than ${limit(maxGap)}`;
    return [{ evidence, advice: ADVICE }];
  },
};

const ADVICE =
  "See whether the instance's backup policy is on and its log backups run; a full backup starts a new window.";
