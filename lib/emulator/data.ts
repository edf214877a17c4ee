import { SAMPLE_INSTANCES, SAMPLES } from "./samples";
import { SHAPES, type Spec, stableHex } from "./shapes";
import type { RestoreWindow, ServiceName } from "./types";

export { SAMPLE_INSTANCES, SAMPLES } from "./samples";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MB = 1024 ** 2;

/** What a made-up backup of an instance is, relative to now. */
type Draft = Omit<Spec, "id" | "instance" | "beginMs" | "bytes" | "name"> & {
  /** How long ago it began. */
  ago: number;
  megabytes: number;
  name?: string;
};

/**
 * The default data of a service: the page's samples, then recent backups of every sample instance.
 *
 * The order is neither newest nor oldest first, because no page but GeminiDB's promises one (and
 * there the store sorts).
 */
export function defaultRecords(service: ServiceName, now: number): unknown[] {
  const drafts = DRAFTS[service];
  const recent = SAMPLE_INSTANCES[service].flatMap((instance) =>
    drafts.map((draft) => SHAPES[service](specOf(service, instance, draft, now))),
  );
  return [...SAMPLES[service], ...recent];
}

/** The restore windows of every sample instance of a service; none of DCS's. */
export function defaultWindows(service: ServiceName, now: number): Record<string, RestoreWindow[]> {
  if (service === "dcs") return {};
  const windows = service === "geminiDb" ? pointsAndStretch(now) : stretchesAroundGap(now);
  return Object.fromEntries(SAMPLE_INSTANCES[service].map((instance) => [instance, windows]));
}

/** Seven days up to five minutes ago, but for 90 minutes from 2 o'clock UTC three days ago. */
function stretchesAroundGap(now: number): RestoreWindow[] {
  const gap = Math.floor((now - 3 * DAY) / DAY) * DAY + 2 * HOUR;
  return [
    { start: gap + 90 * MINUTE, end: now - 5 * MINUTE },
    { start: now - 7 * DAY, end: gap },
  ];
}

/**
 * Three points a day for a week and one stretch of the last hours: docs/apis/shared.md, The vendor's own
 * restore windows: "points, not stretches" occur. In no order, because none is promised.
 */
function pointsAndStretch(now: number): RestoreWindow[] {
  const points = [13, 5, 21].flatMap((hours) =>
    [0, 1, 2, 3, 4, 5, 6].map((day) => now - day * DAY - hours * HOUR),
  );
  const stretch = { start: now - 3 * HOUR, end: now - HOUR };
  return [...points.map((point) => ({ start: point, end: point })), stretch];
}

/** Daily automated full backups of a week, the newest 5 hours old; oldest first. */
const DAILY: readonly Draft[] = [6, 5, 4, 3, 2, 1, 0].map((day) => ({
  ago: day * DAY + 5 * HOUR,
  durationMs: (4 + day) * MINUTE,
  megabytes: 1530.25 - day * 12.5,
  kind: "auto",
  state: "done",
}));

const MANUAL: Draft = {
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

const RUNNING: Draft = {
  ago: 45 * MINUTE,
  durationMs: 0,
  megabytes: 0,
  kind: "auto",
  state: "running",
};

/** Every `everyHours` hours back to `hours` ago, each ending where the next begins. */
function incrementals(everyHours: number, hours: number): Draft[] {
  const count = Math.floor(hours / everyHours);
  return Array.from({ length: count }, (_, index) => ({
    ago: (count - index) * everyHours * HOUR,
    durationMs: everyHours * HOUR,
    megabytes: 3.5 + (index % 5) * 0.109375,
    kind: "incremental",
    state: "done",
  }));
}

const fragment = (ago: number): Draft => ({
  ago,
  durationMs: 2 * MINUTE,
  megabytes: 210.5,
  kind: "fragment",
  state: "done",
});

const FULL: readonly Draft[] = [MANUAL, FAILED, ...DAILY, RUNNING];

const DRAFTS: Record<ServiceName, readonly Draft[]> = {
  // GaussDB page, Constraints: "only manual and automated full backups".
  gaussDb: FULL,
  // RDS page, Table 3: all four types, and the status DELETING.
  rds: [
    ...incrementals(2, 24),
    ...FULL,
    fragment(9 * HOUR),
    fragment(33 * HOUR),
    { ...MANUAL, ago: 20 * DAY, state: "deleting", name: "no-longer-wanted" },
  ],
  // GeminiDB page, Table 2, type: backups of the instance and of databases or tables. Two of the
  // latter are newer than every backup of the instance that completed.
  geminiDb: [
    ...FULL,
    {
      ...MANUAL,
      ago: 2 * HOUR,
      name: "orders-tables",
      tables: [{ database_name: "ORDERS", table_names: ["ITEMS", "CUSTOMERS"] }],
    },
    {
      ...MANUAL,
      ago: 3 * HOUR,
      kind: "auto",
      name: "audit-database",
      tables: [{ database_name: "AUDIT", table_names: null }],
    },
  ],
  // DCS page, Table 3: status and is_support_restore. The backup that can't be restored from is
  // newer than all that can. More than the default page of 10.
  dcs: [
    ...FULL,
    { ...MANUAL, ago: 3 * HOUR, name: "unrestorable", unrestorable: true },
    { ...RUNNING, ago: 5 * MINUTE, state: "waiting" },
    { ...MANUAL, ago: 30 * DAY, state: "expired", name: "expired" },
    { ...MANUAL, ago: 25 * DAY, state: "deleting", name: "deleted" },
  ],
  // TaurusDB page: this call lists incremental backups only.
  taurusDb: incrementals(4, 7 * 24),
};

const NAME_PREFIXES: Record<ServiceName, string> = {
  gaussDb: "GaussDB-orders-",
  rds: "rds-orders-",
  geminiDb: "geminidb-orders-",
  dcs: "backup_",
  taurusDb: "GaussDBforMySQL--",
};

function specOf(service: ServiceName, instance: string, draft: Draft, now: number): Spec {
  const { ago, megabytes, name, ...rest } = draft;
  const beginMs = now - ago;
  const stamp = new Date(beginMs).toISOString().replace(/\D/g, "");
  return {
    ...rest,
    // The time is part of it: with another `now` these are other backups.
    id: stableHex([service, instance, draft.kind, draft.state, name, beginMs].join("/")),
    instance,
    beginMs,
    bytes: megabytes * MB,
    name: name ?? `${NAME_PREFIXES[service]}${stamp}`,
  };
}
