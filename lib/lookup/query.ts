import { BackupKind, BackupService } from "../model/backup";
import { toRfc3339 } from "../model/time";
import { Duration } from "../model/duration";
import { SERVICES } from "../services/registry";
import { AskedWindow, Filters } from "../services/service";
import { checkedQuery } from "./checked-query";
import { identity, Identity } from "./identity";

/** What was declared, checked: a lookup before anything about the environment is known. */
export interface Query {
  readonly service: BackupService;
  readonly instanceId?: string;
  readonly backupId?: string;
  readonly kind?: BackupKind;
  readonly beginTime?: Date;
  readonly endTime?: Date;
  readonly within?: Duration;
  readonly datastoreType?: string;
  readonly type?: string;
  readonly isEmptyIfInstanceMissing: boolean;
}

/** Epoch milliseconds; begin is inclusive, end exclusive, either may be open. */
export interface Window {
  readonly begin?: number;
  readonly end?: number;
}

const DAY_MS = 86_400_000;
// The notations of the APIs have four digits for the year.
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The window that the user wants, which `within` ends at `asOf`. */
export function exactWindow(query: Query, asOf: Date): Window {
  if (query.within === undefined) {
    return { begin: query.beginTime?.getTime(), end: query.endTime?.getTime() };
  }
  return { begin: asOf.getTime() - query.within.toMilliseconds(), end: asOf.getTime() };
}

/** What the service is asked for: never less than what is wanted. */
export function toFilters(query: Query, asOf: Date, now: Date): Filters {
  const { kinds } = SERVICES[query.service];
  return {
    instanceId: query.instanceId,
    backupId: query.backupId,
    kind: query.kind !== undefined && query.kind in kinds ? query.kind : undefined,
    window: askedWindow(exactWindow(query, asOf), now),
    datastoreType: query.datastoreType,
    type: query.type,
  };
}

/**
 * In whole seconds, both bounds always, and wider than what is wanted: which time of a backup is
 * compared (its begin, its end, both) and whether a bound is inclusive is on no page, and a backup may
 * last longer than any margin. So the end that is asked for is a day from now at the least: by then
 * every backup has ended. It costs the pages of what was begun since the wanted end. The begin is a
 * day before the wanted one, for a service that reads times in another zone; a lone end is asked from
 * 1970.
 */
function askedWindow({ begin, end }: Window, now: Date): AskedWindow | undefined {
  if (begin === undefined && end === undefined) return undefined;
  const from = begin === undefined ? 0 : Math.max(0, begin - DAY_MS);
  // Not `asOf`, which may lie in the past: what has begun since then belongs into an open window.
  const to = Math.max(end ?? 0, now.getTime(), begin ?? 0) + DAY_MS;
  return {
    begin: Math.floor(from / 1000) * 1000,
    end: Math.min(Math.ceil(to / 1000) * 1000, LAST_SECOND),
  };
}

/** What is asked, whoever asks: the canonical filters. Where a missing instance leads is no part of it. */
export function identify(query: Query): Identity {
  return identity({
    list: "backups",
    instance_id: query.instanceId,
    backup_id: query.backupId,
    backup_type: query.kind,
    begin_time: query.beginTime && toRfc3339(query.beginTime),
    end_time: query.endTime && toRfc3339(query.endTime),
    within_ms: query.within?.toMilliseconds(),
    datastore_type: query.datastoreType,
    // The page's default, unasked.
    type: query.type === "instance" ? undefined : query.type,
  });
}

/** The query of such an identity, checked as if a program had declared it. */
export function queryOf(service: BackupService, asked: Identity): Query {
  // Whatever is of another type is refused by the check.
  const value = (name: string) => asked[name] as any;
  const time = (name: string) => (name in asked ? new Date(value(name)) : undefined);
  return checkedQuery(
    {
      service,
      instanceId: value("instance_id"),
      backupId: value("backup_id"),
      backupType: value("backup_type"),
      beginTime: time("begin_time"),
      endTime: time("end_time"),
      within: "within_ms" in asked ? Duration.seconds(value("within_ms") / 1_000) : undefined,
      datastoreType: value("datastore_type"),
      type: value("type"),
    },
    "",
  );
}

/** As a person reads it: "RDS backups of instance a48e… (manual, within 7 days)". */
export function describe(query: Query): string {
  const filters = [
    query.backupId && `id ${query.backupId}`,
    query.kind,
    query.datastoreType,
    query.type,
    query.within && `within ${query.within.toString()}`,
    query.beginTime && `from ${toRfc3339(query.beginTime)}`,
    query.endTime && `before ${toRfc3339(query.endTime)}`,
  ].filter(Boolean);
  const of = query.instanceId === undefined ? "all instances" : `instance ${query.instanceId}`;
  return `${SERVICES[query.service].label} backups of ${of}${filters.length > 0 ? ` (${filters.join(", ")})` : ""}`;
}
