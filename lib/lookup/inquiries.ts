import { endpointOf, endpointUrl, hostIn, shownUrl } from "../cloud/endpoints";
import { resolvePlace, resolveTarget } from "../cloud/environment";
import { BackupService } from "../model/service";
import { canonical } from "../model/canonical";
import { withoutUndefined } from "../model/defined";
import { BackupsError, refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { toRfc3339 } from "../model/time";
import { Records } from "../services/records";
import { idOf } from "../services/paging";
import { SERVICES } from "../services/registry";
import { Answered, LockEntry } from "../lock/format";
import { advised } from "../query/advice";
import { checkClock } from "../query/clock";
import { Question } from "../query/question";
import { deadlineExceeded, LONGEST_TIMER_MS } from "../cloud/reading";
import { Bridge } from "../wire/bridge";
import { Fetch } from "../wire/fetch";
import { joinable, projectList, share } from "../wire/joined";
import { Asked, Source } from "./lookup";

/** A question on its way to the cloud: its lists, and who is asked for them. */
export interface Inquiry {
  readonly source: Source;
  readonly fetches: readonly Fetch[];
  readonly whom: Pick<Answered, "cloud" | "region" | "host">;
}

const bridge = new Bridge();

/** The lists of one session. */
export class Inquiries {
  private readonly fetches = new Map<string, Fetch>();
  /** Those that are not sent yet, each with the longest time that it has. */
  private readonly waiting = new Map<Fetch, Time>();

  constructor(private readonly now: Date) {}

  /** Its lists stand ready from then on. Two that are the same are one; one that failed is asked for again. */
  public prepare(
    question: Question<unknown>,
    source: Source,
    asOf: Date,
    remaining: () => number,
  ): Inquiry {
    const { cloud, account } = targetOf(source);
    const baseUrl = addressOf(question.service, source);
    const fetches = question.lists(asOf, this.now, cloud.name).map((list) => {
      const job = { account, baseUrl, ...list };
      const key = JSON.stringify(job);
      const known = this.fetches.get(key);
      const fetch = known && !known.error ? known : new Fetch(job, question.decodeAhead);
      this.fetches.set(key, fetch);
      if (fetch !== known || this.waiting.has(fetch)) {
        const time = { remaining, limitMs: source.timeoutMs };
        this.waiting.set(fetch, longer(this.waiting.get(fetch), time));
      }
      return fetch;
    });
    const whom = { cloud: cloud.name, region: account.region, host: hostIn(baseUrl) };
    return { source, fetches, whom };
  }

  /** Whether something is prepared that is not sent yet. */
  public get isPrepared(): boolean {
    return this.waiting.size > 0;
  }

  /** All that is prepared, side by side; many lists of one project's instances as that project's, where it is short. */
  public send(): void {
    const times = new Map(this.waiting);
    this.waiting.clear();
    const joined = joinable([...times.keys()]);
    const alone = new Set(times.keys());
    for (const lists of joined) {
      const whole = projectList(lists);
      whole.onSettled(() => share(whole, lists).forEach((fetch) => ask(fetch, times.get(fetch)!)));
      for (const fetch of lists) alone.delete(fetch);
      ask(whole, lists.map((fetch) => times.get(fetch)!).reduce(longer));
    }
    for (const fetch of alone) ask(fetch, times.get(fetch)!);
  }
}

/** How long a list may take: what is left, of how much in all. */
interface Time {
  readonly remaining: () => number;
  readonly limitMs: number;
}

function longer(one: Time | undefined, other: Time): Time {
  return one && one.remaining() >= other.remaining() ? one : other;
}

function ask(fetch: Fetch, { limitMs, remaining }: Time): void {
  const remainingMs = remaining();
  if (remainingMs > 0) bridge.send(fetch, remainingMs, limitMs);
  else fetch.fail(deadlineExceeded(limitMs, requestOf(fetch)));
}

/** Says that something is sure to be asked. */
export function warm(): void {
  bridge.warm();
}

/** Blocks until all its lists are there or failed, or the time is up. */
export function waitFor(inquiry: Inquiry, remaining: () => number): void {
  bridge.wait(() => isFetched(inquiry), remaining);
  if (!isFetched(inquiry)) bridge.abandonIfStuck();
}

/** The same without blocking, of several. */
export async function allFetched(inquiries: Inquiry[], limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.min(limitMs, LONGEST_TIMER_MS));
  });
  const fetched = inquiries
    .flatMap(({ fetches }) => fetches)
    .map((fetch) => new Promise<void>((resolve) => fetch.onSettled(resolve)));
  await bridge.hold(Promise.race([timeUp, Promise.all(fetched)]));
  clearTimeout(timer);
}

/** What IAM refuses is no matter of the list. */
function errorIn({ error, list }: Fetch, question: Question<unknown>): BackupsError {
  const isOfList = error!.details.what.startsWith(`GET ${shownUrl(list.baseUrl)}/`);
  return isOfList ? advised(error!, question) : error!;
}

function requestOf({ list, project }: Fetch): string {
  return `GET ${shownUrl(list.baseUrl)}${list.path.replace("{project}", project ?? "{project}")}`;
}

export function isFetched({ fetches }: Inquiry): boolean {
  return fetches.every((fetch) => fetch.isSettled);
}

/**
 * The answer, as a lock holds it, or why there is none. All its lists, joined: both of GeminiDB may hold
 * the same backup, and one id is one backup.
 */
export function answerTo(asked: Asked, inquiry: Inquiry, now: Date, asOf: Date): LockEntry {
  const { question, source, identity } = asked;
  let missing: BackupsError | undefined;
  for (const fetch of inquiry.fetches) {
    if (!fetch.isSettled) throw deadlineExceeded(source.timeoutMs, requestOf(fetch));
    if (fetch.error && !question.isEmptiness(fetch.error, [])) throw errorIn(fetch, question);
    if (source.asOf === undefined) checkClock(fetch.clockAheadMs);
    missing ??= fetch.error;
  }
  const isOfAnotherMoment = question.countsBack && asOf.getTime() !== now.getTime();
  return {
    label: question.label,
    query: identity,
    // As it is read from a file: the two are compared as texts.
    answered: canonical(
      withoutUndefined({
        at: toRfc3339(now),
        as_of: isOfAnotherMoment ? toRfc3339(asOf) : undefined,
        ...inquiry.whom,
        project_id: inquiry.fetches.find(({ project }) => project)?.project,
      }),
    ),
    ...(missing && {
      missing: withoutUndefined({ code: missing.code, service_code: missing.serviceCode }),
    }),
    records: joined(inquiry.fetches),
  };
}

/** One list, or several of which one may hold the same again. */
function joined(fetches: readonly Fetch[]): Records {
  const [only] = fetches;
  if (fetches.length === 1) return only?.records ?? Records.of([]);
  const byId = new Map<string, { records: Records; index: number }>();
  for (const { list, records } of fetches) {
    records?.all().forEach((record, index) => {
      byId.set(idOf(record, list.paging), { records, index });
    });
  }
  return Records.picked([...byId.keys()].sort().map((id) => byId.get(id)!));
}

/** The cloud and the account of a source, once the environment has completed it. */
export const targetOf = onceEach(({ settings }) => resolveTarget(settings, process.env));

const placeOf = onceEach(({ settings }) => resolvePlace(settings, process.env));

/** Of the service, for a source. */
export function addressOf(service: BackupService, source: Source): string {
  const { cloud, account } = targetOf(source);
  const endpoint = endpointOf(service);
  const url = endpointUrl(cloud, account.region, endpoint);
  if (url !== undefined) return url;
  throw refusal(
    "NO_ENDPOINT",
    `${cloud.toString()} has no endpoint for ${SERVICES[service].label}`,
    `Give it as \`${endpoint}\` to Cloud.custom or in CDKTF_BACKUPS_ENDPOINTS.`,
  );
}

/** The host that a source's questions go to; undefined where the environment does not say. */
export function hostOf(source: Source, service: BackupService): string | undefined {
  return Outcome.of(() => {
    const { cloud, region } = placeOf(source);
    const url = endpointUrl(cloud, region, endpointOf(service));
    return url && hostIn(url);
  }).value;
}

/** The environment may name a file, and a lock's every answer is held against it. */
function onceEach<T>(find: (source: Source) => T): (source: Source) => T {
  const known = new WeakMap<Source, T>();
  return (source) => {
    const found = known.get(source) ?? find(source);
    known.set(source, found);
    return found;
  };
}
