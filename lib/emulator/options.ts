import { endpointOf } from "../cloud/endpoints";
import { Duration } from "../model/duration";
import { refusal } from "../model/errors";
import {
  ANY_TEXT,
  by,
  checkedOptions,
  checkedValue,
  DATE,
  DURATION,
  FLAG,
  listOf,
  mapOf,
  OWN_CHECK,
  required,
  SERVICE,
  Shape,
  struct,
  TEXT,
  whole,
} from "../model/shape";
import { BackupService } from "../model/service";
import { shown } from "../model/text";
import { EmulatorConfig, Fault, Quota, ServiceName } from "./types";

/** What the emulator holds. */
export interface BackupEmulatorOptions {
  /** The moment that the default data is recent to. @default - the begin of this hour */
  readonly now?: Date;
  /** The name of its region, which is also its project's. @default "eu-de" */
  readonly region?: string;
  /** The id of its project. @default - a fixed one */
  readonly projectId?: string;
  /**
   * Records as the service would send them, by service (`BackupService.RDS`), those of TaurusDB's full
   * backups by "taurusdb/full-backups", with the keys of the page's example response; such a list holds
   * these instead of the default data.
   * @default - the default data
   */
  readonly records?: { [service: string]: any[] };
  /** Instances that exist without a backup, by service. @default - none */
  readonly instances?: { [service: string]: string[] };
  /**
   * Instances as the service would list them, by service, with the keys of the page's example response
   * (for DCS also with `instance_backup_policy`); each exists, and stands for the made-up one of its id.
   * @default - all instances are made up
   */
  readonly instanceRecords?: { [service: string]: any[] };
  /** Instead of the default data: so many records of one instance of each service. @default - the default data */
  readonly count?: number;
  /** What `count` records are generated from; the same seed gives the same records. @default 1 */
  readonly seed?: number;
  /** Whether DCS's ambiguous `total_num` counts the page instead of all records. @default false */
  readonly dcsTotalCountsPage?: boolean;
  /** How long a token is good. @default Duration.hours(24) */
  readonly tokenLifetime?: Duration;
  /** The one-time code that signing in by password demands besides. @default - none */
  readonly passcode?: string;
  /** What is added to the time of every answer. @default - nothing */
  readonly latency?: Duration;
  /** How many requests are let through; each further one is refused by 429. @default - any number */
  readonly quota?: EmulatorQuota;
}

/** How many requests of its user the API gateway lets through: RDS's page says 60 a minute. */
export interface EmulatorQuota {
  /** So many requests in each window. */
  readonly limit: number;
  /** How long a window is. */
  readonly window: Duration;
  /** Whether each service counts for itself, as on hosts of their own. @default - all but the sign-in count together */
  readonly perService?: boolean;
  /** Whether the window is the time before each request. @default - it begins with its first request */
  readonly sliding?: boolean;
  /** Whether a refusal says in `Retry-After` when there is room again. @default false */
  readonly retryAfter?: boolean;
}

/** Something that goes wrong; of several, the first that fits a request and has times left. */
export interface EmulatorFault {
  /** Which service it befalls; else all, and IAM. @default - all */
  readonly service?: BackupService;
  /** A part of the URL that a request must have. @default - any */
  readonly path?: string;
  /** How many requests go well before. @default 0 */
  readonly skip?: number;
  /** How many requests it befalls; -1 for all that come. @default 1 */
  readonly times?: number;
  /** The HTTP status to answer with. @default - the usual answer */
  readonly status?: number;
  /** Headers of the answer. @default - none */
  readonly headers?: { readonly [name: string]: string };
  /** The body to answer with. @default - empty where a status is given, else the usual one */
  readonly body?: string;
  /** How long the answer takes. @default - no longer than usual */
  readonly delay?: Duration;
  /** Whether no answer ever comes. @default false */
  readonly hang?: boolean;
  /** Whether the connection breaks in the midst of the answer. @default false */
  readonly disconnect?: boolean;
}

const OPTIONS: Shape<BackupEmulatorOptions> = {
  now: DATE,
  region: TEXT,
  projectId: TEXT,
  records: mapOf(listOf(OWN_CHECK)),
  instances: mapOf(listOf(TEXT)),
  instanceRecords: mapOf(listOf(OWN_CHECK)),
  count: whole(0),
  seed: whole(0),
  dcsTotalCountsPage: FLAG,
  tokenLifetime: DURATION,
  passcode: TEXT,
  latency: DURATION,
  quota: struct<EmulatorQuota>({
    limit: required(whole(0)),
    window: required(DURATION),
    perService: FLAG,
    sliding: FLAG,
    retryAfter: FLAG,
  }),
};

const FAULT: Shape<EmulatorFault> = {
  service: SERVICE,
  path: ANY_TEXT,
  skip: whole(0),
  times: whole(-1),
  status: whole(100, 999),
  headers: mapOf(ANY_TEXT),
  body: ANY_TEXT,
  delay: DURATION,
  hang: FLAG,
  disconnect: FLAG,
};

const NAME = by("INVALID_SERVICE", ANY_TEXT);

// What a service lists besides its usual list.
const FURTHER_LISTS: { readonly [name: string]: ServiceName } = {
  "taurusdb/full-backups": "taurusDbFull",
};

/** Which list is meant, of a service or by the name that it has beside one. */
export function listName(service: string, list?: string): ServiceName {
  checkedValue("service", service, required(NAME), { source: "BackupEmulator" });
  checkedValue("list", list, NAME, { source: "BackupEmulator" });
  const name = list === undefined ? service : `${service}/${list}`;
  return Object.hasOwn(FURTHER_LISTS, name)
    ? FURTHER_LISTS[name]!
    : serviceName(name as BackupService);
}

/** The name of a service's first list. */
export function serviceName(service: BackupService): ServiceName {
  // Here the compiler says which of the library's services the emulator lacks.
  if (Object.values(BackupService).includes(service)) return endpointOf(service);
  throw refusal(
    "INVALID_SERVICE",
    `${shown(service)} is no service of the emulator`,
    `Allowed are the values of BackupService: ${Object.values(BackupService).join(", ")}.`,
  );
}

function byName<T>(
  given: { [service: string]: T } | undefined,
  nameOf: (service: string) => ServiceName,
) {
  return (
    given &&
    Object.fromEntries(Object.entries(given).map(([service, value]) => [nameOf(service), value]))
  );
}

/** The same, as the emulator's thread wants it. */
export function configOf(given: BackupEmulatorOptions): EmulatorConfig {
  const options = checkedOptions("BackupEmulator.start", given, OPTIONS);
  const { count, quota, seed, records, instances, instanceRecords } = options;
  return {
    now: options.now?.getTime(),
    region: options.region,
    projectId: options.projectId,
    records: byName(records, listName),
    instances: byName(instances, listName),
    instanceRecords: byName(instanceRecords, (name) => serviceName(name as BackupService)),
    generate: count === undefined ? undefined : { seed: seed ?? 1, count },
    dcsTotal: options.dcsTotalCountsPage ? "page" : "all",
    tokenLifetimeMs: options.tokenLifetime?.toMilliseconds(),
    passcode: options.passcode,
    latencyMs: options.latency?.toMilliseconds(),
    quota: quota && quotaOf(quota),
  };
}

/** The same, as the emulator's thread wants it. */
export function faultOf(given: EmulatorFault): Fault {
  const fault = checkedOptions("BackupEmulator.fault", given, FAULT);
  const { service, delay, disconnect, hang, headers, ...rest } = fault;
  return {
    ...rest,
    service: service && serviceName(service),
    headers: headers && { ...headers },
    delayMs: delay?.toMilliseconds(),
    disconnect: disconnect ? "midway" : undefined,
    hang: hang || undefined,
  };
}

function quotaOf({ window, ...rest }: EmulatorQuota): Quota {
  return { ...rest, windowMs: window.toMilliseconds() };
}
