import { BackupDatabase, BackupKind, BackupLevel, BackupStatus } from "../model/backup";
import { defang, excerpt, isPlain, unquoted } from "../model/text";
import { parseTime } from "../model/time";
import { levelOf } from "./level";
import { isRecord, RawRecord } from "./record";

export const KIB = 1024;
export const MIB = 1024 * 1024;

// Published samples hold values of sibling APIs, so one table serves all.
const KINDS: Record<string, BackupKind> = {
  auto: BackupKind.AUTOMATIC,
  manual: BackupKind.MANUAL,
  incremental: BackupKind.INCREMENTAL,
  fragment: BackupKind.FRAGMENT,
};
const STATUSES: Record<string, BackupStatus> = {
  building: BackupStatus.BUILDING,
  completed: BackupStatus.COMPLETED,
  failed: BackupStatus.FAILED,
  deleting: BackupStatus.DELETING,
  waiting: BackupStatus.BUILDING,
  backuping: BackupStatus.BUILDING,
  succeed: BackupStatus.COMPLETED,
  expired: BackupStatus.EXPIRED,
  deleted: BackupStatus.DELETED,
};
const FLAGS = { true: true, false: false };
const ENGINES = ["MySQL", "PostgreSQL", "SQLServer", "GaussDB"];

/**
 * Reads a record tolerantly and loses nothing: what is absent is undefined, what can't be understood
 * is undefined and a warning that names the field and the backup.
 */
export class Fields {
  private strays?: ReadonlyMap<string, unknown>;

  private found?: string[];

  /**
   * @param subjectOf Whose it is, as a person reads it.
   * @param outer What it is a part of.
   */
  constructor(
    private readonly record: RawRecord,
    private readonly subjectOf: (record: RawRecord) => string,
    private readonly outer?: Fields,
  ) {}

  /** What could not be understood; undefined where all could. */
  public get warnings(): readonly string[] | undefined {
    return this.found;
  }

  /** Of the list that it came in. */
  public get level(): BackupLevel | undefined {
    return levelOf(this.record);
  }

  public has(key: string): boolean {
    return !isAbsent(this.get(key));
  }

  /** Whether a list has something in it, readable or not. */
  public isFilled(key: string): boolean {
    const value = this.get(key);
    return Array.isArray(value) ? value.length > 0 : !isAbsent(value);
  }

  public text(key: string): string | undefined {
    return this.textOf(key, this.get(key));
  }

  /** `zone`: of a page whose times name none; without it such a time is not understood. */
  public time(key: string, zone?: "UTC"): Date | undefined {
    const value = this.get(key);
    if (isAbsent(value)) return undefined;
    const inZone = zone && typeof value === "string" ? `${value} ${zone}` : undefined;
    const time = parseTime(value) ?? parseTime(inZone);
    if (!time) this.warn(key, value, "is not a time with a zone");
    return time;
  }

  /** Bytes, from a number or its text in units of `unit` bytes. */
  public size(key: string, unit: number): number | undefined {
    const value = this.get(key);
    if (isAbsent(value)) return undefined;
    const amount =
      typeof value === "number"
        ? value
        : typeof value === "string" && /^\s*\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(value)
          ? Number(value)
          : NaN;
    const bytes = Math.round(amount * unit);
    if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
    this.warn(key, value, "is not a size");
    return undefined;
  }

  /** Every page but TaurusDB's says that it is sent. */
  public kind(key: string): BackupKind {
    this.expect(key);
    return this.oneOf(key, [KINDS]) ?? BackupKind.UNKNOWN;
  }

  /** `more`: states that one page alone has. */
  public status(key: string, more: { readonly [word: string]: BackupStatus } = {}): BackupStatus {
    this.expect(key);
    return this.oneOf(key, [STATUSES, more]) ?? BackupStatus.UNKNOWN;
  }

  /** Of an instance. */
  public state<T>(key: string, words: { readonly [word: string]: T }): T | undefined {
    this.expect(key);
    return this.oneOf(key, [words]);
  }

  /** A whole number from 0, or its text, be it with a comma behind it as in a published sample. */
  public count(key: string): number | undefined {
    return this.countOf(key, this.get(key));
  }

  /** A list of such. */
  public counts(key: string): number[] | undefined {
    const value = this.get(key);
    if (isAbsent(value)) return undefined;
    if (Array.isArray(value)) return value.flatMap((item) => this.countOf(key, item) ?? []);
    this.warn(key, value, "is not a list of numbers");
    return undefined;
  }

  /** An object in it. */
  public part(key: string): Fields | undefined {
    const value = this.get(key);
    return isAbsent(value) ? undefined : this.nested(key, value);
  }

  /** A list of objects; a published sample has the only one without its list. */
  public parts(key: string): Fields[] {
    const value = this.get(key);
    if (isAbsent(value)) return [];
    return [value].flat().flatMap((item) => this.nested(key, item) ?? []);
  }

  /** Undefined where it is absent or can't be understood. */
  public flag(key: string): boolean | undefined {
    return this.oneOf(key, [FLAGS]);
  }

  /** Warns where a field is absent that the page always has. */
  public expect(key: string): void {
    if (!this.has(key)) this.tell(`${key} is missing`);
  }

  /** `datastore {type, version}` of the database services. */
  public engine(): { engine?: string; engineVersion?: string } {
    const value = this.get("datastore");
    if (isAbsent(value)) return {};
    const datastore = this.nested("datastore", value);
    const engine = datastore?.text("type");
    // The pages call the value case-insensitive; a program compares it.
    const known =
      ENGINES.find((name) => name === engine) ??
      ENGINES.find((name) => name.toLowerCase() === engine?.toLowerCase());
    return { engine: known ?? engine, engineVersion: datastore?.text("version") };
  }

  /** A list of databases, each with its name under `nameKey` and its tables under `tablesKey`. */
  public databases(key: string, nameKey: string, tablesKey?: string): BackupDatabase[] {
    const value = this.get(key);
    if (isAbsent(value)) return [];
    if (!Array.isArray(value)) {
      this.warn(key, value, "is not a list of databases");
      return [];
    }
    return value.flatMap((item) => {
      const database = this.nested(key, item);
      const name = database?.text(nameKey);
      if (!database || name === undefined) {
        if (database) this.warn(key, item, "has a database without a name");
        return [];
      }
      return [{ name, tables: tablesKey ? database.texts(tablesKey) : [] }];
    });
  }

  private countOf(key: string, value: unknown): number | undefined {
    if (isAbsent(value)) return undefined;
    // Not of whatever else: it may be an object that can't be a text.
    const text = typeof value === "number" ? String(value) : typeof value === "string" ? value : "";
    const digits = /^\s*(\d{1,9})\s*,?\s*$/.exec(text)?.[1];
    if (digits === undefined) this.warn(key, value, "is not a whole number");
    return digits === undefined ? undefined : Number(digits);
  }

  private texts(key: string): string[] {
    const value = this.get(key);
    if (isAbsent(value)) return [];
    if (!Array.isArray(value)) {
      this.warn(key, value, "is not a list of names");
      return [];
    }
    return value.flatMap((item) => this.textOf(key, item) ?? []);
  }

  private nested(key: string, value: unknown): Fields | undefined {
    if (isRecord(value)) return new Fields(value, () => key, this);
    this.warn(key, value, "is not an object");
    return undefined;
  }

  private textOf(key: string, value: unknown): string | undefined {
    if (isAbsent(value)) return undefined;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      this.warn(key, value, "is not a text");
      return undefined;
    }
    const text = String(value).trim();
    if (isPlain(text)) return text;
    const safe = unquoted(defang(text));
    if (safe !== text) {
      this.warn(
        key,
        text,
        "holds what Terraform or cdktf might evaluate; it is broken by a visible _, ' or /",
      );
    }
    return safe;
  }

  private oneOf<T>(key: string, tables: { readonly [word: string]: T }[]): T | undefined {
    const value = this.get(key);
    if (isAbsent(value)) return undefined;
    if (typeof value === "string" || typeof value === "boolean") {
      const word = String(value).trim().toLowerCase();
      const table = tables.find((each) => Object.hasOwn(each, word));
      if (table) return table[word];
    }
    this.warn(key, value, `is none of ${tables.flatMap(Object.keys).join(", ")}`);
    return undefined;
  }

  private warn(key: string, value: unknown, problem: string): void {
    const shown = excerpt(JSON.stringify(value) ?? String(value), 80);
    this.tell(`${key} ${shown} ${problem}`);
  }

  private tell(what: string, part = ""): void {
    const subject = this.subjectOf(this.record) + part;
    if (this.outer) this.outer.tell(what, `, ${subject}`);
    else (this.found ??= []).push(`${subject}: ${what}`);
  }

  /** A published sample has `"id "` for a key. */
  private get(key: string): unknown {
    const value = this.record[key];
    if (value !== undefined) return value;
    this.strays ??= straysIn(this.record);
    return this.strays.get(key);
  }
}

function straysIn(record: RawRecord): ReadonlyMap<string, unknown> {
  const names = Object.keys(record).filter((key) => !isTrimmed(key));
  if (names.length === 0) return NONE;
  const strays = new Map<string, unknown>();
  for (const key of names) if (!strays.has(key.trim())) strays.set(key.trim(), record[key]);
  return strays;
}

const NONE: ReadonlyMap<string, unknown> = new Map();

function isTrimmed(key: string): boolean {
  // By their codes: a trim of each would cost as much as all the rest.
  const [first, last] = [key.charCodeAt(0), key.charCodeAt(key.length - 1)];
  return (first > 0x20 && first < 0x80 && last > 0x20 && last < 0x80) || key.trim() === key;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && !value.trim());
}
