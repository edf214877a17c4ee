import { DAY_MS } from "../model/time";
import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { LockFile } from "./file";
import { EMPTY_LOCK, formatLock, Lock, LockedStack, LockEntry, lockPieces, timeOf } from "./format";
import { parseLock } from "./parse";
import { keysOf } from "./stacks";
import { ILockStore } from "./store";

// Each time another process wrote in between; eight at once need eight.
const MAX_TRIES = 100;

/** What one synthesis changes in a lock. */
export interface Changes {
  /** What each of its stacks asked and decided. */
  readonly stacks: ReadonlyMap<string, LockedStack>;
  /** New answers. */
  readonly answers: ReadonlyMap<string, LockEntry>;
  /** Whose answers broke an expectation, or may be of somebody else: they are asked for again next time. */
  readonly refused: ReadonlySet<string>;
  /** When the synthesis began, in epoch milliseconds. */
  readonly began: number;
  /** Removes what these stacks did not ask for and is older than so many days. */
  readonly pruneDays?: number;
}

/** A lock as it was read; the content is undefined where there was none. */
export interface Read {
  readonly content?: string | Buffer;
  readonly lock: Lock;
}

/** What writing a lock has changed. */
export interface Change {
  readonly before: Lock;
  readonly after: Lock;
  /** Whether there was none before. */
  readonly isNew: boolean;
}

/** The lock in the store, or an error where it can't be read. */
export function readLock(store: ILockStore, name: string): Read {
  const content = isPlainFile(store) ? store._read() : textIn(store, name);
  return { content, lock: content === undefined ? EMPTY_LOCK : parseLock(content, name) };
}

/** A file is read and written without a text in between, unless a program has made something else of it. */
function isPlainFile(store: ILockStore): store is LockFile {
  const { read, write } = LockFile.prototype;
  return store instanceof LockFile && store.read === read && store.write === write;
}

/**
 * Makes the changes in what is kept by now, entry by entry, the newest wins. `read` is what was read
 * before.
 */
export function writeLock(store: ILockStore, name: string, read: Read, changes: Changes): Change {
  return rewriteLock(store, name, read, (lock) => merged(lock, changes, Date.now()));
}

/** Makes of what is kept by now what `change` makes of it; that is called again where others wrote meanwhile. */
export function rewriteLock(
  store: ILockStore,
  name: string,
  read: Read,
  change: (lock: Lock) => Lock,
): Change {
  let current = read;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [before, after] = [current.lock, change(current.lock)];
    if (isSame(after, current)) return { before, after: before, isNew: false };
    const isWritten = write(store, after, current);
    if (isWritten === true) return { before, after, isNew: current.content === undefined };
    if (isWritten !== false) throw notSynchronous(name, "write", isWritten);
    current = readLock(store, name);
  }
  throw refusal(
    "LOCK_BUSY",
    `${name} was changed by others ${MAX_TRIES} times while it was written`,
    "Run again.",
  );
}

function isSame(lock: Lock, { content }: Read): boolean {
  if (content === undefined) return false;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  let at = 0;
  for (const piece of lockPieces(lock)) {
    if (!piece.equals(bytes.subarray(at, at + piece.length))) return false;
    at += piece.length;
  }
  return at === bytes.length;
}

function write(store: ILockStore, lock: Lock, { content }: Read): unknown {
  if (isPlainFile(store)) return store._write(lockPieces(lock), content as Buffer | undefined);
  return store.write(formatLock(lock), content as string | undefined);
}

function textIn(store: ILockStore, name: string): string | undefined {
  let text: unknown;
  try {
    text = store.read();
  } catch (error) {
    if (BackupsError.isBackupsError(error)) throw error;
    const why = excerpt(error instanceof Error ? error.message : String(error), 300);
    throw refusal(
      "LOCK_UNREADABLE",
      `${name} can't be read: ${why}`,
      "Check the store (`lockStore`).",
      { cause: error },
    );
  }
  if (text === undefined || text === null || typeof text === "string") return text ?? undefined;
  throw notSynchronous(name, "read", text);
}

function notSynchronous(name: string, method: string, value: unknown): BackupsError {
  return refusal(
    "LOCK_UNREADABLE",
    `\`${method}\` of ${name} gave ${excerpt(String(value), 40)}`,
    "A store is synchronous: `read` gives a text or undefined, `write` gives true or false.",
  );
}

function merged(lock: Lock, changes: Changes, now: number): Lock {
  const { answers, began, refused, pruneDays } = changes;
  const entries = new Map(lock.entries);
  for (const key of refused) {
    const kept = entries.get(key);
    // Unless another synthesis has asked since.
    if (kept && !isNewer(kept, began, now)) entries.delete(key);
  }
  for (const [key, answer] of answers) {
    const kept = entries.get(key);
    if (!kept || !isNewer(kept, timeOf(answer), now)) entries.set(key, answer);
  }
  const stacks = new Map([...lock.stacks, ...changes.stacks]);
  if (pruneDays === undefined) return { stacks, entries };
  return pruned({ stacks, entries }, changes, now - pruneDays * DAY_MS);
}

/** What comes from the future comes from a wrong clock: it would win for ever. */
function isNewer(kept: LockEntry, time: number, now: number): boolean {
  return timeOf(kept) > time && timeOf(kept) <= now;
}

/** Without these stacks, and without what then none asks any more and was answered up to that moment. */
export function withoutUnasked(
  { stacks, entries }: Lock,
  without: ReadonlySet<string>,
  before: number,
): Lock {
  const left = new Map([...stacks].filter(([id]) => !without.has(id)));
  return pruned({ stacks: left, entries }, { stacks: left }, before);
}

/** What these stacks ask stays. */
function pruned({ stacks, entries }: Lock, changes: Pick<Changes, "stacks">, before: number): Lock {
  const asked = new Set([...changes.stacks.values()].flatMap(keysOf));
  const isWanted = ([key, entry]: [string, LockEntry]) => asked.has(key) || timeOf(entry) > before;
  const left = new Map([...entries].filter(isWanted));
  const isUsed = ([id, stack]: [string, LockedStack]) =>
    changes.stacks.has(id) || keysOf(stack).some((key) => left.has(key));
  return { stacks: new Map([...stacks].filter(isUsed)), entries: left };
}
