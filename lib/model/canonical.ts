// No answer of these APIs is nested deeper than a handful of levels.
export const MAX_DEPTH = 100;

/**
 * The same JSON value with the keys of every object in order: two values that are equal have the same
 * text by `JSON.stringify` (that of RFC 8785, but for keys that are whole numbers, which come first). A
 * number that JSON can't carry is null, as it will be read back. What is canonical already comes back as
 * it is. A value that is nested deeper than a hundred levels is a RangeError.
 */
export function canonical<T>(value: T): T {
  return isCanonical(value, 0) ? value : (inOrder(value) as T);
}

function isCanonical(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  const keys = Object.keys(value);
  const isSorted = Array.isArray(value) || keys.every((key, i) => i === 0 || keys[i - 1]! < key);
  // All of it, also behind what is out of order: for the depth.
  return Object.values(value).reduce<boolean>(
    (isInside, item) => isCanonical(item, depth + 1) && isInside,
    isSorted,
  );
}

function inOrder(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const keys = Object.keys(value).sort() as (keyof typeof value)[];
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
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
