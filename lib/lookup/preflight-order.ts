import type { Endpoints } from "../cloud/endpoints";
import type { BackupService } from "../model/backup";

/** What is asked again at apply. It stands in the configuration: no credential is in it. */
export interface PreflightOrder {
  readonly service: BackupService;
  readonly instanceId?: string;
  readonly cloud: string;
  readonly endpoints: Endpoints;
  readonly region?: string;
  readonly projectId?: string;
  readonly usesMetadata: boolean;
  readonly caFile?: string;
}

export const ORDER_VARIABLE = "CDKTF_BACKUPS_PREFLIGHT";
export const BACKUP_VARIABLE = "RESTORE_BACKUP_ID";
export const INSTANCE_VARIABLE = "RESTORE_INSTANCE_ID";
export const TIME_VARIABLE = "RESTORE_TIME";
