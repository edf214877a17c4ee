import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** Which backups of an RDS instance. */
export interface RdsBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed; RDS demands one. @default - that of `instanceName` */
  readonly instanceId?: string;
}

/**
 * The backups of an RDS instance: full, incremental and differential ones of MySQL, PostgreSQL and SQL Server.
 *
 * Vendor's page: RDS API Reference, "Obtaining Details About Backups" (`GET /v3/{project_id}/backups`).
 * @see https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_details_about_backups.html
 */
export class RdsBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: RdsBackupsProps) {
    super(scope, id, props, BackupService.RDS);
  }
}

declareProps<RdsBackupsProps>(RdsBackups, "RdsBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
});
