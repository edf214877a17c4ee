import { RuleId, RuleKind, RuleLevel } from "./kind";

export const automatedBackups: RuleKind<object> = {
  id: RuleId.AUTOMATED_BACKUPS,
  title: "The instance's automated backups are off.",
  level: RuleLevel.WARNING,
  needs: "instance",
  parameters: {},
  check({ instance }) {
    if (instance?.automatedBackups?.isOn !== false) return [];
    return [
      {
        evidence: "its automated backups are off",
        advice: "Switch the instance's backup policy on, or see who backs it up instead.",
      },
    ];
  },
};
