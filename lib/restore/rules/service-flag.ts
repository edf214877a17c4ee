import { BackupStatus, isFull } from "../../model/backup";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { begunBy, named, usableBy } from "./seen";

export const serviceFlag: RuleKind<object> = {
  id: RuleId.SERVICE_FLAG,
  title: "The service says that the newest completed backup can't be restored.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: {},
  check(subject, _values, asOf) {
    const newest = begunBy(subject, asOf).find(
      ({ backup }) =>
        backup.status === BackupStatus.COMPLETED && isFull(backup.kind) && !backup.isPartial,
    );
    if (!newest || newest.backup.isRestorable) return [];
    const usable = usableBy(subject, asOf)[0];
    const instead = usable ? `the newest usable one is ${named(usable)}` : "no other is usable";
    return [
      {
        evidence: `the newest completed backup ${named(newest)} can't be restored, the service says; ${instead}`,
        advice:
          "Make another backup and see whether it can be restored; ask the vendor's support why the service forbids this one.",
      },
    ];
  },
};
