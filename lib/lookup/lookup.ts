import type { ConnectionSettings } from "../cloud/environment";
import { BackupService } from "../model/service";
import { ErrorCode } from "../model/error-codes";
import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { Lock, LockEntry } from "../lock/format";
import { ILockStore } from "../lock/store";
import { askerOf, Identity, identityOf, keyOf } from "../query/identity";
import { Question } from "../query/question";
import { Shelf } from "../query/result";
import { LookupMode } from "./mode";

/** Whom a question is put to, and what of a lock may stand for the answer. */
export interface Source {
  readonly settings: ConnectionSettings;
  readonly timeoutMs: number;
  /** The program's own; else the lock's or the session's. */
  readonly asOf?: Date;
  readonly mode: LookupMode;
  readonly maxLockAgeMs: number;
  readonly store: ILockStore;
}

/** A declared question. */
export interface Lookup<T = unknown> {
  readonly question: Question<T>;
  readonly constructPath: string;
  /** Until it is needed, a nearer provider may still be declared. */
  readonly findSource: () => Source;
  /** Whether it does not travel with the others: it is asked only where it is read. */
  readonly isSpared?: () => boolean;
  /** Called once something has become of it: another question may follow from the answer. */
  readonly onSettled?: () => void;
}

/** A question that was needed, and where it goes from then on. */
export interface Asked {
  readonly question: Question<unknown>;
  readonly constructPath: string;
  readonly source: Source;
  readonly identity: Identity;
  readonly key: string;
  /** What tells it from others of the same key: see `askerOf`. */
  readonly asker: string;
}

/** What became of a lookup. */
export interface Settled<T = unknown> {
  readonly outcome: Outcome<T>;
  /** What a lock holds of it, or will. */
  readonly entry?: LockEntry;
  readonly isFromLock?: boolean;
}

/** Where it goes, by what is declared up to now. */
export function askedOf({ question, constructPath, findSource }: Lookup): Asked {
  const source = findSource();
  const identity = identityOf(question, source.settings);
  const asker = askerOf(question, source.settings);
  return { question, constructPath, source, identity, key: keyOf(identity), asker };
}

export function isFrozen({ source }: Asked): boolean {
  return source.mode === LookupMode.FROZEN;
}

/** One lock in one synthesis, as far as it has come. */
export interface Run {
  /** Of the lock, as the user knows it. */
  readonly name: string;
  readonly lock: Lock;
  readonly now: Date;
  /** The ids of the stacks that have declared a lookup. */
  readonly stacks: ReadonlySet<string>;
  /** By key; a whole batch is here before the first of it is planned. */
  readonly asked: ReadonlyMap<string, readonly Asked[]>;
  /** The moment that the ages of a source's answers count back from. */
  asOfFor(source: Source): Date;
  /**
   * The host that a source's questions go to; undefined where the environment does not say. It may have
   * said, or say now, that somebody else answers for the cloud.
   */
  hostOf(source: Source, service: BackupService): string | undefined;
}

/** What the lock has of it, be it of no use. */
export function entryOf({ key, identity }: Asked, { lock }: Run): LockEntry | undefined {
  const entry = lock.entries.get(key);
  return entry && JSON.stringify(entry.query) === JSON.stringify(identity) ? entry : undefined;
}

/** What an answer means; an error where the instance is missing, and the program did not say what that means. */
export function resultOf({ question }: Asked, entry: LockEntry, asOf: Date, shelf: Shelf): unknown {
  const warnings: string[] = [];
  if (entry.missing) {
    const { code, service_code: serviceCode } = entry.missing;
    const what = "there was no such instance when the lock was written";
    const error = refusal(code as ErrorCode, what, undefined, { serviceCode });
    if (!question.isEmptiness(error, warnings)) throw error;
  }
  return question.resultOf(entry.records, asOf, warnings, shelf);
}

/** Puts it beside those of the same key. */
export function putByKey<T extends Asked>(all: Map<string, T[]>, one: T): void {
  const same = all.get(one.key);
  if (same) same.push(one);
  else all.set(one.key, [one]);
}
