import { createHash } from "node:crypto";
import { canonical } from "../model/canonical";
import { BackupsEnvironmentError } from "../model/errors";
import { excerpt } from "../model/text";
import { parseTime } from "../model/time";
import { isRecord, RawRecord } from "../services/fields";
import { Identity } from "./identity";

/** The version that this library writes; it reads this one and all before. */
export const LOCK_VERSION = 1;

/** Who gave an answer, and when. */
export interface Answered {
  /** When the synthesis began that asked; RFC 3339 with `Z`. */
  readonly at: string;
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

/** What the stacks that are synthesised together ask and decide. */
export interface Program {
  /** The ids of the stacks (of what stands directly under the App), in order. */
  readonly stacks: readonly string[];
  /** By construct: the keys of its lookups. */
  readonly lookups: { readonly [construct: string]: readonly string[] };
  /** By construct: what it decided. */
  readonly decisions: { readonly [construct: string]: string };
}

/** The content of a lock file. */
export interface Lock {
  readonly programs: readonly Program[];
  readonly entries: ReadonlyMap<string, LockEntry>;
}

/** Two clocks may differ by this; an answer from further in the future is from a wrong one. */
export const CLOCK_SKEW_MS = 15 * 60_000;

/** What a lock is called whose store has no name. */
export const UNNAMED = "the lock";

export const EMPTY_LOCK: Lock = { programs: [], entries: new Map() };

/** When it was answered, in epoch milliseconds. */
export function timeOf({ answered }: LockEntry): number {
  return Date.parse(answered.at);
}

/** The text of a lock: everything in a stable order, a record a line. */
export function formatLock({ programs, entries }: Lock): string {
  const sorted = programs
    .map((program) => ({ ...program, stacks: [...program.stacks].sort(order) }))
    .sort((a, b) => order(a.stacks.join(), b.stacks.join()));
  const named = [...entries].sort(([a], [b]) => order(a, b));
  const body = block("{", "}", 0, [
    `"version": ${LOCK_VERSION}`,
    `"programs": ${list(1, sorted.map(formatProgram))}`,
    `"lookups": ${block(
      "{",
      "}",
      1,
      named.map(([key, entry]) => `${JSON.stringify(key)}: ${formatEntry(key, entry)}`),
    )}`,
  ]);
  return `${body}\n`;
}

/**
 * The content of a lock's text, or an error with the line and the way out: whatever was cut off, edited
 * by hand or left over from a merge is refused. `name` is how the user knows it.
 */
export function parseLock(text: string, name: string): Lock {
  const whole = text.replace(/^\uFEFF/, "");
  const marker = /^(<{7}|={7}|>{7}|\|{7})/m.exec(whole);
  if (marker)
    throw invalid(name, lineAt(whole, marker.index), "has the markers of a merge conflict");
  const body = parseJson(whole, name);
  if (!isRecord(body)) throw invalid(name, 1, "is no JSON object");
  const version = body["version"];
  if (!Number.isSafeInteger(version) || (version as number) < 1) {
    throw invalid(name, lineOf(whole, "version"), "has no version");
  }
  if ((version as number) > LOCK_VERSION) {
    throw new BackupsEnvironmentError({
      code: "LOCK_TOO_NEW",
      what: `${name} is of version ${String(version)}, and this cdktf-backups knows versions up to ${LOCK_VERSION}`,
      advice: "Update cdktf-backups to the version that wrote it.",
    });
  }
  return {
    programs: readPrograms(body["programs"], whole, name),
    entries: readEntries(body["lookups"], whole, name),
  };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(name, brokenLine(text), "is no JSON from there on: it was cut off or edited");
  }
}

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

function readPrograms(value: unknown, text: string, name: string): Program[] {
  const isTexts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((item) => typeof item === "string");
  const isProgram = (program: unknown) =>
    isRecord(program) &&
    isTexts(program["stacks"]) &&
    isRecord(program["lookups"]) &&
    Object.values(program["lookups"]).every(isTexts) &&
    isRecord(program["decisions"]) &&
    isTexts(Object.values(program["decisions"]));
  if (Array.isArray(value) && value.every(isProgram)) return value as Program[];
  throw invalid(name, lineOf(text, "programs"), "has programs that can't be read");
}

function readEntries(value: unknown, text: string, name: string): Map<string, LockEntry> {
  if (!isRecord(value)) throw invalid(name, lineOf(text, "lookups"), "has no lookups");
  refuseTwice(text, name);
  const entries = new Map<string, LockEntry>();
  for (const [key, content] of Object.entries(value)) {
    const refuse = (what: string) => invalid(name, lineOf(text, key), what);
    const entry = readEntry(content);
    if (!entry) throw refuse(`has a lookup that can't be read, ${excerpt(key, 60)}`);
    if ((content as RawRecord)["digest"] !== digestOf(key, entry, linesOf(entry))) {
      throw refuse(`has a lookup that was edited, ${excerpt(entry.label, 160)}`);
    }
    entries.set(key, entry);
  }
  return entries;
}

/** Both sides of a merge may have added a lookup: the parser would silently take the last one. */
function refuseTwice(text: string, name: string): void {
  const seen = new Set<string>();
  for (const { 1: key = "", index } of text.matchAll(/^[ \t]*"([a-z]+\/[0-9a-f]{16})": *\{/gm)) {
    if (seen.has(key)) throw invalid(name, lineAt(text, index), `has the lookup ${key} twice`);
    seen.add(key);
  }
}

function readEntry(value: unknown): LockEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { label, query, answered, missing, records } = canonicalOrNothing(value);
  const isText = (text: unknown) => typeof text === "string";
  const isRight =
    isText(label) &&
    isRecord(query) &&
    isRecord(answered) &&
    [answered["at"], answered["cloud"], answered["host"]].every(isText) &&
    parseTime(answered["at"]) !== undefined &&
    (missing === undefined || (isRecord(missing) && isText(missing["code"]))) &&
    Array.isArray(records) &&
    records.every(isRecord);
  return isRight
    ? ({ label, query, answered, missing, records } as unknown as LockEntry)
    : undefined;
}

/** A formatter may have changed the order of the keys, which changes nothing. */
function canonicalOrNothing(value: RawRecord): RawRecord {
  try {
    return canonical(value);
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function formatProgram({ stacks, lookups, decisions }: Program): string {
  const lines = (content: { readonly [construct: string]: unknown }) =>
    block(
      "{",
      "}",
      3,
      Object.entries(content)
        .sort(([a], [b]) => order(a, b))
        .map(([construct, value]) => `${JSON.stringify(construct)}: ${inline(value)}`),
    );
  return block("{", "}", 2, [
    `"stacks": ${inline(stacks)}`,
    `"lookups": ${lines(lookups)}`,
    `"decisions": ${lines(decisions)}`,
  ]);
}

function formatEntry(key: string, entry: LockEntry): string {
  const { label, query, answered, missing } = entry;
  const lines = linesOf(entry);
  return block("{", "}", 2, [
    `"label": ${JSON.stringify(label)}`,
    `"query": ${JSON.stringify(query)}`,
    `"answered": ${JSON.stringify(canonical(answered))}`,
    ...(missing ? [`"missing": ${JSON.stringify(canonical(missing))}`] : []),
    `"records": ${list(3, lines)}`,
    `"digest": ${JSON.stringify(digestOf(key, entry, lines))}`,
  ]);
}

function linesOf({ records }: LockEntry): string[] {
  return records.map((record) => JSON.stringify(record));
}

/** Over canonical JSON, entry by entry: other line endings, or a merge of other entries, leave it valid. */
function digestOf(key: string, entry: LockEntry, lines: string[]): string {
  const { label, query, answered, missing } = entry;
  const head = JSON.stringify([key, label, canonical([query, answered, missing ?? null])]);
  const hash = createHash("sha256").update([head, ...lines].join("\n"));
  return `sha256-${hash.digest("hex")}`;
}

function list(level: number, items: string[]): string {
  return block("[", "]", level, items);
}

/** One item a line, indented. */
function block(open: string, close: string, level: number, items: string[]): string {
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

function lineOf(text: string, key: string): number {
  return lineAt(text, text.indexOf(`${JSON.stringify(key)}:`));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, Math.max(0, index)).split("\n").length;
}

function invalid(name: string, line: number, what: string): BackupsEnvironmentError {
  const git = ` (\`git checkout -- ${name}\`; in a conflict, one side: \`git checkout --ours -- ${name}\`)`;
  return new BackupsEnvironmentError({
    code: "LOCK_INVALID",
    what: `${name}, line ${line}: the lock ${what}`,
    advice: `It is not rebuilt silently. Restore it${name === UNNAMED ? "" : git}, or delete it, and run \`CDKTF_BACKUPS_MODE=LIVE npx cdktf synth\`.`,
  });
}
