import { lengthOf } from "../../model/duration";
import { merged, stretch } from "../../model/stretch";
import { DAY_MS } from "../../model/time";
import { ASKED_DAYS, SPAN } from "./allowed";
import { gapsOf, longest } from "./gaps";
import { count, HOUR_MS } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { at } from "./seen";

/**
 * The longest stretch of the past days to no moment of which the instance can be restored.
 *
 * The stretch after the last window counts: what was written since is not yet safe. The one before
 * the first counts, from the start of the past days on, only where a window reaches back that far.
 * Windows that touch or overlap are one; one whose ends can't be read or are exchanged is none.
 *
 * For every service whose windows are known, TaurusDB among them; DCS has none. GeminiDB may give
 * points instead of stretches: between two of them lies a gap, so `maxGapHours` should fit.
 */
export const windowGap: Rule<{ days: number; maxGapHours: number }> = {
  id: "window-gap",
  title: "Between the restore windows of the past days lies more time than allowed.",
  level: RuleLevel.WARNING,
  parameters: { days: 7, maxGapHours: 1 },
  allowed: { days: ASKED_DAYS, maxGapHours: SPAN },
  check(subject, { days, maxGapHours }, asOf) {
    if (subject.windows === undefined) return [];
    const [start, end] = [asOf.getTime() - days * DAY_MS, asOf.getTime()];
    const windows = merged(subject.windows.map((each) => stretch(each.start, each.end)));
    const past = `the ${days} days up to ${at(end)}`;
    if (!windows.some((each) => each.end >= start && each.start <= end)) {
      return [{ evidence: `no moment of ${past} can be restored to`, advice: ADVICE }];
    }
    const reachesBack = windows.some((each) => each.start <= start);
    const gaps = gapsOf(windows, start, end, reachesBack);
    const tooLong = gaps.filter((each) => each.end - each.start > maxGapHours * HOUR_MS);
    const worst = longest(tooLong);
    if (!worst) return [];
    const evidence =
      `in ${past} no moment can be restored to for ${lengthOf(worst.end - worst.start, Math.ceil)}, from ${at(worst.start)} to ` +
      `${at(worst.end)}; ${count(tooLong.length, "gap")} of more than ${maxGapHours} h`;
    return [{ evidence, advice: ADVICE }];
  },
};

const ADVICE =
  "See whether the instance's backup policy is on and its log backups run; a full backup starts a new window.";
