import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { excerpt } from "../model/text";
import { EMPTY_LOCK, Lock, UNNAMED } from "../lock/format";
import { Read, readLock, writeLock } from "../lock/merge";
import { Former } from "../lock/former";
import { Decisions } from "../lock/stacks";
import { ILockStore, MemoryLock } from "../lock/store";
import { Question } from "../query/question";
import {
  changesBy,
  deviations,
  doubtsIn,
  Ended,
  provenance,
  renewedLines,
  writtenLines,
} from "./ending";
import { hostOf } from "./inquiries";
import { Asked, isFrozen, Run, Source } from "./lookup";
import { LookupMode } from "./mode";
import { askAgain, frozenAsOf } from "./plan";

/** A lock in use: read once, and written when all is known. */
export class OpenLock implements Run {
  public readonly name: string;
  public readonly asked = new Map<string, Asked[]>();
  public readonly hostOf = hostOf;
  /** The keys of what was given out to be asked before anybody has declared it. */
  private readonly ahead = new Set<string>();
  /** How many of the former keys were looked at for a source. */
  private readonly seen = new Map<Source, number>();
  private former?: Former;
  private content?: Outcome<Read>;
  private frozenAsOf?: Date;

  constructor(
    private readonly store: ILockStore,
    public readonly now: Date,
    public readonly stacks: ReadonlySet<string>,
  ) {
    const name = String(store);
    this.name = name.startsWith("[object ") ? UNNAMED : name;
  }

  public get lock(): Lock {
    return this.read.required.lock;
  }

  public asOfFor({ asOf, mode }: Source): Date {
    return asOf ?? (mode === LookupMode.FROZEN ? this.asOf : this.now);
  }

  /** What its stacks asked of the source last time and nobody has declared yet; nothing is given out twice. */
  public toAskAhead(source: Source): Question<unknown>[] {
    const { keys } = (this.former ??= new Former(this.lock, this.stacks));
    const isNew = (key: string) => !this.ahead.has(key);
    const expected = askAgain(source, this, keys.slice(this.seen.get(source)).filter(isNew));
    this.seen.set(source, keys.length);
    for (const [key] of expected) this.ahead.add(key);
    return expected.map(([, question]) => question);
  }

  /** Writes what was found out. What a reader has to know of it, a line each. */
  public save(ended: readonly Ended[], decisions: Decisions, pruneDays?: number): string[] {
    // Why it could not be read, the lookups tell.
    if (ended.length === 0 || this.read.problem) return [];
    const lines = [
      ...(ended.every(isFrozen) ? [] : this.write(ended, decisions, pruneDays)),
      ...provenance(ended, this),
      ...deviations(ended, decisions, this),
    ];
    // What is forgotten with the process is nobody's news.
    if (this.store instanceof MemoryLock) return [];
    return lines.map((line) => `${this.name}: ${line}`);
  }

  private write(ended: readonly Ended[], decisions: Decisions, pruneDays?: number): string[] {
    // Anew: by now it is known who answered.
    const doubts = doubtsIn(ended);
    const unkept = [...doubts.values()].map((doubt) => `no answer is kept where ${doubt}`);
    try {
      const changes = changesBy(ended, doubts, decisions, this);
      if (this.lock === EMPTY_LOCK && changes.answers.size === 0) return unkept;
      const read = this.read.required;
      const change = writeLock(this.store, this.name, read, { ...changes, pruneDays });
      const isLive = ended.some(({ source }) => source.mode === LookupMode.LIVE);
      return [
        ...(isLive ? renewedLines(change) : []),
        ...writtenLines(changes, read.lock, change.isNew),
        ...unkept,
      ];
    } catch (error) {
      const why = excerpt(error instanceof Error ? error.message : String(error), 300);
      return [`nothing was written (${why}); the synthesis goes on`];
    }
  }

  /** The same for all that is read of a frozen run. */
  private get asOf(): Date {
    const known = (this.frozenAsOf ??= frozenAsOf(this));
    if (known) return known;
    if (this.lock.entries.size === 0) return this.now;
    throw refusal(
      "AS_OF_UNKNOWN",
      `${this.name} has answers of several moments, and nothing tells yet which stacks are synthesised`,
      "In the mode FROZEN read `asOf` after the first value of a query, or give `asOf`.",
    );
  }

  /** An error where it can't be read, the same one each time. */
  private get read(): Outcome<Read> {
    return (this.content ??= Outcome.of(() => readLock(this.store, this.name)));
  }
}
