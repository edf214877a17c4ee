import { BackupKind } from "../model/backup";
import { BackupService } from "../model/service";
import { Duration } from "../model/duration";

/** One of a service's lists. */
export interface WhichList {
  readonly service: BackupService;
  /** By the word that identities have for it. */
  readonly list: string;
}

/** What was declared, checked: passed as it is from the construct to the request. */
export interface Query extends WhichList {
  readonly instanceId?: string;
  /** Of the instance, in place of its id, until that is known. */
  readonly instanceName?: string;
  readonly backupId?: string;
  readonly backupType?: BackupKind;
  readonly beginTime?: Date;
  readonly endTime?: Date;
  readonly within?: Duration;
  readonly ifInstanceMissing?: "fail" | "empty";
  /** The filters that this list alone knows, by their property. */
  readonly filters: { readonly [property: string]: string };
}
