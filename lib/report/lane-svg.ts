import { Backup } from "../model/backup";
import { Stretch } from "../model/stretch";
import { LaneJudgement, windowsOf } from "./judgement";
import { describe, Mark, markOf, MARKS, spanOf } from "./lane-marks";
import { Markup, markup } from "./markup";
import { rounded, ticksOf, TimeScale, WIDTH, xOf } from "./scale";

const HEIGHT = 36;
// Up to here each backup has an element of its own, which tells about it under the pointer.
const MOST_ALONE = 5_000;
/** Columns into which backups are put where there are too many for a point each; fewer where these take too long. */
const COLUMNS = [400, 200, 100, 50, 25];

/** How finely the drawings of a report show its backups: the coarsest comes last. */
export const DETAILS = ["each", "points", "bins"] as const;
export type Detail = (typeof DETAILS)[number];

export function detailOf(records: number): Detail {
  return records <= MOST_ALONE ? "each" : records <= 50_000 ? "points" : "bins";
}

/** What the lanes have in common: the shading, the lines of the axis, and that of now. */
export function definitions(scale: TimeScale): Markup {
  const lines = ticksOf(scale).map(({ x }) => `M${x} 0V100`);
  return markup`<svg class="defs" width="0" height="0" aria-hidden="true"><defs>
<pattern id="gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="gap-ground" width="6" height="6"/><path class="gap-line" d="M0 0V6"/></pattern>
<pattern id="unasked" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="unasked-dot" cx="3" cy="3" r="1"/></pattern>
<g id="grid"><path class="grid" d="${lines.join("")}"/><path class="now" d="M${xOf(scale, scale.asOf)} 0V100"/></g>
</defs></svg>`;
}

/** The axis with its dates. */
export function axisSvg(scale: TimeScale): Markup {
  const now = xOf(scale, scale.asOf);
  const ticks = ticksOf(scale).map(({ x, text }) => {
    const anchor = x < 40 ? "start" : "middle";
    return x > now - 60 ? "" : markup`<text x="${x}" y="12" text-anchor="${anchor}">${text}</text>`;
  });
  const marks = ticksOf(scale).map(({ x }) => `M${x} 16v6`);
  return markup`<svg class="axis" viewBox="0 0 ${WIDTH} 22" aria-hidden="true">${ticks}<text class="now-text" x="${WIDTH}" y="12" text-anchor="end">as of</text><path class="grid" d="${marks.join("")}"/><path class="now" d="M${now} 16v6"/></svg>`;
}

/**
 * One lane: what lies behind first, then the backups, then what is chosen of them. A drawing for those
 * who see it; the same stands beside it as a text.
 * @param most Bytes that it should have at the most, where backups are put into columns.
 */
export function laneSvg(
  judgement: LaneJudgement,
  asOf: Date,
  scale: TimeScale,
  detail: Detail,
  most = Infinity,
): Markup {
  if (detail !== "bins") return laneIn(judgement, asOf, scale, detail);
  const [finest = 1, ...coarser] = COLUMNS;
  let drawn = laneIn(judgement, asOf, scale, finest);
  for (const columns of coarser) {
    if (drawn.toString().length <= most) break;
    drawn = laneIn(judgement, asOf, scale, columns);
  }
  return drawn;
}

/** @param detail Or into how many columns all is put. */
function laneIn(
  judgement: LaneJudgement,
  asOf: Date,
  scale: TimeScale,
  detail: Exclude<Detail, "bins"> | number,
): Markup {
  const { lane, gaps, decisions } = judgement;
  const shade = (kind: string, start: number, end: number, y = 0, height = HEIGHT) => {
    if (!(end > scale.start && start < scale.end)) return "";
    const x = xOf(scale, start);
    const width = Math.max(rounded(xOf(scale, end) - x), 1);
    return markup`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
  };
  const shades = (kind: string, stretches: readonly Stretch[], y?: number, height?: number) =>
    typeof detail === "number"
      ? columnShade(kind, stretches, scale, detail, y, height)
      : stretches.map(({ start, end }) => shade(kind, start, end, y, height));
  const rpo = lane.problem === undefined ? lane.rpo?.toMilliseconds() : undefined;
  const chosen = new Set(decisions.flatMap(({ decision }) => decision.chosen?.id ?? []));
  const rings = lane.backups.flatMap((backup) => {
    const span = chosen.has(backup.id) ? spanOf(backup) : undefined;
    return span && span.start >= scale.start ? [xOf(scale, span.start)] : [];
  });
  const moments = decisions.flatMap(({ decision }) =>
    decision.restoreTime ? [xOf(scale, decision.restoreTime.getTime())] : [],
  );
  return markup`<svg class="lane-svg" aria-hidden="true" viewBox="0 0 ${WIDTH} ${HEIGHT}">${
    lane.problem === undefined
      ? shade("unasked", scale.start, lane.since?.getTime() ?? -Infinity)
      : markup`<rect class="unasked" width="${WIDTH}" height="${HEIGHT}"/>`
  }${shades("gap", gaps)}<use href="#grid"/>${shades("window", windowsOf(lane), 29, 5)}${rpo === undefined ? "" : markup`<path class="rpo" d="M${xOf(scale, scale.asOf - rpo)} 0v${HEIGHT}"/>`}${marks(
    lane.backups,
    asOf,
    scale,
    detail,
  )}${rings.map((x) => markup`<circle class="chosen" cx="${x}" cy="15" r="8"/>`)}${moments.map(
    (x) => markup`<path class="chosen" d="M${x} 22l5 6l-5 6l-5-6z"/>`,
  )}${older(lane.backups, scale)}</svg>`;
}

// A tick, a thin band, and outlines of different heights: to be told apart without colours.
const SHAPES: Record<Mark, (x: number, width: number) => string> = {
  full: (x) => `M${x} 3v24`,
  incremental: (x, width) => `M${x} 20h${width}`,
  failed: (x) => `M${rounded(x - 3)} 8h6v14h-6z`,
  building: (x) => `M${rounded(x - 3)} 22v-12a3 3 0 0 1 6 0v12z`,
  other: (x) => `M${x} 20v7`,
};

function marks(
  backups: readonly Backup[],
  asOf: Date,
  scale: TimeScale,
  detail: Exclude<Detail, "bins"> | number,
): Markup[] {
  const shown = backups.flatMap((backup) => {
    const span = spanOf(backup);
    const mark = markOf(backup, asOf);
    return span && span.end >= scale.start ? [{ backup, mark, ...span }] : [];
  });
  if (typeof detail === "number") {
    return MARKS.map((mark) =>
      binned(
        mark,
        shown.filter((each) => each.mark === mark),
        scale,
        detail,
      ),
    );
  }
  const drawn = shown.map(({ backup, mark, start, end }) => {
    const x = xOf(scale, start);
    return { backup, mark, d: SHAPES[mark](x, Math.max(rounded(xOf(scale, end) - x), 2)) };
  });
  if (detail === "points") {
    return MARKS.map((mark) => {
      const ds = drawn.flatMap((each) => (each.mark === mark ? [each.d] : []));
      return ds.length === 0 ? markup`` : markup`<path class="${mark}" d="${ds.join("")}"/>`;
    });
  }
  // Newest first as listed; what is drawn last lies above.
  return [...drawn]
    .reverse()
    .map(
      ({ backup, mark, d }) =>
        markup`<path class="${mark}" d="${d}"><title>${describe(backup, asOf)}</title></path>`,
    );
}

/** The columns that hold a backup of the kind: one dashed line, as thick as a tick is high. */
function binned(
  mark: Mark,
  backups: readonly Stretch[],
  scale: TimeScale,
  columns: number,
): Markup {
  if (backups.length === 0) return markup``;
  const runs = runsOf(backups, scale, columns);
  const dashes = runs.flatMap(({ isFilled, length }, i) => {
    return i === 0 && !isFilled ? [0, length] : [length];
  });
  // By twos, a dash and what follows it: else the list would count twice, the other way round.
  if (dashes.length % 2 === 1) dashes.push(columns);
  const y = mark === "full" || mark === "failed" ? 15 : 22;
  return markup`<path class="bin ${mark}" transform="matrix(${WIDTH / columns} 0 0 1 0 ${y})" d="M0 0h${columns}" stroke-dasharray="${dashes.join(" ")}"/>`;
}

/** The columns that hold any of the stretches, in one shape. */
function columnShade(
  kind: string,
  stretches: readonly Stretch[],
  scale: TimeScale,
  columns: number,
  y = 0,
  height = HEIGHT,
): Markup {
  const shown = stretches.filter(({ start, end }) => end > scale.start && start < scale.end);
  if (shown.length === 0) return markup``;
  const width = WIDTH / columns;
  const boxes = runsOf(shown, scale, columns).map(({ from, isFilled, length }) =>
    isFilled ? `M${from * width} ${y}h${length * width}v${height}h${-length * width}z` : "",
  );
  return markup`<path class="${kind}" d="${boxes.join("")}"/>`;
}

/** The columns from left to right: as many beside each other as hold something, or hold nothing. */
function runsOf(stretches: readonly Stretch[], scale: TimeScale, columns: number) {
  const filled = new Uint8Array(columns);
  const columnOf = (time: number) =>
    Math.min(columns - 1, Math.floor((xOf(scale, time) / WIDTH) * columns));
  for (const { start, end } of stretches) filled.fill(1, columnOf(start), columnOf(end) + 1);
  const runs: { from: number; length: number; isFilled: boolean }[] = [];
  for (let from = 0; from < columns;) {
    let to = from;
    while (to < columns && filled[to] === filled[from]) to++;
    runs.push({ from, length: to - from, isFilled: filled[from] === 1 });
    from = to;
  }
  return runs;
}

/** How many are older than the axis is long. */
function older(backups: readonly Backup[], scale: TimeScale): Markup | string {
  const amount = backups.filter(
    (backup) => (spanOf(backup)?.end ?? scale.start) < scale.start,
  ).length;
  return amount === 0 ? "" : markup`<text class="older" x="3" y="12">◂ ${amount} older</text>`;
}
