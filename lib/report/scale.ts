import { placeInTime } from "../model/backup";
import { Stretch } from "../model/stretch";
import { DAY_MS, toRfc3339 } from "../model/time";
import { windowsOf } from "./judgement";
import { ReportModel } from "./model";

/** Across all drawings; a unit is about a pixel. */
export const WIDTH = 1000;

const HOUR_MS = DAY_MS / 24;
const LENGTHS = [1, 2, 4, 7, 14, 31, 62, 92, 183, 366, 732, 1830, 3660].map(
  (days) => days * DAY_MS,
);
const STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 744, 1488, 2976, 8784, 17568].map(
  (hours) => hours * HOUR_MS,
);
// How wide a date is, with some room.
const TICK_WIDTH = 95;

/** The axis that all drawings share: moments from left to right. */
export interface TimeScale extends Stretch {
  readonly asOf: number;
}

/**
 * A usual length that holds nineteen of twenty backups, and the RPOs: one old manual backup must not
 * press the others together. A little lies right of the moment that ages count from.
 */
export function timeScale({ asOf, lanes }: ReportModel): TimeScale {
  const ages: number[] = [];
  for (const lane of lanes) {
    for (const backup of lane.backups) {
      const age = asOf.getTime() - (placeInTime(backup)?.getTime() ?? NaN);
      if (age >= 0) ages.push(age);
    }
    for (const { start } of windowsOf(lane)) ages.push(asOf.getTime() - start);
  }
  ages.sort((a, b) => a - b);
  const usual = ages[Math.ceil((ages.length - 1) * 0.95)] ?? 0;
  const limit = lanes.reduce((most, { rpo }) => Math.max(most, rpo?.toMilliseconds() ?? 0), 0);
  const wanted = Math.max(usual * 1.02, limit * 1.25);
  const length = LENGTHS.find((each) => each >= wanted) ?? LENGTHS.at(-1)!;
  const end = asOf.getTime() + length * 0.015;
  return { start: asOf.getTime() - length, end, asOf: asOf.getTime() };
}

/** Where a moment is; one beyond the axis is at its edge. */
export function xOf({ start, end }: TimeScale, time: number): number {
  return rounded((Math.min(Math.max(time, start), end) - start) * (WIDTH / (end - start)));
}

/** To a tenth of a pixel. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Moments to write at the axis, each with its text: a date at midnight, else the time of the day. */
export function ticksOf(scale: TimeScale): { readonly x: number; readonly text: string }[] {
  const length = scale.end - scale.start;
  const step = STEPS.find((each) => (each / length) * WIDTH >= TICK_WIDTH) ?? STEPS.at(-1)!;
  const ticks = [];
  for (let time = Math.ceil(scale.start / step) * step; time < scale.asOf; time += step) {
    const text = toRfc3339(new Date(time));
    ticks.push({
      x: xOf(scale, time),
      text: time % DAY_MS === 0 ? text.slice(0, 10) : `${text.slice(11, 16)}Z`,
    });
  }
  return ticks;
}
