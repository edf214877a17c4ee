import { BackupStatus } from "../../model/backup";
import { COUNT } from "./allowed";
import { count } from "./measure";
import { Rule, RuleLevel } from "./rule";
import { begunBy, isFull, listsFullBackups, named } from "./seen";

/**
 * Whether the last attempts at a full backup all failed, automatic and manual ones alike.
 *
 * One that is still being made is not an outcome and is passed over. Any other state ends the row:
 * a backup that was deleted since may have been a good one. Incremental backups and those of single
 * tables are no attempts at the instance. Not for TaurusDB, which sends no state.
 */
export const failures: Rule<{ attempts: number }> = {
  id: "failures",
  title: "The last attempts at a backup all failed.",
  level: RuleLevel.ERROR,
  parameters: { attempts: 2 },
  allowed: { attempts: COUNT },
  check(subject, { attempts }, asOf) {
    if (!listsFullBackups(subject)) return [];
    const ended = begunBy(subject, asOf).filter(
      ({ backup }) =>
        isFull(backup) && !backup.isPartial && backup.status !== BackupStatus.BUILDING,
    );
    const good = ended.findIndex(({ backup }) => backup.status !== BackupStatus.FAILED);
    const failed = good < 0 ? ended : ended.slice(0, good);
    const [newest, oldest] = [failed[0], failed.at(-1)];
    if (!newest || !oldest || failed.length < attempts) return [];
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
