import { BackupStatus } from "../../model/backup";
import { Duration, lengthOf } from "../../model/duration";
import { toRfc3339 } from "../../model/time";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { limit } from "./measure";
import { duration } from "./parameter";
import { begunBy, named } from "./seen";

export const stuck: RuleKind<{ maxDuration: Duration }> = {
  id: RuleId.STUCK,
  title: "A backup is being made for too long.",
  level: RuleLevel.WARNING,
  parameters: { maxDuration: duration(Duration.hours(6)) },
  check(subject, { maxDuration }, asOf) {
    return begunBy(subject, asOf)
      .filter(({ backup }) => backup.status === BackupStatus.BUILDING)
      .filter(({ begun }) => asOf.getTime() - begun > maxDuration.toMilliseconds())
      .map((each) => ({
        evidence: `the backup ${named(each)} is being made for ${lengthOf(asOf.getTime() - each.begun, Math.ceil)} as of ${toRfc3339(asOf)}, longer than ${limit(maxDuration)}`,
        advice:
          "See its progress in the console; ask the vendor's support where it has none, and make another backup afterwards.",
      }));
  },
};
