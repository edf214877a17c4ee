import { createHash } from "node:crypto";
import { writeOffsetTime } from "./times";
import type { ServiceName } from "./types";

/** A made-up backup in the emulator's own words. */
export interface Spec {
  /** 32 hex digits. */
  id: string;
  instance: string;
  beginMs: number;
  durationMs: number;
  bytes: number;
  kind: "auto" | "manual" | "incremental" | "fragment";
  state: "done" | "failed" | "running" | "waiting" | "deleting" | "expired";
  name: string;
  description?: string;
  /** GeminiDB: a backup of these databases and tables only. */
  tables?: readonly { database_name: string; table_names: readonly string[] | null }[];
  /** DCS: a finished backup that cannot be restored from. */
  unrestorable?: boolean;
}

const CHINA = 8 * 60;
const UTC = 0;

/** RDS page, Table 4: the three engines, told apart by the suffixes of the samples' ids. */
const RDS_ENGINES: Record<string, { type: string; version: string }> = {
  "01": { type: "MySQL", version: "8.0" },
  "03": { type: "PostgreSQL", version: "16" },
  "04": { type: "SQLServer", version: "2022_SE" },
};

/** Writes a backup as each API's page has it: names, units, notations. */
export const SHAPES: Record<ServiceName, (spec: Spec) => Record<string, unknown>> = {
  // GaussDB page, Table 3: size in MB; the example's times are at +0800.
  gaussDb: (spec) => ({
    id: `${spec.id}br14`,
    name: spec.name,
    description: spec.description ?? null,
    status: databaseStatus(spec),
    size: spec.bytes / 1024 ** 2,
    type: spec.kind,
    datastore: { type: "GaussDB", version: "8.1" },
    ...offsetTimes(spec, CHINA),
    instance_id: spec.instance,
  }),
  // RDS page, Table 3: size in KB as a whole number; no description.
  rds: (spec) => {
    const suffix = spec.instance.slice(-2);
    const engine = RDS_ENGINES[suffix] ?? RDS_ENGINES["01"];
    return {
      id: `${spec.id}br${suffix}`,
      name: spec.name,
      type: spec.kind,
      size: Math.round(spec.bytes / 1024),
      status: databaseStatus(spec),
      ...offsetTimes(spec, CHINA),
      datastore: { ...engine },
      // Table 3, databases: of Microsoft SQL Server only.
      ...(engine?.type === "SQLServer"
        ? { databases: [{ name: "orders" }, { name: "audit" }] }
        : {}),
      instance_id: spec.instance,
      associated_with_ddm: false,
    };
  },
  // GeminiDB page, Table 5: size in KB; "Auto" and "Manual"; the example's times are at +0000.
  geminiDb: (spec) => ({
    id: `${spec.id}br06`,
    name: spec.name,
    instance_id: spec.instance,
    instance_name: "cluster-test",
    datastore: { type: "cassandra", version: "3.11" },
    type: spec.kind === "manual" ? "Manual" : "Auto",
    ...offsetTimes(spec, UTC),
    status: databaseStatus(spec),
    size: spec.bytes / 1024,
    description: spec.description ?? "",
    ...(spec.tables === undefined ? {} : { database_tables: spec.tables }),
  }),
  // DCS page, Table 3: size in byte; times with milliseconds and Z, as in the example.
  dcs: (spec) => ({
    status: dcsStatus(spec),
    remark: spec.description ?? null,
    period: spec.kind === "auto" ? "02:00-03:00" : null,
    progress: spec.state === "done" || spec.state === "expired" ? "100.00" : "0.00",
    size: Math.round(spec.bytes),
    instance_id: spec.instance,
    backup_id: dashed(spec.id),
    // Table 3: the task is created, the backup starts a little later, or not yet.
    created_at: new Date(spec.beginMs - 5295).toISOString(),
    updated_at: new Date(isUnderWay(spec) ? spec.beginMs : endOf(spec)).toISOString(),
    execution_at: spec.state === "waiting" ? null : new Date(spec.beginMs).toISOString(),
    backup_type: spec.kind,
    backup_format: "AOF",
    backup_name: spec.name,
    error_code: spec.state === "failed" ? "dcs.08.0002" : null, // Table 4
    // Table 3, is_support_restore: a string.
    is_support_restore: spec.state === "done" && !spec.unrestorable ? "TRUE" : "FALSE",
  }),
  // TaurusDB page, response parameters: size in KB, fractional in the example; no status, no type.
  taurusDb: (spec) => ({
    id: `${spec.id}br07`,
    name: spec.name,
    ...offsetTimes(spec, CHINA),
    size: spec.bytes / 1024,
    instance_id: spec.instance,
  }),
};

/** A number in the style of each service's backup ids; distinct for distinct numbers. */
export function numberedId(service: ServiceName, number: number): string {
  const hex = number.toString(16).padStart(32, "0");
  return service === "dcs" ? dashed(hex) : `${hex}br99`;
}

/** 32 hex digits that stay the same for the same text. */
export function stableHex(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** GaussDB page, Table 3; RDS page, Table 3 (adds DELETING); GeminiDB page, Table 5. */
function databaseStatus({ state }: Spec): string {
  if (state === "failed") return "FAILED";
  if (state === "deleting") return "DELETING";
  return state === "running" || state === "waiting" ? "BUILDING" : "COMPLETED";
}

/** DCS page, Table 3, status. */
function dcsStatus({ state }: Spec): string {
  const words = { done: "succeed", running: "backuping", deleting: "deleted" } as const;
  return state in words ? words[state as keyof typeof words] : state;
}

function isUnderWay({ state }: Spec): boolean {
  return state === "running" || state === "waiting";
}

function endOf(spec: Spec): number {
  return spec.beginMs + spec.durationMs;
}

/** docs/apis/shared.md, Time filters: a BUILDING backup has no end_time. */
function offsetTimes(spec: Spec, offsetMinutes: number): { begin_time: string; end_time?: string } {
  const begin_time = writeOffsetTime(spec.beginMs, offsetMinutes);
  if (isUnderWay(spec)) return { begin_time };
  return { begin_time, end_time: writeOffsetTime(endOf(spec), offsetMinutes) };
}

function dashed(hex: string): string {
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join("-");
}
