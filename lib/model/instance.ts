import { refusal } from "./errors";
import { writtenAs } from "./literal";
import { Backup, BackupKind } from "./backup";
import {
  ANY_DATE,
  ANY_NUMBER,
  ANY_TEXT,
  checkedOptions,
  checkedValue,
  FLAG,
  listOf,
  made,
  oneOf,
  required,
  SERVICE,
  Shape,
  struct,
} from "./shape";
import { BackupService } from "./service";
import { excerpt } from "./text";
import { DAY_MS, timeOf } from "./time";

/** What state an instance is in. */
export enum InstanceStatus {
  /** It runs. */
  AVAILABLE = "available",
  /** It is being created: it may have no backup yet. */
  CREATING = "creating",
  /** Something is done to it: it is restarted, enlarged, restored. */
  CHANGING = "changing",
  /** It is frozen, as a rule for want of payment. */
  FROZEN = "frozen",
  /** It, or its creation, has failed. */
  FAILED = "failed",
  /** The API sent a state that is on no page; a warning says which. */
  UNKNOWN = "unknown",
}

/** The policy by which a service backs an instance up by itself. */
export interface AutomatedBackups {
  /** Whether it does. */
  readonly isOn: boolean;
  /** How many days it keeps them. @default - it does not, or the API sent none that can be read */
  readonly keepDays?: number;
  /** The stretch of the day, in UTC, in which it begins: "22:00-23:00". @default - the API sent none */
  readonly window?: string;
  /** On which days of the week, 1 for Monday. @default - the API sent none */
  readonly weekdays?: number[];
}

/**
 * Until when the service keeps a backup, at the least: days from its end on, as its policy says today. A policy
 * that is shortened counts for those that are there, and the newest full backup outlives its date.
 * Undefined for one that is not automated (it stays until it is deleted), and where nothing tells.
 */
export function keptUntil(
  { endTime, kind }: Backup,
  policy: AutomatedBackups | undefined,
): Date | undefined {
  return kind === BackupKind.MANUAL || !endTime ? undefined : keptFrom(endTime, policy);
}

/** Until when what a policy makes at a time is kept, or a moment can be restored to; undefined where nothing tells. */
export function keptFrom(time: Date, policy: AutomatedBackups | undefined): Date | undefined {
  if (!policy?.isOn || policy.keepDays === undefined) return undefined;
  return timeOf(time.getTime() + policy.keepDays * DAY_MS);
}

/** What an `Instance` is made of; see there for the meaning of each. */
export interface InstanceAttributes {
  /** The service that listed it. */
  readonly service: BackupService;
  /** The instance's id. */
  readonly id: string;
  /** Its name. @default - the API sent none */
  readonly name?: string;
  /** Its state. */
  readonly status: InstanceStatus;
  /** The database engine. @default - the API sent none */
  readonly engine?: string;
  /** The engine's version. @default - the API sent none */
  readonly engineVersion?: string;
  /** When it was created. @default - the API sent none */
  readonly createdAt?: Date;
  /** Whether it is a read replica of another one. @default false */
  readonly isReplica?: boolean;
  /** Whether the service can back it up. @default true */
  readonly canBeBackedUp?: boolean;
  /** The size of its volume in bytes. @default - the API sent none */
  readonly volumeSizeBytes?: number;
  /** By which policy it is backed up. @default - the list does not say */
  readonly automatedBackups?: AutomatedBackups;
}

// As a cloud may send them: what they say is not looked at.
export const AUTOMATED_BACKUPS = struct<AutomatedBackups>({
  isOn: required(FLAG),
  keepDays: ANY_NUMBER,
  window: ANY_TEXT,
  weekdays: listOf(ANY_NUMBER),
});

const BACKUP = required(made<Backup>("Backup"));

const ATTRIBUTES: Shape<InstanceAttributes> = {
  service: required(SERVICE),
  id: required(ANY_TEXT),
  name: ANY_TEXT,
  status: required(oneOf("InstanceStatus", InstanceStatus)),
  engine: ANY_TEXT,
  engineVersion: ANY_TEXT,
  createdAt: ANY_DATE,
  isReplica: FLAG,
  canBeBackedUp: FLAG,
  volumeSizeBytes: ANY_NUMBER,
  automatedBackups: AUTOMATED_BACKUPS,
};

/**
 * One instance of a service, in the same shape whichever service listed it.
 *
 * Times are UTC `Date`s, sizes are bytes, strings are safe to write into a resource, as those of a `Backup`.
 * Given whole to the framework, or to `JSON.stringify`, it has all fields in snake_case, times in RFC 3339.
 */
export class Instance {
  /**
   * An instance of these attributes, for programs that test their own decisions.
   * @param attributes What it is made of; values of their types are taken as they are.
   * @throws `INVALID_PROPERTY`, `INVALID_SERVICE` or `INVALID_TIME` for what is none or is of another type.
   */
  public static of(attributes: InstanceAttributes): Instance {
    return new Instance(checkedOptions("Instance.of", attributes, ATTRIBUTES));
  }

  /** One that a service has listed. @internal */
  public static _of(attributes: InstanceAttributes): Instance {
    return new Instance(attributes);
  }

  /** The service that listed it. */
  public readonly service: BackupService;
  /** The instance's id, unique within its service. */
  public readonly id: string;
  /** Its name: no service but one says that it is the only one of that name. */
  public readonly name?: string;
  /** Its state. */
  public readonly status: InstanceStatus;
  /** The database engine: "MySQL"; of DCS "Redis". */
  public readonly engine?: string;
  /** The engine's version, as the service sends it. */
  public readonly engineVersion?: string;
  /** When it was created, in UTC; RDS sends none while it is being created. */
  public readonly createdAt?: Date;
  /** Whether it is a read replica (RDS), which has no backups of its own. */
  public readonly isReplica: boolean;
  /** Whether the service can back it up: not a read replica, and not a DCS cache of a single node. */
  public readonly canBeBackedUp: boolean;
  /**
   * The size of its volume in bytes, of a cache that of its memory; undefined where the API sends none, as
   * TaurusDB, whose volume grows by itself.
   */
  public readonly volumeSizeBytes?: number;
  /** By which policy it is backed up; of DCS where it was asked for (`withPolicies`). */
  public readonly automatedBackups?: AutomatedBackups;

  /**
   * Until when a backup of it is kept, at the least, by today's policy: a policy that is shortened counts for
   * backups that are there, and the newest full one outlives its date. Undefined for a manual one, which
   * stays until it is deleted, and where the policy is off or not known.
   * @param backup One of this instance.
   * @throws `INVALID_PROPERTY` for one of another instance: its own policy tells.
   */
  public expiresAt(backup: Backup): Date | undefined {
    const source = "Instance.expiresAt";
    const {
      id,
      instanceId = this.id,
      service,
    } = checkedValue("backup", backup, BACKUP, { source });
    if (service !== this.service || instanceId !== this.id) {
      throw refusal(
        "INVALID_PROPERTY",
        `${source}: backup ${excerpt(id, 80)} is of the instance ${excerpt(instanceId, 80)} of ${service}, not of ${excerpt(this.id, 80)} of ${this.service}`,
        "Ask the instance that it is of: by whose policy it is kept.",
      );
    }
    return keptUntil(backup, this.automatedBackups);
  }

  private constructor(attributes: InstanceAttributes) {
    this.service = attributes.service;
    this.id = attributes.id;
    this.name = attributes.name;
    this.status = attributes.status;
    this.engine = attributes.engine;
    this.engineVersion = attributes.engineVersion;
    this.createdAt = attributes.createdAt && timeOf(attributes.createdAt);
    this.isReplica = attributes.isReplica ?? false;
    this.canBeBackedUp = attributes.canBeBackedUp ?? true;
    this.volumeSizeBytes = attributes.volumeSizeBytes;
    this.automatedBackups = attributes.automatedBackups;
  }
}

writtenAs(Instance.prototype, (instance) => ({
  service: instance.service,
  id: instance.id,
  name: instance.name,
  status: instance.status,
  engine: instance.engine,
  engine_version: instance.engineVersion,
  created_at: instance.createdAt,
  is_replica: instance.isReplica,
  can_be_backed_up: instance.canBeBackedUp,
  volume_size_bytes: instance.volumeSizeBytes,
  automated_backups: instance.automatedBackups && {
    is_on: instance.automatedBackups.isOn,
    keep_days: instance.automatedBackups.keepDays,
    window: instance.automatedBackups.window,
    weekdays: instance.automatedBackups.weekdays,
  },
}));
