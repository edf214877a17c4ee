import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** Which backups of a TaurusDB instance. */
export interface TaurusDbIncrementalBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed; TaurusDB demands one. @default - that of `instanceName` */
  readonly instanceId?: string;
}

/**
 * The incremental backups of a TaurusDB instance. No restore starts from one alone, so `latest` is always
 * undefined; the full ones are `TaurusDbBackups`.
 *
 * Vendor's page: TaurusDB API Reference, "Querying Incremental Backups" (`GET /v3/{project_id}/instances/{instance_id}/incremental-backups`).
 * @see https://support.huaweicloud.com/intl/en-us/api-gaussdbformysql/ShowGaussMySqlIncrementalBackupList.html
 */
export class TaurusDbIncrementalBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: TaurusDbIncrementalBackupsProps) {
    super(scope, id, props, BackupService.TAURUSDB);
  }
}

declareProps<TaurusDbIncrementalBackupsProps>(
  TaurusDbIncrementalBackups,
  "TaurusDbIncrementalBackups",
  {
    ...QUERY,
    instanceId: OWN_CHECK,
  },
);
