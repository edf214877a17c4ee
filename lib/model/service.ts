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
}
