import { BackupAttributes, BackupKind, BackupLevel, BackupService } from "../model/backup";
import { withoutUndefined } from "../model/defined";
import { Fields } from "./fields";
import { Paging } from "./paging";

/** What a list is asked for, after the library has resolved it: times are epoch milliseconds. */
export interface Filters {
  readonly instanceId?: string;
  readonly backupId?: string;
  readonly kind?: BackupKind;
  readonly window?: AskedWindow;
  readonly datastoreType?: string;
  readonly type?: string;
}

/**
 * The window that is sent. It is wider than the one the user wants: no page says which time of a
 * backup is compared, or whether a bound is inclusive (docs/apis), so the exact
 * window is applied to the answer.
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
}

/** The vendor's call for the stretches of time that an instance can be restored to. */
export interface WindowsApi {
  readonly paging: Paging;
  /** The lists that hold the windows of one UTC day; `begin` is its midnight in epoch milliseconds. */
  list(instanceId: string, begin: number): ListRequest;
}

/** Everything that is particular to one API. */
export interface ServiceApi {
  readonly service: BackupService;
  /** As people call it. */
  readonly label: string;
  /** The vendor's page, by its title and address. */
  readonly page: string;
  /** The kinds that this API can list, with its own word for each. */
  readonly kinds: Partial<Record<BackupKind, string>>;
  readonly isInstanceRequired: boolean;
  readonly paging: Paging;
  /** The vendor's own call for the moments that can be restored to; undefined where there is none. */
  readonly windows?: WindowsApi;
  /** The lists that hold the answer, usually one. */
  lists(filters: Filters): ListRequest[];
  decode(record: Fields): BackupAttributes;
}

/** Without the parameters that are not asked for. */
export function query(parameters: { [name: string]: string | undefined }): {
  [name: string]: string;
} {
  return withoutUndefined(parameters) as { [name: string]: string };
}
