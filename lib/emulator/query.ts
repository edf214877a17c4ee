/** One `name=value` of a query string. */
export interface Pair {
  name: string;
  value: string;
  /** As it stood in the url: the only place where a raw plus can still be told from a space. */
  rawValue: string;
  /** A percent sign that is not followed by two hex digits, or bytes that are not UTF-8. */
  malformed: boolean;
}

/** Splits a raw url at its first question mark. */
export function splitUrl(url: string): { path: string; rawQuery: string } {
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, rawQuery: "" }
    : { path: url.slice(0, mark), rawQuery: url.slice(mark + 1) };
}

/** Reads a query string as a server does: a raw plus is a space (docs/apis/shared.md, Time filters). */
export function readQuery(rawQuery: string): Pair[] {
  return rawQuery
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      const rawName = equals < 0 ? part : part.slice(0, equals);
      const rawValue = equals < 0 ? "" : part.slice(equals + 1);
      const name = decode(rawName);
      const value = decode(rawValue);
      return {
        name: name ?? rawName,
        value: value ?? rawValue,
        rawValue,
        malformed: name === undefined || value === undefined,
      };
    });
}

/** Percent-decodes a path segment, where a plus is a plus; undefined if it is malformed. */
export function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function decode(raw: string): string | undefined {
  return decodeSegment(raw.replaceAll("+", " "));
}

/** RFC 3986: everything but letters, digits, and - _ . ~ is escaped. */
export function escapeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
