import { BackupKind } from "../../model/backup";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count } from "./measure";
import { named, usableBy } from "./seen";

export const automatedOnly: RuleKind<object> = {
  id: RuleId.AUTOMATED_ONLY,
  title: "All usable backups are automated ones, which are deleted with their instance.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: {},
  check(subject, _values, asOf) {
    const usable = usableBy(subject, asOf);
    const newest = usable[0];
    if (!newest || usable.some(({ backup }) => backup.kind !== BackupKind.AUTOMATIC)) return [];
    return [
      {
        evidence: `no usable backup is manual: the list has ${count(usable.length, "automated one")}, the newest ${named(newest)}`,
        advice:
          "Make a manual backup: it stays when the instance is deleted, also by a Terraform replacement.",
      },
    ];
  },
};
