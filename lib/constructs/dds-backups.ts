import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** How a DDS instance is built. */
export enum DdsMode {
  /** A cluster. */
  SHARDING = "Sharding",
  /** A replica set. */
  REPLICA_SET = "ReplicaSet",
  /** A single node. */
  SINGLE = "Single",
}

/** Which backups of DDS. */
export interface DdsBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed. @default - that of `instanceName`, else all of the project */
  readonly instanceId?: string;
  /** Only backups of instances that are built like this. @default - all */
  readonly mode?: DdsMode;
}

/**
 * The full backups of Document Database Service (MongoDB), automated and manual.
 *
 * Vendor's page: DDS API Reference, "Querying the Backup List" (`GET /v3/{project_id}/backups`).
 * @see https://docs.otc.t-systems.com/document-database-service/api-ref/apis_v3.0_recommended/backup_and_restoration/querying_the_backup_list.html
 */
export class DdsBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: DdsBackupsProps = {}) {
    super(scope, id, props, BackupService.DDS);
  }
}

declareProps<DdsBackupsProps>(DdsBackups, "DdsBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
  mode: OWN_CHECK,
});
