import { createHash } from "node:crypto";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { ownProgram } from "../thread/own-file";
import { count } from "../restore/rules/measure";
import { Drawing } from "./below";
import { judged, LaneJudgement, windowGapText } from "./judgement";
import { tally } from "./lane-marks";
import { axisSvg, definitions, detailOf, DETAILS, laneSvg } from "./lane-svg";
import { legend } from "./legend";
import { inlineJson, Markup, markup } from "./markup";
import { ReportModel } from "./model";
import { allBelow, Below, belowInRoom } from "./room";
import { timeScale } from "./scale";
import { STYLE } from "./style";
import { decisionPart, findingTable } from "./tables";
import { verdictOf } from "./verdict";
import { zoomData } from "./zoom-data";

const MOST_FINDINGS = 500;
const MOST_FINDING_BYTES = 400_000;
const MOST_OPEN = 3;
// Of a whole page: more is slow to open. Beyond a thousand instances it is the more, the more there are.
const MOST_BYTES = 3_000_000;
const MOST_BYTES_EACH = 2_900;
// Of the drawing of a lane, where backups are put into columns.
const MOST_LANE_BYTES = 1_000;
// For what is told of the room itself.
const MARGIN = 1_000;
const MOST_ROWS_OF_ORPHAN = 100;

const SIGNS = { met: "✓", over: "▲", none: "✗", unknown: "?", unset: "–" };

// Read once: from the sources it is bundled, which takes longer than all else.
let program: string | undefined;

/** What a page is made of, but for what opens below its lines. */
interface Page {
  readonly model: ReportModel;
  readonly lanes: readonly LaneJudgement[];
  readonly drawing: Drawing;
  readonly lines: readonly Markup[];
}

/**
 * The report as one file that fetches nothing: for a browser, a mail, or paper. The same model gives
 * the same bytes, and no more than can be opened: what is left out of it is said.
 */
export function htmlReport(model: ReportModel): string {
  const lanes = judged(model);
  const records = model.lanes.reduce((sum, { backups }) => sum + backups.length, 0);
  const scale = timeScale(model);
  const most = Math.max(MOST_BYTES, lanes.length * MOST_BYTES_EACH);
  const finest = DETAILS.indexOf(detailOf(records));
  for (const detail of DETAILS.slice(finest, -1)) {
    const drawing = { asOf: model.asOf, scale, detail };
    const page = { model, lanes, drawing, lines: linesOf(lanes, drawing) };
    const whole = pageOf(page, { parts: allBelow(lanes, drawing), note: "" });
    if (Buffer.byteLength(whole) <= most) return whole;
  }
  const drawing = { asOf: model.asOf, scale, detail: "bins" as const };
  const page = { model, lanes, drawing, lines: linesOf(lanes, drawing) };
  const bare = pageOf(page, { parts: [], note: "" });
  const room = most - Buffer.byteLength(bare) - MARGIN;
  return pageOf(page, belowInRoom(lanes, drawing, room));
}

function pageOf({ model, lanes, drawing, lines }: Page, { note, parts }: Below): string {
  const isBinned = drawing.detail === "bins";
  const isOpen = new Set(
    lanes.filter(({ state }) => state === "over" || state === "none").slice(0, MOST_OPEN),
  );
  const verdict = verdictOf(model, lanes);
  const anchors = new Map(lanes.map(({ lane }, i) => [lane.path, `lane-${i + 1}`]));
  const orphans = model.decisions.filter(({ lane }) => !anchors.has(lane));
  const body = markup`<a class="skip" href="#lanes">To the instances</a>
<header><p class="muted">Backups of ${model.title}, as of ${toRfc3339(model.asOf)}</p>
<h1 class="${verdict.weight}">${verdict.sentence}</h1>
${verdict.rest.map((each) => markup`<p>${each}</p>`)}
<nav aria-label="Parts of this page"><ul><li><a href="#lanes">Instances (${lanes.length})</a></li><li><a href="#findings">Findings (${model.findings.length})</a></li><li><a href="#provenance">Where this is from</a></li></ul></nav></header>
<main>
<section class="lanes" id="lanes" aria-labelledby="lanes-title" tabindex="-1"><h2 id="lanes-title">Instances</h2>
<p class="muted">All times are UTC. ${orderText(lanes.length)}${isBinned ? " There are too many backups for a mark each: a column shows whether it holds any, a strip the least and the most." : ""}${note}</p>
${legend(isBinned, windowGapText(model))}
${definitions(drawing.scale)}<div class="row axis-row"><span></span>${axisSvg(drawing.scale)}</div>
${lanes.map((lane, i) => lanePart(lines[i]!, i, isOpen.has(lane), parts[i]))}</section>
${orphans.length > 0 ? markup`<section aria-labelledby="restores-title"><h2 id="restores-title">Restores from elsewhere</h2>${orphans.map((each) => decisionPart(each, MOST_ROWS_OF_ORPHAN))}</section>` : ""}
<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${model.findings.length > 0 ? findingTable(model.findings, anchors, MOST_FINDINGS, MOST_FINDING_BYTES) : markup`<p>None.</p>`}</section>
<section id="provenance" aria-labelledby="provenance-title"><h2 id="provenance-title">Where this is from</h2>
<dl><dt>as of</dt><dd>${toRfc3339(model.asOf)}</dd>${model.provenance.map(({ name, value }) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
</main>`;
  return document(`${verdict.sentence} Backups of ${model.title}`, body, scripts(lanes, drawing));
}

function orderText(lanes: number): string {
  return lanes > 1
    ? "The worst come first: no usable backup, over the RPO, not known, then by what else was found, then by name."
    : "";
}

/** Each lane in a line: who, how it stands, and its drawing. */
function linesOf(
  lanes: readonly LaneJudgement[],
  { asOf, scale, detail }: Drawing,
): readonly Markup[] {
  const most = MOST_LANE_BYTES * Math.max(1, 1_000 / lanes.length);
  return lanes.map((judgement) => {
    const { lane, state, words, gaps } = judgement;
    const counted = lane.problem ?? tally(lane.backups, asOf);
    const gapWords = gaps.length > 0 ? `, ${count(gaps.length, "gap")}` : "";
    return markup`<div class="row"><div><h3>${excerpt(lane.label, 120)}</h3>
<p class="state ${state}-state"><b>${SIGNS[state]} ${words}</b><br>${excerpt(counted, 300)}${gapWords}</p></div>
${laneSvg(judgement, asOf, scale, detail, most)}</div>
`;
  });
}

function lanePart(line: Markup, i: number, isOpen: boolean, below: Markup | undefined): Markup {
  const details = markup`<details${isOpen ? markup` open` : ""}><summary>Age, sizes, and why not</summary>${below}</details>`;
  return markup`<section class="lane${isOpen ? " is-open" : ""}" id="lane-${i + 1}">${line}${below && details}</section>
`;
}

/** What is read and run: nothing where the drawings are all there is. */
function scripts(lanes: readonly LaneJudgement[], { detail, scale }: Drawing) {
  if (detail === "bins" || lanes.every(({ points }) => points.length === 0)) return undefined;
  return {
    data: inlineJson(zoomData(lanes, scale)),
    program: (program ??= ownProgram("report/zoom", "browser").trim()),
  };
}

function document(
  title: string,
  body: Markup,
  script: { readonly data: Markup; readonly program: string } | undefined,
): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hash(STYLE)}'`,
    `script-src ${script ? `'${hash(script.program)}'` : "'none'"}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `${markup`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="`}${policy}${markup`">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><title>${excerpt(title, 300)}</title>
<style>`}${STYLE}${markup`</style></head><body>
${body}
`}${script ? `<script type="application/json" id="zoom-data">${script.data.toString()}</script>\n<script>${script.program}</script>\n` : ""}</body></html>\n`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
