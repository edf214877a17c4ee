import { resolve } from "node:path";
import { endpointOf, endpointUrl, hostIn } from "../cloud/endpoints";
import { CloudPlace, resolvePlace, resolveTarget, Settings, Target } from "../cloud/environment";
import { BackupsEnvironmentError, BackupsError, BackupsUsageError, errorAt } from "../model/errors";
import { timeOf } from "../model/time";
import { SERVICES } from "../services/registry";
import { allFetched, answeredBy, answerOf, Asking, isFetched } from "./asking";
import { Bridge } from "../wire/bridge";
import { deadlineExceeded, Stopwatch } from "../wire/deadline";
import { Fetch } from "../wire/fetch";
import { LockBook } from "./lock-book";
import { LockFile } from "../lock/file";
import { Decisions, stackIn } from "../lock/stacks";
import { ILockStore } from "../lock/store";
import { Lookup, Source } from "./lookup";
import { LookupMode, pruneDaysIn } from "./mode";
import { Question } from "../query/question";

/** Who judges answers: a target, a group, a policy. */
export interface Judge {
  readonly constructPath: string;
  readonly lookups: () => Lookup[];
  /** Whether what it expects of the answers is broken, so that the synthesis fails. */
  readonly isBroken: () => boolean;
  /** What it decided, on one line. */
  readonly decision?: () => string | undefined;
}

const bridge = new Bridge();
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
  private readonly declared = new Set<Lookup>();
  private readonly pending = new Map<Lookup, Asking>();
  private readonly fetches = new Map<string, Fetch>();
  private readonly targets = new Map<Settings, Target>();
  private readonly places = new Map<Settings, CloudPlace>();
  private readonly lookups: Lookup[] = [];
  private readonly stacks = new Set<string>();
  private readonly locks = new Map<ILockStore | string, LockBook>();
  private readonly judges: Judge[] = [];
  private readonly sources = new Set<Source>();
  private readonly pruneDays = pruneDaysIn(process.env);
  private readonly clock = new Stopwatch();
  private saved = 0;
  private ahead = 0;

  public declare(lookup: Lookup): void {
    this.declared.add(lookup);
    this.lookups.push(lookup);
    this.stacks.add(stackIn(lookup.constructPath));
  }

  /** The lock in a store, or in the file of a path. */
  public lockIn(store: ILockStore | string): LockBook {
    // One file may be written in several ways.
    const key = typeof store === "string" ? resolve(store) : store;
    const known = this.locks.get(key);
    if (known) return known;
    const kept = typeof store === "string" ? new LockFile(store) : store;
    const lock = new LockBook(kept, this.now, this.stacks, (source, question) =>
      this.hostOf(source, question),
    );
    this.locks.set(key, lock);
    return lock;
  }

  /** The moment that the ages of a source's answers count back from. */
  public asOf(source: Source): Date {
    return source.lock.asOfFor(source);
  }

  /** Takes note of a source that may be asked. */
  public know(source: Source): void {
    this.sources.add(source);
  }

  /** The clock of today, where answers of a frozen run are judged by another one. */
  public clockBeside({ mode }: Source): Date | undefined {
    return mode === LookupMode.FROZEN ? this.now : undefined;
  }

  /** Who has a say in whether answers are kept. */
  public watch(judge: Judge): void {
    this.judges.push(judge);
  }

  /**
   * Writes the locks, once all stacks are resolved: a program that ends before that keeps nothing. Says
   * on standard output what a reader has to know of where the answers come from.
   */
  public readonly save = (): void => {
    const settled = this.lookups.filter(({ isSettled }) => isSettled).length;
    if (settled === this.saved) return;
    this.saved = settled;
    const failed = new Set(this.judges.filter((judge) => judge.isBroken()));
    const broken = new Set([...failed].flatMap((judge) => judge.lookups()));
    for (const lock of this.locks.values()) {
      const lines = lock.save({
        broken,
        decisions: this.decisionsOn(lock, failed),
        pruneDays: this.pruneDays,
      });
      for (const line of lines) process.stdout.write(`${line}\n`);
    }
  };

  /** What was decided from answers of the lock; undefined where an expectation was broken. */
  private decisionsOn(lock: LockBook, failed: ReadonlySet<Judge>): Decisions {
    const concerned = this.judges.filter((judge) =>
      judge.lookups().some((lookup) => lookup.lock === lock),
    );
    return Object.fromEntries(
      concerned.flatMap((judge) => {
        const { constructPath, decision } = judge;
        return decision ? [[constructPath, failed.has(judge) ? undefined : decision()]] : [];
      }),
    );
  }

  /** Blocks until the lookup has its result or its error; others go on meanwhile. */
  public settle(lookup: Lookup): void {
    if (!lookup.isSettled) this.send(lookup);
    const own = this.pending.get(lookup);
    if (own && !isFetched(own)) {
      this.clock.start();
      bridge.wait(
        () => isFetched(own),
        () => this.remaining(own.source),
      );
      this.clock.stop();
      if (!isFetched(own)) bridge.abandonIfStuck();
    }
    this.finish();
  }

  /** The same without blocking, for all that were declared; rejects where a lookup failed. */
  public async load(): Promise<void> {
    this.send();
    const waiting = [...this.pending.values()];
    if (waiting.length > 0) {
      this.clock.start();
      const limit = Math.max(...waiting.map(({ source }) => this.remaining(source)));
      await bridge.hold(allFetched(waiting, limit));
      this.clock.stop();
    }
    this.finish();
    const failed = this.lookups.flatMap(({ error }) => error ?? []);
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) {
      throw new BackupsEnvironmentError({
        code: "LOOKUPS_FAILED",
        what: `${failed.length} lookups failed:\n${failed.map(({ message }) => `- ${message}`).join("\n")}`,
      });
    }
  }

  /** The name of the cloud that answers the lookup, as far as it is known without asking. */
  public cloudOf(lookup: Lookup): string | undefined {
    const { source } = lookup.place;
    if (source.settings.cloud) return source.settings.cloud.name;
    // Offline there need be no environment; who answered stands in the lock.
    const entry = source.lock.servingEntry(lookup);
    if (entry || source.mode === LookupMode.FROZEN) return entry?.answered.cloud;
    return this.targetOf(source).cloud.name;
  }

  /** Where a source leads and as whom, once the environment has completed it. */
  private targetOf(source: Source): Target {
    const target = this.targets.get(source.settings) ?? resolveTarget(source.settings, process.env);
    this.targets.set(source.settings, target);
    return target;
  }

  /** Read once: a lock's every answer is held against it, and the environment may name a file. */
  private placeOf({ settings }: Source): CloudPlace {
    const place = this.places.get(settings) ?? resolvePlace(settings, process.env);
    this.places.set(settings, place);
    return place;
  }

  /**
   * Answers every query that was declared and not asked yet: from the lock where its mode has it so,
   * else from the cloud, in one batch. `wanted` is the one that is read.
   */
  private send(wanted?: Lookup): void {
    const fresh = new Map<Fetch, number>();
    const declared = [...this.declared];
    this.declared.clear();
    // All of them are known to their lock before it answers the first.
    for (const lookup of declared) {
      this.attempt(lookup, () => lookup.fix().ask(lookup));
    }
    for (const lookup of declared.filter(({ isSettled }) => !isSettled)) {
      this.attempt(lookup, () => {
        const { source } = lookup.place;
        if (source.lock.answer(lookup, wanted)) return;
        this.pending.set(lookup, this.ask(lookup.question, source, fresh));
        this.know(source);
      });
    }
    if (fresh.size > 0) for (const source of this.sources) this.askAhead(source, fresh);
    for (const [fetch, remaining] of fresh) {
      if (remaining > 0) bridge.send(fetch, remaining);
      else fetch.fail(deadlineExceeded());
    }
  }

  /** `fresh` gathers the lists that are not asked for yet, each with the longest time that it has. */
  private ask(question: Question<unknown>, source: Source, fresh: Map<Fetch, number>): Asking {
    const { cloud, account } = this.targetOf(source);
    const { region } = account;
    const endpoint = endpointOf(question.service);
    const baseUrl = endpointUrl(cloud, region, endpoint);
    if (baseUrl === undefined) {
      throw new BackupsUsageError({
        code: "NO_ENDPOINT",
        what: `${cloud.toString()} has no endpoint for ${SERVICES[question.service].label}`,
        advice: `Give it as \`${endpoint}\` to Cloud.custom or in CDKTF_BACKUPS_ENDPOINTS.`,
      });
    }
    const lists = question
      .lists(this.asOf(source), this.now)
      .map((list) => ({ account, baseUrl, ...list }));
    const fetches = lists.map((list) => {
      // Two identical lists are one; one that failed is asked for again.
      const key = JSON.stringify(list);
      const known = this.fetches.get(key);
      if (known && !known.error) {
        if (fresh.has(known)) fresh.set(known, Math.max(fresh.get(known)!, this.remaining(source)));
        return known;
      }
      const fetch = new Fetch(list);
      this.fetches.set(key, fetch);
      fresh.set(fetch, this.remaining(source));
      return fetch;
    });
    return { question, source, fetches, cloud: cloud.name, region, host: hostIn(baseUrl) };
  }

  /** What is about to be asked. It may fail without a word: perhaps nobody ever declares it. */
  private askAhead(source: Source, fresh: Map<Fetch, number>): void {
    try {
      for (const question of source.lock.expected(source)) {
        this.ahead += question.lists(this.asOf(source), this.now).length;
        if (this.ahead <= MAX_AHEAD) this.ask(question, source, fresh);
      }
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
    }
  }

  /** The host that a source's questions go to; undefined where the environment does not say. */
  private hostOf(source: Source, { service }: Question<unknown>): string | undefined {
    try {
      const { cloud, region } = this.placeOf(source);
      const url = endpointUrl(cloud, region, endpointOf(service));
      return url && hostIn(url);
    } catch (error) {
      if (BackupsError.isBackupsError(error)) return undefined;
      throw error;
    }
  }

  private remaining(source: Source): number {
    return source.timeoutMs - this.clock.elapsed;
  }

  /** Hands what was fetched to the lookups that it was fetched for; ends those whose time is up. */
  private finish(): void {
    for (const [lookup, asking] of this.pending) {
      if (!isFetched(asking) && this.remaining(asking.source) > 0) continue;
      this.pending.delete(lookup);
      this.attempt(lookup, () => {
        const answer = answerOf(asking);
        lookup.conclude(answer, this.asOf(asking.source));
        asking.source.lock.keep(lookup, answer, answeredBy(asking));
      });
    }
  }

  private attempt(lookup: Lookup, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      const { constructPath, question } = lookup;
      lookup.error = errorAt(error, { constructPath, query: question.label });
    }
  }
}
