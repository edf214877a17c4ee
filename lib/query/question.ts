import { BackupService } from "../model/service";
import { Duration } from "../model/duration";
import { BackupsError } from "../model/errors";
import { checkedId, checkedName } from "../model/ids";
import { AutomatedBackups, Instance } from "../model/instance";
import { defang, excerpt, printable } from "../model/text";
import { DAY_MS, midnightOf, toRfc3339 } from "../model/time";
import { RestoreWindow } from "../model/window";
import { Fields } from "../services/fields";
import { Records } from "../services/records";
import { idOf, Paging } from "../services/paging";
import { Query } from "../services/query";
import { listOf, SERVICES } from "../services/registry";
import { ListRequest, RestoreSource } from "../services/service";
import { decodeWindows } from "../services/windows";
import { decode, decodeAhead } from "./decode";
import { Result, Shelf } from "./result";
import { ownerHint } from "./owner";
import { askedWindow } from "./window";
import { identify, identity, Identity, keyOf, queryOf } from "./identity";
import { describe } from "./query";

// A year and a month; a file that asks for more is not of this library.
const MAX_DAYS = 400;

/** What a service is asked, and what its answer means. */
export interface Question<T> {
  readonly service: BackupService;
  /** As a person reads it. */
  readonly label: string;
  /** What tells it from other questions to the service. */
  readonly identity: Identity;
  /** What a user must be allowed to do to be answered; none where no page says it. */
  readonly actions: readonly string[];
  /** Whether it asks for what lies before a moment that is another one tomorrow. */
  readonly countsBack: boolean;
  /** Where it does: whether an answer of `at` that counted back from `built` holds all that is asked as of `asOf`. */
  holds(built: Date, at: Date, asOf: Date): boolean;
  /** @param cloud By its name: the paths of the clouds may differ. */
  lists(asOf: Date, now: Date, cloud?: string): (ListRequest & { readonly paging: Paging })[];
  /** Whether the error only means that there is nothing; what is not certain goes to `warnings`. */
  isEmptiness(error: BackupsError, warnings: string[]): boolean;
  /** Of a part of its records, while others are under way. */
  decodeAhead?(records: Records): void;
  resultOf(records: Records, asOf: Date, warnings: readonly string[], shelf?: Shelf): T;
}

/** Which backups are there? */
export function backupsOf(query: Query): Question<Result> {
  const { actions, isInstanceRequired, paging, requests } = listOf(query);
  const isOfInstance = !isInstanceRequired && query.instanceId !== undefined;
  return {
    service: query.service,
    label: describe(query),
    identity: identify(query),
    actions,
    countsBack: query.within !== undefined,
    // A day more was asked for on each side. What came after the answer nobody could know; but where it
    // counted back from a moment before, it left out what had come since.
    holds: (built, at, asOf) =>
      built.getTime() <= asOf.getTime() + DAY_MS &&
      (built >= at || asOf.getTime() <= built.getTime() + DAY_MS),
    lists: (asOf, now) =>
      requests(query, askedWindow(query, asOf, now)).map((list) => ({
        ...list,
        paging,
        isOfInstance,
      })),
    isEmptiness: (error, warnings) => isEmptiness(error, query, warnings),
    decodeAhead: (records) => void decodeAhead(records, query),
    resultOf: (records, asOf, warnings, shelf) => decode(records, query, asOf, warnings, shelf),
  };
}

/** What is asked of a list before all of it is: the last days alone, or from a moment on. */
export type Recent = { readonly within: Duration } | { readonly beginTime: Date };

/**
 * The backups of a query from a moment on. Unlike those of `within` they have no end: a service's clock may
 * be ahead, and what it begins now counts.
 */
export function recentOf(query: Query, recent: Recent): Question<Result> {
  const question = backupsOf({ ...query, ...recent });
  return {
    ...question,
    resultOf: (records, asOf, warnings, shelf) =>
      decode(records, { ...query, beginTime: startOf(recent, asOf) }, asOf, warnings, shelf),
  };
}

/** The moment from which on they are asked for. */
export function startOf(recent: Recent, asOf: Date): Date {
  if ("beginTime" in recent) return recent.beginTime;
  return new Date(asOf.getTime() - recent.within.toMilliseconds());
}

/** UTC days: by their date, or so many before that of `asOf`, so that a question is the same tomorrow. */
export type Days =
  { readonly dates: readonly string[] } | { readonly daysBefore: readonly number[] };

/** To which moments of these days can the instance be restored? Undefined where the service has no answer. */
export function windowsOf(
  service: BackupService,
  instanceId: string,
  days: Days,
): Question<RestoreWindow[]> | undefined {
  const { label, windows } = SERVICES[service];
  if (!windows) return undefined;
  return {
    service,
    label: `restore windows of ${label} instance ${instanceId} ${describeDays(days)}`,
    identity: identity({ list: "windows", instance_id: instanceId, ...toJson(days) }),
    actions: windows.actions ?? [],
    countsBack: "daysBefore" in days,
    holds: (built, _at, asOf) => midnightOf(built) === midnightOf(asOf),
    lists: (asOf) =>
      midnightsOf(days, asOf).map((midnight) => ({
        ...windows.list(instanceId, midnight),
        paging: windows.paging,
      })),
    isEmptiness: () => false,
    resultOf: (records) => decodeWindows(records.all()),
  };
}

/** The instances of a service, and what of their records could not be understood. */
export interface InstancesResult {
  readonly instances: readonly Instance[];
  readonly warnings: readonly string[];
}

/** Which instances are there? Of that name alone, where one is given: as a rule one, but there may be several. */
export function instancesOf(service: BackupService, name?: string): Question<InstancesResult> {
  const { instances, label } = SERVICES[service];
  return {
    service,
    label: `${label} instances${name === undefined ? "" : ` named ${name}`}`,
    identity: identity({ list: "instances", name }),
    actions: instances.actions,
    countsBack: false,
    holds: () => true,
    lists: (_asOf, _now, cloud = "") => [
      { ...instances.request({ name }, cloud), paging: instances.paging },
    ],
    isEmptiness: () => false,
    resultOf: (records) => {
      const { found, warnings } = decodeInstances(records, service, instances.decode);
      // A name is compared again: by case, and as a whole.
      const named = found.filter((each) => name === undefined || each.name === name);
      return { instances: named.map((each) => Instance._of(each)).sort(byName), warnings };
    },
  };
}

/** By which policy an instance is backed up, undefined where it is gone, and what could not be understood. */
export interface PolicyResult {
  readonly automatedBackups?: AutomatedBackups;
  readonly warnings: readonly string[];
}

/** By which policy is the instance backed up? */
export function policyOf(service: BackupService, instanceId: string): Question<PolicyResult> {
  const { instances, label } = SERVICES[service];
  const { detail } = instances;
  return {
    service,
    label: `backup policy of ${label} instance ${instanceId}`,
    identity: identity({ list: "policy", instance_id: instanceId }),
    actions: (detail ?? instances).actions,
    countsBack: false,
    holds: () => true,
    lists: (_asOf, _now, cloud = "") => [
      detail
        ? { ...detail.request(instanceId), paging: detail.paging }
        : { ...instances.request({ id: instanceId }, cloud), paging: instances.paging },
    ],
    isEmptiness: (error) => error.code === "INSTANCE_NOT_FOUND",
    resultOf: (records) => {
      if (detail) {
        const { found, warnings } = decodeInstances(records, service, detail.policy);
        return { automatedBackups: found[0], warnings };
      }
      const { found, warnings } = decodeInstances(records, service, instances.decode);
      const own = found.find(({ id }) => id === instanceId);
      return { automatedBackups: own?.automatedBackups, warnings };
    },
  };
}

/** Onto which instances can it be restored, by their ids? Undefined where the service has no such call. */
export function restorableOnto(
  service: BackupService,
  source: RestoreSource,
): Question<readonly string[]> | undefined {
  const { label, restorable } = SERVICES[service];
  const list = restorable?.request(source);
  if (!restorable || !list) return undefined;
  const { backupId, instanceId, momentMs } = source;
  const what = backupId ?? `the moment ${toRfc3339(new Date(momentMs!))} of ${instanceId}`;
  return {
    service,
    label: `instances that ${label} ${what} can be restored onto`,
    identity: identity({
      list: "restorable",
      instance_id: instanceId,
      backup_id: backupId,
      moment_ms: momentMs,
    }),
    actions: [],
    countsBack: false,
    holds: () => true,
    lists: () => [{ ...list, paging: restorable.paging }],
    isEmptiness: () => false,
    resultOf: (records) => records.all().map((record) => idOf(record, restorable.paging)),
  };
}

function decodeInstances<T>(
  records: Records,
  service: BackupService,
  decode: (record: Fields) => T,
): { found: T[]; warnings: string[] } {
  const { instances, label } = SERVICES[service];
  const { id: idKey } = instances.paging;
  const warnings: string[] = [];
  const found = records.all().map((record) => {
    const key = Object.keys(record).find((name) => name.trim() === idKey) ?? idKey;
    const value = record[key];
    const id = excerpt(typeof value === "string" ? value : JSON.stringify(value ?? null), 60);
    const fields = new Fields(record, () => `${label} instance ${id}`);
    const decoded = decode(fields);
    for (const warning of fields.warnings ?? []) warnings.push(printable(defang(warning)));
    return decoded;
  });
  return { found, warnings };
}

function byName(a: Instance, b: Instance): number {
  const [one, other] = [a, b].map(({ id, name = "" }) => `${name}\u0000${id}`) as [string, string];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The question of an identity; undefined where it can't be one, which a file may hold. */
export function questionOf(asked: Identity): Question<unknown> | undefined {
  const service = asked["service"] as BackupService;
  const list = String(asked["list"]);
  if (!Object.hasOwn(SERVICES, service)) return undefined;
  try {
    if (Object.hasOwn(SERVICES[service].lists, list)) {
      return backupsOf(queryOf({ service, list }, asked));
    }
    if (list === "instances") return instancesOf(service, namedIn(asked));
    const days = daysOf(asked);
    const { instanceId } = queryOf({ service, list: "backups" }, asked);
    if (instanceId === undefined) return undefined;
    if (list === "policy") return policyOf(service, instanceId);
    if (list === "restorable") return restorableOnto(service, sourceIn(instanceId, asked));
    if (list !== "windows" || !days) return undefined;
    return windowsOf(service, instanceId, days);
  } catch {
    // Whatever a file holds, at worst it is no question.
    return undefined;
  }
}

// What of an identity says where, and whose; the rest is what is asked.
const PLACE = ["cloud", "endpoint", "region", "project_id", "project_name", "service"];

/** Where, and whose it is. */
export function placeOf(asked: Identity): Identity {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => PLACE.includes(name)));
}

/** The same, of a lock; undefined where this version would put it in another way, as a newer one may have. */
export function questionUnder(key: string, asked: Identity): Question<unknown> | undefined {
  const question = questionOf(asked);
  const again = question && identity({ ...placeOf(asked), ...question.identity });
  const isSame = JSON.stringify(again) === JSON.stringify(identity(asked));
  return isSame && keyOf(asked) === key ? question : undefined;
}

function sourceIn(instanceId: string, { backup_id: backupId, moment_ms: ms }: Identity) {
  if (backupId !== undefined) {
    return { instanceId, backupId: checkedId("backup_id", backupId, "") };
  }
  return { instanceId, momentMs: Number(ms) };
}

function namedIn({ name }: Identity): string | undefined {
  return name === undefined ? undefined : checkedName("name", name, "");
}

function toJson(days: Days) {
  return "dates" in days ? { dates: days.dates } : { days_before: days.daysBefore };
}

function daysOf({ dates, days_before: daysBefore }: Identity): Days | undefined {
  if (isListOf(dates, isDate)) return { dates: dates as string[] };
  if (isListOf(daysBefore, isCountOfDays)) return { daysBefore: daysBefore as number[] };
  return undefined;
}

function isListOf(list: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(list) && list.length > 0 && list.length <= MAX_DAYS && list.every(isItem);
}

function isDate(item: unknown): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(String(item)) && !Number.isNaN(Date.parse(String(item)));
}

function isCountOfDays(item: unknown): boolean {
  return Number.isSafeInteger(item) && (item as number) >= 0 && (item as number) <= MAX_DAYS;
}

function midnightsOf(days: Days, asOf: Date): number[] {
  if ("dates" in days) return days.dates.map((date) => Date.parse(date));
  return days.daysBefore.map((count) => midnightOf(asOf) - count * DAY_MS);
}

function describeDays(days: Days): string {
  if ("dates" in days) return `on ${days.dates.join(", ")}`;
  const [first = 0, last = first] = [days.daysBefore[0], days.daysBefore.at(-1)];
  const upTo = last === first ? "" : ` to ${last}`;
  return last === 0 ? "of the day" : `${first}${upTo} days before`;
}

/** Errors that only mean "no backups" for this query. */
function isEmptiness(error: BackupsError, query: Query, warnings: string[]): boolean {
  // The other services answer an unknown backup id by an empty list.
  if (error.code === "BACKUP_NOT_FOUND") return query.backupId !== undefined;
  if (query.ifInstanceMissing !== "empty") return false;
  if (error.code === "NOT_FOUND_OR_NOT_PERMITTED") {
    warnings.push(
      `the service says "not found or no permission" (${error.serviceCode}); taken for an instance that does not exist yet, because of ifInstanceMissing`,
    );
    return true;
  }
  if (error.code !== "INSTANCE_NOT_FOUND") return false;
  const hint = ownerHint(query.instanceId, query.service);
  if (hint)
    warnings.push(
      `there is no such instance; taken for one that does not exist yet, because of ifInstanceMissing. ${hint}`,
    );
  return true;
}
