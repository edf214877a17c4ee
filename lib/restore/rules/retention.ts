import { Duration } from "../../model/duration";
import { DAY_MS } from "../../model/time";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count } from "./measure";
import { duration } from "./parameter";

export const retention: RuleKind<{ minimum: Duration }> = {
  id: RuleId.RETENTION,
  title: "The instance's automated backups are kept for less time than wanted.",
  level: RuleLevel.WARNING,
  needs: "instance",
  parameters: { minimum: duration(Duration.days(7)) },
  check({ instance }, { minimum }) {
    const { isOn, keepDays } = instance?.automatedBackups ?? {};
    // What is off keeps nothing; `automated-backups` tells it.
    if (!isOn || keepDays === undefined) return [];
    if (keepDays * DAY_MS >= minimum.toMilliseconds()) return [];
    return [
      {
        evidence: `its automated backups are kept for ${count(keepDays, "day")}, less than ${minimum.toString()}`,
        advice: "Keep the automated backups longer in the instance's backup policy.",
      },
    ];
  },
};
