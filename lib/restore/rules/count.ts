import { toRfc3339 } from "../../model/time";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count as counted } from "./measure";
import { whole } from "./parameter";
import { named, usableBy, whyNoneUsable } from "./seen";

export const count: RuleKind<{ minBackups: number }> = {
  id: RuleId.COUNT,
  title: "There are fewer usable backups than wanted.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: { minBackups: whole(2) },
  check(subject, { minBackups }, asOf) {
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
