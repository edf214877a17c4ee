import { BackupAttributes, BackupKind, BackupLevel } from "../model/backup";
import { AutomatedBackups, InstanceAttributes } from "../model/instance";
import { withoutUndefined } from "../model/defined";
import { BackupService, ServiceEndpoints } from "../model/service";
import { Fields } from "./fields";
import { Paging } from "./paging";
import { Query } from "./query";
import { RestoreApi } from "./restore";

/**
 * Everything that is particular to one service. Whoever has to tell one from another reads it here:
 * nothing outside of its file compares names of services.
 */
export interface ServiceApi {
  readonly service: BackupService;
  /** As people call it. */
  readonly label: string;
  /** Under which an address of its own is given. */
  readonly endpoint: keyof ServiceEndpoints;
  readonly hosts: Hosts;
  /** What the ids of its instances end in, in the published samples. @default - nothing that tells them */
  readonly idEndings?: readonly string[];
  /** The vendor's own call for the moments that can be restored to; undefined where there is none. */
  readonly windows?: WindowsApi;
  /** How the vendor's Terraform provider restores it; undefined where it does not. */
  readonly restore?: RestoreApi;
  /** The vendor's own call for the instances that a choice can be restored onto; undefined where there is none. */
  readonly restorable?: RestorableApi;
  /** Its list of instances. */
  readonly instances: InstanceList;
  /** Its lists of backups, by the word that identities have for them. */
  readonly lists: { readonly backups: BackupList } & { readonly [name: string]: BackupList };
}

/** The first part of its host names: `rds` of `rds.eu-de.otc.t-systems.com`. */
export interface Hosts {
  readonly otc: string;
  readonly huaweicloud: string;
  /** Regions of Huawei Cloud that name it otherwise, by what they name it. */
  readonly elsewhere?: { readonly [host: string]: readonly string[] };
}

/** One list of backups. */
export interface BackupList {
  /** What it lists, as people call it. */
  readonly noun: string;
  /** The vendor's page, by its title and address. */
  readonly page: string;
  /** What a user must be allowed to do to read it. */
  readonly actions: readonly string[];
  /** The kinds that this list can be asked for, with its own word for each. */
  readonly kinds: Partial<Record<BackupKind, string>>;
  readonly isInstanceRequired: boolean;
  /** Whether it holds backups that a restore starts from; else none is missing where it has none. */
  readonly hasFullBackups: boolean;
  /** Whether its records name the version of the engine. */
  readonly hasVersions: boolean;
  /** The list's own filters, by their property: the values that each may have. */
  readonly filters?: { readonly [property: string]: OwnFilter };
  readonly paging: Paging;
  /** The requests that hold the answer, usually one. */
  requests(query: Query, window?: AskedWindow): ListRequest[];
  decode(record: Fields): BackupAttributes;
}

/** What would be restored: a backup, or a moment of an instance. */
export interface RestoreSource {
  readonly instanceId: string;
  readonly backupId?: string;
  readonly momentMs?: number;
}

/** The vendor's call for the instances that something can be restored onto. */
export interface RestorableApi {
  /** The vendor's page, by its title and address. */
  readonly page: string;
  readonly paging: Paging;
  /** Undefined for what it can't be asked about. */
  request(source: RestoreSource): ListRequest | undefined;
}

/** Which instances are asked for: all, those of a name, the one of an id. */
export interface WhichInstances {
  readonly name?: string;
  readonly id?: string;
}

/** A service's list of instances. */
export interface InstanceList {
  /** The vendor's page, by its title and address. */
  readonly page: string;
  /** What a user must be allowed to do to read it. */
  readonly actions: readonly string[];
  readonly paging: Paging;
  /** The list of all, of those of a name, or of the one of an id, on a cloud of that name. */
  request(which: WhichInstances, cloud: string): ListRequest;
  decode(record: Fields): InstanceAttributes;
  /** Where the list has no policy: what one instance is asked for, and how it is read. */
  readonly detail?: {
    readonly actions: readonly string[];
    readonly paging: Paging;
    request(instanceId: string): ListRequest;
    policy(record: Fields): AutomatedBackups | undefined;
  };
}

/** A filter that one list alone knows. */
export interface OwnFilter {
  readonly allowed: readonly string[];
  /** What it is where nothing is said; a query that says it is the same query. */
  readonly default?: string;
  /** The value that leaves nothing out. @default - leaving it away */
  readonly all?: string;
}

/**
 * The window that is sent, in epoch milliseconds. It is wider than the one the user wants: no page says
 * which time of a backup is compared, or whether a bound is inclusive (docs/apis), so the exact window
 * is applied to the answer.
 */
export interface AskedWindow {
  readonly begin: number;
  readonly end: number;
}

/** One list to read: page after page of one URL. */
export interface ListRequest {
  /** With `{project}` where the project id goes. */
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  /** GeminiDB: what its records are of. */
  readonly level?: BackupLevel;
  /** Whether the list of its project, without the parameter of the instance, holds it as well. */
  readonly isOfInstance?: boolean;
  /** What is kept of its records, by the paths of their keys ("volume.size"). @default - all */
  readonly keep?: readonly string[];
}

/** The vendor's call for the stretches of time that an instance can be restored to. */
export interface WindowsApi {
  /** What a user must be allowed to do to read them, where the vendor's page says it. */
  readonly actions?: readonly string[];
  readonly paging: Paging;
  /** The lists that hold the windows of one UTC day; `begin` is its midnight in epoch milliseconds. */
  list(instanceId: string, begin: number): ListRequest;
}

/** Without the parameters that are not asked for. */
export function parameters(given: { [name: string]: string | undefined }): {
  [name: string]: string;
} {
  return withoutUndefined(given) as { [name: string]: string };
}
