import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import { canonical } from "../model/canonical";
import { excerpt, printableJson } from "../model/text";
import { Records } from "../services/records";
import { Identity } from "../query/identity";

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
  /** As the service sent them, by id, each with its keys in order; of a file `LOCK_INVALID` where they were edited. */
  readonly records: Records;
  /** How they stand in the text that they were read from: so they are written again. */
  readonly asRead?: Written;
}

/** A list in the text of a lock: the pieces of all between its brackets, and the digest that stands with it. */
export interface Written {
  readonly lines: readonly Buffer[];
  readonly digest: string;
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

/** The moment that its question counted back from, where it does. */
export function builtAt({ answered: { as_of: asOf, at } }: LockEntry): Date {
  return new Date(asOf ?? at);
}

/** Who gave an answer, on one line, whatever a lock of somebody else holds. */
export function whoseIs(answered: Omit<Answered, "at">): string {
  const { cloud, region, host, project_id: project, as_of: asOf } = answered;
  const where = [cloud, region, asOf && `as of ${asOf}`].filter(Boolean).join(", ");
  return excerpt(`project ${project ?? "unknown"} (${where}) at ${host}`, 300);
}

/** The text of a lock: everything in a stable order, a record a line, and nothing in it that a review would not see. */
export function formatLock(lock: Lock): string {
  return Buffer.concat([...lockPieces(lock)]).toString();
}

/** The same piece by piece: all of it at once would take as much memory again. */
export function* lockPieces({ stacks, entries }: Lock): Generator<Buffer> {
  const keys = [...entries.keys()].sort();
  const [begin = "", end = ""] = block(0, [
    `"version": ${LOCK_VERSION}`,
    `"stacks": ${block(1, named(stacks, formatStack))}`,
    `"lookups": ${block(1, keys.length > 0 ? [HERE] : [])}`,
  ]).split(HERE);
  yield text(begin);
  for (const [i, key] of keys.entries()) {
    if (i > 0) yield text(",\n    ");
    yield* entryPieces(key, entries.get(key)!);
  }
  yield text(`${end}\n`);
}

// No text of a lock has it.
const HERE = "\0";

function formatStack(key: string, stack: LockedStack): string {
  const lines = (content: { readonly [construct: string]: unknown }) =>
    block(
      3,
      named(new Map(Object.entries(content)), (_key, value) => inline(value)),
    );
  return block(2, [
    `"with": ${inline([...stack.with].sort())}`,
    `"lookups": ${lines(stack.lookups)}`,
    `"decisions": ${lines(stack.decisions)}`,
    `"digest": ${JSON.stringify(stackDigest(key, stack))}`,
  ]);
}

function* entryPieces(key: string, entry: LockEntry): Generator<Buffer> {
  const { label, query, answered, missing } = entry;
  const { digest, lines } = entry.asRead ?? written(key, entry);
  const [head = "", tail = ""] = block(2, [
    `"label": ${JSON.stringify(label)}`,
    `"query": ${JSON.stringify(query)}`,
    `"answered": ${JSON.stringify(canonical(answered))}`,
    ...(missing ? [`"missing": ${JSON.stringify(canonical(missing))}`] : []),
    `"records": [${HERE}]`,
    `"digest": ${JSON.stringify(digest)}`,
  ]).split(HERE);
  yield text(`${JSON.stringify(key)}: ${head}`);
  yield* lines;
  yield text(tail);
}

function written(key: string, entry: LockEntry): Written {
  const { records } = entry;
  const digest = entryDigest(key, entry, records);
  if (records.length === 0) return { digest, lines: [] };
  const lines = records.joined(Buffer.from(`,${INDENT}`));
  // Nearly all: nothing in it could be unseen.
  const isPlain = isAscii(lines) && !lines.includes(DELETE);
  const seen = isPlain ? lines : text(lines.toString());
  return { digest, lines: [Buffer.from(INDENT), seen, Buffer.from("\n      ")] };
}

/** Before each record. */
export const INDENT = "\n        ";
const DELETE = 0x7f;

function text(json: string): Buffer {
  return Buffer.from(printableJson(json));
}

/** Over canonical JSON, entry by entry: other line endings, or a merge of other entries, leave it valid. */
export function entryDigest(
  key: string,
  { label, query, answered, missing }: Omit<LockEntry, "records">,
  records: Records,
): string {
  const head = JSON.stringify([key, label, canonical([query, answered, missing ?? null])]);
  return digestOf(records.length > 0 ? [head, "\n", records.joined()] : [head]);
}

/** The same over what a stack asked and decided. */
export function stackDigest(
  key: string,
  { with: others, lookups, decisions }: LockedStack,
): string {
  return digestOf([JSON.stringify([key, [...others].sort(), canonical([lookups, decisions])])]);
}

function digestOf(pieces: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return `sha256-${hash.digest("hex")}`;
}

/** `"key": value` in the order of the keys. */
function named<T>(
  entries: ReadonlyMap<string, T>,
  format: (key: string, value: T) => string,
): string[] {
  return [...entries.keys()]
    .sort()
    .map((key) => `${JSON.stringify(key)}: ${format(key, entries.get(key)!)}`);
}

/** One item a line, indented. */
function block(level: number, items: string[]): string {
  if (items.length === 0) return "{}";
  const indent = "  ".repeat(level + 1);
  return `{\n${indent}${items.join(`,\n${indent}`)}\n${"  ".repeat(level)}}`;
}

/** A list of texts on one line, as a formatter would write it. */
function inline(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}
