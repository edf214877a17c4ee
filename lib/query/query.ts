import { BackupKind } from "../model/backup";
import { refusal } from "../model/errors";
import { checkedValue, DATE, DURATION, SERVICE } from "../model/shape";
import { shown } from "../model/text";
import { toRfc3339 } from "../model/time";
import { checkedId, checkedName } from "../model/ids";
import { Query, WhichList } from "../services/query";
import { listOf, SERVICES } from "../services/registry";

/** What a construct was given, or a lock holds: what is no property of a query is none of ours. */
export type Declared = Partial<Omit<Query, keyof WhichList | "filters">>;

/** The query that the properties declare, or an error before anything is sent. */
export function checkedQuery(which: WhichList, declared: Declared, constructPath: string): Query {
  const { service, list } = which;
  // A subclass of the program's own may say anything.
  const isKnown = SERVICE.is(service) && typeof list === "string";
  if (!isKnown || !Object.hasOwn(SERVICES[service].lists, list)) {
    throw refusal(
      "INVALID_SERVICE",
      `the query is of ${shown(service)}, ${shown(list)}, which is no list that is known`,
      `Allowed are the values of BackupService (${Object.keys(SERVICES).join(", ")}), and for the list "backups", of TaurusDB "full-backups" as well.`,
      { constructPath },
    );
  }
  const { instanceId, instanceName, backupId, backupType, beginTime, endTime, within } = declared;
  checkInstance(which, declared, constructPath);
  if (backupId !== undefined) checkedId("backupId", backupId, constructPath);
  checkKind(which, backupType, constructPath);
  checkWindow(declared, constructPath);
  const filters = checkedFilters(which, declared as { [property: string]: unknown }, constructPath);
  const { ifInstanceMissing } = declared;
  return {
    service,
    list,
    instanceId,
    instanceName,
    backupId,
    backupType,
    beginTime,
    endTime,
    within,
    ifInstanceMissing,
    filters,
  };
}

// Of every list: one that is given to another would silently leave nothing out.
export const FILTERS: ReadonlySet<string> = new Set(
  Object.values(SERVICES).flatMap(({ lists }) =>
    Object.values(lists).flatMap(({ filters = {} }) => Object.keys(filters)),
  ),
);

/** For programs without types: the vendor's own spelling would silently ask for something else. */
function checkedFilters(
  which: WhichList,
  declared: { readonly [property: string]: unknown },
  constructPath: string,
): Query["filters"] {
  const { filters = {} } = listOf(which);
  const { label } = SERVICES[which.service];
  const given = [...FILTERS].filter((name) => declared[name] !== undefined);
  for (const name of given) {
    const allowed = filters[name]?.allowed ?? [];
    if (allowed.includes(declared[name] as string)) continue;
    throw refusal(
      "INVALID_FILTER",
      `${name} ${shown(declared[name])} is none that ${label} knows`,
      allowed.length > 0
        ? `Allowed: ${allowed.join(", ")}, by the enum of that name.`
        : `Leave it out: the list of ${label} has no such filter; ${ownersOf(name)} has.`,
      { constructPath },
    );
  }
  return Object.fromEntries(given.map((name) => [name, declared[name] as string]));
}

/** The services with such a filter. */
function ownersOf(filter: string): string {
  const all = Object.values(SERVICES).filter(({ lists }) =>
    Object.values(lists).some(({ filters = {} }) => Object.hasOwn(filters, filter)),
  );
  return all.map(({ label }) => `that of ${label}`).join(" or ");
}

function checkInstance(which: WhichList, declared: Declared, constructPath: string): void {
  const { instanceId, instanceName } = declared;
  if (instanceName !== undefined && instanceId !== undefined) {
    throw refusal(
      "INVALID_NAME",
      `instanceName (${shown(instanceName)}) stands beside instanceId (${shown(instanceId)})`,
      "Give one of the two.",
      { constructPath },
    );
  }
  if (instanceName !== undefined) checkedName("instanceName", instanceName, constructPath);
  else if (listOf(which).isInstanceRequired || instanceId !== undefined) {
    checkedId("instanceId", instanceId, constructPath);
  }
}

function checkKind(
  which: WhichList,
  backupType: BackupKind | undefined,
  constructPath: string,
): void {
  const { kinds, noun, page } = listOf(which);
  const isText = typeof backupType === "string";
  if (backupType === undefined || (isText && Object.hasOwn(kinds, backupType))) return;
  const allowed = Object.entries(BackupKind)
    .filter(([, kind]) => kind in kinds)
    .map(([name]) => `BackupKind.${name}`);
  throw refusal(
    "INVALID_KIND",
    `backupType ${shown(backupType)} is no kind that ${SERVICES[which.service].label} can list${noun === "backups" ? "" : ` among its ${noun}`}`,
    `Allowed: ${allowed.join(", ")} (${page}). Leave it out for all of them.`,
    { constructPath },
  );
}

/** The two times, or how far back: an error where they can't be. */
export function checkWindow({ beginTime, endTime, within }: Declared, constructPath: string): void {
  checkedValue("beginTime", beginTime, DATE, { constructPath });
  checkedValue("endTime", endTime, DATE, { constructPath });
  checkedValue("within", within, DURATION, { constructPath });
  if (within !== undefined && (beginTime !== undefined || endTime !== undefined)) {
    throw refusal(
      "INVALID_WINDOW",
      `within (${within.toString()}) stands beside ${beginTime ? "beginTime" : "endTime"}`,
      "Give either `within`, which ends at the provider's `asOf`, or the two times.",
      { constructPath },
    );
  }
  if (within !== undefined && within.toMilliseconds() === 0) {
    throw refusal("INVALID_WINDOW", "within is 0", "Give a Duration longer than nothing.", {
      constructPath,
    });
  }
  if (beginTime !== undefined && endTime !== undefined && endTime <= beginTime) {
    throw refusal(
      "INVALID_WINDOW",
      `endTime ${endTime.toISOString()} is not after beginTime ${beginTime.toISOString()}`,
      "Give an end that is later than the begin; leave one out for a window that is open there.",
      { constructPath },
    );
  }
}

/** As a person reads it: "RDS backups of instance a48e… (manual, within 7 days)". */
export function describe(query: Query): string {
  const filters = [
    query.backupId && `id ${query.backupId}`,
    query.backupType,
    ...Object.values(query.filters),
    query.within && `within ${query.within.toString()}`,
    query.beginTime && `from ${toRfc3339(query.beginTime)}`,
    query.endTime && `before ${toRfc3339(query.endTime)}`,
  ].filter(Boolean);
  const { instanceId, instanceName } = query;
  const named = instanceName === undefined ? "all instances" : `the instance named ${instanceName}`;
  const of = instanceId === undefined ? named : `instance ${instanceId}`;
  return `${SERVICES[query.service].label} ${listOf(query).noun} of ${of}${filters.length > 0 ? ` (${filters.join(", ")})` : ""}`;
}
