import { Backup } from "../model/backup";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { whyNotNow } from "../restore/candidates";
import { LaneJudgement } from "./judgement";
import { placeText, sizeOf } from "./lane-marks";
import { bytesOf, Markup, markup } from "./markup";
import { ReportDecision, ReportFinding } from "./model";

// A table that pushes away what comes after it is in the way of those who look.
const MOST_OPEN = 8;

type Cell = Markup | string;

// Of a cell, and its part of those of a row.
const TAGS = "<td></td>".length + 2;

/** A table that can be scrolled by itself, and how many rows of it were left out; a long one opens on demand. */
function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  all = rows.length,
): Markup {
  const left = all - rows.length;
  const title = `${caption} (${left > 0 ? `${rows.length} of ${all}` : all})`;
  const whole = markup`<div class="table"><table><caption>${title}</caption><thead><tr>${heads.map(
    (head) => markup`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
  return rows.length > MOST_OPEN
    ? markup`<details><summary>${title}</summary>${whole}</details>`
    : whole;
}

const BACKUP_HEADS = ["Begun", "Backup", "Kind", "State", "Size"];

function backupCells(backup: Backup): Cell[] {
  const name = backup.name
    ? `${excerpt(backup.id, 80)} (${excerpt(backup.name, 80)})`
    : excerpt(backup.id, 80);
  return [
    placeText(backup) ?? "unknown",
    markup`<code>${name}</code>`,
    backup.kind,
    backup.status,
    sizeOf(backup) ?? "unknown",
  ];
}

/** What is known of each backup, and why no restore could start from it. */
export function backupTable({ lane }: LaneJudgement, asOf: Date, most: number): Markup {
  if (lane.backups.length === 0 || most <= 0) return markup``;
  const rows = lane.backups.slice(0, most).map((backup) => {
    const reason = whyNotNow(backup, asOf);
    return [...backupCells(backup), reason === undefined ? "yes" : `no: it ${reason}`];
  });
  const heads = [...BACKUP_HEADS, "Could a restore start from it?"];
  return table("The backups, newest first", heads, rows, lane.backups.length);
}

/** What was chosen, and why not each of the others; how many these are, where none of them is to be listed. */
export function decisionPart({ path, decision }: ReportDecision, most: number): Markup {
  const { chosen, isMet, reason, rejected, restoreTime, shortcomings } = decision;
  const verdict = isMet ? "✓ met" : chosen || restoreTime ? "▲ not good enough" : "✗ unmet";
  const what = [
    ...(chosen ? [`chosen ${excerpt(chosen.id, 80)}`] : []),
    ...(restoreTime ? [`to the moment ${toRfc3339(restoreTime)}`] : []),
  ];
  const rows = [
    ...(chosen ? [[...backupCells(chosen), markup`<strong>○ chosen</strong>`]] : []),
    ...rejected
      .slice(0, most)
      .map(({ backup, reason }) => [...backupCells(backup), `it ${reason}`]),
  ];
  const all = rejected.length + (chosen ? 1 : 0);
  const heads = [...BACKUP_HEADS, "Why not"];
  const left = markup`<p class="muted">Not listed: ${all === 1 ? "the candidate" : `all ${all} candidates`}.</p>`;
  const listed = most > 0 ? table("Each candidate, and why not", heads, rows, all) : left;
  return markup`<h4>Restore ${path}: ${verdict}</h4>
<p>${[...what, `because ${excerpt(reason, 1_000)}`].join(", ")}.</p>
${shortcomings.map((each) => markup`<p>But ${excerpt(each, 1_000)}.</p>`)}
${all > 0 ? listed : ""}`;
}

/**
 * By weight; what is suppressed comes last, with its reason.
 * @param most Of how many, at the most.
 * @param mostBytes How much of them, at the most.
 */
export function findingTable(
  findings: readonly ReportFinding[],
  anchors: ReadonlyMap<string, string>,
  most: number,
  mostBytes: number,
): Markup {
  const rows = sorted(findings)
    .slice(0, most)
    .map(({ rule, level, subject, evidence, advice, reason }) => {
      const anchor = anchors.get(subject);
      const shown = excerpt(subject, 200);
      return [
        reason === undefined ? `${level === "error" ? "✗" : "▲"} ${level}` : "– suppressed",
        markup`<code>${rule}</code>`,
        anchor === undefined ? shown : markup`<a href="#${anchor}">${shown}</a>`,
        excerpt(evidence, 1_000),
        reason === undefined ? excerpt(advice, 600) : `Suppressed: ${excerpt(reason, 600)}`,
      ];
    });
  const heads = ["Weight", "Rule", "Where", "What was seen", "What to do"];
  return table("What the rules found", heads, fitting(rows, mostBytes), findings.length);
}

/** The first rows that have no more bytes. */
function fitting(rows: readonly (readonly Cell[])[], mostBytes: number) {
  let left = mostBytes;
  const past = rows.findIndex((cells) => {
    left -= bytesOf(markup`${cells}`) + cells.length * TAGS;
    return left < 0;
  });
  return past < 0 ? rows : rows.slice(0, past);
}

/** Errors, warnings, suppressed ones; each in its order. */
export function sorted(findings: readonly ReportFinding[]): ReportFinding[] {
  const weight = ({ level, reason }: ReportFinding) =>
    reason !== undefined ? 2 : level === "error" ? 0 : 1;
  return [...findings].sort((a, b) => weight(a) - weight(b));
}
