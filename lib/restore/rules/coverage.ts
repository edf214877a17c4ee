import { lengthOf } from "../../model/duration";
import { DAY_MS, toRfc3339 } from "../../model/time";
import { SPAN } from "./allowed";
import { count } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { listsFullBackups, named, usableBy, whyNoneUsable } from "./seen";

/**
 * How far back a restore could go: from the begin of the oldest usable backup to now. What lies
 * between is told by `gap`.
 *
 * A retention of N days keeps the oldest backup between N - 1 and N days, hence the default of 6 for
 * the usual 7. Not for TaurusDB: its list has no full backups.
 */
export const coverage: Rule<{ minDays: number }> = {
  id: "coverage",
  title: "The usable backups reach back fewer days than wanted.",
  level: RuleLevel.WARNING,
  parameters: { minDays: 6 },
  allowed: { minDays: SPAN },
  check(subject, { minDays }, asOf) {
    if (!listsFullBackups(subject)) return [];
    const oldest = usableBy(subject, asOf).at(-1);
    const covered = oldest ? asOf.getTime() - oldest.begun : 0;
    if (covered >= minDays * DAY_MS) return [];
    const detail = oldest ? `the oldest is ${named(oldest)}` : whyNoneUsable(subject, asOf);
    return [
      {
        evidence: `the usable backups reach back ${lengthOf(covered, Math.floor)} as of ${toRfc3339(asOf)}, less than ${count(minDays, "day")}; ${detail}`,
        advice:
          "Keep the automated backups longer in the instance's backup policy, or make manual ones, which stay until they are deleted.",
      },
    ];
  },
};
