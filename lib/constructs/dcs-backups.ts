import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** Which backups of a DCS instance. */
export interface DcsBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed; DCS demands one. @default - that of `instanceName` */
  readonly instanceId?: string;
}

/**
 * The backups of a DCS (cache) instance. The API can't filter by kind or id; the library does.
 *
 * Vendor's page: DCS API Reference, "Querying DCS Instance Backup Records" (`GET /v1.0/{project_id}/instances/{instance_id}/backups`).
 * @see https://docs.otc.t-systems.com/distributed-cache-service/api-ref/outdated_apis_v1/backup_and_restoration_apis/querying_dcs_instance_backup_records.html
 */
export class DcsBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: DcsBackupsProps) {
    super(scope, id, props, BackupService.DCS);
  }
}

declareProps<DcsBackupsProps>(DcsBackups, "DcsBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
});
