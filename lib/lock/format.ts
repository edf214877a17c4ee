import { createHash } from "node:crypto";
import { canonical } from "../model/canonical";
import { excerpt, printableJson } from "../model/text";
import { RawRecord } from "../services/record";
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
export function formatLock({ stacks, entries }: Lock): string {
  const body = block("{", 0, [
    `"version": ${LOCK_VERSION}`,
    `"stacks": ${block("{", 1, named(stacks, formatStack))}`,
    `"lookups": ${block("{", 1, named(entries, formatEntry))}`,
  ]);
  return `${printableJson(body)}\n`;
}

function formatStack(key: string, stack: LockedStack): string {
  const lines = (content: { readonly [construct: string]: unknown }) =>
    block(
      "{",
      3,
      named(new Map(Object.entries(content)), (_key, value) => inline(value)),
    );
  return block("{", 2, [
    `"with": ${inline([...stack.with].sort())}`,
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

/** The records as they stand in the text, a line each. */
export function linesOf({ records }: LockEntry): string[] {
  return records.map((record) => JSON.stringify(record));
}

/** Over canonical JSON, entry by entry: other line endings, or a merge of other entries, leave it valid. */
export function entryDigest(key: string, entry: LockEntry, lines: string[]): string {
  const { label, query, answered, missing } = entry;
  return digestOf([
    JSON.stringify([key, label, canonical([query, answered, missing ?? null])]),
    ...lines,
  ]);
}

/** The same over what a stack asked and decided. */
export function stackDigest(
  key: string,
  { with: others, lookups, decisions }: LockedStack,
): string {
  return digestOf([JSON.stringify([key, [...others].sort(), canonical([lookups, decisions])])]);
}

function digestOf(lines: string[]): string {
  return `sha256-${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
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
