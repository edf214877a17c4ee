import { Backup } from "../model/backup";
import { BackupsError } from "../model/errors";
import { AutomatedBackups, Instance } from "../model/instance";
import { ANY_TEXT, checkedValue, required } from "../model/shape";
import { excerpt, printable } from "../model/text";
import { toRfc3339 } from "../model/time";
import { RestoreWindow } from "../model/window";
import { latestRestorable } from "../restore/candidates";
import { Result } from "../query/result";
import { builtAt, Lock, LockEntry, whoseIs } from "./format";
import { parseLock } from "./parse";
import { InstancesResult, PolicyResult, questionOf } from "../query/question";

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
  if (old?.instances && now?.instances) return instanceChanges(old.instances, now.instances);
  if (old?.policy && now?.policy) return policyChange(old.policy, now.policy);
  if (old?.onto && now?.onto) return ontoChanges(old.onto, now.onto);
  if (old?.backups && now?.backups) {
    return backupChanges(old.backups, now.backups, [old.latest, now.latest]);
  }
  const isSame = before.records.joined().equals(after.records.joined());
  return isSame ? [] : ["the records differ, in a way that this version can't read"];
}

function backupChanges(
  before: readonly Backup[],
  after: readonly Backup[],
  [was, is]: [string | undefined, string | undefined],
): string[] {
  return [
    ...itemChanges(before, after, describe, backupFields),
    ...(was === is
      ? []
      : [`the newest restorable backup is ${nameOf(is)}, before it was ${nameOf(was)}`]),
  ];
}

function instanceChanges(before: readonly Instance[], after: readonly Instance[]): string[] {
  return itemChanges(before, after, describeInstance, instanceFields);
}

/** Which are new, which are gone, and what is another of those that stay. */
function itemChanges<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  describeItem: (item: T) => string,
  fieldChanges: (was: T, is: T) => string[],
): string[] {
  const [old, now] = [before, after].map((all) => new Map(all.map((each) => [each.id, each])));
  return [
    ...after.flatMap((each) => (old!.has(each.id) ? [] : `new: ${describeItem(each)}`)),
    ...before.flatMap((each) => (now!.has(each.id) ? [] : `gone: ${describeItem(each)}`)),
    ...after.flatMap((each) => {
      const was = old!.get(each.id);
      const differences = was ? fieldChanges(was, each) : [];
      return differences.length > 0
        ? `changed: ${excerpt(each.id, 80)}: ${differences.join(", ")}`
        : [];
    }),
  ];
}

function backupFields(before: Backup, after: Backup): string[] {
  const fields = ["status", "kind", "isRestorable", "sizeBytes", "beginTime", "endTime"] as const;
  const changed = changesIn(fields, before, after);
  const isSame = JSON.stringify(before.raw) === JSON.stringify(after.raw);
  return changed.length > 0 || isSame ? changed : ["a field of the raw record"];
}

function instanceFields(before: Instance, after: Instance): string[] {
  const fields = [
    "name",
    "status",
    "engine",
    "engineVersion",
    "createdAt",
    "isReplica",
    "canBeBackedUp",
    "volumeSizeBytes",
  ] as const;
  const [was, is] = [before, after].map(({ automatedBackups }) => policyText(automatedBackups));
  return [
    ...changesIn(fields, before, after),
    ...(was === is ? [] : [`automated backups ${was} → ${is}`]),
  ];
}

function changesIn<K extends string>(
  fields: readonly K[],
  before: { readonly [key in K]?: Field },
  after: { readonly [key in K]?: Field },
): string[] {
  return fields.flatMap((field) => {
    const [was, is] = [textOf(before[field]), textOf(after[field])];
    return was === is ? [] : `${field} ${was} → ${is}`;
  });
}

function policyChange(
  { automatedBackups: before }: PolicyResult,
  { automatedBackups: after }: PolicyResult,
): string[] {
  const [was, is] = [policyText(before), policyText(after)];
  return was === is ? [] : [`automated backups are ${is}, before ${was}`];
}

function policyText(policy: AutomatedBackups | undefined): string {
  if (!policy) return "unknown";
  if (!policy.isOn) return "off";
  const { keepDays, weekdays, window } = policy;
  return [
    "on",
    keepDays === undefined ? "" : `kept ${keepDays} days`,
    window === undefined ? "" : excerpt(window, 40),
    weekdays === undefined ? "" : `on weekdays ${weekdays.join(", ")}`,
  ]
    .filter(Boolean)
    .join(" ");
}

function ontoChanges(before: readonly string[], after: readonly string[]): string[] {
  const without = (all: readonly string[], others: readonly string[]) =>
    all.filter((id) => !others.includes(id)).map((id) => excerpt(id, 80));
  const [more, fewer] = [without(after, before), without(before, after)];
  return [
    ...(more.length > 0 ? [`can be restored onto ${more.join(", ")} as well`] : []),
    ...(fewer.length > 0 ? [`can no longer be restored onto ${fewer.join(", ")}`] : []),
  ];
}

function windowChanges(
  before: readonly RestoreWindow[],
  after: readonly RestoreWindow[],
): string[] {
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

/** What an answer holds, by what was asked for. */
interface Content {
  readonly backups?: readonly Backup[];
  readonly latest?: string;
  readonly windows?: readonly RestoreWindow[];
  readonly instances?: readonly Instance[];
  readonly policy?: PolicyResult;
  readonly onto?: readonly string[];
}

/** Undefined where the query or its answer is one that this version does not know. */
function contentOf(entry: LockEntry): Content | undefined {
  try {
    const asOf = builtAt(entry);
    const value = questionOf(entry.query)?.resultOf(entry.records, asOf, []);
    if (value === undefined) return undefined;
    switch (entry.query["list"]) {
      case "windows":
        return { windows: value as RestoreWindow[] };
      case "instances":
        return { instances: (value as InstancesResult).instances };
      case "policy":
        return { policy: value as PolicyResult };
      case "restorable":
        return { onto: value as string[] };
      default: {
        const { backups } = value as Result;
        return { backups, latest: latestRestorable(backups, asOf)?.id };
      }
    }
  } catch (error) {
    if (BackupsError.isBackupsError(error)) return undefined;
    throw error;
  }
}

function inShort(entry: LockEntry): string {
  const { length } = entry.records;
  const list = String(entry.query["list"]);
  // The others are not read to be counted.
  const policy = list === "policy" ? contentOf(entry)?.policy : undefined;
  if (policy) return `automated backups ${policyText(policy.automatedBackups)}`;
  const noun = Object.hasOwn(NOUNS, list) ? NOUNS[list] : "backup";
  return `${length} ${noun}${length === 1 ? "" : "s"}`;
}

// What a record of a list is, where it is no backup.
const NOUNS: { readonly [list: string]: string } = {
  windows: "restore window",
  instances: "instance",
  restorable: "instance",
};

function describeInstance(instance: Instance): string {
  const { automatedBackups, engine, engineVersion, id, name, status } = instance;
  return [
    `instance ${excerpt(id, 80)}${name === undefined ? "" : ` "${excerpt(name, 80)}"`}`,
    [engine, engineVersion].filter(Boolean).join(" "),
    status,
    automatedBackups ? `automated backups ${policyText(automatedBackups)}` : "",
  ]
    .filter(Boolean)
    .join(", ");
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

type Field = Date | string | number | boolean;

function textOf(value: Field | undefined): string {
  if (value instanceof Date) return toRfc3339(value);
  return value === undefined ? "unknown" : String(value);
}
