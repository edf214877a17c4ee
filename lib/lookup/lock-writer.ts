import { BackupsEnvironmentError } from "../model/errors";
import {
  CLOCK_SKEW_MS,
  EMPTY_LOCK,
  formatLock,
  Lock,
  LockEntry,
  parseLock,
  Program,
  timeOf,
} from "./lock";
import { ILockStore } from "./lock-store";

// Each time another process wrote in between; eight at once need eight.
const MAX_TRIES = 100;
const DAY_MS = 86_400_000;

/** What one synthesis adds to a lock. */
export interface Findings {
  readonly program: Program;
  /** New answers. */
  readonly answers: ReadonlyMap<string, LockEntry>;
  /** Answers of the lock that broke an expectation: they are asked for again next time. */
  readonly refused: ReadonlyMap<string, LockEntry>;
  /** Removes what no program asks for and is older than so many days. */
  readonly pruneDays?: number;
}

/** A lock as it was read; the text is undefined where there was none. */
export interface Read {
  readonly text?: string;
  readonly lock: Lock;
}

/** The lock in the store, or an error where it can't be read. */
export function readLock(store: ILockStore, name: string): Read {
  const text = store.read();
  return { text, lock: text === undefined ? EMPTY_LOCK : parseLock(text, name) };
}

/**
 * Adds the findings to what is kept by now, entry by entry, the newest wins. `read` is what was read
 * before. Whether the lock is a new one.
 */
export function writeLock(
  store: ILockStore,
  name: string,
  read: Read,
  findings: Findings,
  now: Date,
): boolean {
  let current = read;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const text = formatLock(merged(current.lock, findings, now));
    if (text === current.text) return false;
    if (store.write(text, current.text)) return current.text === undefined;
    current = readLock(store, name);
  }
  throw new BackupsEnvironmentError({
    code: "LOCK_BUSY",
    what: `${name} was changed by others ${MAX_TRIES} times while it was written`,
    advice: "Run again.",
  });
}

function merged(lock: Lock, findings: Findings, now: Date): Lock {
  const { program, answers, refused, pruneDays } = findings;
  const entries = new Map(lock.entries);
  for (const [key, { answered }] of refused) {
    if (entries.get(key)?.answered.at === answered.at) entries.delete(key);
  }
  for (const [key, answer] of answers) {
    const kept = entries.get(key);
    if (!kept || !isNewer(kept, answer, now)) entries.set(key, answer);
  }
  const isOther = ({ stacks }: Program) => !stacks.some((each) => program.stacks.includes(each));
  const programs = [...lock.programs.filter(isOther), program];
  if (pruneDays !== undefined) prune(entries, programs, now.getTime() - pruneDays * DAY_MS);
  return { programs, entries };
}

function isNewer(kept: LockEntry, answer: LockEntry, now: Date): boolean {
  const time = timeOf(kept);
  return time > timeOf(answer) && time <= now.getTime() + CLOCK_SKEW_MS;
}

function prune(entries: Map<string, LockEntry>, programs: readonly Program[], before: number) {
  const asked = new Set(programs.flatMap(({ lookups }) => Object.values(lookups).flat()));
  for (const [key, entry] of entries) {
    if (!asked.has(key) && timeOf(entry) <= before) entries.delete(key);
  }
}
