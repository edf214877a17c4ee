import type { Endpoints } from "../cloud/endpoints";
import type { BackupService } from "../model/service";

/** What is asked again at apply. It stands in the configuration: no credential is in it. */
export interface PreflightOrder {
  readonly service: BackupService;
  /** Which of the service's lists. @default "backups" */
  readonly list?: string;
  readonly instanceId?: string;
  readonly cloud: string;
  /** The host that answered the synthesis. */
  readonly host?: string;
  readonly endpoints: Endpoints;
  readonly region?: string;
  readonly projectId?: string;
  readonly usesMetadata: boolean;
  readonly caFile?: string;
}

/** As a variable of the apply holds it; in a list, since a text that starts with a `{` is defanged. */
export function formatOrder(order: PreflightOrder): string {
  return JSON.stringify([order]);
}

export function parseOrder(text: string): PreflightOrder {
  return (JSON.parse(text) as [PreflightOrder])[0];
}

export const ORDER_VARIABLE = "CDKTF_BACKUPS_PREFLIGHT";
export const BACKUP_VARIABLE = "RESTORE_BACKUP_ID";
export const INSTANCE_VARIABLE = "RESTORE_INSTANCE_ID";
export const TIME_VARIABLE = "RESTORE_TIME";
