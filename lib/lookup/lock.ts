import { createHash } from "node:crypto";
import { canonical } from "../model/canonical";
import { BackupsEnvironmentError } from "../model/errors";
import { excerpt } from "../model/text";
import { isRecord, RawRecord } from "../services/fields";
import { Identity } from "./identity";

/** The version that this library writes; it reads this one and all before. */
export const LOCK_VERSION = 1;

/** What a lock is called whose store has no name. */
export const UNNAMED = "the lock";

/** Who gave an answer, and when. */
export interface Answered {
  /** When the synthesis began that asked; RFC 3339 with `Z`. */
  readonly at: string;
  /** The moment that the question counted back from, where it does and that was another one. */
  readonly as_of?: string;
  readonly cloud: string;
  readonly region?: string;
  /** Undefined where the service answered before the project was known. */
  readonly project_id?: string;
  readonly host: string;
}

/** That the service said "there is no such instance"; kept where the program takes that for empty. */
export interface Missing {
  readonly code: string;
  readonly service_code?: string;
}

/** A lookup with its whole answer. */
export interface LockEntry {
  /** As a person reads it. */
  readonly label: string;
  readonly query: Identity;
  readonly answered: Answered;
  readonly missing?: Missing;
  /** As the service sent them, by id, each with its keys in order. */
  readonly records: readonly RawRecord[];
}

/** What a stack asked and decided when it was synthesised last. */
export interface LockedStack {
  /** The ids of the stacks that were synthesised with it. */
  readonly with: readonly string[];
  /** By construct: the keys of its lookups. */
  readonly lookups: { readonly [construct: string]: readonly string[] };
  /** By construct: what it decided. */
  readonly decisions: { readonly [construct: string]: string };
}

/** The content of a lock file. */
export interface Lock {
  /** By id: of the stack, or of what it stands in directly under the App. */
  readonly stacks: ReadonlyMap<string, LockedStack>;
  readonly entries: ReadonlyMap<string, LockEntry>;
}

export const EMPTY_LOCK: Lock = { stacks: new Map(), entries: new Map() };

/** When it was answered, in epoch milliseconds. */
export function timeOf({ answered }: LockEntry): number {
  return Date.parse(answered.at);
}

/** The text of a lock: everything in a stable order, a record a line. */
export function formatLock({ stacks, entries }: Lock): string {
  const body = block("{", 0, [
    `"version": ${LOCK_VERSION}`,
    `"stacks": ${block("{", 1, named(stacks, formatStack))}`,
    `"lookups": ${block("{", 1, named(entries, formatEntry))}`,
  ]);
  return `${body}\n`;
}

/**
 * The content of a lock's text, or an error with the line and the way out: whatever was cut off, edited
 * by hand or left over from a merge is refused. `name` is how the user knows it.
 */
export function parseLock(text: string, name: string): Lock {
  return new Reader(text.replace(/^\uFEFF/, ""), name).read();
}

class Reader {
  constructor(
    private readonly text: string,
    private readonly name: string,
  ) {}

  public read(): Lock {
    const marker = /^(<{7}|={7}|>{7}|\|{7})/m.exec(this.text);
    if (marker) throw this.invalid(marker.index, "has the markers of a merge conflict");
    const body = this.parsed();
    if (!isRecord(body)) throw this.invalid(0, "is no JSON object");
    this.checkVersion(body["version"]);
    const stacks = this.entriesOf("stacks", body, (key, value) => {
      const stack = readStack(value);
      return stack && [stack, stackDigest(key, stack)];
    });
    const entries = this.entriesOf("lookups", body, (key, value) => {
      const entry = readEntry(value);
      return entry && [entry, entryDigest(key, entry, linesOf(entry))];
    });
    const unknown = Object.keys(body).find((key) => !TOP_LEVEL.includes(key));
    if (unknown !== undefined) throw this.unreadable(unknown);
    this.refuseTwice();
    return { stacks, entries };
  }

  /** What stands under a key, each with the digest that it must have. */
  private entriesOf<T>(
    name: string,
    body: RawRecord,
    read: (key: string, value: unknown) => [T, string] | undefined,
  ): Map<string, T> {
    const content = body[name];
    if (!isRecord(content)) throw this.invalid(this.positionOf(name, 1), `has no \`${name}\``);
    const entries = new Map<string, T>();
    for (const [key, value] of Object.entries(content)) {
      const known = read(key, value);
      if (!known) throw this.unreadable(key);
      const [entry, digest] = known;
      if ((value as RawRecord)["digest"] !== digest) {
        const label = (entry as { label?: string }).label ?? key;
        throw this.invalid(this.positionOf(key, 2), `was edited: ${excerpt(label, 160)}`);
      }
      entries.set(key, entry);
    }
    return entries;
  }

  private checkVersion(version: unknown): void {
    if (!Number.isSafeInteger(version) || (version as number) < 1) {
      throw this.invalid(this.positionOf("version", 1), "has no version");
    }
    if ((version as number) <= LOCK_VERSION) return;
    throw new BackupsEnvironmentError({
      code: "LOCK_TOO_NEW",
      what: `${this.name} is of version ${String(version)}, and this cdktf-backups knows versions up to ${LOCK_VERSION}`,
      advice: "Update cdktf-backups to the version that wrote it.",
    });
  }

  private parsed(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      const problem = "is no JSON from there on: it was cut off or edited";
      throw this.invalidAt(brokenLine(this.text), problem);
    }
  }

  /**
   * Both sides of a merge may have added the same: the parser would silently take the last one. Looked
   * for as this library writes it; nothing else is merged line by line.
   */
  private refuseTwice(): void {
    const seen = new Set<string>();
    const keys = /^( {2}| {4})("(?:[^"\\]|\\.)*"): *[{\d]/gm;
    for (const { 1: indent, 2: key, index } of this.text.matchAll(keys)) {
      if (seen.has(indent! + key)) throw this.invalid(index, `has ${excerpt(key!, 80)} twice`);
      seen.add(indent! + key);
    }
  }

  private unreadable(key: string): BackupsEnvironmentError {
    const position = Math.max(this.positionOf(key, 2), this.positionOf(key, 1));
    return this.invalid(position, `can't be read: ${excerpt(key, 80)}`);
  }

  /** Where a key stands, as this library writes it; the begin where it does not. */
  private positionOf(key: string, level: number): number {
    const line = `\n${"  ".repeat(level)}${JSON.stringify(key)}:`;
    return this.text.replaceAll("\r\n", " \n").indexOf(line) + 1;
  }

  private invalid(position: number, what: string): BackupsEnvironmentError {
    return this.invalidAt(this.text.slice(0, position).split("\n").length, what);
  }

  private invalidAt(line: number, what: string): BackupsEnvironmentError {
    const path = /^[\w./-]+$/.test(this.name) ? this.name : `'${this.name}'`;
    const git = ` (\`git checkout -- ${path}\`; in a conflict, one side: \`git checkout --ours -- ${path}\`)`;
    return new BackupsEnvironmentError({
      code: "LOCK_INVALID",
      what: `${this.name}, line ${line}: the lock ${what}`,
      advice: `It is not rebuilt silently. Restore it${this.name === UNNAMED ? "" : git}, or delete it, and run \`CDKTF_BACKUPS_MODE=LIVE npx cdktf synth\`.`,
    });
  }
}

const TOP_LEVEL = ["version", "stacks", "lookups"];

/**
 * The line that no JSON can have; the last one where all is right but the end. Not every message of the
 * parser says where: but what is cut off before that line fails for its end only.
 */
function brokenLine(text: string): number {
  const lines = text.trimEnd().split("\n");
  const isBrokenWithin = (count: number) => {
    const start = lines.slice(0, count).join("\n");
    try {
      JSON.parse(start);
      return false;
    } catch (error) {
      const position = /position (\d+)/.exec(String(error))?.[1];
      return position === undefined
        ? !String(error).includes("end of JSON input")
        : Number(position) < start.length;
    }
  };
  let [right, broken] = [0, lines.length];
  while (broken - right > 1) {
    const middle = Math.floor((right + broken) / 2);
    if (isBrokenWithin(middle)) broken = middle;
    else right = middle;
  }
  return broken;
}

function readStack(value: unknown): LockedStack | undefined {
  const stack = withOnly(value, ["with", "lookups", "decisions", "digest"]);
  if (!stack) return undefined;
  const { with: others, lookups, decisions } = stack;
  const isRight =
    isTexts(others) &&
    isRecord(lookups) &&
    Object.values(lookups).every(isTexts) &&
    isRecord(decisions) &&
    isTexts(Object.values(decisions));
  return isRight ? ({ with: others, lookups, decisions } as unknown as LockedStack) : undefined;
}

function readEntry(value: unknown): LockEntry | undefined {
  const entry = withOnly(value, ["label", "query", "answered", "missing", "records", "digest"]);
  if (!entry) return undefined;
  const { label, query, answered, missing, records } = entry;
  const isRight =
    typeof label === "string" &&
    isRecord(query) &&
    isAnswered(answered) &&
    (missing === undefined || isMissing(missing)) &&
    Array.isArray(records) &&
    records.every(isRecord);
  if (!isRight) return undefined;
  const read = { label, query, answered, records } as unknown as LockEntry;
  return missing === undefined ? read : { ...read, missing: missing as unknown as Missing };
}

function isAnswered(value: unknown): boolean {
  const answered = withOnly(value, ["at", "as_of", "cloud", "region", "project_id", "host"]);
  if (!answered) return false;
  const { at, as_of: asOf, cloud, region, project_id: project, host } = answered;
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  return (
    isTime(at) &&
    (asOf === undefined || isTime(asOf)) &&
    ["otc", "huaweicloud", "custom"].includes(cloud as string) &&
    [region, project].every(isText) &&
    typeof host === "string"
  );
}

function isTime(value: unknown): boolean {
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(String(value));
  return isWritten && !Number.isNaN(Date.parse(String(value)));
}

function isMissing(value: unknown): boolean {
  const missing = withOnly(value, ["code", "service_code"]);
  const { code, service_code: serviceCode = "" } = missing ?? {};
  return /^[A-Z_]+$/.test(String(code)) && /^[\w.-]{0,64}$/.test(String(serviceCode));
}

function isTexts(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

/** The object, its keys in order (a formatter may have changed that), if it has these keys alone. */
function withOnly(value: unknown, keys: string[]): RawRecord | undefined {
  if (!isRecord(value) || !Object.keys(value).every((key) => keys.includes(key))) return undefined;
  try {
    return canonical(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function formatStack(key: string, stack: LockedStack): string {
  const lines = (content: { readonly [construct: string]: unknown }) =>
    block(
      "{",
      3,
      named(new Map(Object.entries(content)), (_key, value) => inline(value)),
    );
  return block("{", 2, [
    `"with": ${inline([...stack.with].sort(order))}`,
    `"lookups": ${lines(stack.lookups)}`,
    `"decisions": ${lines(stack.decisions)}`,
    `"digest": ${JSON.stringify(stackDigest(key, stack))}`,
  ]);
}

function formatEntry(key: string, entry: LockEntry): string {
  const { label, query, answered, missing } = entry;
  const lines = linesOf(entry);
  return block("{", 2, [
    `"label": ${JSON.stringify(label)}`,
    `"query": ${JSON.stringify(query)}`,
    `"answered": ${JSON.stringify(canonical(answered))}`,
    ...(missing ? [`"missing": ${JSON.stringify(canonical(missing))}`] : []),
    `"records": ${block("[", 3, lines)}`,
    `"digest": ${JSON.stringify(entryDigest(key, entry, lines))}`,
  ]);
}

function linesOf({ records }: LockEntry): string[] {
  return records.map((record) => JSON.stringify(record));
}

/** Over canonical JSON, entry by entry: other line endings, or a merge of other entries, leave it valid. */
function entryDigest(key: string, entry: LockEntry, lines: string[]): string {
  const { label, query, answered, missing } = entry;
  return digestOf([
    JSON.stringify([key, label, canonical([query, answered, missing ?? null])]),
    ...lines,
  ]);
}

function stackDigest(key: string, { with: others, lookups, decisions }: LockedStack): string {
  return digestOf([
    JSON.stringify([key, [...others].sort(order), canonical([lookups, decisions])]),
  ]);
}

function digestOf(lines: string[]): string {
  return `sha256-${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}

/** `"key": value` in the order of the keys. */
function named<T>(
  entries: ReadonlyMap<string, T>,
  format: (key: string, value: T) => string,
): string[] {
  return [...entries]
    .sort(([a], [b]) => order(a, b))
    .map(([key, value]) => `${JSON.stringify(key)}: ${format(key, value)}`);
}

/** One item a line, indented. */
function block(open: "{" | "[", level: number, items: string[]): string {
  const close = open === "{" ? "}" : "]";
  if (items.length === 0) return open + close;
  const indent = "  ".repeat(level + 1);
  return `${open}\n${indent}${items.join(`,\n${indent}`)}\n${"  ".repeat(level)}${close}`;
}

/** A list of texts on one line, as a formatter would write it. */
function inline(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
