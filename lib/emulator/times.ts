export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const OFFSET_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(.*)$/;
const DAY_TIME = /^(\d{4})-(\d{2})-(\d{2})$/;
const COMPACT_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
const ZONE = /([A-Z]|[+-]\d{2}:\d{2})$/i;

const pad = (value: number): string => String(value).padStart(2, "0");

/** Writes whole seconds with an offset, "2022-05-09T16:01:10+0800", as four of the pages do. */
export function writeOffsetTime(ms: number, offsetMinutes: number): string {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${local}${sign}${pad(Math.floor(size / 60))}${pad(size % 60)}`;
}

/**
 * Reads a bound in the "yyyy-mm-ddThh:mm:ssZ" notation; "format" or "zone" says what is wrong.
 *
 * TaurusDB page, query parameters: with an offset of one hour "the value of Z is +0100": four
 * digits, no colon, and no literal Z, which none of the pages shows.
 */
export function readOffsetTime(text: string): number | "format" | "zone" {
  const match = OFFSET_TIME.exec(text);
  const utc = match === null ? undefined : utcOf(match.slice(1, 7));
  if (match === null || utc === undefined) return "format";
  const zone = /^([+-])(\d{2})(\d{2})$/.exec(match[7] ?? "");
  if (zone === null) return "zone";
  const minutes = Number(zone[2]) * 60 + Number(zone[3]);
  if (Number(zone[3]) > 59 || minutes > 14 * 60) return "zone";
  return utc - (zone[1] === "-" ? -minutes : minutes) * 60_000;
}

/**
 * Reads DCS's yyyyMMddHHmmss.
 *
 * DCS page, Table 1, gives the format without a zone; docs/apis/shared.md, Time filters: UTC, as the
 * service's v2 page says.
 */
export function readCompactTime(text: string): number | undefined {
  return readUtc(COMPACT_TIME, text);
}

/**
 * Reads a yyyy-mm-dd as the first moment of that day in UTC.
 *
 * docs/apis/shared.md gives the format without a zone; the vendor's restore-time pages of RDS, GaussDB
 * and TaurusDB say "the time zone is UTC".
 */
export function readDay(text: string): number | undefined {
  return readUtc(DAY_TIME, text);
}

/** Reads up to six numbers, year to second, as a moment in UTC; undefined if there is no such moment. */
export function readUtc(pattern: RegExp, text: string): number | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : utcOf([...match.slice(1), "00", "00", "00"].slice(0, 6));
}

/**
 * Reads a time of a record, in whatever notation its author chose; undefined if none. Without a zone
 * it is UTC's, not this machine's.
 */
export function readRecordTime(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim().replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
  const ms = Date.parse(ZONE.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** UTC of six numbers, or undefined if the calendar or the clock has no such moment. */
function utcOf(parts: readonly string[]): number | undefined {
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC carries over (30 February becomes March); only a moment that reads back is real.
  const back = new Date(ms).toISOString().slice(0, 19).replace(/\D/g, "");
  return back === parts.join("") ? ms : undefined;
}
