import { Duration, lengthOf } from "../model/duration";
import { merged, Stretch, stretch } from "../model/stretch";
import { humanTime } from "../restore/decision";
import { RuleLevel, RuleSubject } from "../restore/rules";
import { gapsOf } from "../restore/rules/gaps";
import { limit } from "../restore/rules/measure";
import { RecoveryPoint, recoveryPoints, rpo } from "../restore/rules/rpo";
import { begunBy } from "../restore/rules/seen";
import { windowGap } from "../restore/rules/window-gap";
import { ReportDecision, ReportFinding, ReportLane, ReportModel } from "./model";

/** How it stands with the RPO of a lane. */
export type LaneState = "none" | "over" | "unknown" | "unset" | "met";

/** What the library's rules say of a lane; nothing is judged here a second time. */
export interface LaneJudgement {
  readonly lane: ReportLane;
  readonly state: LaneState;
  /** In a few words: "3 h over". */
  readonly words: string;
  /** What the RPO may count from, newest first. */
  readonly points: readonly RecoveryPoint[];
  /** Of the newest of them. */
  readonly ageMs?: number;
  readonly gaps: readonly Stretch[];
  readonly findings: readonly ReportFinding[];
  readonly decisions: readonly ReportDecision[];
}

/** A gap between restore windows is longer than this. */
function windowGapOf(lane: ReportLane): Duration {
  return lane.windowGap ?? windowGap.parameters.maxGap.usual!;
}

/** Which gaps between restore windows are shown: "1 h", or "30 min to 4 h (by the instance)". */
export function windowGapText({ lanes }: ReportModel): string {
  const gaps = lanes.filter((lane) => windowsOf(lane).length > 0).map(windowGapOf);
  const [least = windowGap.parameters.maxGap.usual!, ...others] = gaps.sort(
    (a, b) => a.toMilliseconds() - b.toMilliseconds(),
  );
  const [low, high] = [limit(least), limit(others.at(-1) ?? least)];
  return low === high ? low : `${low} to ${high} (by the instance)`;
}

/** A lane as the rules look at it. */
export function subjectOf(lane: ReportLane): RuleSubject {
  const { path, label, backups, hasFullBackups, since, windows } = lane;
  return { path, label, backups, hasFullBackups, since, windows, hasVersions: false };
}

/** All lanes, the worst first; of equally bad ones by label, then by path. */
export function judged(model: ReportModel): LaneJudgement[] {
  const findings = grouped(model.findings, ({ subject }) => subject);
  const decisions = grouped(model.decisions, ({ lane }) => lane);
  return model.lanes
    .map((lane) =>
      judge(lane, model.asOf, findings.get(lane.path) ?? [], decisions.get(lane.path) ?? []),
    )
    .map((each) => ({ each, rank: rankOf(each) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        overBy(b.each) - overBy(a.each) ||
        order(a.each.lane.label, b.each.lane.label) ||
        order(a.each.lane.path, b.each.lane.path),
    )
    .map(({ each }) => each);
}

function judge(
  lane: ReportLane,
  asOf: Date,
  findings: readonly ReportFinding[],
  decisions: readonly ReportDecision[],
): LaneJudgement {
  const subject = subjectOf(lane);
  const points = lane.problem === undefined ? recoveryPoints(subject, asOf) : [];
  const ageMs = points[0] && asOf.getTime() - points[0].time;
  const state = stateOf(lane, asOf, ageMs);
  return {
    lane,
    state,
    points,
    ageMs,
    findings,
    decisions,
    words: wordsOf(lane, state, ageMs),
    gaps: lane.problem === undefined ? gapsIn(lane, asOf, points) : [],
  };
}

function stateOf(lane: ReportLane, asOf: Date, ageMs: number | undefined): LaneState {
  if (lane.problem !== undefined) return "unknown";
  if (lane.rpo === undefined) return "unset";
  if (rpo.check(subjectOf(lane), { maxAge: lane.rpo }, asOf).length === 0) return "met";
  return ageMs === undefined ? "none" : "over";
}

function wordsOf({ rpo }: ReportLane, state: LaneState, ageMs: number | undefined): string {
  if (state === "unknown") return "nothing is known";
  if (ageMs === undefined) return "no usable backup";
  const age = `${humanTime(ageMs)} old`;
  if (state === "over") return `${upTo(ageMs - rpo!.toMilliseconds())} over`;
  return state === "met" ? `${age}, within its RPO` : `${age}, no RPO`;
}

/** In whole minutes, rounded up: what is over by little must not read like nothing. */
function upTo(milliseconds: number): string {
  return lengthOf(Math.ceil(milliseconds / 60_000) * 60_000);
}

/**
 * Where nothing could be restored to, as the list has it now: between restore windows, or without any,
 * longer than the RPO between two usable backups; from the oldest backup that is listed on.
 */
function gapsIn(lane: ReportLane, asOf: Date, points: readonly RecoveryPoint[]): Stretch[] {
  const end = asOf.getTime();
  const windows = windowsOf(lane);
  if (windows.length > 0)
    return longer(gapsOf(windows, windows[0]!.start, end, true), windowGapOf(lane));
  if (lane.rpo === undefined) return [];
  const oldest = lane.hasFullBackups
    ? begunBy(subjectOf(lane), asOf).at(-1)?.begun
    : points.at(-1)?.time;
  const start = Math.max(oldest ?? -Infinity, lane.since?.getTime() ?? -Infinity);
  const covered = points.map(({ time }) => ({ start: time, end: time }));
  return longer(gapsOf(covered, start, end, true), lane.rpo);
}

/** Its restore windows, in order; one whose ends can't be read is none. */
export function windowsOf({ windows = [] }: ReportLane): Stretch[] {
  return merged(windows.map(({ start, end }) => stretch(start, end)));
}

function longer(gaps: readonly Stretch[], longest: Duration): Stretch[] {
  return gaps.filter(({ start, end }) => end - start > longest.toMilliseconds());
}

/** The lower, the sooner somebody should look. */
function rankOf({ state, points, findings, decisions }: LaneJudgement): number {
  const kept = findings.filter(({ reason }) => reason === undefined);
  if (state === "none" || state === "over") return state === "none" ? 0 : 1;
  if (state === "unknown") return 2;
  const isUnmet = decisions.some(({ decision }) => !decision.isMet);
  if (points.length === 0 || isUnmet || kept.some(({ level }) => level === RuleLevel.ERROR))
    return 3;
  return kept.length > 0 ? 4 : 5;
}

function overBy({ state, ageMs, lane }: LaneJudgement): number {
  return state === "over" ? ageMs! - lane.rpo!.toMilliseconds() : 0;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
