import { LaneJudgement } from "./judgement";
import { TimeScale } from "./scale";
import { sizeSeries } from "./strips";

/** What the page's script draws from. Times are in seconds. */
export interface ZoomData {
  readonly asOf: number;
  /** What the drawings show. */
  readonly start: number;
  readonly lanes: readonly ZoomLane[];
}

export interface ZoomLane {
  /** What the RPO may count from, oldest first. */
  readonly points: readonly number[];
  /** In seconds. */
  readonly rpo?: number;
  /** Oldest first, by kind. */
  readonly sizes: readonly ZoomSizes[];
}

export interface ZoomSizes {
  readonly kind: string;
  readonly times: readonly number[];
  readonly bytes: readonly number[];
  /** What is usual for the newest. */
  readonly low?: number;
  readonly high?: number;
}

/** In the order of the page. */
export function zoomData(judged: readonly LaneJudgement[], { asOf, start }: TimeScale): ZoomData {
  const lanes = judged.map((judgement) => ({
    points: judgement.points.map(({ time }) => time / 1000).reverse(),
    rpo: judgement.lane.rpo && judgement.lane.rpo.toMilliseconds() / 1000,
    sizes: sizeSeries(judgement, new Date(asOf)).map(({ kind, sizes, low, high }) => ({
      kind,
      times: sizes.map(({ time }) => time / 1000),
      bytes: sizes.map(({ bytes }) => bytes),
      low,
      high,
    })),
  }));
  return { asOf: asOf / 1000, start: start / 1000, lanes };
}
