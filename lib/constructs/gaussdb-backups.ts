import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** Which backups of GaussDB (openGauss). */
export interface GaussDbBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed. @default - that of `instanceName`, else all of the project */
  readonly instanceId?: string;
}

/**
 * The full backups of GaussDB (openGauss), automated and manual.
 *
 * Vendor's page: GaussDB API Reference, "Querying Backups" (`GET /v3/{project_id}/backups`).
 * @see https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_backups.html
 */
export class GaussDbBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: GaussDbBackupsProps = {}) {
    super(scope, id, props, BackupService.GAUSSDB);
  }
}

declareProps<GaussDbBackupsProps>(GaussDbBackups, "GaussDbBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
});
