import { DEFAULT_LOCK_FILE, LockFile } from "../lock/file";
import { Lock } from "../lock/format";
import { HeldBackups } from "../lock/held";
import { Read, readLock } from "../lock/merge";
import { Unanswered } from "../lock/stacks";
import { lookups } from "../lookup/ending";
import { refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { inProject } from "./project";

/** A lock file that was read whole. */
export interface WholeLock {
  readonly store: LockFile;
  /** As the user knows it. */
  readonly name: string;
  readonly read: Read;
}

/** The file that is meant: the one that was given, else that of the project. */
export function lockPath(given: string | undefined): string {
  return given ?? inProject(DEFAULT_LOCK_FILE);
}

/** The lock with all its lists, or the lock's own error: also where one of its answers was edited. */
export function wholeLock(given: string | undefined): WholeLock {
  const store = new LockFile(lockPath(given));
  const name = String(store);
  const read = readLock(store, name);
  if (read.content === undefined) {
    throw refusal(
      "LOCK_UNREADABLE",
      `${name} is not there`,
      "A synthesis writes it where the program runs. Give the file where it has another name.",
    );
  }
  verify(read.lock);
  return { store, name, read };
}

export function unansweredText({ keys, stack }: Unanswered): string {
  return `${excerpt(stack)} asks ${lookups(keys.length)} that the lock has no answer to`;
}

/** A lock of which nothing can be told is no fleet without instances. */
export function refuseEmpty({ all, unknown }: HeldBackups, name: string, verb: string): void {
  if (all.length + unknown.length > 0) return;
  throw refusal(
    "LOCK_MISSING",
    `${excerpt(name)} holds no lookup of backups`,
    `Synthesise the program that it belongs to, or ${verb} what the cloud has: without --lock.`,
  );
}

/** Each list against its digest, and whether it is one. */
export function verify({ entries }: Lock): void {
  for (const entry of entries.values()) entry.records.all();
}
