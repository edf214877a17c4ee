import { isRecord, RawRecord } from "./record";

/** A record with nothing but what stands at these paths of keys ("volume.size"); of a list each item's. */
export function kept(record: RawRecord, paths: readonly string[]): RawRecord {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const [name = "", ...rest] = path.split(".");
    const below = names.get(name) ?? [];
    if (rest.length > 0) below.push(rest.join("."));
    names.set(name, below);
  }
  const entries = Object.entries(record).flatMap(([key, value]) => {
    const below = names.get(key.trim());
    return below ? [[key, below.length > 0 ? keptOf(value, below) : value]] : [];
  });
  return Object.fromEntries(entries) as RawRecord;
}

function keptOf(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => keptOf(item, paths));
  return isRecord(value) ? kept(value, paths) : value;
}
