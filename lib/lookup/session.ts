import {
  INSTANCE_NOT_FOUND,
  NOT_FOUND_OR_NOT_PERMITTED,
  BACKUP_NOT_FOUND,
} from "../cloud/api-errors";
import { ENDPOINT_OF, endpointUrl } from "../cloud/endpoints";
import { resolveTarget, Settings, Target } from "../cloud/environment";
import { BackupsEnvironmentError, BackupsError, BackupsUsageError, errorAt } from "../model/errors";
import { SERVICES } from "../services/registry";
import { Bridge } from "./bridge";
import { decode, Result } from "./decode";
import { deadlineExceeded, Fetch } from "./fetch";
import { describe, Query, toFilters } from "./query";

/** Whom a query is put to. */
export interface Source {
  readonly settings: Settings;
  readonly timeoutMs: number;
  readonly asOf: Date;
}

/** A declared query and what became of it. */
export class Lookup {
  public result?: Result;
  public error?: BackupsError;

  constructor(
    public readonly query: Query,
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
  private readonly sent = new Set<Fetch>();
  private spentMs = 0;

  public declare(lookup: Lookup): void {
    this.declared.add(lookup);
  }

  /** Blocks until the lookup has its result or its error; others go on meanwhile. */
  public settle(lookup: Lookup): void {
    if (!lookup.isSettled) this.send();
    const own = this.pending.get(lookup);
    if (own && !isFetched(own)) {
      const limit = this.remaining(own.source);
      const began = performance.now();
      bridge.wait(
        () => isFetched(own),
        () => limit - (performance.now() - began),
      );
      this.spent(performance.now() - began);
    }
    this.finish();
  }

  /** The same without blocking, for all that were declared; rejects where a lookup failed. */
  public async load(): Promise<void> {
    const asked = [...this.declared, ...this.pending.keys()];
    this.send();
    const waiting = [...this.pending.values()];
    if (waiting.length > 0) {
      const limit = Math.max(...waiting.map(({ source }) => this.remaining(source)));
      const began = performance.now();
      await bridge.hold(allFetched(waiting, limit));
      this.spent(performance.now() - began);
    }
    this.finish();
    const failed = asked.flatMap(({ error }) => error ?? []);
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) {
      throw new BackupsEnvironmentError({
        code: "LOOKUPS_FAILED",
        what: `${failed.length} lookups failed:\n${failed.map(({ message }) => `- ${message}`).join("\n")}\n`,
      });
    }
  }

  /** Sends every query that was declared and not sent yet, in one batch. */
  private send(): void {
    for (const lookup of this.declared) {
      this.declared.delete(lookup);
      try {
        this.pending.set(lookup, this.start(lookup));
      } catch (error) {
        if (!BackupsError.isBackupsError(error)) throw error;
        this.fail(lookup, error);
      }
    }
    for (const { source, fetches } of this.pending.values()) {
      const fresh = fetches.filter((fetch) => !this.sent.has(fetch));
      for (const fetch of fresh) {
        this.sent.add(fetch);
        const remaining = this.remaining(source);
        if (remaining > 0) bridge.send(fetch, remaining);
        else fetch.fail(deadlineExceeded(source.timeoutMs));
      }
    }
  }

  private start(lookup: Lookup): Pending {
    const source = lookup.findSource();
    const target = this.targets.get(source.settings) ?? resolveTarget(source.settings, process.env);
    this.targets.set(source.settings, target);
    const { query } = lookup;
    const api = SERVICES[query.service];
    const baseUrl = endpointUrl(target.cloud, target.account.region, ENDPOINT_OF[query.service]);
    if (baseUrl === undefined) {
      throw new BackupsUsageError({
        code: "NO_ENDPOINT",
        what: `${target.cloud.toString()} has no endpoint for ${api.label}`,
        advice: `Give it as \`${ENDPOINT_OF[query.service]}\` to Cloud.custom or in CDKTF_BACKUPS_ENDPOINTS.`,
      });
    }
    const lists = api.lists(toFilters(query, source.asOf)).map((list) => ({
      account: target.account,
      baseUrl,
      paging: api.paging,
      ...list,
    }));
    return { lookup, source, fetches: lists.map((list) => this.fetchOf(new Fetch(list))) };
  }

  /** Two identical lists are one. */
  private fetchOf(fetch: Fetch): Fetch {
    const key = JSON.stringify(fetch.list);
    const known = this.fetches.get(key) ?? fetch;
    this.fetches.set(key, known);
    return known;
  }

  private remaining(source: Source): number {
    return source.timeoutMs - this.spentMs;
  }

  /**
   * Counts the time that was waited. The worker ends its own lookups a little before the deadline, so
   * what is still open after it hangs in a worker that no longer answers.
   */
  private spent(milliseconds: number): void {
    this.spentMs += milliseconds;
    const late = [...this.pending.values()].filter(
      (pending) => !isFetched(pending) && this.remaining(pending.source) <= 0,
    );
    for (const { source, fetches } of late) {
      for (const fetch of fetches) {
        if (!fetch.isSettled) fetch.fail(deadlineExceeded(source.timeoutMs));
      }
    }
    if (late.length > 0) bridge.abandon();
  }

  /** Hands what was fetched to the lookups that it was fetched for. */
  private finish(): void {
    for (const pending of this.pending.values()) {
      const { lookup, source, fetches } = pending;
      if (!isFetched(pending)) continue;
      this.pending.delete(lookup);
      const extra: string[] = [];
      const failed = fetches.find(
        (fetch) => fetch.error && !isEmptiness(fetch.error, lookup, extra),
      );
      if (failed) {
        this.fail(lookup, failed.error!);
        continue;
      }
      try {
        const records = fetches.flatMap((fetch) => fetch.records ?? []);
        const { backups, warnings } = decode(records, lookup.query, source.asOf);
        lookup.result = { backups, warnings: [...extra, ...warnings] };
      } catch (error) {
        if (!BackupsError.isBackupsError(error)) throw error;
        this.fail(lookup, error);
      }
    }
  }

  private fail(lookup: Lookup, error: BackupsError): void {
    const { constructPath, query } = lookup;
    lookup.error = errorAt(error, { constructPath, query: describe(query) });
  }
}

/** Errors that only mean "no backups" for this lookup. */
function isEmptiness(error: BackupsError, { query }: Lookup, warnings: string[]): boolean {
  // The other services answer an unknown backup id by an empty list.
  if (error.code === BACKUP_NOT_FOUND) return query.backupId !== undefined;
  if (!query.isEmptyIfInstanceMissing) return false;
  if (error.code === NOT_FOUND_OR_NOT_PERMITTED) {
    warnings.push(
      `the service says "not found or no permission" (${error.serviceCode}); taken for an instance that does not exist yet, because of ifInstanceMissing`,
    );
    return true;
  }
  return error.code === INSTANCE_NOT_FOUND;
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
