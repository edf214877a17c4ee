// No answer of these APIs is nested deeper than a handful of levels.
const MAX_DEPTH = 100;

/**
 * The same JSON value with the keys of every object in order: two values that are equal have the same
 * text by `JSON.stringify` (that of RFC 8785). What is in order already comes back as it is. A value
 * that is nested deeper than a hundred levels is a RangeError.
 */
export function canonical<T>(value: T, depth = 0): T {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => canonical(item, depth + 1));
    return items.every((item, i) => item === value[i]) ? value : (items as T);
  }
  const keys = Object.keys(value);
  const entries = keys.map((key) => [key, canonical((value as any)[key], depth + 1)] as const);
  const isCanonical = entries.every(
    ([key, item], i) => item === (value as any)[key] && (i === 0 || keys[i - 1]! < key),
  );
  // Not by assignment: a key may be `__proto__`.
  return isCanonical ? value : (Object.fromEntries(entries.sort(byKey)) as T);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
