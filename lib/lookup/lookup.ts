import type { Settings } from "../cloud/environment";
import { BackupsError } from "../model/errors";
import { RawRecord } from "../services/record";
import { askerOf, Identity, identityOf, keyOf } from "../query/identity";
import { Answered, LockEntry } from "../lock/format";
import { LookupMode } from "./mode";
import { Question } from "../query/question";

/** What may stand for the answers of the cloud, and keeps them. */
export interface Book {
  /** The moment that the ages of a source's answers count back from. */
  asOfFor(source: Source): Date;
  /** Takes note of it; it has to be known before another one is answered. */
  ask(lookup: Lookup): void;
  /** Answers the lookup if its mode has it so; whether it did. `wanted` is the one that is read. */
  answer(lookup: Lookup, wanted: Lookup | undefined): boolean;
  /** The answer that is here for the lookup, if it may serve as one. */
  servingEntry(lookup: Lookup): LockEntry | undefined;
  /** What was asked of the source last time and is not declared yet. */
  expected(source: Source): Question<unknown>[];
  /** Holds the answer of the cloud until all is known. */
  keep(lookup: Lookup, answer: Answer, who: Omit<Answered, "at">): void;
}

/** Whom a query is put to, and what of a lock may stand for the answer. */
export interface Source {
  readonly settings: Settings;
  readonly timeoutMs: number;
  /** The program's own; else the lock's or the session's. */
  readonly asOf?: Date;
  readonly mode: LookupMode;
  readonly maxLockAgeMs: number;
  readonly lock: Book;
}

/** What came of a question: of the cloud, or of a lock. */
export interface Answer {
  readonly records: readonly RawRecord[];
  /** The service said that there is no such instance. */
  readonly missing?: BackupsError;
}

/** Where a lookup goes. */
export interface Place {
  readonly source: Source;
  readonly identity: Identity;
  readonly key: string;
  /** What tells it from others of the same key: see `askerOf`. */
  readonly asker: string;
}

/** A declared question and what became of it. */
export class Lookup<T = unknown> {
  public result?: T;
  public error?: BackupsError;
  /** What a lock holds of it, or will. */
  public entry?: LockEntry;
  public isFromLock = false;
  private placed?: Place;

  constructor(
    public readonly question: Question<T>,
    public readonly constructPath: string,
    private readonly findSource: () => Source,
  ) {}

  public get isSettled(): boolean {
    return this.result !== undefined || this.error !== undefined;
  }

  /** Where it goes, as far as is known: until it is needed, a nearer provider may still be declared. */
  public get place(): Place {
    if (this.placed) return this.placed;
    const source = this.findSource();
    const identity = identityOf(this.question, source.settings);
    const asker = askerOf(this.question, source.settings);
    return { source, identity, key: keyOf(identity), asker };
  }

  /** From here on it goes there. */
  public fix(): Book {
    this.placed = this.place;
    return this.placed.source.lock;
  }

  /** Which lock it has to do with, once it was needed. */
  public get lock(): Book | undefined {
    return this.placed?.source.lock;
  }

  /** Throws where the instance is missing, and the program did not say what that means. */
  public conclude({ records, missing }: Answer, asOf: Date): void {
    const warnings: string[] = [];
    if (missing && !this.question.isEmptiness(missing, warnings)) throw missing;
    this.result = this.question.resultOf(records, asOf, warnings);
  }
}
