import { BackupKind } from "../../model/backup";
import { count } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { listsFullBackups, named, usableBy } from "./seen";

/**
 * Whether all usable backups would be deleted with their instance, as automated ones are.
 *
 * None at all is told by `rpo` and `count`. A query for automatic backups alone sees no manual one:
 * suppress it there. Not for TaurusDB: its list has no full backups.
 */
export const automatedOnly: Rule<object> = {
  id: "automated-only",
  title: "All usable backups are automated ones, which are deleted with their instance.",
  level: RuleLevel.WARNING,
  parameters: {},
  check(subject, _parameters, asOf) {
    if (!listsFullBackups(subject)) return [];
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
