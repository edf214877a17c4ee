import { createHash } from "node:crypto";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { ownProgram } from "../thread/own-file";
import { count } from "../restore/rules/measure";
import { judged, LaneJudgement, windowGapText } from "./judgement";
import { gapText, tally } from "./lane-marks";
import { axisSvg, definitions, Detail, detailOf, laneSvg } from "./lane-svg";
import { legend } from "./legend";
import { inlineJson, Markup, markup } from "./markup";
import { ReportModel } from "./model";
import { TimeScale, timeScale } from "./scale";
import { Strip, stripsOf } from "./strips";
import { STYLE } from "./style";
import { backupTable, decisionPart, findingTable } from "./tables";
import { verdictOf } from "./verdict";
import { zoomData } from "./zoom-data";

// Rows of tables: of each, and of all, so that a report of a whole project stays small.
const MOST_ROWS_EACH = 100;
const MOST_ROWS = 1_500;
const MOST_FINDINGS = 500;
const MOST_OPEN = 3;

const SIGNS = { met: "✓", over: "▲", none: "✗", unknown: "?", unset: "–" };

// Read once: from the sources it is bundled, which takes longer than all else.
let program: string | undefined;

/** What all parts of a page need to know. */
interface Page {
  readonly asOf: Date;
  readonly scale: TimeScale;
  readonly detail: Detail;
  rowsLeft: number;
}

/**
 * The report as one file that fetches nothing: for a browser, a mail, or paper. The same model gives
 * the same bytes.
 */
export function htmlReport(model: ReportModel): string {
  const lanes = judged(model);
  const records = model.lanes.reduce((sum, { backups }) => sum + backups.length, 0);
  const page: Page = {
    asOf: model.asOf,
    scale: timeScale(model),
    detail: detailOf(records),
    rowsLeft: MOST_ROWS,
  };
  const verdict = verdictOf(model, lanes);
  const anchors = new Map(lanes.map(({ lane }, i) => [lane.path, `lane-${i + 1}`]));
  const isOpen = new Set(
    lanes.filter(({ state }) => state === "over" || state === "none").slice(0, MOST_OPEN),
  );
  const orphans = model.decisions.filter(({ lane }) => !anchors.has(lane));
  const body = markup`<a class="skip" href="#lanes">To the instances</a>
<header><p class="muted">Backups of ${model.title}, as of ${toRfc3339(model.asOf)}</p>
<h1 class="${verdict.weight}">${verdict.sentence}</h1>
${verdict.rest.map((each) => markup`<p>${each}</p>`)}
<nav aria-label="Parts of this page"><ul><li><a href="#lanes">Instances (${lanes.length})</a></li><li><a href="#findings">Findings (${model.findings.length})</a></li><li><a href="#provenance">Where this is from</a></li></ul></nav></header>
<main>
<section class="lanes" id="lanes" aria-labelledby="lanes-title" tabindex="-1"><h2 id="lanes-title">Instances</h2>
<p class="muted">All times are UTC. ${orderText(lanes.length)}${page.detail === "bins" ? " There are too many backups for a mark each: a column shows whether it holds any, a strip the least and the most. The backups of the first instances alone are listed." : ""}</p>
${legend(page.detail === "bins", windowGapText(model))}
${definitions(page.scale)}<div class="row axis-row"><span></span>${axisSvg(page.scale)}</div>
${lanes.map((lane, i) => lanePart(lane, i, isOpen.has(lane), page))}</section>
${orphans.length > 0 ? markup`<section aria-labelledby="restores-title"><h2 id="restores-title">Restores from elsewhere</h2>${orphans.map((each) => decisionPart(each, MOST_ROWS_EACH))}</section>` : ""}
<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${model.findings.length > 0 ? findingTable(model.findings, anchors, MOST_FINDINGS) : markup`<p>None.</p>`}</section>
<section id="provenance" aria-labelledby="provenance-title"><h2 id="provenance-title">Where this is from</h2>
<dl><dt>as of</dt><dd>${toRfc3339(model.asOf)}</dd>${model.provenance.map(({ name, value }) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
</main>`;
  return document(`${verdict.sentence} Backups of ${model.title}`, body, scripts(lanes, page));
}

function orderText(lanes: number): string {
  return lanes > 1
    ? "The worst come first: no usable backup, over the RPO, not known, then by what else was found, then by name."
    : "";
}

function lanePart(judgement: LaneJudgement, i: number, isOpen: boolean, page: Page): Markup {
  const { lane, state, words, decisions, findings, gaps } = judgement;
  const { asOf, scale, detail } = page;
  const rows = Math.min(MOST_ROWS_EACH, page.rowsLeft);
  page.rowsLeft -= Math.min(rows, lane.backups.length);
  const counted = lane.problem ?? tally(lane.backups, asOf);
  const gapWords = gaps.length > 0 ? `, ${count(gaps.length, "gap")}` : "";
  const strips = stripsOf(judgement, scale, detail);
  const more = [
    ...strips.map((strip) => stripPart(strip, detail === "bins" ? undefined : i)),
    ...(gaps.length > 0 ? [gapPart(gaps)] : []),
    ...(findings.length > 0
      ? [
          markup`<p><a href="#findings">Findings</a>: ${findings
            .map(({ rule, reason }) => (reason === undefined ? rule : `${rule} (suppressed)`))
            .join(", ")}.</p>`,
        ]
      : []),
    ...decisions.map((each) => decisionPart(each, rows)),
    ...(decisions.length === 0 && lane.problem === undefined
      ? [backupTable(judgement, asOf, rows)]
      : []),
  ];
  return markup`<section class="lane${isOpen ? " is-open" : ""}" id="lane-${i + 1}"><div class="row"><div><h3>${excerpt(lane.label, 120)}</h3>
<p class="state ${state}-state"><b>${SIGNS[state]} ${words}</b><br>${excerpt(counted, 300)}${gapWords}</p></div>
${laneSvg(judgement, asOf, scale, detail)}</div>
${more.length === 0 ? "" : markup`<details${isOpen ? markup` open` : ""}><summary>Age, sizes, and why not</summary>${more}</details>`}</section>
`;
}

/** With the lane's number, by which the script finds what to draw from. */
function stripPart({ kind, title, text, svg }: Strip, lane: number | undefined): Markup {
  const found = lane === undefined ? "" : markup` data-strip="${kind}" data-lane="${lane}"`;
  return markup`<div class="row strip"${found}><div class="cap"><h4>${title}</h4><p>${text}</p></div><div class="plot">${svg}</div></div>`;
}

function gapPart(gaps: LaneJudgement["gaps"]): Markup {
  const shown = [...gaps].reverse().slice(0, 4).map(gapText);
  const more = gaps.length - shown.length;
  return markup`<p>Gaps, newest first: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}.</p>`;
}

/** What is read and run: nothing where the drawings are all there is. */
function scripts(lanes: readonly LaneJudgement[], { detail, scale }: Page) {
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
