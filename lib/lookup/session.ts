import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { timeOf } from "../model/time";
import { Stopwatch } from "../wire/stopwatch";
import { LockFile } from "../lock/file";
import { LockEntry } from "../lock/format";
import { stackIn } from "../lock/stacks";
import { ILockStore } from "../lock/store";
import { Question } from "../query/question";
import { Shelf } from "../query/result";
import { Asked, askedOf, Lookup, putByKey, resultOf, Settled, Source } from "./lookup";
import { LookupMode, pruneDaysIn } from "./mode";
import { tell } from "../cloud/notice";
import { OpenLock } from "./open-lock";
import { isSureToAsk, plan, servingEntry } from "./plan";
import {
  allFetched,
  answerTo,
  Inquiries,
  Inquiry,
  isFetched,
  targetOf,
  waitFor,
  warm,
} from "./inquiries";

/** Who judges answers: a target, a group, a policy. */
export interface Judge {
  readonly constructPath: string;
  readonly lookups: () => Lookup[];
  /** Whether what it expects of the answers is broken, so that the synthesis fails. */
  readonly isBroken: () => boolean;
  /** What it decided, on one line. */
  readonly decision?: () => string | undefined;
}

// What a service lets through in five minutes: a lock can't have more asked than that.
const MAX_AHEAD = 200;

/**
 * The lookups of one app.
 *
 * A query is only declared. The first one that is needed sends all that were declared so far, side
 * by side; identical lists are read once. One clock reading serves them all.
 */
export class Session {
  public readonly now = timeOf(Date.now());
  private readonly lookups: Lookup[] = [];
  /** Those that are not sent yet. */
  private readonly unsent = new Set<Lookup>();
  private readonly stacks = new Set<string>();
  private readonly sources = new Set<Source>();
  private readonly judges: Judge[] = [];
  // What becomes of a lookup: each of the three is set once.
  private readonly asked = new Map<Lookup, Asked>();
  private readonly pending = new Map<Lookup, Inquiry>();
  private readonly settled = new Map<Lookup, Settled>();
  private readonly locks = new Map<ILockStore | string, OpenLock>();
  private readonly inquiries = new Inquiries(this.now);
  private readonly pruneDays = pruneDaysIn(process.env);
  private readonly clock = new Stopwatch();
  private readonly shelf = new Shelf();
  private ahead = 0;
  private saved = 0;

  /** Sends nothing. */
  public declare(lookup: Lookup): void {
    if (this.lookups.length === 0 && [...this.sources].some(isSureToAsk)) warm();
    this.lookups.push(lookup);
    this.unsent.add(lookup);
    this.stacks.add(stackIn(lookup.constructPath));
  }

  /** A source that may be asked. */
  public addSource(source: Source): void {
    this.sources.add(source);
  }

  /** One that has a say in whether answers are kept. */
  public addJudge(judge: Judge): void {
    this.judges.push(judge);
  }

  /** The moment that the ages of a source's answers count back from. */
  public asOf(source: Source): Date {
    return this.lockOf(source).asOfFor(source);
  }

  /** What became of the lookup, where anything has: it asks nobody. */
  public settledOf<T>(lookup: Lookup<T>): Settled<T> | undefined {
    return this.settled.get(lookup) as Settled<T> | undefined;
  }

  /** What a lock holds, or would, of all that was answered. */
  public get entries(): LockEntry[] {
    return [...this.settled.values()].flatMap(({ entry }) => entry ?? []);
  }

  /** Whether it is too late to spare it. */
  public isSent(lookup: Lookup): boolean {
    return !this.unsent.has(lookup);
  }

  /** The name of the cloud that answers the lookup, as far as it is known without asking. */
  public cloudOf(lookup: Lookup): string | undefined {
    const asked = this.asked.get(lookup) ?? askedOf(lookup);
    const { source } = asked;
    if (source.settings.cloud) return source.settings.cloud.name;
    // Offline there need be no environment; who answered stands in the lock.
    const entry = servingEntry(asked, this.lockOf(source));
    if (entry || source.mode === LookupMode.FROZEN) return entry?.answered.cloud;
    return targetOf(source).cloud.name;
  }

  /** What comes of the lookup; blocks until it is known. Others go on meanwhile. */
  public settle<T>(lookup: Lookup<T>): Outcome<T> {
    const known = this.settledOf(lookup);
    // Asked from within a batch that is not sent yet, nobody may wait.
    if (known) return known.outcome;
    this.send(lookup);
    for (const inquiry of this.awaited(lookup)) {
      if (isFetched(inquiry)) continue;
      this.clock.start();
      waitFor(inquiry, () => this.remaining(inquiry.source));
      this.clock.stop();
    }
    this.finish();
    return this.settledOf(lookup)!.outcome;
  }

  /** What has to be there first; of lookups that others follow from all, so that those travel in one batch. */
  private awaited(lookup: Lookup): Inquiry[] {
    if (!lookup.onSettled) return [this.pending.get(lookup) ?? []].flat();
    return [...this.pending].flatMap(([each, inquiry]) => (each.onSettled ? inquiry : []));
  }

  /** The same without blocking, for all that were declared; rejects where a lookup failed. */
  public async load(): Promise<void> {
    this.send();
    // Others may follow from the answers.
    for (; this.pending.size > 0; this.send()) {
      const waiting = [...this.pending.values()];
      this.clock.start();
      await allFetched(waiting, Math.max(...waiting.map(({ source }) => this.remaining(source))));
      this.clock.stop();
      this.finish();
    }
    const failed = this.lookups.flatMap(
      (lookup) => this.settled.get(lookup)?.outcome.problem ?? [],
    );
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) {
      throw refusal("LOOKUPS_FAILED", `${failed.length} lookups failed:`, undefined, {
        list: failed.map(({ message }) => message),
      });
    }
  }

  /**
   * Writes the locks, once all stacks are resolved: a program that ends before that keeps nothing. Says
   * on standard output what a reader has to know of where the answers come from.
   */
  public readonly save = (): void => {
    if (this.settled.size === this.saved) return;
    this.saved = this.settled.size;
    const verdicts = this.judges.map(({ isBroken, lookups, ...judge }) => ({
      ...judge,
      isBroken: isBroken(),
      lookups: lookups(),
    }));
    const broken = new Set(verdicts.flatMap(({ isBroken, lookups }) => (isBroken ? lookups : [])));
    for (const lock of this.locks.values()) {
      const own = new Map([...this.asked].filter(([, { source }]) => this.lockOf(source) === lock));
      const ended = [...own].map(([lookup, asked]) => ({
        ...asked,
        ...this.settled.get(lookup),
        isBroken: broken.has(lookup),
      }));
      const decisions = verdicts.flatMap(({ constructPath, decision, isBroken, lookups }) =>
        decision && lookups.some((each) => own.has(each))
          ? [[constructPath, isBroken ? undefined : decision()]]
          : [],
      );
      const lines = lock.save(ended, Object.fromEntries(decisions), this.pruneDays);
      for (const line of lines) tell(line);
    }
  };

  /** Of one file there is one. */
  private lockOf({ store }: Source): OpenLock {
    const key = store instanceof LockFile ? store._file : store;
    const lock = this.locks.get(key) ?? new OpenLock(store, this.now, this.stacks);
    this.locks.set(key, lock);
    return lock;
  }

  /**
   * Answers every query that was declared, not asked yet and is not spared: from the lock where its plan
   * is that, else from the cloud, in one batch. `wanted` is the one that is read.
   */
  private send(wanted?: Lookup): void {
    const isDue = (each: Lookup) => each === wanted || !each.isSpared?.();
    // From what a lock answers others may follow at once.
    for (let batch; (batch = [...this.unsent].filter(isDue)).length > 0;) {
      for (const lookup of batch) this.unsent.delete(lookup);
      // All of them are known to their lock before it answers the first.
      for (const lookup of batch) this.attempt(lookup, () => this.place(lookup));
      for (const lookup of batch) {
        const asked = this.asked.get(lookup);
        if (asked) this.attempt(lookup, () => this.take(lookup, asked, lookup === wanted));
      }
    }
    if (this.inquiries.isPrepared && this.ahead < MAX_AHEAD) {
      for (const source of this.sources) this.askAhead(source);
    }
    this.inquiries.send();
  }

  private place(lookup: Lookup): void {
    const asked = askedOf(lookup);
    this.asked.set(lookup, asked);
    putByKey(this.lockOf(asked.source).asked, asked);
  }

  /** Takes the step that is planned for it. */
  private take(lookup: Lookup, asked: Asked, isWanted: boolean): void {
    const { question, source } = asked;
    const step = plan(asked, this.lockOf(source), isWanted);
    if ("refuse" in step) throw step.refuse;
    if ("ask" in step) {
      this.pending.set(lookup, this.inquire(question, source));
      this.sources.add(source);
    } else {
      const entry = step.serve;
      const outcome = this.outcomeAt(lookup, () =>
        resultOf(asked, entry, this.asOf(source), this.shelf),
      );
      this.end(lookup, { outcome, entry, isFromLock: true });
    }
  }

  private inquire(question: Question<unknown>, source: Source): Inquiry {
    return this.inquiries.prepare(question, source, this.asOf(source), () =>
      this.remaining(source),
    );
  }

  /** What is about to be asked. It may fail without a word: perhaps nobody ever declares it. */
  private askAhead(source: Source): void {
    const lock = this.lockOf(source);
    Outcome.of(() => {
      for (const question of lock.toAskAhead(source)) {
        this.ahead += question.lists(this.asOf(source), this.now).length;
        if (this.ahead <= MAX_AHEAD) this.inquire(question, source);
      }
    });
  }

  /** Hands what was fetched to the lookups that it was fetched for; ends those whose time is up. */
  private finish(): void {
    for (const [lookup, inquiry] of this.pending) {
      if (!isFetched(inquiry) && this.remaining(inquiry.source) > 0) continue;
      this.pending.delete(lookup);
      this.attempt(lookup, () => {
        const asked = this.asked.get(lookup)!;
        const asOf = this.asOf(asked.source);
        const entry = answerTo(asked, inquiry, this.now, asOf);
        const value = resultOf(asked, entry, asOf, this.shelf);
        this.end(lookup, { outcome: Outcome.of(() => value), entry });
      });
    }
  }

  private remaining({ timeoutMs }: Source): number {
    return timeoutMs - this.clock.elapsed;
  }

  /** An error of this library is what becomes of the lookup. */
  private attempt(lookup: Lookup, act: () => void): void {
    const outcome = this.outcomeAt(lookup, act);
    if (outcome.problem) this.end(lookup, { outcome });
  }

  private end(lookup: Lookup, settled: Settled): void {
    this.settled.set(lookup, settled);
    lookup.onSettled?.();
  }

  private outcomeAt<T>({ constructPath, question }: Lookup, find: () => T): Outcome<T> {
    return Outcome.of(find).at({ constructPath, query: question.label });
  }
}
