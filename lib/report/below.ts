import { LaneJudgement } from "./judgement";
import { gapText } from "./lane-marks";
import { Detail } from "./lane-svg";
import { Markup, markup } from "./markup";
import { TimeScale } from "./scale";
import { Strip, stripsOf } from "./strips";
import { backupTable, decisionPart } from "./tables";

/** What the parts of a page have in common. */
export interface Drawing {
  readonly asOf: Date;
  readonly scale: TimeScale;
  readonly detail: Detail;
}

/**
 * What opens below the line of a lane; undefined where there is nothing.
 * @param rows Of a table, at the most. @default - sentences alone
 */
export function belowPart(
  judgement: LaneJudgement,
  i: number,
  { asOf, scale, detail }: Drawing,
  rows?: number,
): Markup | undefined {
  const { lane, decisions, findings, gaps } = judgement;
  const strips = stripsOf(judgement, scale, detail).map((strip) =>
    rows === undefined
      ? markup`<p>${strip.title}: ${strip.text}</p>`
      : stripPart(strip, detail === "bins" ? undefined : i),
  );
  const more = [
    ...strips,
    ...(gaps.length > 0 ? [gapPart(gaps)] : []),
    ...(findings.length > 0 ? [foundPart(findings)] : []),
    ...decisions.map((each) => decisionPart(each, rows ?? 0)),
    ...(decisions.length === 0 && lane.problem === undefined
      ? [backupTable(judgement, asOf, rows ?? 0)]
      : []),
  ];
  return more.length === 0 ? undefined : markup`${more}`;
}

/** Each rule once, and how often where that is more. */
function foundPart(findings: LaneJudgement["findings"]): Markup {
  const counts = new Map<string, number>();
  for (const { rule, reason } of findings) {
    const name = reason === undefined ? rule : `${rule} (suppressed)`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].map(([name, times]) => (times === 1 ? name : `${name} × ${times}`));
  return markup`<p><a href="#findings">Findings</a>: ${names.join(", ")}.</p>`;
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
