import { writeOffsetTime } from "../times";
import type { Spec } from "./list";

export const CHINA = 8 * 60;
export const UTC = 0;

/** GaussDB page, Table 3; RDS page, Table 3 (adds DELETING); GeminiDB page, Table 5. */
export function databaseStatus({ state }: Spec): string {
  if (state === "failed") return "FAILED";
  if (state === "deleting") return "DELETING";
  return state === "running" || state === "waiting" ? "BUILDING" : "COMPLETED";
}

/** docs/apis/shared.md, Time filters: a BUILDING backup has no end_time. */
export function offsetTimes(
  spec: Spec,
  offsetMinutes: number,
): { begin_time: string; end_time?: string } {
  const begin_time = writeOffsetTime(spec.beginMs, offsetMinutes);
  if (isUnderWay(spec)) return { begin_time };
  return { begin_time, end_time: writeOffsetTime(endOf(spec), offsetMinutes) };
}

export function isUnderWay({ state }: Spec): boolean {
  return state === "running" || state === "waiting";
}

export function endOf(spec: Spec): number {
  return spec.beginMs + spec.durationMs;
}
