import { ENDPOINT_OF, endpointUrl } from "../cloud/endpoints";
import { resolveTarget, Settings, Target } from "../cloud/environment";
import { BackupsEnvironmentError, BackupsError, BackupsUsageError, errorAt } from "../model/errors";
import type { RawRecord } from "../services/fields";
import { SERVICES } from "../services/registry";
import { Bridge } from "./bridge";
import { deadlineExceeded, Stopwatch } from "./deadline";
import { Fetch } from "./fetch";
import { Question } from "./question";

/** Whom a query is put to. */
export interface Source {
  readonly settings: Settings;
  readonly timeoutMs: number;
  readonly asOf: Date;
}

/** A declared question and what became of it. */
export class Lookup<T = unknown> {
  public result?: T;
  public error?: BackupsError;

  constructor(
    public readonly question: Question<T>,
    public readonly constructPath: string,
    /** Asked only when the batch is sent: a provider may be declared after the query. */
    public readonly findSource: () => Source,
  ) {}

  public get isSettled(): boolean {
    return this.result !== undefined || this.error !== undefined;
  }
}

interface Pending {
  readonly lookup: Lookup;
  readonly source: Source;
  readonly fetches: Fetch[];
}

const bridge = new Bridge();

/**
 * The lookups of one app.
 *
 * A query is only declared. The first one that is needed sends all that were declared so far, side
 * by side; identical lists are read once. One clock reading serves them all.
 */
export class Session {
  public readonly now = new Date();
  private readonly declared = new Set<Lookup>();
  private readonly pending = new Map<Lookup, Pending>();
  private readonly fetches = new Map<string, Fetch>();
  private readonly targets = new Map<Settings, Target>();
  private readonly lookups: Lookup[] = [];
  private readonly clock = new Stopwatch();

  public declare(lookup: Lookup): void {
    this.declared.add(lookup);
    this.lookups.push(lookup);
  }

  /** Blocks until the lookup has its result or its error; others go on meanwhile. */
  public settle(lookup: Lookup): void {
    if (!lookup.isSettled) this.send();
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

  /** Sends every query that was declared and not sent yet, in one batch. */
  private send(): void {
    const fresh = new Map<Fetch, number>();
    for (const lookup of this.declared) {
      this.declared.delete(lookup);
      try {
        const pending = this.start(lookup, fresh);
        this.pending.set(lookup, pending);
      } catch (error) {
        if (!BackupsError.isBackupsError(error)) throw error;
        this.fail(lookup, error);
      }
    }
    for (const [fetch, remaining] of fresh) {
      if (remaining > 0) bridge.send(fetch, remaining);
      else fetch.fail(deadlineExceeded());
    }
  }

  /** `fresh` gathers the lists that are not asked for yet, each with the longest time that it has. */
  private start(lookup: Lookup, fresh: Map<Fetch, number>): Pending {
    const source = lookup.findSource();
    const target = this.targetOf(source);
    const { question } = lookup;
    const endpoint = ENDPOINT_OF[question.service];
    const baseUrl = endpointUrl(target.cloud, target.account.region, endpoint);
    if (baseUrl === undefined) {
      throw new BackupsUsageError({
        code: "NO_ENDPOINT",
        what: `${target.cloud.toString()} has no endpoint for ${SERVICES[question.service].label}`,
        advice: `Give it as \`${endpoint}\` to Cloud.custom or in CDKTF_BACKUPS_ENDPOINTS.`,
      });
    }
    const lists = question
      .lists(source.asOf, this.now)
      .map((list) => ({ account: target.account, baseUrl, ...list }));
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
    return { lookup, source, fetches };
  }

  /** Where a source leads and as whom, once the environment has completed it. */
  public targetOf(source: Source): Target {
    const target = this.targets.get(source.settings) ?? resolveTarget(source.settings, process.env);
    this.targets.set(source.settings, target);
    return target;
  }

  private remaining(source: Source): number {
    return source.timeoutMs - this.clock.elapsed;
  }

  /** Hands what was fetched to the lookups that it was fetched for; ends those whose time is up. */
  private finish(): void {
    for (const pending of this.pending.values()) {
      const { lookup, source } = pending;
      if (!isFetched(pending) && this.remaining(source) > 0) continue;
      this.pending.delete(lookup);
      try {
        lookup.result = resultOf(pending);
      } catch (error) {
        if (!BackupsError.isBackupsError(error)) throw error;
        this.fail(lookup, error);
      }
    }
  }

  private fail(lookup: Lookup, error: BackupsError): void {
    const { constructPath, question } = lookup;
    lookup.error = errorAt(error, { constructPath, query: question.label });
  }
}

function resultOf({ lookup, source, fetches }: Pending): unknown {
  const { question } = lookup;
  const warnings: string[] = [];
  // Both lists of GeminiDB may hold the same backup: one id is one backup.
  const records = new Map<string, RawRecord>();
  for (const fetch of fetches) {
    if (!fetch.isSettled) throw deadlineExceeded();
    if (fetch.error && !question.isEmptiness(fetch.error, warnings)) throw fetch.error;
    for (const [id, record] of fetch.records ?? []) records.set(id, record);
  }
  return question.resultOf([...records.values()], source.asOf, warnings);
}

function isFetched({ fetches }: Pending): boolean {
  return fetches.every((fetch) => fetch.isSettled);
}

function allFetched(waiting: Pending[], limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(limitMs, 2 ** 31 - 1));
    let open = 1;
    const settled = () => {
      if (--open > 0) return;
      clearTimeout(timer);
      resolve();
    };
    for (const fetch of waiting.flatMap(({ fetches }) => fetches)) {
      open++;
      fetch.onSettled(settled);
    }
    settled();
  });
}
