import { BackupService } from "../../model/backup";
import { TEXT } from "./allowed";
import { Rule, RuleLevel } from "./rule";
import { named, usableBy } from "./seen";

// The lists of these two carry no version at all.
const WITHOUT_VERSION = [BackupService.DCS, BackupService.TAURUSDB];

/**
 * Whether the newest usable backup is of the engine version that the instance will have, compared as
 * the service sends it. Finds nothing until `engineVersion` is given.
 *
 * A version that is not known can't be trusted to fit: it is found as well. Not for DCS and TaurusDB,
 * whose lists carry no version. That there is no usable backup is told by `rpo`.
 */
export const engineVersion: Rule<{ engineVersion: string | undefined }> = {
  id: "engine-version",
  title: "The newest usable backup is of another engine version than the instance will have.",
  level: RuleLevel.ERROR,
  parameters: { engineVersion: undefined },
  allowed: { engineVersion: TEXT },
  check(subject, { engineVersion: wanted }, asOf) {
    if (wanted === undefined || WITHOUT_VERSION.includes(subject.service)) return [];
    const newest = usableBy(subject, asOf)[0];
    if (!newest || newest.backup.engineVersion === wanted) return [];
    const { engine, engineVersion: version } = newest.backup;
    const is = version === undefined ? "of unknown version" : `of version ${version}`;
    return [
      {
        evidence: `the newest usable backup ${named(newest)} is ${engine ? `${engine} ` : ""}${is}, the instance will be of version ${wanted}`,
        advice:
          "Give the instance the backup's version, or make a backup after the upgrade of its source.",
      },
    ];
  },
};
