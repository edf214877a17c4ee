import { BackupStatus, isFull } from "../../model/backup";
import { RuleId, RuleKind, RuleLevel } from "./kind";
import { count } from "./measure";
import { whole } from "./parameter";
import { begunBy, named } from "./seen";

export const failures: RuleKind<{ attempts: number }> = {
  id: RuleId.FAILURES,
  title: "The last attempts at a backup all failed.",
  level: RuleLevel.ERROR,
  needs: "hasFullBackups",
  parameters: { attempts: whole(2) },
  check(subject, { attempts }, asOf) {
    const ended = begunBy(subject, asOf).filter(
      ({ backup }) =>
        isFull(backup.kind) && !backup.isPartial && backup.status !== BackupStatus.BUILDING,
    );
    const good = ended.findIndex(({ backup }) => backup.status !== BackupStatus.FAILED);
    const failed = good < 0 ? ended : ended.slice(0, good);
    if (failed.length < attempts) return [];
    const [newest, oldest] = [failed[0]!, failed.at(-1)!];
    const names = newest === oldest ? named(newest) : `from ${named(oldest)} to ${named(newest)}`;
    return [
      {
        evidence: `the last ${count(failed.length, "attempt")} failed: ${names}; ${attempts} in a row are reported`,
        advice:
          "See the instance's state, its free space and its log of backups in the console; then make a backup by hand.",
      },
    ];
  },
};
