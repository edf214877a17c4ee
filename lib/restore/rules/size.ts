import { BackupKind } from "../../model/backup";
import { AMOUNT, COUNT } from "./allowed";
import { bytes } from "./measure";
import { Rule, RuleLevel, RuleObservation } from "./rule";
import { Dated, listsFullBackups, named, usableBy } from "./seen";

interface SizeParameters {
  readonly history: number;
  readonly minSamples: number;
  readonly deviations: number;
  readonly floorPercent: number;
  readonly floorMebibytes: number;
}

/**
 * Whether the newest usable backup is far from the size that those before it had: a database that
 * was emptied, or a table that grows without end. Automatic and manual ones are judged apart.
 *
 * Robust statistics: with m the median of the up to `history` sizes before it, and MAD the median of
 * their distances from m, it is found when its own distance from m is more than the greatest of
 * `deviations` × 1.4826 × MAD (1.4826 makes the MAD of normally distributed sizes their standard
 * deviation), `floorPercent` of m, and `floorMebibytes`. The floors keep equal sizes, whose MAD is 0,
 * from alarming at one byte. Fewer than `minSamples` sizes before it are no history: nothing is found.
 *
 * Not for TaurusDB: the size of an incremental backup is what was written meanwhile.
 */
export const size: Rule<SizeParameters> = {
  id: "size",
  title: "The newest backup is far smaller or larger than those before it.",
  level: RuleLevel.WARNING,
  parameters: { history: 30, minSamples: 5, deviations: 4, floorPercent: 20, floorMebibytes: 16 },
  allowed: {
    history: COUNT,
    minSamples: COUNT,
    deviations: AMOUNT,
    floorPercent: AMOUNT,
    floorMebibytes: AMOUNT,
  },
  check(subject, parameters, asOf) {
    if (!listsFullBackups(subject)) return [];
    const usable = usableBy(subject, asOf);
    return [BackupKind.AUTOMATIC, BackupKind.MANUAL].flatMap((kind) =>
      judge(
        usable.filter(({ backup }) => backup.kind === kind && isSize(backup.sizeBytes)),
        parameters,
      ),
    );
  },
};

function judge([newest, ...before]: Dated[], parameters: SizeParameters): RuleObservation[] {
  const { history, minSamples, deviations, floorPercent, floorMebibytes } = parameters;
  const sizes = before.slice(0, history).map(({ backup }) => backup.sizeBytes as number);
  if (!newest || sizes.length < minSamples) return [];
  const middle = median(sizes);
  const mad = median(sizes.map((each) => Math.abs(each - middle)));
  const tolerance = Math.max(
    deviations * 1.4826 * mad,
    (floorPercent / 100) * middle,
    floorMebibytes * 1024 ** 2,
  );
  const distance = (newest.backup.sizeBytes as number) - middle;
  if (Math.abs(distance) <= tolerance) return [];
  return [
    {
      evidence:
        `the newest ${newest.backup.kind} backup ${named(newest)} has ${bytes(newest.backup.sizeBytes as number)}, ` +
        `${bytes(Math.abs(distance))} ${distance < 0 ? "less" : "more"} than the median ${bytes(middle)} of the ` +
        `${sizes.length} before it; up to ${bytes(tolerance)} are usual (MAD ${bytes(mad)})`,
      advice:
        distance < 0
          ? "See whether data is missing in the database before older backups are deleted; a cleaning on purpose can be suppressed with its reason."
          : "See what grew in the database, and whether the volume of a restored instance holds it; a growth on purpose can be suppressed with its reason.",
    },
  ];
}

function isSize(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

/** Of an even number, halfway between the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2;
}
