/** A record as a service sends it. */
export type RawRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
