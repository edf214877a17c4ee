import { DAY, HOUR, MINUTE } from "../times";
import type { Draft } from "./list";

/** Daily automated full backups of a week, the newest 5 hours old; oldest first. */
const DAILY: readonly Draft[] = [6, 5, 4, 3, 2, 1, 0].map((day) => ({
  ago: day * DAY + 5 * HOUR,
  durationMs: (4 + day) * MINUTE,
  megabytes: 1530.25 - day * 12.5,
  kind: "auto",
  state: "done",
}));

export const MANUAL: Draft = {
  ago: 2 * DAY + 11 * HOUR,
  durationMs: 6 * MINUTE,
  megabytes: 1503.75,
  kind: "manual",
  state: "done",
  name: "before-migration",
  description: "Taken by hand before the migration",
};

/** Newer than every other backup, and useless. */
const FAILED: Draft = {
  ago: 20 * MINUTE,
  durationMs: 3 * MINUTE,
  megabytes: 0,
  kind: "auto",
  state: "failed",
};

export const RUNNING: Draft = {
  ago: 45 * MINUTE,
  durationMs: 0,
  megabytes: 0,
  kind: "auto",
  state: "running",
};

/** What decisions need of a list of full backups, in no order that a client could rely on. */
export const FULL: readonly Draft[] = [MANUAL, FAILED, ...DAILY, RUNNING];

/** Every `everyHours` hours back to `hours` ago, each ending where the next begins. */
export function incrementals(everyHours: number, hours: number): Draft[] {
  const count = Math.floor(hours / everyHours);
  return Array.from({ length: count }, (_, index) => ({
    ago: (count - index) * everyHours * HOUR,
    durationMs: everyHours * HOUR,
    megabytes: 3.5 + (index % 5) * 0.109375,
    kind: "incremental",
    state: "done",
  }));
}
