/** A day of 24 hours, in milliseconds. */
export const DAY_MS = 86_400_000;

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
  if (/^\d{10}$|^\d{13}$/.test(text)) return fromEpoch(Number(text));
  const compact = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (compact) return fromParts(compact.slice(1), 0, 0);
  const iso =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(?:[Zz]|UTC|GMT|([+-])(\d\d):?(\d\d)?)$/.exec(
      text,
    );
  // Without a zone it could be any of a day's 24 hours: not understood.
  if (!iso) return undefined;
  const [, , , , , , , fraction, sign, hours, minutes] = iso;
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  if (offset > 14 * 60 || Number(minutes ?? 0) > 59) return undefined;
  const milliseconds = Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
  return fromParts(iso.slice(1, 7), milliseconds, sign === "-" ? -offset : offset);
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

/** `Date.UTC` rolls 30 February over into March: what does not come back as it was is refused. */
function fromParts(parts: string[], milliseconds: number, offsetMinutes: number): Date | undefined {
  const [year = 0, month = 0, day, hour, minute, second] = parts.map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  if (toCompactTime(local) !== parts.join("") || year < 1970) return undefined;
  return timeOf(local - offsetMinutes * 60_000);
}
