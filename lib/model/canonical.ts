// No answer of these APIs is nested deeper than a handful of levels.
export const MAX_DEPTH = 100;

/**
 * The same JSON value with the keys of every object in order: two values that are equal have the same
 * text by `JSON.stringify` (that of RFC 8785, but for keys that are whole numbers, which come first). A
 * number that JSON can't carry is null, as it will be read back. What is canonical already comes back as
 * it is. A value that is nested deeper than a hundred levels is a RangeError.
 */
export function canonical<T>(value: T): T {
  return inOrder(value, 0) as T;
}

function inOrder(value: unknown, depth: number): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => inOrder(item, depth + 1));
    return items.every((item, i) => Object.is(item, value[i])) ? value : items;
  }
  const keys = Object.keys(value);
  const sorted = sortedKeys(keys);
  const record = value as { readonly [key: string]: unknown };
  let isSame = sorted === keys;
  const items = sorted.map((key) => {
    const item = inOrder(record[key], depth + 1);
    isSame &&= Object.is(item, record[key]);
    return item;
  });
  return isSame ? value : objectOf(sorted, items);
}

function objectOf(keys: readonly string[], items: readonly unknown[]): object {
  // By assignment `__proto__` would be no key.
  if (keys.includes("__proto__")) return Object.fromEntries(keys.map((key, i) => [key, items[i]]));
  const made: { [key: string]: unknown } = {};
  for (let i = 0; i < keys.length; i++) made[keys[i]!] = items[i];
  return made;
}

// The records of a list have the same keys, as have the objects in them: to sort them takes longer than to
// see that they are the same.
const known: { readonly keys: readonly string[]; readonly sorted: readonly string[] }[] = [];
const MAX_KNOWN = 8;

/** The same array where they are sorted. */
function sortedKeys(keys: readonly string[]): readonly string[] {
  if (keys.every((key, i) => i === 0 || keys[i - 1]! < key)) return keys;
  const same = known.find((each) => isSameList(each.keys, keys));
  if (same) return same.sorted;
  const sorted = [...keys].sort();
  known.unshift({ keys, sorted });
  known.length = Math.min(known.length, MAX_KNOWN);
  return sorted;
}

function isSameList(one: readonly string[], two: readonly string[]): boolean {
  return one.length === two.length && one.every((key, i) => key === two[i]);
}

/**
 * What a parsed JSON value takes in memory, in bytes and roughly: `{}` is two characters, and 64 bytes.
 * Infinity where it is nested deeper than a hundred levels.
 */
export function weightOf(value: unknown, levels = MAX_DEPTH): number {
  if (typeof value !== "object" || value === null) return 16;
  if (levels === 0) return Infinity;
  let weight = 64;
  const items = Array.isArray(value) ? value : Object.values(value);
  for (const item of items) weight += weightOf(item, levels - 1);
  return weight;
}
