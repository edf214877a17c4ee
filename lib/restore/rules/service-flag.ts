import { BackupStatus } from "../../model/backup";
import { Rule, RuleLevel } from "./rule";
import { begunBy, isFull, listsFullBackups, named, usableBy } from "./seen";

/**
 * Whether the service itself forbids a restore of the newest completed full backup. `latest` then
 * passes it over without a word and takes an older one.
 *
 * DCS alone sends such a flag; a flag that can't be read counts as forbidden. A backup of single
 * databases or tables is none of the instance and is passed over. Not for TaurusDB: its list has no
 * full backups.
 */
export const serviceFlag: Rule<object> = {
  id: "service-flag",
  title: "The service says that the newest completed backup can't be restored.",
  level: RuleLevel.WARNING,
  parameters: {},
  check(subject, _parameters, asOf) {
    if (!listsFullBackups(subject)) return [];
    const newest = begunBy(subject, asOf).find(
      ({ backup }) =>
        backup.status === BackupStatus.COMPLETED && isFull(backup) && !backup.isPartial,
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
