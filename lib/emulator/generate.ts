import { sampleInstances, stableHex } from "./data";
import type { EmulatedList } from "./services/list";
import { SERVICE_NAMES, SERVICES, type ServiceName } from "./services/registry";
import { DAY, MINUTE } from "./times";

const SPAN_MS = 90 * DAY;

const NAMES = [
  "orders",
  "bestellungen-für-märz",
  "резервная-копия",
  "备份",
  "🗄️-archive",
  "O'Brien",
];
const DESCRIPTIONS = ["before the migration", "Zeile 1\nZeile 2", "手动备份", "${not.a.template}"];

/** `count` records of the list's first sample instance, the same for the same seed and `now`. */
export function generateRecords(
  service: ServiceName,
  seed: number,
  count: number,
  now: number,
): unknown[] {
  const random = mulberry32(seed + SERVICE_NAMES.indexOf(service) * 7919);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const list: EmulatedList = SERVICES[service];
  const instance = sampleInstances(list)[0] as string;
  let beginMs = now;
  return Array.from({ length: count }, (_, index) => {
    // About one in ten begins in the same second as the record before it.
    if (index === 0 || random() >= 0.1) {
      beginMs = now - 5 * MINUTE - Math.floor((random() * SPAN_MS) / 1000) * 1000;
    }
    return list.write({
      id: stableHex(`${service}/${seed}/${index}`),
      instance,
      beginMs,
      durationMs: Math.floor(random() * 120) * 1000,
      bytes: Math.floor(random() ** 4 * 2 ** 43), // mostly small, up to 8 TB
      kind: pick(list.generated.kinds),
      state: pick(list.generated.states),
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
