import { Backup, newestFirst } from "../model/backup";
import { lengthOf } from "../model/duration";
import { writtenAs } from "../model/literal";
import { merged, Stretch, stretch } from "../model/stretch";
import { timeOf, toRfc3339 } from "../model/time";
import { RestoreWindow } from "../model/window";

/** One of several targets that are restored together. */
export interface ConsistencyMember {
  /** Its name, unique in the group. */
  readonly name: string;
  /** The backups that a restore could start from, in any order; one without a begin time is passed over. */
  readonly candidates: readonly Backup[];
  /** Where it can be restored to any moment; in any order, they may overlap. @default - none */
  readonly windows?: readonly RestoreWindow[];
  /** Whether it is restored to a moment only; its backups then tell no more than what the moment builds on. @default false */
  readonly isOfMoments?: boolean;
}

/** What a set must be to be good enough. */
export interface ConsistencyConstraints {
  /** The moment that ages count back from. */
  readonly asOf: Date;
  /** The largest difference between the earliest and the latest moment. @default - any */
  readonly maxSpreadMs?: number;
  /** The largest age of the earliest moment, at `asOf`. @default - any */
  readonly maxAgeMs?: number;
}

/** What one member is restored from, and to when. */
export interface ConsistencyPick {
  /** The member's name. */
  readonly member: string;
  /** The backup; beside a `restoreTime`, the newest that was complete by then, if there is one. */
  readonly backup?: Backup;
  /** The moment to restore to; undefined where the backup itself is restored. */
  readonly restoreTime?: Date;
  /** The moment whose state the member will be in: `restoreTime`, else the backup's begin time. */
  readonly moment: Date;
}

/** The set that was chosen, and whether it is good enough. */
export interface ConsistencyChoice {
  /** One for each member, in their order; empty where a member can't be restored at all. */
  readonly picks: readonly ConsistencyPick[];
  /** Whether there is a set, and it is within the constraints. */
  readonly isMet: boolean;
  /** From the earliest to the latest moment; undefined where there are no picks. */
  readonly spreadMs?: number;
  /** The age of the earliest moment; undefined where there are no picks. */
  readonly worstAgeMs?: number;
  /**
   * Who keeps the set from being newer, or closer together: a member that has nothing (young
   * enough), else the one without which the rest would be best. Where all share one
   * moment, it is a member that can't be restored to the next.
   */
  readonly limitedBy?: string;
  /** Why this set, or why none, in one sentence. */
  readonly reason: string;
}

/**
 * The moments, one of each member, that are the newest of those close enough together (`maxSpreadMs`), else
 * the closest; where nothing says what is close enough the closest, and among equally close ones the newest.
 *
 * Where all members have windows and these have a moment in common, it is the newest such moment, unless
 * another set that is close enough is newer.
 * Otherwise a member is restored from a backup, or to a moment of its windows where none of its
 * backups lies between the earliest and the latest moment of the set.
 */
export function chooseConsistent(
  members: readonly ConsistencyMember[],
  constraints: ConsistencyConstraints,
): ConsistencyChoice {
  const sources = members.map(sourceOf);
  const without = (stretches: Stretch[][]) => sources.filter((_, i) => stretches[i]!.length === 0);
  const none = without(sources.map(({ all }) => all));
  if (sources.length === 0) return unmet("the group has no members: there is nothing to restore");
  if (none.length > 0) {
    const reason = `${names(none)} can't be restored at all: no usable backup and no restore window`;
    return unmet(reason, none[0]);
  }
  const { asOf, maxAgeMs } = constraints;
  const floor = maxAgeMs === undefined ? -Infinity : asOf.getTime() - maxAgeMs;
  const tooOld = without(sources.map(({ all }) => since(all, floor)));
  return choice(sources, tooOld, tooOld.length > 0 ? -Infinity : floor, constraints);
}

/** What a member can be restored to; stretches are in order and apart from each other. */
interface Source {
  readonly name: string;
  readonly candidates: Backup[];
  readonly isOfMoments: boolean;
  readonly windows: Stretch[];
  readonly all: Stretch[];
}

function sourceOf(member: ConsistencyMember): Source {
  const { name, candidates, windows = [], isOfMoments = false } = member;
  const points = isOfMoments ? [] : candidates.map(({ beginTime }) => stretch(beginTime));
  const spans = windows.map(({ start, end }) => stretch(start, end));
  return {
    name,
    candidates: candidates.filter((backup) => !isNaN(beginOf(backup))).sort(newestFirst),
    isOfMoments,
    windows: merged(spans),
    all: merged([...points, ...spans]),
  };
}

function beginOf(backup: Backup): number {
  return backup.beginTime?.getTime() ?? NaN;
}

/** Not cut off at `floor`: as only ends are tried as the earliest moment, none before it is picked. */
function since(stretches: Stretch[], floor: number): Stretch[] {
  return stretches.filter(({ end }) => end >= floor);
}

/** The last stretch that has begun by `time`. */
function begunBy(stretches: Stretch[], time: number): Stretch | undefined {
  return stretches.filter(({ start }) => start <= time).at(-1);
}

/** The earliest and the latest moment of a set. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const spreadOf = ({ from, to }: Range) => to - from;

/** Whether one is to be had rather than the other. */
type IsBetter = (a: Range, b: Range) => boolean;

/**
 * The newer of those that are close enough, else the closer: where nothing says what is close enough, one
 * second less between two of them must not stand for a quarter of a year, but nothing else tells them apart.
 */
function betterWithin(maxSpreadMs: number): IsBetter {
  const isCloser: IsBetter = (a, b) =>
    spreadOf(a) < spreadOf(b) || (spreadOf(a) === spreadOf(b) && a.from > b.from);
  if (maxSpreadMs === Infinity) return isCloser;
  const isClose = (range: Range) => spreadOf(range) <= maxSpreadMs;
  return (a, b) =>
    isClose(a) && isClose(b) && a.from !== b.from ? a.from > b.from : isCloser(a, b);
}

/**
 * The best range in which every member has a moment, and the same for the group without each member; of
 * endless length where a member has no moment at all.
 *
 * Only ends of stretches need to be tried as the earliest moment. In the best range, some member
 * has the earliest moment and nothing later in the range, else the range could begin later and be
 * closer and newer; that moment is thus the end of one of its stretches.
 * For a given earliest moment, the range must reach to the start of each member's first stretch that
 * has not ended before it. Going through the ends in order, these starts only move forward, so their
 * maximum is kept at no cost, and the second largest, which is the maximum without the member that
 * holds the largest. Removing any other member changes nothing at this end. So it is one sort and
 * one pass. The ends of a removed member are tried too: they can only give a range that is too wide.
 */
function bestOf(stretches: Stretch[][], isBetter: IsBetter): { best: Range; without: Range[] } {
  let [holder, largest, second] = [0, -Infinity, -Infinity];
  // Starts that a member has moved on from may stay as `second`: they are not after `from`.
  const moveTo = (member: number, start: number) => {
    if (start > largest) [holder, largest, second] = [member, start, largest];
    else second = Math.max(second, start);
  };
  stretches.forEach((own, member) => moveTo(member, own[0]?.start ?? Infinity));
  const ends = stretches
    .flatMap((own, member) =>
      own.map(({ end }, i) => ({ end, member, next: own[i + 1]?.start ?? Infinity })),
    )
    .sort((a, b) => a.end - b.end);
  let best: Range = { from: -Infinity, to: Infinity };
  const without = stretches.map(() => best);
  for (const { end: from, member, next } of ends) {
    const all = { from, to: Math.max(from, largest) };
    const rest = { from, to: Math.max(from, second) };
    if (isBetter(all, best)) best = all;
    if (isBetter(rest, without[holder] ?? rest)) without[holder] = rest;
    moveTo(member, next);
  }
  return { best, without: without.map((range) => (isBetter(range, best) ? range : best)) };
}

function choice(
  sources: Source[],
  tooOld: Source[],
  floor: number,
  { asOf, maxSpreadMs = Infinity, maxAgeMs = Infinity }: ConsistencyConstraints,
): ConsistencyChoice {
  const isBetter = betterWithin(maxSpreadMs);
  const [inWindows, everywhere] = [
    sources.map(({ windows }) => since(windows, floor)),
    sources.map(({ all }) => since(all, floor)),
  ];
  const [common, any] = [bestOf(inWindows, isBetter), bestOf(everywhere, isBetter)];
  const isNewest = maxSpreadMs === Infinity || common.best.from === any.best.from;
  const isCommon = spreadOf(common.best) === 0 && isNewest;
  const stretches = isCommon ? inWindows : everywhere;
  const { best, without } = isCommon ? common : any;
  const limiting = tooOld[0] ?? sources[limitingIndex(stretches, best, without, isBetter)]!;
  const isWide = spreadOf(best) > maxSpreadMs;
  const isNewestOfClose = maxSpreadMs !== Infinity && !isWide;
  const [spreadMs, worstAgeMs] = [spreadOf(best), asOf.getTime() - best.from];
  const [from, to] = [best.from, best.to].map((time) => toRfc3339(new Date(time)));
  const found =
    spreadMs > 0
      ? `the ${isNewestOfClose ? "newest set that is close enough" : "closest set"} is ${lengthOf(spreadMs)} apart, from ${from} to ${to}`
      : `the newest moment that all ${isCommon ? "restore windows have in common" : "can be restored to"} is ${from}`;
  const aged = `${found}, ${lengthOf(worstAgeMs)} old`;
  const tooWide = isWide ? `, more than the ${lengthOf(maxSpreadMs)} allowed` : "";
  return {
    picks: sources.map((source) =>
      writtenAs(isCommon ? pickMoment(source, best) : pick(source, best), written),
    ),
    isMet: tooOld.length === 0 && !isWide,
    spreadMs,
    worstAgeMs,
    limitedBy: limiting.name,
    reason:
      tooOld.length > 0
        ? `${names(tooOld)} can't be restored to any moment of the last ${lengthOf(maxAgeMs)}; of whatever age, ${aged}${tooWide}`
        : `${tooWide ? found + tooWide : aged}; ${limiting.name} keeps it from being ${spreadMs > 0 && !isNewestOfClose ? "closer" : "newer"}`,
  };
}

function written({ member, backup, restoreTime, moment }: ConsistencyPick) {
  return { member, backup, restore_time: restoreTime, moment };
}

/** Prefers, where removing does not tell members apart, one that has nothing after the earliest moment. */
function limitingIndex(
  stretches: Stretch[][],
  best: Range,
  without: Range[],
  isBetter: IsBetter,
): number {
  const order = stretches.map((own, i) => ({
    i,
    isHeld: begunBy(own, best.to)!.end === best.from,
  }));
  const held = order.filter(({ isHeld }) => isHeld);
  const rest = spreadOf(best) > 0 ? order : [];
  return [...held, ...rest]
    .map(({ i }) => i)
    .reduce((first, i) => (isBetter(without[i]!, without[first]!) ? i : first));
}

/** The newest backup within the range, else a moment of the windows: neither makes it wider. */
function pick(source: Source, range: Range): ConsistencyPick {
  const backup = source.candidates.find((each) => beginOf(each) <= range.to);
  return !source.isOfMoments && backup?.beginTime && beginOf(backup) >= range.from
    ? { member: source.name, backup, moment: backup.beginTime }
    : pickMoment(source, range);
}

function pickMoment({ name, candidates, windows }: Source, { to }: Range): ConsistencyPick {
  const moment = timeOf(Math.min(to, begunBy(windows, to)!.end));
  // Not only of those that are young enough: age counts from the moment, not from where it starts.
  const backup = candidates.find(({ endTime }) => endTime && endTime <= moment);
  return { member: name, ...(backup && { backup }), restoreTime: moment, moment };
}

function unmet(reason: string, limiting?: Source): ConsistencyChoice {
  return { picks: [], isMet: false, ...(limiting && { limitedBy: limiting.name }), reason };
}

function names(sources: Source[]): string {
  const shown = sources.slice(0, 5).map(({ name }) => name);
  return shown.join(", ") + (sources.length > 5 ? ` and ${sources.length - 5} more` : "");
}
