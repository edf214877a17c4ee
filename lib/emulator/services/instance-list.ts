import { writeOffsetTime } from "../times";
import { fieldsOf, textOf } from "../record";
import type { EmulatedList, Fields } from "./list";
import { oneToHundred } from "./rules";
import { CHINA } from "./write";

/** A made-up instance in the emulator's own words. */
export interface InstanceSpec {
  id: string;
  name: string;
  createdMs: number;
  region: string;
  /** What differs from what the list makes up. */
  state?: InstanceState;
  engine?: { type?: string; version?: string };
  isReplica?: boolean;
  volumeBytes?: number;
  policy?: { isOn: boolean; keepDays?: number; window?: string; weekdays?: readonly number[] };
}

export type InstanceState = "available" | "creating" | "changing" | "frozen" | "failed";

/** What not every list, or detail, says of an instance. */
export type InstanceSaid = "isReplica" | "volumeSizeBytes" | "weekdays";

/** A query parameter of a list of instances. */
export interface InstanceFilter {
  allowed: readonly string[] | "any";
  /** Whether an asterisk in front looks for what contains the rest, of which there must be some. */
  isStarred?: boolean;
  /** Whether it selects a record; `others` are the values of all parameters. */
  selects(record: Fields, value: string, others: Record<string, string | undefined>): boolean;
}

/** A call for the instances that something can be restored onto; of version v3. */
export interface RestorableCall {
  /** The key of its list. */
  list: string;
  /** Whether its path names the backup; else its parameters name instance, and backup or moment. */
  isOfBackup: boolean;
}

/** What the list of a service's instances does otherwise than the others. */
export interface InstanceList extends Pick<
  EmulatedList,
  "service" | "offset" | "limit" | "newestFirst" | "errors"
> {
  /** Those that have it in their path. */
  versions: readonly string[];
  filters: Record<string, InstanceFilter>;
  keys: { list: string; total: string; id: string; created: string };
  /** The call for one instance: its version, and what it has besides, of an instance that names none. */
  detail?: { version: string; besides: Fields };
  /** The call for the instances that something can be restored onto, if there is one. */
  restorable?: RestorableCall;
  /** Its words for the states that its page has. */
  states: { readonly [state in InstanceState]?: string };
  says: readonly InstanceSaid[];
  /** Writes an instance as the page has it: names, units, notations. */
  write(spec: InstanceSpec, version: string): Fields;
}

/** Five of the pages: exact, unless it begins with an asterisk; then by what contains the rest. */
export function starred(key: string): InstanceFilter {
  return {
    allowed: "any",
    isStarred: true,
    selects: (record, value) => {
      const own = textOf(record[key]);
      return value.startsWith("*") ? !!own?.includes(value.slice(1)) : own === value;
    },
  };
}

/** A field that has to be just this. */
export function exactly(
  allowed: InstanceFilter["allowed"],
  of: (record: Fields) => unknown,
): InstanceFilter {
  return { allowed, selects: (record, value) => textOf(of(record)) === value };
}

export const typeOf = ({ type }: Fields): unknown => type;
export const datastoreTypeOf = ({ datastore }: Fields): unknown => fieldsOf(datastore)["type"];

/** Parameters of the page that select nothing here: a choice, as no made-up instance differs in them. */
export function ignored(...names: string[]): Record<string, InstanceFilter> {
  return Object.fromEntries(names.map((name) => [name, { allowed: "any", selects: () => true }]));
}

/** What the pages of the database services have in common. */
export const databaseInstances = {
  versions: ["v3"],
  offset: { name: "offset", first: 0 },
  limit: oneToHundred,
  keys: { list: "instances", total: "total_count", id: "id", created: "created" },
} as const satisfies Partial<InstanceList>;

/** "yyyy-mm-ddThh:mm:ssZ", in the examples at +0800. */
export const chinaTime = (ms: number): string => writeOffsetTime(ms, CHINA);

/** "2019-01-17T07:05:52" in the examples of two pages, without a zone; that it is UTC's is a choice. */
export const zonelessTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** The hour (UTC) and the days of every made-up instance, of the databases' examples. */
export const WEEK = { start_time: "19:00-20:00", keep_days: 7 };

/** `backup_strategy` of the databases: 0 days are none. */
export function strategyOf({ policy }: Pick<InstanceSpec, "policy">): typeof WEEK {
  if (policy === undefined) return { ...WEEK };
  const { isOn, keepDays = WEEK.keep_days, window = WEEK.start_time } = policy;
  return { start_time: window, keep_days: isOn ? keepDays : 0 };
}

/** Whole GB, or so many as are usual. */
export function gigabytes(bytes: number | undefined, usual: number): number {
  return bytes === undefined ? usual : Math.round(bytes / 1024 ** 3);
}

/** What belongs to an instance and is of no interest, from the pages' examples. */
export const NETWORK = {
  vpc_id: "674e9b42-cd8d-4d25-a2e6-5abcc565b961",
  subnet_id: "f1df08c5-71d1-406a-aff0-de435a51007b",
  security_group_id: "7aa51dbf-5b63-40db-9724-dad3c4828b58",
};
