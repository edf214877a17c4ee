/**
 * The records of the vendor's example responses as the outputs have to show them.
 *
 * Written out by hand from the pages; nothing here is computed by the library. Times are the page's
 * less its offset of 8 hours, sizes the page's times the unit in its field table. What a page does not
 * send is null.
 */

const NOTHING = {
  created_at: null,
  updated_at: null,
  level: null,
  is_support_restore: null,
  error_code: null,
  error_message: null,
  backup_format: null,
  progress: null,
  period: null,
  is_associated_with_ddm: null,
  name: null,
  description: null,
  instance_name: null,
  is_partial: false,
  engine: null,
  engine_version: null,
  databases: [],
};

// GaussDB page: sizes in MB, and both samples are of a backup that failed.
const GAUSSDB = [
  {
    ...NOTHING,
    service: "gaussdb",
    id: "a696cd25e4fc453aa503650225cece8bbr14",
    name: "GaussDB-hly-ha-20220509080110906",
    instance_id: "164abc6d35114095bb849d007b19db3bin14",
    kind: "automatic",
    status: "failed",
    is_restorable: false,
    size_bytes: 0,
    begin_time: "2022-05-09T08:01:10Z", // 16:01:10+0800
    end_time: "2022-05-09T08:04:31Z", // 16:04:31+0800
    engine: "GaussDB",
    engine_version: "1.4",
  },
  {
    ...NOTHING,
    service: "gaussdb",
    id: "5651c62a7f12461c98020dd3abfe24ccbr14",
    name: "GaussDB-hly-master-20220509022658257",
    instance_id: "fd26e3bf26e5467587eec857e4f66ef0in14",
    kind: "automatic",
    status: "failed",
    is_restorable: false,
    size_bytes: 0,
    begin_time: "2022-05-09T02:26:58Z", // 10:26:58+0800
    end_time: "2022-05-09T02:30:17Z", // 10:30:17+0800
    engine: "GaussDB",
    engine_version: "1.4",
  },
];

// RDS page: sizes in KB. Its three samples differ in kind and engine, and in stray spaces.
const RDS = {
  ...NOTHING,
  is_associated_with_ddm: false,
  service: "rds",
  name: "xxxx.xxx",
  status: "completed",
  size_bytes: 2_870_272, // 2803 KB
  begin_time: "2018-08-06T04:41:14Z", // 12:41:14+0800
  end_time: "2018-08-06T04:43:14Z", // 12:43:14+0800
};
const RDS_MYSQL = {
  ...RDS,
  id: "43e4feaab48f11e89039fa163ebaa7e4br01",
  instance_id: "a48e43ff268f4c0e879652d65e63d0fbin01",
  kind: "automatic",
  is_restorable: true,
  engine: "MySQL",
  engine_version: "5.6",
};
const RDS_POSTGRESQL = {
  ...RDS,
  id: "43e4feaab48f11e89039fa163ebaa7e4br03",
  instance_id: "a48e43ff268f4c0e879652d65e63d0fbin03", // with a space at its end on the page
  kind: "incremental",
  is_restorable: false,
  engine: "PostgreSQL",
  engine_version: "9.6",
};
const RDS_SQLSERVER = {
  ...RDS,
  id: "43e4feaab48f11e89039fa163ebaa7e4br04", // under the key "id " on the page
  instance_id: "a48e43ff268f4c0e879652d65e63d0fbin04",
  kind: "manual",
  is_restorable: false, // of the two databases alone
  is_partial: true,
  engine: "SQLServer",
  engine_version: "2014_WEB",
  databases: [
    { name: "user01", tables: [] },
    { name: "user02", tables: [] },
  ],
};

// GeminiDB page: sizes in KB. Both are of single databases, so no instance is restored from them.
const GEMINIDB = {
  ...NOTHING,
  level: "databaseTable", // of the list that they are in
  service: "geminidb",
  description: "backup description",
  instance_name: "cluster-test",
  status: "completed",
  is_restorable: false,
  is_partial: true,
  size_bytes: 2_870_272, // 2803 KB
  begin_time: "2019-05-27T03:38:51Z", // +0000
  end_time: "2019-05-27T03:39:51Z", // +0000
  engine: "cassandra",
  engine_version: "3.4",
  databases: [
    { name: "DATABASE_X", tables: ["TABLE_A", "TABLE_B", "TABLE_C"] },
    { name: "DATABASE_Y", tables: [] }, // table_names: null
  ],
};
const GEMINIDB_AUTO = {
  ...GEMINIDB,
  id: "43e4feaab48f11e89039fa163ebaa7e4br01",
  name: "backup-test",
  instance_id: "43e4feaab48f11e89039fa163ebaa7e4br01",
  kind: "automatic",
};
const GEMINIDB_MANUAL = {
  ...GEMINIDB,
  id: "43e4feaab48f11e89039fa163ebaa7e4br02",
  name: "backup-test-2",
  instance_id: "43e4feaab48f11e89039fa163ebaa7e4br02",
  kind: "manual",
};

// DCS page: sizes in bytes; "backup starts" is execution_at, "backup is complete" updated_at.
const DCS = {
  ...NOTHING,
  service: "dcs",
  id: "4631832a-14c6-45b0-a0b3-3abd8f591ad1",
  name: "backup_20190510163116",
  description: "001", // remark
  instance_id: "5560df16-cebf-4473-95c4-d1b573c16e79",
  kind: "manual",
  status: "completed", // succeed
  is_restorable: true, // is_support_restore: "TRUE"
  size_bytes: 880_232,
  begin_time: "2019-05-10T08:31:21.461Z",
  end_time: "2019-05-10T08:32:30.546Z",
  created_at: "2019-05-10T08:31:16.166Z",
  updated_at: "2019-05-10T08:32:30.546Z",
  is_support_restore: true,
  backup_format: "AOF",
  progress: "100.00",
};

// TaurusDB page: sizes in KB, incremental backups only, and no status.
const TAURUSDB = {
  ...NOTHING,
  service: "taurusdb",
  id: "f0d2aea28d26t4848b8c84ed3fea1822fbr07",
  name: "GaussDBforMySQL--20230728181555006",
  instance_id: "61a4ea66210545909d74a05c27a7179ein07",
  kind: "incremental",
  status: "unknown",
  is_restorable: false,
  size_bytes: 112, // 0.109375 KB
  begin_time: "2022-07-07T04:41:14Z", // 12:41:14+0800
  end_time: "2022-07-08T04:45:14Z", // 12:45:14+0800
};

/** By the output of the example that has to list it. */
export const PUBLISHED_SAMPLES = [
  ...GAUSSDB.map((backup) => ({ output: "gaussdb", backup })),
  { output: "rds", backup: RDS_MYSQL },
  { output: "rds-2", backup: RDS_POSTGRESQL },
  { output: "rds-3", backup: RDS_SQLSERVER },
  { output: "geminidb", backup: GEMINIDB_AUTO },
  { output: "geminidb", backup: GEMINIDB_MANUAL },
  { output: "dcs", backup: DCS },
  { output: "taurusdb", backup: TAURUSDB },
];
