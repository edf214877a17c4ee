import { BackupKind, BackupService } from "../model/backup";
import { Duration } from "../model/duration";
import { BackupsUsageError } from "../model/errors";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { checkedId } from "../model/ids";
import { SERVICES } from "../services/registry";

const DATASTORES = ["cassandra", "redis", "mongodb", "influxdb"];
const YEAR_10000 = Date.UTC(10_000, 0);

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

/** What a query is declared by, before it is checked. */
export interface QuerySpec {
  readonly service: BackupService;
  readonly instanceId?: string;
  readonly backupId?: string;
  readonly backupType?: BackupKind;
  readonly beginTime?: Date;
  readonly endTime?: Date;
  readonly within?: Duration;
  readonly ifInstanceMissing?: "fail" | "empty";
  readonly datastoreType?: string;
  readonly type?: string;
}

/** The query that the properties declare, or an error before anything is sent. */
export function checkedQuery(spec: QuerySpec, constructPath: string): Query {
  const { isInstanceRequired } = SERVICES[spec.service];
  if (isInstanceRequired || spec.instanceId !== undefined) {
    checkedId("instanceId", spec.instanceId, constructPath);
  }
  if (spec.backupId !== undefined) checkedId("backupId", spec.backupId, constructPath);
  const refuse = (code: string, what: string, advice: string) => {
    throw new BackupsUsageError({ code, what, advice, constructPath });
  };
  checkKind(spec, refuse);
  checkWindow(spec, refuse);
  checkWord("type", spec.type, ["instance", "databaseTable", "all"], refuse);
  checkWord("datastoreType", spec.datastoreType, DATASTORES, refuse);
  return {
    service: spec.service,
    instanceId: spec.instanceId,
    backupId: spec.backupId,
    kind: spec.backupType,
    beginTime: spec.beginTime,
    endTime: spec.endTime,
    within: spec.within,
    datastoreType: spec.datastoreType,
    type: spec.type,
    isEmptyIfInstanceMissing: spec.ifInstanceMissing === "empty",
  };
}

/** For programs without types: the vendor's own spelling would silently ask for something else. */
function checkWord(name: string, word: unknown, allowed: string[], refuse: Refuse): void {
  if (word === undefined || allowed.includes(word as string)) return;
  refuse(
    "INVALID_FILTER",
    `${name} ${JSON.stringify(word)} is none that GeminiDB knows`,
    `Allowed: ${allowed.join(", ")}, by the enum of that name.`,
  );
}

type Refuse = (code: string, what: string, advice: string) => void;

function checkKind({ service, backupType }: QuerySpec, refuse: Refuse): void {
  const { kinds, label, page } = SERVICES[service];
  if (backupType === undefined || Object.hasOwn(kinds, backupType)) return;
  const allowed = Object.entries(BackupKind)
    .filter(([, kind]) => kind in kinds)
    .map(([name]) => `BackupKind.${name}`);
  refuse(
    "INVALID_KIND",
    `backupType ${JSON.stringify(backupType)} is no kind that ${label} can list`,
    `Allowed: ${allowed.join(", ")} (${page}). Leave it out for all of them.`,
  );
}

function checkWindow(spec: QuerySpec, refuse: Refuse): void {
  const { beginTime, endTime, within } = spec;
  for (const [name, time] of Object.entries({ beginTime, endTime })) {
    if (time === undefined) continue;
    const milliseconds = time instanceof Date ? time.getTime() : NaN;
    if (!(milliseconds >= 0 && milliseconds < YEAR_10000)) {
      refuse(
        "INVALID_TIME",
        `${name} is ${Number.isNaN(milliseconds) ? `no valid Date (${excerpt(String(time), 40)})` : time.toISOString()}`,
        'Allowed is a Date from 1970 on, such as new Date("2026-01-31T04:00:00Z").',
      );
    }
  }
  if (within !== undefined && typeof within.toMilliseconds !== "function") {
    refuse(
      "INVALID_DURATION",
      `within is ${excerpt(String(within), 40)}`,
      "Allowed is a Duration, such as Duration.days(7).",
    );
  }
  if (within !== undefined && (beginTime !== undefined || endTime !== undefined)) {
    refuse(
      "INVALID_WINDOW",
      `within (${within.toString()}) stands beside ${beginTime ? "beginTime" : "endTime"}`,
      "Give either `within`, which ends at the provider's `asOf`, or the two times.",
    );
  }
  if (within !== undefined && within.toMilliseconds() === 0) {
    refuse("INVALID_WINDOW", "within is 0", "Give a Duration longer than nothing.");
  }
  if (beginTime !== undefined && endTime !== undefined && endTime <= beginTime) {
    refuse(
      "INVALID_WINDOW",
      `endTime ${endTime.toISOString()} is not after beginTime ${beginTime.toISOString()}`,
      "Give an end that is later than the begin; leave one out for a window that is open there.",
    );
  }
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
