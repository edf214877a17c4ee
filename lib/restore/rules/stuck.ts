import { BackupStatus } from "../../model/backup";
import { lengthOf } from "../../model/duration";
import { toRfc3339 } from "../../model/time";
import { SPAN } from "./allowed";
import { HOUR_MS } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { begunBy, named } from "./seen";

/**
 * Each backup, of any kind, that is being made for too long.
 *
 * One that waits and has not begun (DCS) counts from when it was created.
 * TaurusDB sends no state, so nothing is ever found there.
 */
export const stuck: Rule<{ maxHours: number }> = {
  id: "stuck",
  title: "A backup is being made for too long.",
  level: RuleLevel.WARNING,
  parameters: { maxHours: 6 },
  allowed: { maxHours: SPAN },
  check(subject, { maxHours }, asOf) {
    return begunBy(subject, asOf)
      .filter(({ backup }) => backup.status === BackupStatus.BUILDING)
      .filter(({ begun }) => asOf.getTime() - begun > maxHours * HOUR_MS)
      .map((each) => ({
        evidence: `the backup ${named(each)} is being made for ${lengthOf(asOf.getTime() - each.begun, Math.ceil)} as of ${toRfc3339(asOf)}, longer than ${maxHours} h`,
        advice:
          "See its progress in the console; ask the vendor's support where it has none, and make another backup afterwards.",
      }));
  },
};
