import { BackupKind } from "../../model/backup";
import { RuleId, RuleKind, RuleLevel, RuleObservation, RuleSubject } from "./kind";
import { bytes } from "./measure";
import { amount, whole } from "./parameter";
import { Dated, named, usableBy } from "./seen";

/** What `Rule.size` takes for usual. */
export interface SizeRuleOptions {
  /** How many sizes before the newest are looked at, at most; from 1. @default 30 */
  readonly history?: number;
  /** Fewer sizes than that are no history: nothing is found; from 1. @default 5 */
  readonly minSamples?: number;
  /** How many standard deviations are usual, as the median tells them; from 0. @default 4 */
  readonly deviations?: number;
  /**
   * How much of the median is usual in any case, in percent; from 0. This floor and the next keep
   * equal sizes, which don't deviate, from alarming at one byte. @default 20
   */
  readonly floorPercent?: number;
  /** How much is usual in any case, in MiB; from 0. @default 16 */
  readonly floorMebibytes?: number;
}

/** What sizes the newest of a list is expected to have, in bytes. */
export interface UsualSize {
  /** How many sizes tell. */
  readonly samples: number;
  readonly median: number;
  /** The median of their distances from the median. */
  readonly mad: number;
  /** How far from the median is usual. */
  readonly tolerance: number;
}

/** What it takes for usual where nobody says otherwise. */
export const USUAL: Required<SizeRuleOptions> = {
  history: 30,
  minSamples: 5,
  deviations: 4,
  floorPercent: 20,
  floorMebibytes: 16,
};

/** Of these kinds each is judged apart. */
export const SIZED_KINDS = [BackupKind.AUTOMATIC, BackupKind.MANUAL] as const;

// Robust statistics: a single odd size among those before it moves neither the median nor the MAD far.
export const size: RuleKind<Required<SizeRuleOptions>> = {
  id: RuleId.SIZE,
  title: "The newest backup is far smaller or larger than those before it.",
  level: RuleLevel.WARNING,
  needs: "hasFullBackups",
  parameters: {
    history: whole(USUAL.history),
    minSamples: whole(USUAL.minSamples),
    deviations: amount(USUAL.deviations),
    floorPercent: amount(USUAL.floorPercent),
    floorMebibytes: amount(USUAL.floorMebibytes),
  },
  check(subject, values, asOf) {
    return SIZED_KINDS.flatMap((kind) => judge(sizedOf(subject, kind, asOf), values));
  },
};

/** The usable backups of a kind that have a size, newest first. */
export function sizedOf(subject: RuleSubject, kind: BackupKind, asOf: Date): Dated[] {
  return usableBy(subject, asOf).filter(
    ({ backup }) => backup.kind === kind && isSize(backup.sizeBytes),
  );
}

/** What is usual after those before, newest first; undefined where they are too few to tell. */
export function usualSize(
  before: readonly Dated[],
  values: Required<SizeRuleOptions>,
): UsualSize | undefined {
  const { history, minSamples, deviations, floorPercent, floorMebibytes } = values;
  const sizes = before.slice(0, history).map(({ backup }) => backup.sizeBytes as number);
  if (sizes.length < minSamples) return undefined;
  const middle = median(sizes);
  const mad = median(sizes.map((each) => Math.abs(each - middle)));
  const tolerance = Math.max(
    deviations * 1.4826 * mad,
    (floorPercent / 100) * middle,
    floorMebibytes * 1024 ** 2,
  );
  return { samples: sizes.length, median: middle, mad, tolerance };
}

function judge([newest, ...before]: Dated[], values: Required<SizeRuleOptions>): RuleObservation[] {
  const usual = newest && usualSize(before, values);
  if (!usual) return [];
  const { samples, median: middle, mad, tolerance } = usual;
  const distance = (newest.backup.sizeBytes as number) - middle;
  if (Math.abs(distance) <= tolerance) return [];
  return [
    {
      evidence:
        `the newest ${newest.backup.kind} backup ${named(newest)} has ${bytes(newest.backup.sizeBytes as number)}, ` +
        `${bytes(Math.abs(distance))} ${distance < 0 ? "less" : "more"} than the median ${bytes(middle)} of the ` +
        `${samples} before it; up to ${bytes(tolerance)} are usual (MAD ${bytes(mad)})`,
      advice:
        distance < 0
          ? "See whether data is missing in the database before older backups are deleted; a cleaning on purpose can be suppressed with its reason."
          : "See what grew in the database, and whether the volume of a restored instance holds it; a growth on purpose can be suppressed with its reason.",
    },
  ];
}

function isSize(value: number | undefined): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** Of an even number, halfway between the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2;
}
