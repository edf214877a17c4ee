// Runs in a browser, in the page that this room writes: bundled by itself, it adds a button to each strip
// that swaps the drawing for one that can be zoomed. The library is compiled without the types of a
// browser, so the few that are needed stand here.
import uPlot from "uplot";
import type { ZoomData, ZoomLane } from "./zoom-data";

interface Key {
  readonly key: string;
  preventDefault(): void;
}
interface Element {
  hidden: boolean;
  textContent: string | null;
  tabIndex: number;
  readonly clientWidth: number;
  readonly dataset: Record<string, string>;
  append(...children: Element[]): void;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): Element | null;
  addEventListener(type: string, listener: (event: Key) => void): void;
  focus(): void;
}
declare const document: {
  readonly documentElement: Element;
  createElement(name: string): Element;
  getElementById(id: string): Element;
  querySelectorAll(selector: string): Iterable<Element>;
};
declare function getComputedStyle(element: Element): { getPropertyValue(name: string): string };
declare function matchMedia(query: string): {
  addEventListener(type: "change", listener: () => void): void;
};
declare function addEventListener(type: "resize", listener: () => void): void;

const HEIGHT = 200;
const DAY = 86_400;
const PAN = 0.2;
// Where the vertical axis may have its lines: at hours and days, at powers of two of bytes.
const HOURS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 744, 8784].map((each) => each * 3600);
const SIZES = Array.from({ length: 52 }, (_, power) => 2 ** power);

const data = JSON.parse(document.getElementById("zoom-data").textContent!) as ZoomData;
const plots: { plot: uPlot; host: Element }[] = [];

const colour = (name: string) => () =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
const hours = (seconds: number) => `${Math.round(seconds / 360) / 10} h`;

function bytes(amount: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(amount, 1)) / 10));
  return `${Math.round((amount / 1024 ** power) * 10) / 10} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

/** The series of a strip: times, then a list of values for each, with gaps where one has none. */
function seriesOf(
  kind: string,
  lane: ZoomLane,
): { values: uPlot.AlignedData; series: uPlot.Series[] } {
  const line = (label: string, name: string, more: uPlot.Series = {}): uPlot.Series =>
    Object.assign(
      { label, stroke: colour(name), width: 1.5, spanGaps: true, points: { show: false } },
      more,
    );
  if (kind === "age") {
    const last = lane.points[lane.points.length - 1]!;
    const teeth: [number, number][] = lane.points.flatMap((point, i): [number, number][] => {
      const before = lane.points[i - 1];
      return before === undefined
        ? [[point, 0]]
        : [
            [point, point - before],
            [point, 0],
          ];
    });
    teeth.push([data.asOf, data.asOf - last]);
    const times = teeth.map(([x]) => x);
    const ages = teeth.map(([, y]) => y);
    const age = line("age", "full", { fill: colour("area") });
    if (lane.rpo === undefined) return { values: [times, ages], series: [age] };
    const limit = line("RPO", "limit", { dash: [5, 3] });
    return { values: [times, ages, times.map(() => lane.rpo!)], series: [age, limit] };
  }
  const all = lane.sizes.map(({ kind, times, bytes, low, high }) => {
    const dots = kind === "manual" ? line(kind, "chosen", { dash: [4, 3] }) : line(kind, "full");
    const points: uPlot.Series.Points = { show: true, size: 6 };
    const tables: uPlot.AlignedData[] = [[[...times], [...bytes]]];
    const series: uPlot.Series[] = [Object.assign(dots, { points })];
    for (const usual of low === undefined ? [] : [low, high!]) {
      tables.push([
        [times[0]!, data.asOf],
        [usual, usual],
      ]);
      series.push(line("usual", "window", { dash: [2, 3] }));
    }
    return { tables, series };
  });
  const values = uPlot.join(all.flatMap(({ tables }) => tables));
  return { values, series: all.flatMap(({ series }) => series) };
}

/** A plot of the width of what it replaces; where it looks is told as a text. */
function draw(host: Element, told: Element, kind: string, lane: ZoomLane): uPlot {
  const { values, series } = seriesOf(kind, lane);
  const axis = {
    stroke: colour("muted"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { stroke: colour("line"), width: 1 },
  };
  const tick = (each: number) =>
    each % DAY === 0
      ? time(each).slice(0, 10)
      : `${time(each).slice(11, each % 60 === 0 ? 16 : 19)}Z`;
  const write = kind === "age" ? hours : bytes;
  const tell = (plot: uPlot) => {
    const { min, max } = plot.scales["x"]!;
    if (typeof min === "number" && typeof max === "number")
      told.textContent = `${time(min)} to ${time(max)}`;
  };
  return new uPlot(
    {
      width: host.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { y: { range: (_, __, most) => [0, (most || 1) * 1.1] } },
      series: [{}, ...series],
      axes: [
        Object.assign(
          { values: (_: uPlot, splits: number[]) => splits.map(tick), space: 90, size: 34 },
          axis,
        ),
        Object.assign(
          {
            values: (_: uPlot, splits: number[]) => splits.map(write),
            incrs: kind === "age" ? HOURS : SIZES,
            size: 70,
          },
          axis,
        ),
      ],
      hooks: { setScale: [(plot, key) => key === "x" && tell(plot)] },
    },
    values,
    host as any,
  );
}

/** What a key makes of the range: the arrows move it, + and - zoom, 0 shows all again. */
function moved(key: string, min: number, max: number, first: number, last: number) {
  const length = max - min;
  if (key === "0" || key === "Home") return { min: first, max: last };
  if (key === "ArrowLeft") return { min: min - length * PAN, max: max - length * PAN };
  if (key === "ArrowRight") return { min: min + length * PAN, max: max + length * PAN };
  if (key === "+" || key === "=") return { min: min + length / 4, max: max - length / 4 };
  if (key === "-") return { min: min - length / 2, max: max + length / 2 };
  return undefined;
}

function open(strip: Element, holder: Element, name: string): Element {
  const lane = data.lanes[Number(strip.dataset["lane"])]!;
  const [host, told, help] = [
    document.createElement("div"),
    document.createElement("output"),
    document.createElement("p"),
  ];
  help.textContent = "Drag to zoom, double-click to show all; keys: ← → + − 0.";
  help.setAttribute("class", "muted");
  host.tabIndex = 0;
  host.setAttribute("role", "application");
  host.setAttribute("aria-label", `${name}: arrows move, plus and minus zoom, 0 shows all`);
  const box = document.createElement("div");
  box.append(host, told, help);
  holder.append(box);
  const plot = draw(host, told, strip.dataset["strip"]!, lane);
  plots.push({ plot, host });
  const xs = plot.data[0];
  const [first, last] = [xs[0]!, xs[xs.length - 1]!];
  if (data.start > first) plot.setScale("x", { min: data.start, max: last });
  host.addEventListener("keydown", (event) => {
    const { min, max } = plot.scales["x"]!;
    const range = moved(event.key, min!, max!, first, last);
    if (!range || range.max - range.min < 60) return;
    event.preventDefault();
    plot.setScale("x", range);
  });
  host.focus();
  return box;
}

for (const strip of document.querySelectorAll("[data-strip]")) {
  const button = document.createElement("button");
  const name = strip.querySelector("h4")!.textContent!;
  button.textContent = "Zoom";
  button.setAttribute("type", "button");
  button.setAttribute("aria-label", `Zoom: ${name}`);
  button.setAttribute("aria-pressed", "false");
  strip.querySelector(".cap")!.append(button);
  let box: Element | undefined;
  button.addEventListener("click", () => {
    const drawing = strip.querySelector(".plot > svg")!;
    const isOpen = box !== undefined && !box.hidden;
    drawing.setAttribute("class", isOpen ? "strip-svg" : "strip-svg away");
    button.setAttribute("aria-pressed", String(!isOpen));
    if (box) box.hidden = isOpen;
    else box = open(strip, strip.querySelector(".plot")!, name);
  });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const { plot } of plots) plot.redraw();
});
addEventListener("resize", () => {
  for (const { plot, host } of plots) plot.setSize({ width: host.clientWidth, height: HEIGHT });
});
