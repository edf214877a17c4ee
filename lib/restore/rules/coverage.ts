import { Duration, lengthOf } from "../../model/duration";
import { toRfc3339 } from "../../model/time";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { duration } from "./parameter";
import { named, usableBy, whyNoneUsable } from "./seen";

export const coverage: RuleKind<{ minReach: Duration }> = {
  id: RuleId.COVERAGE,
  title: "The usable backups reach back fewer days than wanted.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: { minReach: duration(Duration.days(6)) },
  check(subject, { minReach }, asOf) {
    const oldest = usableBy(subject, asOf).at(-1);
    const covered = oldest ? asOf.getTime() - oldest.begun : 0;
    const wanted = minReach.toMilliseconds();
    if (covered >= wanted) return [];
    const { since } = subject;
    if (since && asOf.getTime() - since.getTime() < wanted) {
      return [
        {
          evidence: `whether the usable backups reach back ${lengthOf(wanted)} can't be known: those begun before ${toRfc3339(since)} were not asked for`,
          advice:
            "Ask for backups from as long ago (`within`, `beginTime`), or give the rule a shorter reach.",
        },
      ];
    }
    const detail = oldest ? `the oldest is ${named(oldest)}` : whyNoneUsable(subject, asOf);
    return [
      {
        evidence: `the usable backups reach back ${lengthOf(covered, Math.floor)} as of ${toRfc3339(asOf)}, less than ${lengthOf(wanted)}; ${detail}`,
        advice:
          "Keep the automated backups longer in the instance's backup policy, or make manual ones, which stay until they are deleted.",
      },
    ];
  },
};
