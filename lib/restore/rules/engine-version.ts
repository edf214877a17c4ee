import { RuleId, RuleKind, RuleLevel } from "./kind";
import { text } from "./parameter";
import { named, usableBy } from "./seen";

export const engineVersion: RuleKind<{ version: string }> = {
  id: RuleId.ENGINE_VERSION,
  title: "The newest usable backup is of another engine version than the instance will have.",
  level: RuleLevel.ERROR,
  isOptIn: true,
  needs: "hasVersions",
  parameters: { version: text() },
  check(subject, { version: wanted }, asOf) {
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
