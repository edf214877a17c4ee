import { toRfc3339 } from "../../model/time";
import { COUNT } from "./allowed";
import { count as counted } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { listsFullBackups, named, usableBy, whyNoneUsable } from "./seen";

/**
 * How many backups a restore could start from. One alone may turn out damaged.
 *
 * Not for TaurusDB: its list has no full backups.
 */
export const count: Rule<{ minBackups: number }> = {
  id: "count",
  title: "There are fewer usable backups than wanted.",
  level: RuleLevel.WARNING,
  parameters: { minBackups: 2 },
  allowed: { minBackups: COUNT },
  check(subject, { minBackups }, asOf) {
    if (!listsFullBackups(subject)) return [];
    const usable = usableBy(subject, asOf);
    if (usable.length >= minBackups) return [];
    const newest = usable[0];
    const detail = newest ? `the newest is ${named(newest)}` : whyNoneUsable(subject, asOf);
    return [
      {
        evidence: `${counted(usable.length, "usable backup")} as of ${toRfc3339(asOf)}, fewer than ${minBackups}; ${detail}`,
        advice:
          "Make a manual backup, or keep the automated ones longer in the instance's backup policy.",
      },
    ];
  },
};
