import { excerpt, printable } from "../model/text";
import { toRfc3339 } from "../model/time";
import { judged, LaneJudgement, windowGapText, windowsOf } from "./judgement";
import { gapText, Mark, markOf, spanOf, tally } from "./lane-marks";
import { ReportDecision, ReportModel } from "./model";
import { TimeScale, timeScale } from "./scale";
import { stripsOf } from "./strips";
import { sorted } from "./tables";
import { verdictOf } from "./verdict";

const WIDTH = 72;
// What a mail or a terminal can hold.
const MOST_LANES = 200;
const MOST_FINDINGS = 100;
const MOST_DECISIONS = 50;
const MOST_CANDIDATES = 10;

/** The report for a terminal or a mail: bounded, without anything that a terminal acts upon. */
export function textReport(model: ReportModel): string {
  const lanes = judged(model);
  const scale = timeScale(model);
  const verdict = verdictOf(model, lanes);
  const asOf = toRfc3339(model.asOf);
  const start = toRfc3339(new Date(scale.start));
  const parts = [
    [`Backups of ${model.title}, as of ${asOf}`, "", verdict.sentence, ...verdict.rest],
    [
      `Instances, the worst first; from ${start} to ${asOf}, right of which is now:`,
      "| usable  x failed  + being made  ' not usable otherwise  - incremental  = any moment",
      `! gap (more than ${windowGapText(model)} between or after restore windows; without windows,`,
      "  longer than the RPO without the begin of a usable backup)  ? not asked for, or not known",
    ],
    ...bounded(lanes, MOST_LANES, "instances", (lane) => laneLines(lane, scale)),
    ...bounded(model.decisions, MOST_DECISIONS, "restores", decisionLines),
    ...bounded(sorted(model.findings), MOST_FINDINGS, "findings", (each) => [
      `${each.reason === undefined ? each.level : "suppressed"} ${each.rule}: ${excerpt(each.evidence, 1_000)}`,
      `  ${excerpt(each.reason ?? each.advice, 600)}`,
    ]),
    ["Where this is from:", ...model.provenance.map(({ name, value }) => `  ${name}: ${value}`)],
  ];
  return `${parts.map((lines) => lines.map(printable).join("\n")).join("\n\n")}\n`;
}

function bounded<T>(
  items: readonly T[],
  most: number,
  name: string,
  linesOf: (item: T) => string[],
): string[][] {
  const left = items.length - most;
  const more = left > 0 ? [[`… and ${left} more ${name}`]] : [];
  return [...items.slice(0, most).map(linesOf), ...more];
}

function laneLines(judgement: LaneJudgement, scale: TimeScale): string[] {
  const { lane, words, gaps } = judgement;
  const asOf = new Date(scale.asOf);
  const shown = [...gaps].reverse().slice(0, 3).map(gapText);
  const more = gaps.length - shown.length;
  return [
    `${excerpt(lane.label, 120)}: ${words}`,
    `  [${drawn(judgement, scale)}]`,
    `  ${excerpt(lane.problem ?? tally(lane.backups, asOf), 300)}`,
    ...stripsOf(judgement, scale, "bins").map(({ title, text }) => `  ${title}: ${text}`),
    ...(gaps.length > 0
      ? [`  Gaps, newest first: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`]
      : []),
  ];
}

// What is drawn later stands in front.
const SIGNS: [Mark, string][] = [
  ["incremental", "-"],
  ["other", "'"],
  ["full", "|"],
  ["building", "+"],
  ["failed", "x"],
];

function drawn({ lane, gaps }: LaneJudgement, scale: TimeScale): string {
  const { start, asOf } = scale;
  const signs = Array<string>(WIDTH).fill(lane.problem === undefined ? " " : "?");
  const put = (sign: string, from: number, to: number) => {
    if (!(to >= start && from <= asOf)) return;
    const column = (time: number) =>
      Math.min(WIDTH - 1, Math.max(0, Math.floor(((time - start) / (asOf - start)) * WIDTH)));
    signs.fill(sign, column(from), column(to) + 1);
  };
  if (lane.since) put("?", start, lane.since.getTime());
  for (const each of windowsOf(lane)) put("=", each.start, each.end);
  for (const gap of gaps) put("!", gap.start, gap.end);
  for (const [mark, sign] of SIGNS) {
    for (const backup of lane.backups) {
      const span = spanOf(backup);
      if (span && markOf(backup, new Date(asOf)) === mark) put(sign, span.start, span.end);
    }
  }
  return signs.join("");
}

function decisionLines({ decision }: ReportDecision): string[] {
  const lines = `Restore ${decision.toText()}`.split("\n");
  const heading = lines.findIndex((line) => line.startsWith("  not chosen ("));
  const end = heading < 0 ? lines.length : heading + 1 + MOST_CANDIDATES;
  const left = lines.length - end;
  return [...lines.slice(0, end), ...(left > 0 ? [`    … and ${left} more`] : [])];
}
