import type { RestoreWindow, ServiceName } from "../../lib/emulator/server";
import { PROJECT, type Reply, type Rig, sampleInstance } from "./helpers";

export type Restorable = Exclude<ServiceName, "dcs" | "taurusDbFull">;
export const BY_DAY = ["gaussDb", "rds", "taurusDb", "dds"] as const;
export const RESTORABLE: Restorable[] = [...BY_DAY, "geminiDb"];
const KEYS: Record<Restorable, string> = {
  gaussDb: "restore_time",
  rds: "restore_time",
  taurusDb: "restore_times",
  dds: "restore_time",
  geminiDb: "restorable_time_periods",
};
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const at = (time: string): number => Date.parse(`${time}Z`);

/** Target of each service's restore windows. */
export function pathOf(service: Restorable, instance: string = sampleInstance(service)): string {
  const resource = service === "geminiDb" ? "backups/restorable-time-periods" : "restore-time";
  const segment = encodeURIComponent(instance);
  return `/${service.toLowerCase()}/v3/${PROJECT}/instances/${segment}/${resource}`;
}

/** With the mandatory date of GaussDB and DDS, of the emulator's today. */
export const plainly = (service: Restorable, instance?: string): string =>
  `${pathOf(service, instance)}${service === "gaussDb" || service === "dds" ? "?date=2025-06-15" : ""}`;

/** A call with the query given. */
export function windowsOf(
  rig: Rig,
  service: Restorable,
  query = "",
  instance?: string,
): Promise<Reply> {
  return rig.get(`${pathOf(service, instance)}?${query}`);
}

/** What was answered, as pairs. */
export function pairs(service: Restorable, { status, body }: Reply): [number, number][] {
  const total = service === "geminiDb" ? ["total_count"] : [];
  expect([status, Object.keys(body)]).toEqual([200, [...total, KEYS[service]]]);
  return body[KEYS[service]].map((each: { start_time: number; end_time: number }) => {
    expect(Object.keys(each)).toEqual(["start_time", "end_time"]);
    return [each.start_time, each.end_time];
  });
}

/** One instance's windows instead of its default ones. */
export function holding(
  service: ServiceName,
  ...given: [number, number][]
): { windows: Partial<Record<ServiceName, Record<string, RestoreWindow[]>>> } {
  const own = given.map(([from, to]) => ({ start: from, end: to }));
  return { windows: { [service]: { [sampleInstance(service)]: own } } };
}
