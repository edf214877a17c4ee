import { BackupDatabase, BackupKind, BackupStatus, DATABASES } from "../model/backup";
import { withoutUndefined } from "../model/defined";
import { BackupsError, refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import { AUTOMATED_BACKUPS, AutomatedBackups, InstanceStatus } from "../model/instance";
import { BackupService } from "../model/service";
import {
  ANY_TEXT,
  by,
  checkedOptions,
  DATE,
  FLAG,
  oneOf,
  OWN_CHECK,
  required,
  SERVICE,
  Shape,
  whole,
} from "../model/shape";
import { excerpt } from "../model/text";
import { listName, serviceName } from "./options";
import type { InstanceList, InstanceSaid, InstanceState } from "./services/instance-list";
import type { EmulatedList, Said, Spec } from "./services/list";
import { instanceListOf, SERVICES } from "./services/registry";
import type { ServiceName } from "./types";

/**
 * A backup for `BackupEmulator.addBackup`, in the words of `Backup`. What is left out is made up, as the
 * list's page has it.
 *
 * Read back, times are cut to whole seconds, and sizes rounded to the list's own unit (KB or MB), but
 * for DCS.
 */
export interface EmulatedBackup {
  /** Which service lists it; of TaurusDB the full backups, or by its kind the incremental ones. */
  readonly service: BackupService;
  /** The backup's id. */
  readonly id: string;
  /** The instance it was made of, which exists from now on. */
  readonly instanceId: string;
  /** When it was begun. */
  readonly beginTime: Date;
  /** When it was complete. @default - as soon as it was begun; none while it is being made */
  readonly endTime?: Date;
  /** How it came to be. @default BackupKind.AUTOMATIC */
  readonly kind?: BackupKind;
  /** Its state; the incremental backups of TaurusDB have none. @default BackupStatus.COMPLETED */
  readonly status?: BackupStatus;
  /** Its name. @default - its id */
  readonly name?: string;
  /** What a person wrote about it; not of RDS. @default - nothing */
  readonly description?: string;
  /** The name of the instance; GeminiDB and DDS alone. @default - one that is made up */
  readonly instanceName?: string;
  /** Its size in bytes. @default - 1 GiB */
  readonly sizeBytes?: number;
  /** The database engine, in the vendor's spelling; not of DCS. @default - the service's usual one */
  readonly engine?: string;
  /** The engine's version; not of DCS. @default - a usual one */
  readonly engineVersion?: string;
  /**
   * The databases that it holds: RDS (names alone), and GeminiDB, which lists it among the backups of
   * databases and tables then. @default - none are named
   */
  readonly databases?: BackupDatabase[];
  /** Whether the service restores from it; DCS alone. @default - where it is completed */
  readonly isSupportRestore?: boolean;
}

/**
 * An instance for `BackupEmulator.addInstance`, in the words of `Instance`. What is left out is made up, as
 * the list's page has it.
 */
export interface EmulatedInstance {
  /** Which service lists it. */
  readonly service: BackupService;
  /** The instance's id. */
  readonly id: string;
  /** Its name. @default - its id */
  readonly name?: string;
  /** Its state. @default InstanceStatus.AVAILABLE */
  readonly status?: InstanceStatus;
  /** The database engine, in the vendor's spelling. @default - the service's usual one */
  readonly engine?: string;
  /** The engine's version. @default - a usual one */
  readonly engineVersion?: string;
  /** When it was created; read back in whole seconds, but for DCS. @default - in 2018 */
  readonly createdAt?: Date;
  /** Whether it is a read replica; RDS alone. @default false */
  readonly isReplica?: boolean;
  /** The size of its volume in bytes, in whole GiB (DCS: MiB); not of TaurusDB. @default - a usual one */
  readonly volumeSizeBytes?: number;
  /** The policy by which it is backed up; `weekdays` of DCS alone. @default - daily, kept for 7 days */
  readonly automatedBackups?: AutomatedBackups;
}

const KINDS: { readonly [kind: string]: Spec["kind"] } = {
  [BackupKind.AUTOMATIC]: "auto",
  [BackupKind.MANUAL]: "manual",
  [BackupKind.INCREMENTAL]: "incremental",
  [BackupKind.FRAGMENT]: "fragment",
};
const STATES: { readonly [status: string]: Spec["state"] } = {
  [BackupStatus.COMPLETED]: "done",
  [BackupStatus.BUILDING]: "running",
  [BackupStatus.FAILED]: "failed",
  [BackupStatus.DELETING]: "deleting",
  [BackupStatus.EXPIRED]: "expired",
  [BackupStatus.DELETED]: "deleted",
};
const GIB = 1024 ** 3;
// As of the emulator's own made-up instances.
const CREATED_MS = Date.UTC(2018, 0, 1);

const ID = required(OWN_CHECK);
const BYTES = by("INVALID_SIZE", { ...whole(0), allowed: "a whole number of bytes from 0" });

const BACKUP: Shape<EmulatedBackup> = {
  service: required(SERVICE),
  id: ID,
  instanceId: ID,
  beginTime: required(DATE),
  endTime: DATE,
  kind: oneOf("BackupKind", BackupKind),
  status: oneOf("BackupStatus", BackupStatus),
  name: ANY_TEXT,
  description: ANY_TEXT,
  instanceName: ANY_TEXT,
  sizeBytes: BYTES,
  engine: ANY_TEXT,
  engineVersion: ANY_TEXT,
  databases: DATABASES,
  isSupportRestore: FLAG,
};

const INSTANCE: Shape<EmulatedInstance> = {
  service: required(SERVICE),
  id: ID,
  name: ANY_TEXT,
  status: oneOf("InstanceStatus", InstanceStatus),
  engine: ANY_TEXT,
  engineVersion: ANY_TEXT,
  createdAt: DATE,
  isReplica: FLAG,
  volumeSizeBytes: BYTES,
  automatedBackups: AUTOMATED_BACKUPS,
};

/** The record that its service lists, and in which list. */
export function recordOfBackup(backup: EmulatedBackup): { service: ServiceName; record: unknown } {
  checkedOptions("BackupEmulator.addBackup", backup, BACKUP);
  const { service: whose, kind = BackupKind.AUTOMATIC, isSupportRestore } = backup;
  const isFullTaurusDb = whose === BackupService.TAURUSDB && kind !== BackupKind.INCREMENTAL;
  const service = listName(whose, isFullTaurusDb ? "full-backups" : undefined);
  const list: EmulatedList = SERVICES[service];
  const label =
    whose === BackupService.TAURUSDB
      ? `${whose} (${isFullTaurusDb ? "full" : kind} backups)`
      : whose;
  const { status = BackupStatus.COMPLETED, databases } = backup;
  const { kinds, states } = list.generated;
  const which = {
    kind: wordOf("kind", kind, KINDS, kinds, label),
    state: wordOf("status", status, STATES, states, label),
  };
  const given: { readonly [said in Said]: unknown } = {
    status: backup.status,
    description: backup.description,
    instanceName: backup.instanceName,
    engine: backup.engine ?? backup.engineVersion,
    databases: databases?.length ? databases : undefined,
    isSupportRestore,
  };
  checkSaid(given, list.says, label);
  const id = checkedId("id", backup.id, "");
  const instance = checkedId("instanceId", backup.instanceId, "");
  const beginMs = backup.beginTime.getTime();
  const endMs = backup.endTime?.getTime() ?? beginMs;
  if (endMs < beginMs) {
    throw refusal(
      "INVALID_TIME",
      `endTime (${new Date(endMs).toISOString()}) lies before beginTime (${new Date(beginMs).toISOString()})`,
      "Allowed is the same moment, or a later one.",
    );
  }
  if (status === BackupStatus.BUILDING && backup.endTime !== undefined) {
    throw notListed(`${label} lists no endTime of a backup that is being made`, "Leave it out.");
  }
  if (isSupportRestore && status !== BackupStatus.COMPLETED) {
    throw notListed(
      `${label} restores from no backup that is ${status}, and isSupportRestore is true`,
      `Leave it out, or make the status ${BackupStatus.COMPLETED}.`,
    );
  }
  const isOfTables = list.isTableLevel !== undefined;
  const record = list.write({
    ...which,
    id,
    instance,
    beginMs,
    durationMs: endMs - beginMs,
    bytes: backup.sizeBytes ?? GIB,
    name: backup.name ?? id,
    description: backup.description,
    instanceName: backup.instanceName,
    engine: engineOf(backup),
    databases: isOfTables ? undefined : namesOf(databases ?? []),
    tables: isOfTables && databases?.length ? databases.map(tablesOf) : undefined,
    unrestorable: isSupportRestore === false,
  });
  return { service, record: { ...record, [list.keys.id]: id } };
}

/** The record that its service lists. */
export function recordOfInstance(
  instance: EmulatedInstance,
  region: string,
): { service: ServiceName; record: unknown } {
  checkedOptions("BackupEmulator.addInstance", instance, INSTANCE);
  const { service: whose, status = InstanceStatus.AVAILABLE, automatedBackups } = instance;
  const service = serviceName(whose);
  const list: InstanceList = instanceListOf(service);
  const words = Object.keys(list.states) as InstanceState[];
  // The library's words are the emulator's own.
  const known = Object.fromEntries(words.map((word) => [word, word]));
  const given: { readonly [said in InstanceSaid]: unknown } = {
    isReplica: instance.isReplica || undefined,
    volumeSizeBytes: instance.volumeSizeBytes,
    weekdays: automatedBackups?.weekdays,
  };
  checkSaid(given, list.says, whose);
  const id = checkedId("id", instance.id, "");
  const { createdAt } = instance;
  const spec = {
    id,
    region,
    name: instance.name ?? id,
    createdMs: createdAt?.getTime() ?? CREATED_MS,
    state: wordOf("status", status, known, words, whose),
    engine: engineOf(instance),
    isReplica: instance.isReplica,
    volumeBytes: instance.volumeSizeBytes,
    policy: automatedBackups,
  };
  return { service, record: list.write(spec, list.versions[0]!) };
}

/** The emulator's word for it, which has to be one of those that the list has. */
function wordOf<T extends string>(
  property: string,
  value: string,
  words: { readonly [value: string]: T },
  listed: readonly T[],
  label: string,
): T {
  const word = Object.hasOwn(words, value) ? words[value] : undefined;
  if (word !== undefined && listed.includes(word)) return word;
  const allowed = Object.keys(words).filter((each) => listed.includes(words[each]!));
  throw notListed(
    `${label} lists nothing of the ${property} ${JSON.stringify(excerpt(String(value), 40))}`,
    `Allowed: ${allowed.join(", ")}.`,
  );
}

/** What is given has to be something that the list says. */
function checkSaid(
  given: { readonly [said: string]: unknown },
  says: readonly string[],
  label: string,
): void {
  const stray = Object.keys(given).find((key) => given[key] !== undefined && !says.includes(key));
  if (stray === undefined) return;
  const allowed = says.length > 0 ? `It has ${says.join(", ")}. ` : "";
  throw notListed(
    `the list of ${label} has no field for ${stray}`,
    `${allowed}Leave ${stray} out.`,
  );
}

function notListed(what: string, advice: string): BackupsError {
  return refusal("NOT_LISTED", what, advice);
}

function engineOf({ engine, engineVersion }: { engine?: string; engineVersion?: string }) {
  return withoutUndefined({ type: engine, version: engineVersion });
}

/** RDS has no tables. */
function namesOf(databases: readonly BackupDatabase[]): string[] {
  for (const { name, tables } of databases) {
    if (tables.length === 0) continue;
    throw notListed(
      `the list of ${BackupService.RDS} has no field for the tables of ${excerpt(name, 80)}`,
      "Give each database without tables.",
    );
  }
  return databases.map(({ name }) => name);
}

function tablesOf({ name, tables }: BackupDatabase) {
  return { database_name: name, table_names: tables.length > 0 ? tables : null };
}
