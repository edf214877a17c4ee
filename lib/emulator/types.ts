import type { RestoreWindow } from "./services/list";
import type { ServiceName } from "./services/registry";
import { HOUR } from "./times";

export type { RestoreWindow, ServiceName };

/** Whose a request can be: a service goes by the name of its first list. */
export type Owner = ServiceName | "iam" | "metadata";

/**
 * How a window may be read: by the begin of a backup, by its end, or by both, lying in the window as a
 * whole or in part.
 */
export type WindowReading = "begin" | "end" | "contained" | "overlapping";

/** What the emulator holds and demands; plain and structured-cloneable. */
export interface EmulatorConfig {
  /** The first of as many ports in a row as there are services, IAM and the metadata service. @default - the system's choice */
  port?: number;
  /** Epoch milliseconds the default data is anchored to. @default - now, floored to the hour */
  now?: number;
  /** Name of the one region, which is also the project's name. @default "eu-de" */
  region?: string;
  /** @default DEFAULT_PROJECT_ID */
  projectId?: string;
  /** @default DEFAULT_ACCESS_KEY */
  accessKey?: string;
  /** @default DEFAULT_SECRET_KEY */
  secretKey?: string;
  /** @default DEFAULT_USER_NAME */
  userName?: string;
  /** @default DEFAULT_PASSWORD */
  password?: string;
  /** @default DEFAULT_DOMAIN_NAME */
  domainName?: string;
  /** Id that a second factor is sent under. @default DEFAULT_USER_ID */
  userId?: string;
  /** The second factor that sign-in demands. @default - none is demanded */
  passcode?: string;
  /** A token that is good from the start, for the project. @default - those alone that are given out */
  token?: string;
  /** Vendor-shaped records; a service named here serves exactly these. @default - the default data */
  records?: Partial<Record<ServiceName, unknown[]>>;
  /** Seeded records of one instance for every service not in `records`. @default - the default data */
  generate?: { seed: number; count: number };
  /** Instances that exist without having a backup. @default - none */
  instances?: Partial<Record<ServiceName, string[]>>;
  /**
   * Instances as the vendor's lists have them; each exists, and stands for the made-up record of its id.
   * @default - all are made up
   */
  instanceRecords?: Partial<Record<ServiceName, unknown[]>>;
  /**
   * Restore windows by instance, which exists then; instead of that instance's default ones.
   * @default - the default data's, of a service that holds default records
   */
  windows?: Partial<Record<ServiceName, Record<string, RestoreWindow[]>>>;
  /** GeminiDB's backups of databases and tables, beside its `records`, of whole instances. @default - none */
  tableRecords?: unknown[];
  /**
   * What GeminiDB lists where `type` is not sent. Its page says "Default value: Instance" there, and at
   * `backup_type` "including database- and table-level backups". @default "Instance"
   */
  untyped?: "Instance" | "all";
  /** Which time of a backup a window compares: no page says. @default "begin" */
  windowReading?: WindowReading;
  /**
   * What a raw plus in the query of a URL is: the pages' own examples have it in their times and mean
   * a plus; to most servers it is a space. @default "plus"
   */
  rawPlus?: "plus" | "space";
  /** What DCS's ambiguous `total_num` counts: all records or those of the page. @default "all" */
  dcsTotal?: "all" | "page";
  /** @default 24 hours */
  tokenLifetimeMs?: number;
  /** Added to every answer. @default 0 */
  latencyMs?: number;
  /** How far its clock is ahead, or behind where it is negative. @default 0 */
  clockAheadMs?: number;
  /** @default - none */
  quota?: Quota;
}

/** How many requests the gateway lets through. docs/apis/shared.md, Quota. */
export interface Quota {
  /** So many requests … */
  limit: number;
  /** … in so many milliseconds. */
  windowMs: number;
  /** What is counted: requests of the user, to an API, from an address. @default "user" */
  policy?: "user" | "api" | "ip";
  /** Whether each service counts for itself, as on hosts of their own. @default - all count together */
  perService?: boolean;
  /** Whether the window is the time before each request. @default - it begins with its first request */
  sliding?: boolean;
  /** @default - a refusal has no Retry-After */
  retryAfter?: boolean;
}

/** Something done to, or asked of, a running emulator. */
export type ControlCommand =
  | { op: "add"; service: ServiceName; record: unknown; tableLevel?: boolean }
  | { op: "remove"; service: ServiceName; id: string }
  | { op: "instance"; service: ServiceName; record: unknown }
  | { op: "windows"; service: ServiceName; instance: string; windows: RestoreWindow[] }
  | { op: "requests" }
  /** Those that have been answered, which it forgets. */
  | { op: "takeRequests" }
  | { op: "clearRequests" }
  | { op: "fault"; fault: Fault }
  | { op: "clearFaults" }
  | { op: "expireTokens" };

/** One thing to go wrong; the first matching fault that has times left answers. */
export interface Fault {
  /** @default - any */
  service?: Owner;
  /** Substring of the raw url. @default - any */
  path?: string;
  /** So many matching requests pass this fault first. @default 0 */
  skip?: number;
  /** How often; -1 is always. @default 1 */
  times?: number;
  /** With `status` or `body` this is the whole answer (status 200 unless given). */
  status?: number;
  /** Added to the answer, or the canned answer's headers. */
  headers?: Record<string, string>;
  body?: string;
  /** Wait first; alone, the request is answered normally afterwards. */
  delayMs?: number;
  /** Destroy the socket before any byte, or after half of the body under its full length. */
  disconnect?: "before" | "midway";
  /** Whether `disconnect` is a reset (RST). @default - the connection is closed */
  reset?: boolean;
  /** Send the body in chunks, which say no length. */
  chunked?: boolean;
  /** Compress the body, whatever the client accepts. */
  encoding?: "br" | "gzip";
  /** Send the body byte by byte, with so much time after each. */
  dripMs?: number;
  /** The whole answer as it goes over the wire, a byte a character; the connection ends with it. */
  raw?: string;
  /** Never answer. */
  hang?: true;
  /** Answer normally but with at most this many records, or windows, on a page. */
  pageCap?: number;
  /** Answer normally but with this as the total: the number of the page's records, so many more than right, or anything. */
  total?: "page" | { add: number } | { is: unknown };
  /** Answer normally but with these fields in each record, instead of its own. */
  fields?: Record<string, unknown>;
  /** Ignore the offset. */
  repeatFirstPage?: true;
  /** Every page is full of ids never seen before and the total grows. */
  endless?: true;
  /** Carried out once the answer was made and before it is sent. */
  then?: ControlCommand | ControlCommand[];
}

/** One request as it arrived, secrets replaced by "***". */
export interface LoggedRequest {
  method: string;
  /** When it arrived, in epoch milliseconds. */
  at: number;
  /** Raw, as received. */
  url: string;
  path: string;
  query: Record<string, string>;
  /** 0 while unanswered, and for ever if the fault left it so. */
  status: number;
  service: Owner;
  /** What the request carried, whether or not it was accepted. */
  auth: "token" | "signature" | "none";
  headers: Record<string, string>;
}

export const DEFAULT_REGION = "eu-de";
export const DEFAULT_PROJECT_ID = "0483b6b16e954cb88930a360d2c4e663";
export const DEFAULT_ACCESS_KEY = "EMULATORACCESSKEY001";
export const DEFAULT_SECRET_KEY = "emulator-secret-key-of-no-worth-anywhere";
export const DEFAULT_USER_NAME = "emulator-user";
export const DEFAULT_PASSWORD = "emulator-password";
export const DEFAULT_DOMAIN_NAME = "OTC-EU-DE-00000000001000000001";
export const DEFAULT_USER_ID = "7116d09f88fa41908676fdd4b039e95b";

/** The configuration with every default filled in. */
export type Settings = Required<Omit<EmulatorConfig, Unset>> & Pick<EmulatorConfig, Unset>;

type Unset = "passcode" | "port" | "token" | "generate" | "quota";

/** Fills in the defaults. */
export function settingsOf(config: EmulatorConfig): Settings {
  return {
    now: config.now ?? Math.floor(Date.now() / HOUR) * HOUR,
    region: config.region ?? DEFAULT_REGION,
    projectId: config.projectId ?? DEFAULT_PROJECT_ID,
    accessKey: config.accessKey ?? DEFAULT_ACCESS_KEY,
    secretKey: config.secretKey ?? DEFAULT_SECRET_KEY,
    userName: config.userName ?? DEFAULT_USER_NAME,
    password: config.password ?? DEFAULT_PASSWORD,
    domainName: config.domainName ?? DEFAULT_DOMAIN_NAME,
    userId: config.userId ?? DEFAULT_USER_ID,
    passcode: config.passcode,
    port: config.port,
    token: config.token,
    records: config.records ?? {},
    generate: config.generate,
    instances: config.instances ?? {},
    instanceRecords: config.instanceRecords ?? {},
    windows: config.windows ?? {},
    tableRecords: config.tableRecords ?? [],
    untyped: config.untyped ?? "Instance",
    windowReading: config.windowReading ?? "begin",
    rawPlus: config.rawPlus ?? "plus",
    dcsTotal: config.dcsTotal ?? "all",
    tokenLifetimeMs: config.tokenLifetimeMs ?? 24 * HOUR, // docs/apis/shared.md, Signing in: valid 24 h
    latencyMs: config.latencyMs ?? 0,
    clockAheadMs: config.clockAheadMs ?? 0,
    quota: config.quota,
  };
}

/** The emulator's own clock, in epoch milliseconds. */
export function nowOf({ clockAheadMs }: Pick<Settings, "clockAheadMs">): number {
  return Date.now() + clockAheadMs;
}
