import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { declareProps, OWN_CHECK } from "../model/shape";
import { BackupQuery, BackupQueryProps, QUERY } from "./backup-query";

/** What a GeminiDB backup is of. */
export enum GeminiDbBackupType {
  /** Backups of whole instances. */
  INSTANCE = "instance",
  /** Backups of single databases or tables. */
  DATABASE_TABLE = "databaseTable",
  /** Both; the API has no word for it, so it is two lists. */
  ALL = "all",
}

/** The database behind a GeminiDB instance. */
export enum GeminiDbDatastoreType {
  /** GeminiDB Cassandra: wide columns. */
  CASSANDRA = "cassandra",
  /** GeminiDB Redis: keys and values. */
  REDIS = "redis",
  /** GeminiDB Mongo: documents. */
  MONGODB = "mongodb",
  /** GeminiDB Influx: time series. */
  INFLUXDB = "influxdb",
}

/** Which backups of GeminiDB. */
export interface GeminiDbBackupsProps extends BackupQueryProps {
  /** The instance whose backups are listed. @default - that of `instanceName`, else all of the project */
  readonly instanceId?: string;
  /** Only backups of this database. @default - all */
  readonly datastoreType?: GeminiDbDatastoreType;
  /** Backups of instances, of databases and tables, or both. @default GeminiDbBackupType.INSTANCE */
  readonly type?: GeminiDbBackupType;
}

/**
 * The full backups of GeminiDB, automated and manual.
 *
 * A backup of single databases or tables is never restorable here, and so never `latest`: it is no
 * backup of the instance.
 *
 * Vendor's page: GeminiDB API Reference, "Querying Backups (Recommended)" (`GET /v3.1/{project_id}/backups`).
 * @see https://support.huaweicloud.com/intl/en-us/api-nosql/nosql_05_0211.html
 */
export class GeminiDbBackups extends BackupQuery {
  /**
   * @param props Which backups, and whom to ask for them.
   * @throws What the constructor of `BackupQuery` throws.
   */
  constructor(scope: Construct, id: string, props: GeminiDbBackupsProps = {}) {
    super(scope, id, props, BackupService.GEMINIDB);
  }
}

declareProps<GeminiDbBackupsProps>(GeminiDbBackups, "GeminiDbBackups", {
  ...QUERY,
  instanceId: OWN_CHECK,
  datastoreType: OWN_CHECK,
  type: OWN_CHECK,
});
