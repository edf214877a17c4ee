import { lengthOf } from "../model/duration";
import { toRfc3339 } from "../model/time";
import { humanTime } from "../restore/decision";
import { limit as limitText, scaledBytes } from "../restore/rules/measure";
import { SIZED_KINDS, sizedOf, USUAL, usualSize } from "../restore/rules/size";
import { envelope, envelopePath, Point } from "./envelope";
import { LaneJudgement, subjectOf } from "./judgement";
import { Detail } from "./lane-svg";
import { Markup, markup } from "./markup";
import { rounded, TimeScale, WIDTH, xOf } from "./scale";

const HEIGHT = 72;
const COLUMNS = 64;

/** A drawing over time, and the same in a sentence. */
export interface Strip {
  readonly kind: "age" | "size";
  readonly title: string;
  readonly text: string;
  readonly svg: Markup;
}

/** The strips of a lane: none where nothing can be drawn. */
export function stripsOf(judgement: LaneJudgement, scale: TimeScale, detail: Detail): Strip[] {
  return [ageStrip(judgement, scale, detail), sizeStrip(judgement, scale, detail)].flatMap(
    (strip) => strip ?? [],
  );
}

/** What can be seen of a lane's sizes, oldest first, by kind, with what is usual for the newest. */
export function sizeSeries({ lane }: LaneJudgement, asOf: Date) {
  return SIZED_KINDS.flatMap((kind) => {
    const [newest, ...before] =
      lane.problem === undefined ? sizedOf(subjectOf(lane), kind, asOf) : [];
    if (!newest) return [];
    const usual = usualSize(before, lane.size ?? USUAL);
    const sizes = [newest, ...before].map(({ backup, begun }) => ({
      time: begun,
      bytes: backup.sizeBytes as number,
    }));
    const low = usual && Math.max(0, usual.median - usual.tolerance);
    const high = usual && usual.median + usual.tolerance;
    return [{ kind, sizes: sizes.reverse(), low, high }];
  });
}

function ageStrip(judgement: LaneJudgement, scale: TimeScale, detail: Detail): Strip | undefined {
  const { lane, points, ageMs } = judgement;
  if (ageMs === undefined) return undefined;
  const times = points.map(({ time }) => time).reverse();
  const line = sawTooth(times, scale);
  const worst = line.reduce((a, b) => (b.y > a.y ? b : a));
  const limit = lane.rpo?.toMilliseconds();
  const top = Math.max(worst.y, limit ?? 0) * 1.35 || 1;
  const limits = limit === undefined ? [] : [{ y: limit, text: `RPO ${limitText(lane.rpo!)}` }];
  const text =
    `${humanTime(ageMs)} as of ${toRfc3339(new Date(scale.asOf))}; at most ${lengthOf(worst.y, Math.ceil)}, ` +
    `at ${toRfc3339(new Date(worst.x))}${limit === undefined ? "" : `; the RPO is ${limitText(lane.rpo!)}`}.`;
  const d = detail === "bins" ? undefined : linePath(line, scale, top);
  const drawn = d
    ? markup`<path class="age-area" d="${d}V${HEIGHT}H${xOf(scale, line[0]!.x)}z"/>${overPaths(line, scale, top, limit)}<path class="age-line" d="${d}"/>`
    : binnedPath("age-bins", line, scale, top);
  return {
    kind: "age",
    title: "Age of the newest usable backup",
    text,
    svg: drawing(drawn, limits, top, (value) => humanTime(value)),
  };
}

/** The age rises by the time that passes, and falls where a usable backup begins; from the axis' start on. */
function sawTooth(times: readonly number[], { start, asOf }: TimeScale): Point[] {
  const line: Point[] = [];
  let last: number | undefined;
  for (const time of times) {
    if (time >= start) {
      if (last !== undefined && line.length === 0) line.push({ x: start, y: start - last });
      if (last !== undefined) line.push({ x: time, y: time - last });
      line.push({ x: time, y: 0 });
    }
    last = time;
  }
  if (line.length === 0) line.push({ x: start, y: start - last! });
  line.push({ x: asOf, y: asOf - last! });
  return line;
}

/** The teeth as far as they stand above the limit. */
function overPaths(
  line: readonly Point[],
  scale: TimeScale,
  top: number,
  limit: number | undefined,
): Markup | undefined {
  if (limit === undefined) return undefined;
  const teeth = line.flatMap((to, i) => {
    const from = line[i - 1];
    if (!from || to.y <= limit || to.y < from.y) return [];
    const begin = Math.max(from.x, to.x - (to.y - limit));
    const startY = Math.max(from.y, limit);
    return `M${xOf(scale, begin)} ${yOf(startY, top)}L${xOf(scale, to.x)} ${yOf(to.y, top)}V${yOf(limit, top)}H${xOf(scale, begin)}z`;
  });
  return teeth.length === 0 ? undefined : markup`<path class="over" d="${teeth.join("")}"/>`;
}

function sizeStrip(judgement: LaneJudgement, scale: TimeScale, detail: Detail): Strip | undefined {
  const series = sizeSeries(judgement, new Date(scale.asOf)).map((each) => ({
    ...each,
    sizes: each.sizes.filter(({ time }) => time >= scale.start),
  }));
  const shown = series.filter(({ sizes }) => sizes.length > 0);
  if (shown.length === 0) return undefined;
  const all = shown.flatMap(({ sizes, high = 0 }) => [high, ...sizes.map(({ bytes }) => bytes)]);
  const top = all.reduce((most, each) => Math.max(most, each), 0) * 1.2 || 1;
  const texts = shown.map(({ kind, sizes, low, high }) => {
    const newest = `the newest ${kind} one has ${scaledBytes(sizes.at(-1)!.bytes)}`;
    if (low === undefined) return `${newest}; there are too few to tell what is usual`;
    return `${newest}; ${scaledBytes(low)} to ${scaledBytes(high!)} are usual`;
  });
  const text = sentence(`${texts.join("; ")}.`);
  const drawn = shown.map(({ kind, sizes, low, high }) => {
    const line = sizes.map(({ time, bytes }) => ({ x: time, y: bytes }));
    const band =
      low === undefined
        ? undefined
        : markup`<rect class="usual ${kind}" width="${xOf(scale, scale.asOf)}" y="${yOf(high!, top)}" height="${rounded(yOf(low, top) - yOf(high!, top))}"/>`;
    if (detail === "bins") return [band, binnedPath(`size-bins ${kind}`, line, scale, top)];
    const dots = line.map(({ x, y }) => `M${xOf(scale, x)} ${yOf(y, top)}h0`).join("");
    const d = linePath(line, scale, top);
    return [
      band,
      markup`<path class="size-line ${kind}" d="${d}"/><path class="size-dots ${kind}" d="${dots}"/>`,
    ];
  });
  return {
    kind: "size",
    title: "Size of the usable backups",
    text,
    svg: drawing(drawn, [], top, scaledBytes),
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function drawing(
  drawn: Markup | readonly (Markup | undefined | readonly (Markup | undefined)[])[],
  limits: readonly { y: number; text: string }[],
  top: number,
  write: (value: number) => string,
): Markup {
  const lines = limits.map(
    ({ y, text }) =>
      markup`<path class="limit" d="M0 ${yOf(y, top)}H${WIDTH}"/><text class="limit-text" x="110" y="${rounded(yOf(y, top) - 4)}">${text}</text>`,
  );
  return markup`<svg class="strip-svg" aria-hidden="true" viewBox="0 0 ${WIDTH} ${HEIGHT}"><use href="#grid"/>${drawn}${lines}<text class="scale" x="3" y="11">${write(top)}</text><text class="scale" x="3" y="${HEIGHT - 3}">0</text></svg>`;
}

function yOf(value: number, top: number): number {
  return rounded(HEIGHT - (value / top) * HEIGHT);
}

function linePath(line: readonly Point[], scale: TimeScale, top: number): string {
  return `M${line.map(({ x, y }) => `${xOf(scale, x)} ${yOf(y, top)}`).join("L")}`;
}

function binnedPath(name: string, line: readonly Point[], scale: TimeScale, top: number): Markup {
  const inColumns = line.map(({ x, y }) => ({ x: (xOf(scale, x) / WIDTH) * COLUMNS, y }));
  const d = envelopePath(envelope(inColumns, COLUMNS), (value) => yOf(value, top));
  return markup`<path class="${name}" transform="scale(${WIDTH / COLUMNS} 1)" d="${d}"/>`;
}
