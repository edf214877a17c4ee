import {
  BACKUP_NOT_FOUND,
  INSTANCE_NOT_FOUND,
  NOT_FOUND_OR_NOT_PERMITTED,
} from "../cloud/api-errors";
import { BackupService } from "../model/backup";
import { BackupsError } from "../model/errors";
import { RestoreWindow } from "../model/window";
import { RawRecord } from "../services/fields";
import { Paging } from "../services/paging";
import { SERVICES } from "../services/registry";
import { ListRequest } from "../services/service";
import { decodeWindows } from "../services/windows";
import { decode, Result } from "./decode";
import { describe, Query, toFilters } from "./query";

/** What a service is asked, and what its answer means. */
export interface Question<T> {
  readonly service: BackupService;
  /** As a person reads it. */
  readonly label: string;
  lists(asOf: Date, now: Date): (ListRequest & { readonly paging: Paging })[];
  /** Whether the error only means that there is nothing; what is not certain goes to `warnings`. */
  isEmptiness(error: BackupsError, warnings: string[]): boolean;
  resultOf(records: RawRecord[], asOf: Date, warnings: string[]): T;
}

/** Which backups are there? */
export function backupsOf(query: Query): Question<Result> {
  const { lists, paging } = SERVICES[query.service];
  return {
    service: query.service,
    label: describe(query),
    lists: (asOf, now) => lists(toFilters(query, asOf, now)).map((list) => ({ ...list, paging })),
    isEmptiness: (error, warnings) => isEmptiness(error, query, warnings),
    resultOf: (records, asOf, extra) => {
      const { backups, warnings } = decode(records, query, asOf);
      return { backups, warnings: [...extra, ...warnings] };
    },
  };
}

/** To which moments of these UTC days (each its midnight) can the instance be restored? */
export function windowsOf(
  service: BackupService,
  instanceId: string,
  days: readonly number[],
): Question<RestoreWindow[]> | undefined {
  const { label, windows } = SERVICES[service];
  if (!windows) return undefined;
  return {
    service,
    label: `restore windows of ${label} instance ${instanceId}`,
    lists: () => days.map((day) => ({ ...windows.list(instanceId, day), paging: windows.paging })),
    isEmptiness: () => false,
    resultOf: decodeWindows,
  };
}

/** Errors that only mean "no backups" for this query. */
function isEmptiness(error: BackupsError, query: Query, warnings: string[]): boolean {
  // The other services answer an unknown backup id by an empty list.
  if (error.code === BACKUP_NOT_FOUND) return query.backupId !== undefined;
  if (!query.isEmptyIfInstanceMissing) return false;
  if (error.code === NOT_FOUND_OR_NOT_PERMITTED) {
    warnings.push(
      `the service says "not found or no permission" (${error.serviceCode}); taken for an instance that does not exist yet, because of ifInstanceMissing`,
    );
    return true;
  }
  return error.code === INSTANCE_NOT_FOUND;
}
