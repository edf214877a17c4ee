import type { Fields } from "./services/list";

/** A record's fields under trimmed keys, one of which a page's sample needs; none for what is no object. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.trim(), field]));
}

/** A field's text, trimmed likewise. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim() : undefined;
}
