import { Backup } from "../model/backup";
import { BackupsError } from "../model/errors";
import { ANY_TEXT, checkedValue, required } from "../model/shape";
import { excerpt, printable } from "../model/text";
import { toRfc3339 } from "../model/time";
import { RestoreWindow } from "../model/window";
import { latestRestorable } from "../restore/candidates";
import { Result } from "../query/result";
import { builtAt, Lock, LockEntry, whoseIs } from "./format";
import { parseLock } from "./parse";
import { questionOf } from "../query/question";

const LOCK_TEXT = required(ANY_TEXT);

/** What a change of a lock means, for those who review it. */
export class LockReview {
  /**
   * What differs between the texts of two locks, a sentence each: backups that are new, gone or in
   * another state, answers of another project, and the decisions that come out differently.
   *
   * Times in RFC 3339, sizes in bytes; texts of the cloud on one line. Empty where nothing differs but
   * the time of the answers.
   * @param before The text of the lock as it was.
   * @param after The text of the lock as it is.
   * @throws `INVALID_PROPERTY` for what is no text; `LOCK_INVALID` or `LOCK_TOO_NEW` where one of them can't be read.
   */
  public static between(before: string, after: string): string[] {
    checkedValue("before", before, LOCK_TEXT, { source: "LockReview.between" });
    checkedValue("after", after, LOCK_TEXT, { source: "LockReview.between" });
    const [old, now] = [parseLock(before, "the lock before"), parseLock(after, "the lock after")];
    // Where one was edited, nothing is said of any.
    for (const { entries } of [old, now]) for (const entry of entries.values()) void entry.records;
    return differencesBetween(old, now).map(({ sentence }) => sentence);
  }

  private constructor() {}
}

/** Something that differs between two locks. */
export interface Difference {
  /** Who asks, and what; or who decides. */
  readonly subject: string;
  readonly change: string;
  readonly isDecision: boolean;
  /** Both, as a sentence. */
  readonly sentence: string;
}

/** What differs: the answers by what was asked, then the decisions. */
export function differencesBetween(before: Lock, after: Lock): Difference[] {
  const keys = [...new Set([...before.entries.keys(), ...after.entries.keys()])];
  const answers = keys.flatMap((key) => {
    const subject = printable(subjectOf(key, after, before));
    return changesOf(before.entries.get(key), after.entries.get(key)).map((each): Difference => {
      const change = printable(each);
      return { subject, change, isDecision: false, sentence: `${subject}: ${change}.` };
    });
  });
  const inOrder = answers.sort(({ sentence: a }, { sentence: b }) => (a < b ? -1 : a > b ? 1 : 0));
  return [...inOrder, ...decisionChanges(before, after)];
}

/** Who asks, and what. */
function subjectOf(key: string, ...locks: Lock[]): string {
  const label = locks.map(({ entries }) => entries.get(key)?.label).find((each) => each) ?? key;
  const stacks = locks.flatMap((lock) => [...lock.stacks.values()]);
  const asking = stacks.flatMap(({ lookups }) =>
    Object.keys(lookups).filter((construct) => lookups[construct]!.includes(key)),
  );
  return excerpt([[...new Set(asking)].sort().join(", "), label].filter(Boolean).join(", "), 300);
}

function changesOf(before: LockEntry | undefined, after: LockEntry | undefined): string[] {
  if (!before) return [`asked for the first time, ${inShort(after!)}`];
  if (!after) return [`no longer in the lock, which had ${inShort(before)}`];
  // The moments differ from run to run.
  const [was, is] = [before, after].map(({ answered }) =>
    whoseIs({ ...answered, as_of: undefined }),
  );
  const [missed, misses] = [before.missing, after.missing].map((missing) => missing !== undefined);
  return [
    ...(was === is ? [] : [`the answer is of another: of ${is}, before of ${was}`]),
    ...(missed === misses
      ? []
      : [misses ? "the service knows nothing of it any more" : "the service knows of it now"]),
    ...contentChanges(before, after),
  ];
}

function contentChanges(before: LockEntry, after: LockEntry): string[] {
  const [old, now] = [contentOf(before), contentOf(after)];
  if (old?.windows && now?.windows) return windowChanges(old.windows, now.windows);
  if (old?.backups && now?.backups) {
    return backupChanges(old.backups, now.backups, [old.latest, now.latest]);
  }
  const isSame = before.records.joined().equals(after.records.joined());
  return isSame ? [] : ["the records differ, in a way that this version can't read"];
}

function backupChanges(
  before: Backup[],
  after: Backup[],
  [was, is]: [string | undefined, string | undefined],
): string[] {
  const [old, now] = [before, after].map((all) => new Map(all.map((each) => [each.id, each])));
  return [
    ...after.flatMap((backup) => (old!.has(backup.id) ? [] : `new: ${describe(backup)}`)),
    ...before.flatMap((backup) => (now!.has(backup.id) ? [] : `gone: ${describe(backup)}`)),
    ...after.flatMap((backup) => {
      const differences = fieldChanges(old!.get(backup.id), backup);
      return differences.length > 0
        ? `changed: ${excerpt(backup.id, 80)}: ${differences.join(", ")}`
        : [];
    }),
    ...(was === is
      ? []
      : [`the newest restorable backup is ${nameOf(is)}, before it was ${nameOf(was)}`]),
  ];
}

function fieldChanges(before: Backup | undefined, after: Backup): string[] {
  if (!before) return [];
  const fields = ["status", "kind", "isRestorable", "sizeBytes", "beginTime", "endTime"] as const;
  const changed = fields.flatMap((field) => {
    const [was, is] = [textOf(before[field]), textOf(after[field])];
    return was === is ? [] : `${field} ${was} → ${is}`;
  });
  const isSame = JSON.stringify(before.raw) === JSON.stringify(after.raw);
  return changed.length > 0 || isSame ? changed : ["a field of the raw record"];
}

function windowChanges(before: RestoreWindow[], after: RestoreWindow[]): string[] {
  const [was, is] = [before, after].map((windows) =>
    windows.map(({ start, end }) => `${toRfc3339(start)} to ${toRfc3339(end)}`).join(", "),
  );
  return was === is ? [] : [`can be restored to ${is || "no moment"}, before to ${was || "none"}`];
}

function decisionChanges(before: Lock, after: Lock): Difference[] {
  // No objects: a construct of a forged lock may be called `__proto__`.
  const [old, now] = [before, after].map(
    ({ stacks }) =>
      new Map([...stacks.values()].flatMap(({ decisions }) => Object.entries(decisions))),
  ) as [Map<string, string>, Map<string, string>];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((construct) => {
    const [was, is] = [old.get(construct), now.get(construct)];
    if (was === is) return [];
    const change = `decides ${is ?? "nothing any more"}${was === undefined ? "" : `, before ${was}`}`;
    return {
      subject: excerpt(construct, 300),
      change: excerpt(change, 600),
      isDecision: true,
      sentence: excerpt(`${construct}: ${change}.`, 600),
    };
  });
}

/** Undefined where the query or its answer is one that this version does not know. */
function contentOf(
  entry: LockEntry,
): { backups?: Backup[]; latest?: string; windows?: RestoreWindow[] } | undefined {
  try {
    const asOf = builtAt(entry);
    const content = questionOf(entry.query)?.resultOf(entry.records, asOf, []);
    if (Array.isArray(content)) return { windows: content as RestoreWindow[] };
    if (content === undefined) return undefined;
    const { backups } = content as Result;
    return { backups, latest: latestRestorable(backups, asOf)?.id };
  } catch (error) {
    if (BackupsError.isBackupsError(error)) return undefined;
    throw error;
  }
}

function inShort({ records, query }: LockEntry): string {
  const what = query["list"] === "windows" ? "restore window" : "backup";
  return `${records.length} ${what}${records.length === 1 ? "" : "s"}`;
}

function describe(backup: Backup): string {
  return [
    `${nameOf(backup.id)}${backup.name ? ` "${excerpt(backup.name, 80)}"` : ""}`,
    backup.kind,
    backup.status,
    `begun ${textOf(backup.beginTime)}`,
    `${textOf(backup.sizeBytes)} bytes`,
  ].join(", ");
}

function nameOf(id: string | undefined): string {
  return id === undefined ? "none" : excerpt(id, 80);
}

function textOf(value: Date | string | number | boolean | undefined): string {
  if (value instanceof Date) return toRfc3339(value);
  return value === undefined ? "unknown" : String(value);
}
