/** The service whose API listed a backup. */
export enum BackupService {
  /** GaussDB (openGauss). */
  GAUSSDB = "gaussdb",
  /** Relational Database Service: MySQL, PostgreSQL, SQL Server. */
  RDS = "rds",
  /** GeminiDB: Cassandra, Redis, MongoDB, InfluxDB. */
  GEMINIDB = "geminidb",
  /** Distributed Cache Service. */
  DCS = "dcs",
  /** TaurusDB, formerly GaussDB(for MySQL). */
  TAURUSDB = "taurusdb",
  /** Document Database Service: MongoDB. */
  DDS = "dds",
}

/** Where the services that list backups are, as absolute URLs. */
export interface ServiceEndpoints {
  /** GaussDB (openGauss). @default - the cloud's own */
  readonly gaussDb?: string;
  /** Relational Database Service. @default - the cloud's own */
  readonly rds?: string;
  /** GeminiDB. @default - the cloud's own */
  readonly geminiDb?: string;
  /** Distributed Cache Service. @default - the cloud's own */
  readonly dcs?: string;
  /** TaurusDB. @default - the cloud's own */
  readonly taurusDb?: string;
  /** Document Database Service. @default - the cloud's own */
  readonly dds?: string;
}
