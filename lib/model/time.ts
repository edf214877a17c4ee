/** A day of 24 hours, in milliseconds. */
export const DAY_MS = 86_400_000;
// Of time zones, in minutes.
const MAX_OFFSET = 14 * 60;

/**
 * A `Date` that survives being given whole to the framework, which makes `{}` of another one, and that
 * is written in RFC 3339. Named like any other, for those who print it.
 */
const Time = class Date extends globalThis.Date {
  public resolve(): string {
    return toRfc3339(this);
  }

  public override toJSON(): string {
    return toRfc3339(this);
  }
};

/** A time of ours, as all are that leave the library. */
export function timeOf(time: Date | number): Date {
  return time instanceof Time ? time : new Time(time);
}

/** A time in the notations that these APIs are known to use; undefined where it can't be understood. */
export function parseTime(value: unknown): Date | undefined {
  if (typeof value === "number") return fromEpoch(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const usual = parseUsual(text);
  if (usual) return usual;
  if (/^\d{10}$|^\d{13}$/.test(text)) return fromEpoch(Number(text));
  const compact = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (compact) return fromParts(...numbersOf(compact.slice(1)), 0, 0);
  const iso =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(?:[Zz]|UTC|GMT|([+_-])(\d\d):?(\d\d)?)$/.exec(
      text,
    );
  // Published samples of TaurusDB have `_0800` for `+0800`.
  // Without a zone it could be any of a day's 24 hours: not understood.
  if (!iso) return undefined;
  const [, , , , , , , fraction, sign, hours, minutes] = iso;
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  if (offset > MAX_OFFSET || Number(minutes ?? 0) > 59) return undefined;
  const milliseconds = Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
  return fromParts(...numbersOf(iso.slice(1, 7)), milliseconds, sign === "-" ? -offset : offset);
}

/** In a notation that nearly all answers have: `2022-05-09T08:01:10` and `Z`, `+0000` or `.000Z`. */
function parseUsual(text: string): Date | undefined {
  const { length } = text;
  const isUtc = text.charAt(length - 1) === "Z";
  const hasFraction = isUtc && text.charAt(19) === ".";
  const isOffset = !isUtc && (text.charAt(19) === "+" || text.charAt(19) === "-");
  const isWhole = isUtc ? length === (hasFraction ? 24 : 20) : isOffset && length === 24;
  if (!isWhole || text.charAt(4) !== "-" || text.charAt(7) !== "-") return undefined;
  if (text.charAt(10) !== "T" || text.charAt(13) !== ":" || text.charAt(16) !== ":")
    return undefined;
  const minutes = isOffset ? digits(text, 22, 24) : 0;
  const offset = isOffset ? digits(text, 20, 22) * 60 + minutes : 0;
  if (!(offset <= MAX_OFFSET) || minutes > 59) return undefined;
  return fromParts(
    digits(text, 0, 4),
    digits(text, 5, 7),
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
    hasFraction ? digits(text, 20, 23) : 0,
    text.charAt(19) === "-" ? -offset : offset,
  );
}

/** A whole number; NaN where there is anything but digits. */
function digits(text: string, begin: number, end: number): number {
  let value = 0;
  for (let i = begin; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

/** `2022-05-09T08:01:10+0000`: what most of the database services ask for, in whole seconds. */
export function toOffsetTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+0000`;
}

/** `20220509080110` in UTC: what DCS asks for, in whole seconds. */
export function toCompactTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace(/\D/g, "");
}

/** RFC 3339 with `Z`, without a fraction that is zero: what Terraform's time functions take. */
export function toRfc3339(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}

/** The begin of its UTC day, in epoch milliseconds. */
export function midnightOf(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS;
}

function fromEpoch(value: number): Date | undefined {
  if (!Number.isSafeInteger(value) || value < 1e9 || value >= 1e13) return undefined;
  return timeOf(value < 1e11 ? value * 1000 : value);
}

function fromParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  milliseconds: number,
  offsetMinutes: number,
): Date | undefined {
  // `Date.UTC` would roll 30 February over into March.
  const isDay = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDay || !(hour <= 23 && minute <= 59 && second <= 59 && milliseconds <= 999))
    return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  return timeOf(local - offsetMinutes * 60_000);
}

type Parts = [number, number, number, number, number, number];

function numbersOf(parts: string[]): Parts {
  return parts.map(Number) as Parts;
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : month % 2 === (month < 8 ? 1 : 0) ? 31 : 30;
}
