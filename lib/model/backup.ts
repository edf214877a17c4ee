import { writtenAs } from "./literal";
import {
  brand,
  ANY_DATE,
  ANY_NUMBER,
  ANY_TEXT,
  checkedOptions,
  FLAG,
  listOf,
  mapOf,
  oneOf,
  OWN_CHECK,
  required,
  SERVICE,
  Shape,
  struct,
} from "./shape";
import { BackupService } from "./service";
import { timeOf } from "./time";

/** How a backup came to be, and how much it holds. */
export enum BackupKind {
  /** A full backup that the service made on its schedule; it is deleted with its instance. */
  AUTOMATIC = "automatic",
  /** A full backup that a person or a program asked for; it outlives its instance. */
  MANUAL = "manual",
  /** What changed since the backup before; not something to restore by itself. */
  INCREMENTAL = "incremental",
  /** A "differential full backup" of RDS. */
  FRAGMENT = "fragment",
  /** The API sent a kind that is on no page; a warning says which. */
  UNKNOWN = "unknown",
}

/** Whether it is a full backup by its kind, in whatever state. */
export function isFull(kind: BackupKind): boolean {
  return kind === BackupKind.AUTOMATIC || kind === BackupKind.MANUAL;
}

/** What state a backup is in. */
export enum BackupStatus {
  /** It can be used. */
  COMPLETED = "completed",
  /** It is waiting to be made or being made. */
  BUILDING = "building",
  /** It could not be made. */
  FAILED = "failed",
  /** It is being deleted. */
  DELETING = "deleting",
  /** It has passed its retention (DCS). */
  EXPIRED = "expired",
  /** It has been deleted by hand (DCS). */
  DELETED = "deleted",
  /** The API sends no state (incremental backups of TaurusDB), or one that is on no page. */
  UNKNOWN = "unknown",
}

/** What a GeminiDB backup is of. */
export enum BackupLevel {
  /** A whole instance. */
  INSTANCE = "instance",
  /** Single databases or tables: no instance is restored from it. */
  DATABASE_TABLE = "databaseTable",
}

/** A database that a backup holds. */
export interface BackupDatabase {
  /** Its name. */
  readonly name: string;
  /** The tables that the backup holds of it; empty: the whole database. */
  readonly tables: string[];
}

/** What a `Backup` is made of; see there for the meaning of each. */
export interface BackupAttributes {
  /** The service that listed it. */
  readonly service: BackupService;
  /** The backup's id. */
  readonly id: string;
  /** The backup's name. @default - the API sent none */
  readonly name?: string;
  /** What a person wrote about it. @default - the API sent none */
  readonly description?: string;
  /** The id of the instance it was made of. @default - the API sent none */
  readonly instanceId?: string;
  /** The name of that instance. @default - the API sent none */
  readonly instanceName?: string;
  /** How it came to be. */
  readonly kind: BackupKind;
  /** Its state. */
  readonly status: BackupStatus;
  /** Whether a restore can start from it. */
  readonly isRestorable: boolean;
  /** Whether it holds single databases or tables, not the instance. @default false */
  readonly isPartial?: boolean;
  /** Its size in bytes. @default - the API sent none */
  readonly sizeBytes?: number;
  /** When it was begun. @default - the API sent none */
  readonly beginTime?: Date;
  /** When it was complete. @default - the API sent none */
  readonly endTime?: Date;
  /** DCS: when the task that makes it was created. @default - the API sent none */
  readonly createdAt?: Date;
  /** DCS: when its record was last changed. @default - the API sent none */
  readonly updatedAt?: Date;
  /** The database engine. @default - the API sent none */
  readonly engine?: string;
  /** The engine's version. @default - the API sent none */
  readonly engineVersion?: string;
  /** The databases that the API named. */
  readonly databases: BackupDatabase[];
  /** GeminiDB: what it is of. @default - the API lists whole instances alone */
  readonly level?: BackupLevel;
  /** DCS: the service's own flag. @default - the API sent none */
  readonly isSupportRestore?: boolean;
  /** DCS: why it failed. @default - the API sent none */
  readonly errorCode?: string;
  /** DCS: the same in the words of the vendor's page. @default - the page has none */
  readonly errorMessage?: string;
  /** DCS: the format of its file. @default - the API sent none */
  readonly backupFormat?: string;
  /** DCS: how far it has come. @default - the API sent none */
  readonly progress?: string;
  /** DCS: the time segment in which it was made. @default - the API sent none */
  readonly period?: string;
  /** RDS: whether it is one of a DDM instance's. @default - the API sent none */
  readonly isAssociatedWithDdm?: boolean;
  /** The record as the API sent it, with the keys of its page's example response. @default - an empty one */
  readonly raw?: { readonly [key: string]: any };
}

// As a cloud may send them: what they say is not looked at.
export const DATABASES = listOf(
  struct<BackupDatabase>({ name: required(ANY_TEXT), tables: required(listOf(ANY_TEXT)) }),
);

const ATTRIBUTES: Shape<BackupAttributes> = {
  service: required(SERVICE),
  id: required(ANY_TEXT),
  name: ANY_TEXT,
  description: ANY_TEXT,
  instanceId: ANY_TEXT,
  instanceName: ANY_TEXT,
  kind: required(oneOf("BackupKind", BackupKind)),
  status: required(oneOf("BackupStatus", BackupStatus)),
  isRestorable: required(FLAG),
  isPartial: FLAG,
  sizeBytes: ANY_NUMBER,
  beginTime: ANY_DATE,
  endTime: ANY_DATE,
  createdAt: ANY_DATE,
  updatedAt: ANY_DATE,
  engine: ANY_TEXT,
  engineVersion: ANY_TEXT,
  databases: required(DATABASES),
  level: oneOf("BackupLevel", BackupLevel),
  isSupportRestore: FLAG,
  errorCode: ANY_TEXT,
  errorMessage: ANY_TEXT,
  backupFormat: ANY_TEXT,
  progress: ANY_TEXT,
  period: ANY_TEXT,
  isAssociatedWithDdm: FLAG,
  raw: mapOf(OWN_CHECK),
};

/** Records that are parsed when they are read. */
export interface RawRecords {
  /** The record as it was sent. */
  rawAt(index: number): { readonly [key: string]: any };
}

/**
 * One backup, in the same shape whichever service listed it.
 *
 * Times are UTC `Date`s, sizes are bytes. Strings are safe to write into a resource: a text of the
 * cloud that Terraform or cdktf would evaluate (`${`, `%{`, a token) is defanged by a visible `_`,
 * with a warning on the query; `raw` alone has it as it was sent.
 *
 * Given whole to the framework, or to `JSON.stringify`, it is what the library's own outputs write:
 * all fields but `raw`, in snake_case, times in RFC 3339.
 */
export class Backup {
  /**
   * A backup of these attributes, for programs that test their own decisions.
   * @param attributes What it is made of; values of their types are taken as they are.
   * @throws `INVALID_PROPERTY`, `INVALID_SERVICE` or `INVALID_TIME` for what is none or is of another type.
   */
  public static of(attributes: BackupAttributes): Backup {
    const given = checkedOptions("Backup.of", attributes, ATTRIBUTES);
    const { raw = {} } = given;
    return new Backup(given, { rawAt: () => raw }, 0);
  }

  /** One of a list. @internal */
  public static _at(attributes: BackupAttributes, records: RawRecords, index: number): Backup {
    return new Backup(attributes, records, index);
  }

  /** The service that listed it. */
  public readonly service: BackupService;
  /** The backup's id, unique within its service. */
  public readonly id: string;
  /** The backup's name; undefined where the API sent none. */
  public readonly name?: string;
  /** What a person wrote about it; not every list has it. */
  public readonly description?: string;
  /** The id of the instance it was made of. */
  public readonly instanceId?: string;
  /** The name of that instance; GeminiDB and DDS send it. */
  public readonly instanceName?: string;
  /** How it came to be, and how much it holds. */
  public readonly kind: BackupKind;
  /** Its state; UNKNOWN for incremental backups of TaurusDB, whose list has none. */
  public readonly status: BackupStatus;
  /**
   * Whether a restore of the instance can start from it: it is completed, a full backup of the
   * instance, and the service's own flag (DCS) says so. One of the kind FRAGMENT, a "differential full
   * backup", is not by itself: a selection takes it where its `kinds` name it.
   */
  public readonly isRestorable: boolean;
  /**
   * Whether it holds single databases or tables, not the instance, so that no restore of the instance
   * starts from it: of GeminiDB, and manual backups of RDS for SQL Server that name databases.
   */
  public readonly isPartial: boolean;
  /** Its size in bytes; undefined where the API sent none or an unreadable one, 0 where it sent 0. */
  public readonly sizeBytes?: number;
  /** When it was begun, in UTC; a backup's age counts from here. */
  public readonly beginTime?: Date;
  /**
   * When it was complete, in UTC; undefined while it is being made. Of an incremental backup of MySQL
   * "the time when the last transaction in the backup file is submitted", as the RDS page has it.
   */
  public readonly endTime?: Date;
  /**
   * When the task that makes it was created, in UTC; DCS alone. Where a backup has no `beginTime` (it
   * waits, or failed before it began) this one has its place in the list, in windows and in rules.
   */
  public readonly createdAt?: Date;
  /** When its record was last changed, in UTC; DCS alone, whose page calls it the time of completion. */
  public readonly updatedAt?: Date;
  /** The database engine, in the vendor's spelling ("MySQL", "GaussDB", "cassandra"). */
  public readonly engine?: string;
  /** The engine's version, as sent. */
  public readonly engineVersion?: string;
  /** The databases that the API named; empty where it names none, which most services do. */
  public readonly databases: BackupDatabase[];
  /** What it is of, by the list that it came in; GeminiDB alone, no field of whose answer says it. */
  public readonly level?: BackupLevel;
  /** `is_support_restore`, the service's own flag, apart from what `isRestorable` concludes; DCS alone. */
  public readonly isSupportRestore?: boolean;
  /** Why it failed, such as "dcs.08.0002"; DCS alone. */
  public readonly errorCode?: string;
  /** What the DCS page says of that code: "Operation timed out."; undefined for one it does not name. */
  public readonly errorMessage?: string;
  /** The format of its file, "AOF" or "RDB", which decides what can load it; DCS alone. */
  public readonly backupFormat?: string;
  /** How far it has come, as sent: percents as a text, "100.00"; DCS alone. */
  public readonly progress?: string;
  /** The time segment in which it was made, as sent; DCS alone. */
  public readonly period?: string;
  /** Whether the instance belongs to a DDM instance (`associated_with_ddm`); RDS alone. */
  public readonly isAssociatedWithDdm?: boolean;

  // Whatever walks through a backup must not meet what the cloud sent.
  readonly #records: RawRecords;
  readonly #index: number;

  private constructor(attributes: BackupAttributes, records: RawRecords, index: number) {
    this.#records = records;
    this.#index = index;
    this.service = attributes.service;
    this.id = attributes.id;
    this.name = attributes.name;
    this.description = attributes.description;
    this.instanceId = attributes.instanceId;
    this.instanceName = attributes.instanceName;
    this.kind = attributes.kind;
    this.status = attributes.status;
    this.isRestorable = attributes.isRestorable;
    this.isPartial = attributes.isPartial ?? false;
    this.sizeBytes = attributes.sizeBytes;
    this.beginTime = attributes.beginTime && timeOf(attributes.beginTime);
    this.endTime = attributes.endTime && timeOf(attributes.endTime);
    this.createdAt = attributes.createdAt && timeOf(attributes.createdAt);
    this.updatedAt = attributes.updatedAt && timeOf(attributes.updatedAt);
    this.engine = attributes.engine;
    this.engineVersion = attributes.engineVersion;
    this.databases = attributes.databases;
    this.level = attributes.level;
    this.isSupportRestore = attributes.isSupportRestore;
    this.errorCode = attributes.errorCode;
    this.errorMessage = attributes.errorMessage;
    this.backupFormat = attributes.backupFormat;
    this.progress = attributes.progress;
    this.period = attributes.period;
    this.isAssociatedWithDdm = attributes.isAssociatedWithDdm;
  }

  /**
   * The record as the API sent it: unchecked, unescaped, in the service's own units, with the keys of its
   * page's example response, but for their order and for numbers beyond 2^53, which JSON rounds. No
   * spread, list of fields or serialisation has it. It is parsed each time it is read.
   */
  public get raw(): { readonly [key: string]: any } {
    return this.#records.rawAt(this.#index);
  }
}

brand(Backup, "Backup");
writtenAs(Backup.prototype, (backup) => ({
  service: backup.service,
  id: backup.id,
  name: backup.name,
  description: backup.description,
  instance_id: backup.instanceId,
  instance_name: backup.instanceName,
  kind: backup.kind,
  status: backup.status,
  is_restorable: backup.isRestorable,
  is_partial: backup.isPartial,
  size_bytes: backup.sizeBytes,
  begin_time: backup.beginTime,
  end_time: backup.endTime,
  created_at: backup.createdAt,
  updated_at: backup.updatedAt,
  engine: backup.engine,
  engine_version: backup.engineVersion,
  databases: backup.databases.map(({ name, tables }) => ({ name, tables })),
  level: backup.level,
  is_support_restore: backup.isSupportRestore,
  error_code: backup.errorCode,
  error_message: backup.errorMessage,
  backup_format: backup.backupFormat,
  progress: backup.progress,
  period: backup.period,
  is_associated_with_ddm: backup.isAssociatedWithDdm,
}));

/** The place of a backup in time: its begin, or where it never began, when its task was created. */
export function placeInTime({ beginTime, createdAt }: Backup): Date | undefined {
  return beginTime ?? createdAt;
}

/** Newest first by `beginTime` (else `createdAt`), then by id; backups without either come last. */
export function newestFirst(a: Backup, b: Backup): number {
  const byTime =
    (placeInTime(b)?.getTime() ?? -Infinity) - (placeInTime(a)?.getTime() ?? -Infinity);
  if (byTime > 0 || byTime < 0) return byTime;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
