import type { ServiceName } from "./types";

/**
 * The records of the pages' example responses, verbatim: nulls, stray spaces and all. The totals
 * beside them are not kept, because they count records that the pages don't show.
 */
export const SAMPLES: Record<ServiceName, readonly unknown[]> = {
  // GaussDB page, "Example normal response".
  gaussDb: [
    {
      id: "a696cd25e4fc453aa503650225cece8bbr14",
      name: "GaussDB-hly-ha-20220509080110906",
      description: null,
      status: "FAILED",
      size: 0.0,
      type: "auto",
      datastore: {
        type: "GaussDB",
        version: "1.4",
      },
      begin_time: "2022-05-09T16:01:10+0800",
      end_time: "2022-05-09T16:04:31+0800",
      instance_id: "164abc6d35114095bb849d007b19db3bin14",
    },
    {
      id: "5651c62a7f12461c98020dd3abfe24ccbr14",
      name: "GaussDB-hly-master-20220509022658257",
      description: null,
      status: "FAILED",
      size: 0.0,
      type: "auto",
      datastore: {
        type: "GaussDB",
        version: "1.4",
      },
      begin_time: "2022-05-09T10:26:58+0800",
      end_time: "2022-05-09T10:30:17+0800",
      instance_id: "fd26e3bf26e5467587eec857e4f66ef0in14",
    },
  ],
  // RDS page, "Example normal response": one list each of MySQL, PostgreSQL and SQL Server.
  rds: [
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      name: "xxxx.xxx",
      type: "auto",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "MySQL",
        version: "5.6",
      },
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin01",
      associated_with_ddm: false,
    },
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br03",
      name: "xxxx.xxx",
      type: "incremental",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "PostgreSQL",
        version: "9.6",
      },
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin03 ",
      associated_with_ddm: false,
    },
    {
      "id ": "43e4feaab48f11e89039fa163ebaa7e4br04",
      name: "xxxx.xxx",
      type: "manual",
      size: 2803,
      status: "COMPLETED",
      begin_time: "2018-08-06T12:41:14+0800",
      end_time: "2018-08-06T12:43:14+0800",
      datastore: {
        type: "SQLServer",
        version: "2014_WEB",
      },
      databases: [
        {
          name: "user01",
        },
        {
          name: "user02",
        },
      ],
      instance_id: "a48e43ff268f4c0e879652d65e63d0fbin04",
      associated_with_ddm: false,
    },
  ],
  // GeminiDB page, "Example Responses". Both are table-level, so only type=DatabaseTable lists them.
  geminiDb: [
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      name: "backup-test",
      instance_id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      instance_name: "cluster-test",
      datastore: {
        type: "cassandra",
        version: "3.4",
      },
      type: "Auto",
      begin_time: "2019-05-27T03:38:51+0000",
      end_time: "2019-05-27T03:39:51+0000",
      status: "COMPLETED",
      size: 2803,
      description: "backup description",
      database_tables: [
        {
          database_name: "DATABASE_X",
          table_names: ["TABLE_A", "TABLE_B", "TABLE_C"],
        },
        {
          database_name: "DATABASE_Y",
          table_names: null,
        },
      ],
    },
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br02",
      name: "backup-test-2",
      instance_id: "43e4feaab48f11e89039fa163ebaa7e4br02",
      instance_name: "cluster-test",
      datastore: {
        type: "cassandra",
        version: "3.4",
      },
      type: "Manual",
      begin_time: "2019-05-27T03:38:51+0000",
      end_time: "2019-05-27T03:39:51+0000",
      status: "COMPLETED",
      size: 2803,
      description: "backup description",
      database_tables: [
        {
          database_name: "DATABASE_X",
          table_names: ["TABLE_A", "TABLE_B", "TABLE_C"],
        },
        {
          database_name: "DATABASE_Y",
          table_names: null,
        },
      ],
    },
  ],
  // DCS page, "Example response".
  dcs: [
    {
      status: "succeed",
      remark: "001",
      period: null,
      progress: "100.00",
      size: 880232,
      instance_id: "5560df16-cebf-4473-95c4-d1b573c16e79",
      backup_id: "4631832a-14c6-45b0-a0b3-3abd8f591ad1",
      created_at: "2019-05-10T08:31:16.166Z",
      updated_at: "2019-05-10T08:32:30.546Z",
      execution_at: "2019-05-10T08:31:21.461Z",
      backup_type: "manual",
      backup_format: "AOF",
      backup_name: "backup_20190510163116",
      error_code: null,
      is_support_restore: "TRUE",
    },
  ],
  // TaurusDB page, "Example Response".
  taurusDb: [
    {
      id: "f0d2aea28d26t4848b8c84ed3fea1822fbr07",
      name: "GaussDBforMySQL--20230728181555006",
      begin_time: "2022-07-07T12:41:14+0800",
      end_time: "2022-07-08T12:45:14+0800",
      size: 0.109375,
      instance_id: "61a4ea66210545909d74a05c27a7179ein07",
    },
  ],
};

/** The instances that the pages' samples name, by service; each has recent default data. */
export const SAMPLE_INSTANCES: Record<ServiceName, readonly string[]> = {
  gaussDb: ["164abc6d35114095bb849d007b19db3bin14", "fd26e3bf26e5467587eec857e4f66ef0in14"],
  rds: [
    "a48e43ff268f4c0e879652d65e63d0fbin01", // MySQL
    "a48e43ff268f4c0e879652d65e63d0fbin03", // PostgreSQL
    "a48e43ff268f4c0e879652d65e63d0fbin04", // SQL Server
  ],
  geminiDb: ["43e4feaab48f11e89039fa163ebaa7e4br01", "43e4feaab48f11e89039fa163ebaa7e4br02"],
  dcs: ["5560df16-cebf-4473-95c4-d1b573c16e79"],
  taurusDb: ["61a4ea66210545909d74a05c27a7179ein07"],
};
