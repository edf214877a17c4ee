import { SAMPLE_INSTANCES } from "./samples";
import { SHAPES, type Spec, stableHex } from "./shapes";
import { SERVICE_NAMES } from "./services";
import type { ServiceName } from "./types";

const MINUTE = 60_000;
const SPAN_MS = 90 * 24 * 60 * MINUTE;

const KINDS: Record<ServiceName, readonly Spec["kind"][]> = {
  gaussDb: ["auto", "auto", "auto", "manual"], // GaussDB page, Table 3
  rds: ["auto", "auto", "manual", "fragment", "incremental", "incremental"], // RDS page, Table 3
  geminiDb: ["auto", "auto", "auto", "manual"], // GeminiDB page, Table 5
  dcs: ["auto", "auto", "auto", "manual"], // DCS page, Table 3
  taurusDb: ["incremental"], // TaurusDB page, Function
};

const STATES: Record<ServiceName, readonly Spec["state"][]> = {
  gaussDb: ["done", "done", "done", "done", "failed", "running"],
  rds: ["done", "done", "done", "done", "failed", "running", "deleting"],
  geminiDb: ["done", "done", "done", "done", "failed", "running"],
  dcs: ["done", "done", "done", "failed", "running", "waiting", "expired", "deleting"],
  taurusDb: ["done"], // TaurusDB page, response parameters: no status
};

const NAMES = [
  "orders",
  "bestellungen-für-märz",
  "резервная-копия",
  "备份",
  "🗄️-archive",
  "O'Brien",
];
const DESCRIPTIONS = ["before the migration", "Zeile 1\nZeile 2", "手动备份", "${not.a.template}"];

/**
 * `count` records of the service's first sample instance, the same for the same seed and `now`.
 *
 * GeminiDB's are all of the instance level, so that a call without `type` lists all of them.
 */
export function generateRecords(
  service: ServiceName,
  seed: number,
  count: number,
  now: number,
): unknown[] {
  const random = mulberry32(seed + SERVICE_NAMES.indexOf(service) * 7919);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const instance = SAMPLE_INSTANCES[service][0] as string;
  let beginMs = now;
  return Array.from({ length: count }, (_, index) => {
    // About one in ten begins in the same second as the record before it.
    if (index === 0 || random() >= 0.1) {
      beginMs = now - 5 * MINUTE - Math.floor((random() * SPAN_MS) / 1000) * 1000;
    }
    return SHAPES[service]({
      id: stableHex(`${service}/${seed}/${index}`),
      instance,
      beginMs,
      durationMs: Math.floor(random() * 120) * 1000,
      bytes: Math.floor(random() ** 4 * 2 ** 43), // mostly small, up to 8 TB
      kind: pick(KINDS[service]),
      state: pick(STATES[service]),
      name: `${pick(NAMES)}-${index}`,
      description: random() < 0.5 ? undefined : pick(DESCRIPTIONS),
      unrestorable: random() < 0.1,
    });
  });
}

/** A small seeded generator of numbers from 0 up to, but not including, 1. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
