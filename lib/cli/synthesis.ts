import { join, relative, resolve, sep } from "node:path";
import { realpathSync } from "node:fs";
import { BackupsError, refusal } from "../model/errors";
import { excerpt, nearest, shown } from "../model/text";
import { parseTime } from "../model/time";
import { ToldBackup, ToldDecision } from "../restore/decision";
import { isRecord, RawRecord } from "../services/record";
import { textIn } from "./project";

const DECISIONS = "restore-decisions.json";
// A fleet's decisions name every backup that was not chosen: some hundred bytes each.
const MAX_BYTES = 256 * 1024 ** 2;
const LEVELS = ["error", "warning"];

/** A stack as it was synthesised, and what its constructs decided. */
export interface SynthesisedStack {
  readonly name: string;
  readonly explained: readonly Explained[];
}

/** What a construct decided; `json` as it was written. */
export type Explained = { readonly path: string; readonly json: unknown } & (
  | { readonly kind: "decision"; readonly decision: ToldDecision; readonly pinned?: Pinned }
  | { readonly kind: "group"; readonly group: ToldGroup }
  | { readonly kind: "policy"; readonly kept: Finding[]; readonly suppressed: Finding[] }
  /** The lookup failed. */
  | { readonly kind: "unknown" }
);

/** What a pin held first in that folder, and whether today's choice is another one. */
export interface Pinned {
  readonly epoch: number;
  readonly first_seen: string;
  readonly differs: boolean;
}

export interface ToldGroup {
  readonly is_met: boolean;
  readonly picks: readonly {
    readonly member: string;
    readonly backup_id: string | null;
    readonly moment: string;
  }[];
  readonly spread: string | null;
  readonly worst_age: string | null;
  readonly limited_by: string | null;
  readonly reason: string;
}

export interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly subject: string;
  readonly evidence: string;
  readonly advice: string;
  /** Of one that was suppressed. */
  readonly reason?: string;
}

/** What lies in the output folder of a synthesis: of one stack, or of all. Whoever wrote it is not trusted. */
export function synthesised(folder: string, only: string | undefined): SynthesisedStack[] {
  const folders = stacksIn(folder);
  if (only !== undefined && !folders.has(only))
    throw unknownStack(only, folder, [...folders.keys()]);
  const wanted = [...folders].filter(([name]) => only === undefined || name === only);
  return wanted.map(([name, below]) => ({ name, explained: explainedIn(folder, below) }));
}

/** By name: the folder of each, from the output folder. */
function stacksIn(folder: string): Map<string, string> {
  const file = join(folder, "manifest.json");
  const manifest = jsonIn(file);
  const stacks = isRecord(manifest) ? manifest["stacks"] : undefined;
  if (!isRecord(stacks)) throw unlike(file, "it has no stacks");
  return new Map(
    Object.entries(stacks).map(([name, stack]) => {
      const below = isRecord(stack) ? stack["workingDirectory"] : undefined;
      if (typeof below !== "string") throw unlike(file, `the stack ${shown(name)} has no folder`);
      const place = relative(folder, resolve(folder, below));
      if (place === "" || place.split(sep)[0] === ".." || resolve(place) === place) {
        throw unlike(
          file,
          `the folder of the stack ${shown(name)} is not below it: ${shown(below)}`,
        );
      }
      return [name, place];
    }),
  );
}

function explainedIn(folder: string, below: string): Explained[] {
  const file = join(folder, below, DECISIONS);
  const content = jsonIn(file, folder);
  // A stack of other constructs has none.
  if (content === undefined) return [];
  if (!isRecord(content)) throw unlike(file, "it is no JSON object");
  return Object.entries(content).map(([path, json]) => {
    const explained = explainedOf(json);
    if (!explained) throw unlike(file, `${shown(path)} is no decision that is known`);
    return { path, json, ...explained };
  });
}

/** @param within Where the file has to lie, once links are followed; undefined is read as nothing there. */
function jsonIn(file: string, within?: string): unknown {
  try {
    if (within !== undefined && !realpathSync(file).startsWith(realpathSync(within) + sep)) {
      throw new Error("a link leads out of the folder");
    }
    const content: unknown = JSON.parse(textIn(file, MAX_BYTES));
    // What is nested without end can be read, and not be told.
    JSON.stringify(content);
    return content;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (within !== undefined && code === "ENOENT") return undefined;
    const isMissing = code === "ENOENT" || code === "ENOTDIR";
    throw unlike(
      file,
      isMissing ? "it is not there" : error instanceof SyntaxError ? "it is no JSON" : message,
    );
  }
}

function unlike(file: string, why: string): BackupsError {
  return refusal(
    "SYNTHESIS_UNREADABLE",
    `${excerpt(file)} can't be read: ${excerpt(why)}`,
    "Run `npx cdktf synth`, or give its output folder by --output-dir.",
  );
}

function unknownStack(name: string, folder: string, names: readonly string[]): BackupsError {
  const near = nearest(name, names, 3).slice(0, 3);
  const known = names
    .slice(0, 10)
    .map((each) => shown(each))
    .join(", ");
  return refusal(
    "INVALID_ARGUMENT",
    `${excerpt(folder)} has no stack ${shown(name)}`,
    near.length > 0
      ? `Did you mean ${near.map((each) => shown(each)).join(" or ")}?`
      : `It has ${known || "none"}.`,
  );
}

type WithoutPath<T> = T extends unknown ? Omit<T, "path" | "json"> : never;

/** Undefined for what is none of them. */
function explainedOf(json: unknown): WithoutPath<Explained> | undefined {
  if (json === null) return { kind: "unknown" };
  if (!isRecord(json)) return undefined;
  const { kept, picks, pinned, selection, suppressed } = json;
  if (selection !== undefined) {
    const decision = decisionIn(json);
    if (!decision || !(pinned === undefined || isPinned(pinned))) return undefined;
    return { kind: "decision", decision, pinned };
  }
  if (picks !== undefined) return isGroup(json) ? { kind: "group", group: json } : undefined;
  if (isListOf(kept, isFinding) && isListOf(suppressed, isFinding)) {
    return { kind: "policy", kept, suppressed };
  }
  const isOfPinAlone = Object.keys(json).join() === "pinned";
  return isOfPinAlone ? { kind: "unknown" } : undefined;
}

function decisionIn(json: RawRecord): ToldDecision | undefined {
  const {
    as_of,
    chosen,
    is_met,
    reason,
    rejected,
    restore_time,
    selection,
    shortcomings,
    subject,
  } = json;
  const [asOf, restoreTime] = [timeIn(as_of), timeIn(restore_time)];
  const isRight =
    asOf !== undefined &&
    isListOf([subject, selection, reason], isText) &&
    typeof is_met === "boolean" &&
    (restore_time === null || restoreTime !== undefined) &&
    isListOf(shortcomings, isText) &&
    isListOf(rejected, (each): each is RawRecord => isBackup(each) && isText(each["reason"])) &&
    (chosen === null || isBackup(chosen));
  if (!isRight) return undefined;
  return {
    subject: subject as string,
    selection: selection as string,
    asOf,
    isMet: is_met,
    chosen: chosen === null ? undefined : backupIn(chosen),
    restoreTime,
    reason: reason as string,
    shortcomings,
    rejected: rejected.map((each) => ({
      backup: backupIn(each),
      reason: each["reason"] as string,
    })),
  };
}

function isBackup(value: unknown): value is RawRecord {
  if (!isRecord(value) || !isText(value["id"])) return false;
  const { begin_time, size_bytes } = value;
  return (
    ["name", "kind", "engine", "engine_version"].every((name) => isTextOrNone(value[name])) &&
    (isNone(begin_time) || timeIn(begin_time) !== undefined) &&
    (isNone(size_bytes) || typeof size_bytes === "number")
  );
}

/** Of one that is right. */
function backupIn(value: RawRecord): ToldBackup {
  const text = (name: string) => (value[name] ?? undefined) as string | undefined;
  return {
    id: text("id")!,
    name: text("name"),
    kind: text("kind") ?? "unknown",
    beginTime: timeIn(value["begin_time"]),
    sizeBytes: (value["size_bytes"] ?? undefined) as number | undefined,
    engine: text("engine"),
    engineVersion: text("engine_version"),
  };
}

function isPinned(value: unknown): value is Pinned {
  if (!isRecord(value)) return false;
  const { differs, epoch, first_seen } = value;
  return typeof epoch === "number" && isText(first_seen) && typeof differs === "boolean";
}

function isGroup(value: unknown): value is ToldGroup {
  if (!isRecord(value)) return false;
  const isPick = (pick: unknown): pick is RawRecord =>
    isRecord(pick) &&
    isText(pick["member"]) &&
    isTextOrNone(pick["backup_id"]) &&
    isText(pick["moment"]);
  return (
    typeof value["is_met"] === "boolean" &&
    isListOf(value["picks"], isPick) &&
    ["spread", "worst_age", "limited_by"].every((name) => isTextOrNone(value[name])) &&
    isText(value["reason"])
  );
}

function isFinding(value: unknown): value is Finding {
  if (!isRecord(value)) return false;
  return (
    ["rule", "subject", "evidence", "advice"].every((name) => isText(value[name])) &&
    LEVELS.includes(value["level"] as string) &&
    (value["reason"] === undefined || isText(value["reason"]))
  );
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isTextOrNone(value: unknown): boolean {
  return isNone(value) || isText(value);
}

function timeIn(value: unknown): Date | undefined {
  return isText(value) ? parseTime(value) : undefined;
}
