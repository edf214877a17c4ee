import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** Which full backups of TaurusDB. */
export interface TaurusDbBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed. @default - that of `instanceName`, else all of the project */
  readonly instanceId?: string;
}

/**
 * The full backups of TaurusDB, automated and manual: what a restore by a backup starts from.
 *
 * What was written since stands in `TaurusDbIncrementalBackups`; a moment is chosen from either.
 *
 * Vendor's page: TaurusDB API Reference, "Querying Backups" (`GET /v3/{project_id}/backups`).
 * @see https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_backups.html
 */
export class TaurusDbBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: TaurusDbBackupsProps = {}) {
    super(scope, id, props, BackupService.TAURUSDB, "full-backups");
  }
}

declareProps<TaurusDbBackupsProps>(TaurusDbBackups, "TaurusDbBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
});
