import { BackupKind, BackupStatus } from "../model/backup";
import { BackupService } from "../model/service";
import { escapeUri } from "../model/text";
import {
  databaseParameters,
  databasePaging,
  databaseWindow,
  decodeDatabaseBackup,
} from "./database";
import { KIB, MIB } from "./fields";
import { fromSource } from "./restore";
import { databaseInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";
import { restoreTime } from "./windows";

/** Without a filter for the kind or the id: the library applies them to the answer. */
const incrementalBackups: BackupList = {
  noun: "backups",
  page: "TaurusDB API Reference, Querying Incremental Backups (https://support.huaweicloud.com/intl/en-us/api-gaussdbformysql/ShowGaussMySqlIncrementalBackupList.html)",
  kinds: { [BackupKind.INCREMENTAL]: "incremental" },
  actions: ["gaussdb:backup:list", "gaussdbformysql:backup:list"],
  isInstanceRequired: true,
  hasFullBackups: false,
  hasVersions: false,
  paging: {
    parameter: "offset",
    first: 0,
    // "Value: 10 (default value), 20, or 50."
    size: 50,
    records: "backups",
    total: "total_count",
    totals: "all",
    id: "id",
  },
  requests: ({ instanceId }, window) => [
    {
      path: `/v3/{project}/instances/${escapeUri(instanceId!)}/incremental-backups`,
      query: parameters(databaseWindow(window)),
    },
  ],
  decode: (record) => ({
    service: BackupService.TAURUSDB,
    id: record.text("id") ?? "",
    name: record.text("name"),
    instanceId: record.text("instance_id"),
    kind: BackupKind.INCREMENTAL,
    // The page has no status: UNKNOWN without a warning.
    status: record.has("status") ? record.status("status") : BackupStatus.UNKNOWN,
    // An incremental backup extends a full one; no restore starts from it alone.
    isRestorable: false,
    sizeBytes: record.size("size", KIB),
    beginTime: record.time("begin_time"),
    endTime: record.time("end_time"),
    databases: [],
  }),
};

const fullBackups: BackupList = {
  noun: "full backups",
  page: "TaurusDB API Reference, Querying Backups (https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_backups.html)",
  actions: ["gaussdb:backup:list", "gaussdbformysql:backup:list"],
  kinds: { [BackupKind.AUTOMATIC]: "auto", [BackupKind.MANUAL]: "manual" },
  isInstanceRequired: false,
  hasFullBackups: true,
  hasVersions: true,
  paging: databasePaging("all"),
  requests: (query, window) => [
    {
      path: "/v3/{project}/backups",
      query: parameters(databaseParameters(query, fullBackups.kinds, window)),
    },
  ],
  // Sizes in MB here, in KB in the list of incremental ones.
  decode: (record) =>
    decodeDatabaseBackup(record, {
      service: BackupService.TAURUSDB,
      unit: MIB,
      // "Backup available", beside "Backup completed".
      states: { available: BackupStatus.COMPLETED },
    }),
};

export const taurusDb: ServiceApi = {
  service: BackupService.TAURUSDB,
  label: "TaurusDB",
  endpoint: "taurusDb",
  // docs/apis/shared.md, Hosts: `gaussdb.` is openGauss on one cloud and TaurusDB on the other.
  hosts: {
    otc: "gaussdb-mysql",
    huaweicloud: "gaussdb",
    elsewhere: {
      gaussdbformysql: [
        ...["ap-southeast-1", "ap-southeast-2", "tr-west-1"],
        ...["me-east-1", "cn-north-11"],
      ],
      "gaussdb-mysql": ["af-south-1", "cn-east-5", "la-north-2", "cn-southwest-3"],
    },
  },
  idEndings: ["in07"],
  // The vendor's page: "Querying the Restoration Time Range" (ShowBackupRestoreTime).
  windows: restoreTime("restore_times", [
    ...["gaussdb:instance:list", "gaussdb:backup:list", "gaussdbformysql:backup:getRestoreTime"],
  ]),
  // The provider's schema, huaweicloud 1.97.1: a moment is a number.
  restore: {
    resource: "huaweicloud_taurusdb_restore",
    attributes: (restored) => fromSource(restored, restored.momentNumber),
  },
  instances: databaseInstances({
    service: BackupService.TAURUSDB,
    page: "TaurusDB API Reference, Querying DB Instances (https://support.huaweicloud.com/intl/en-us/api-taurusdb/ListGaussMySqlInstances.html)",
    actions: ["gaussdb:instance:list"],
    // Huawei Cloud announced the end of v3 for 2025-12-31; the other cloud documents nothing else.
    version: (cloud) => (cloud === "huaweicloud" ? "v3.1" : "v3"),
    // The size that it sends is what is used of it.
    volumes: "none",
  }),
  lists: { backups: incrementalBackups, "full-backups": fullBackups },
};
