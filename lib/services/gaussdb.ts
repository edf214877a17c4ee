import { BackupKind } from "../model/backup";
import { BackupService } from "../model/service";
import {
  databaseParameters,
  databasePaging,
  decodeDatabaseBackup,
  restorablePaging,
} from "./database";
import { MIB } from "./fields";
import { fromSource } from "./restore";
import { databaseInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";
import { restoreTime } from "./windows";

const backups: BackupList = {
  noun: "backups",
  page: "GaussDB API Reference, Querying Backups (https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_backups.html)",
  kinds: { [BackupKind.AUTOMATIC]: "auto", [BackupKind.MANUAL]: "manual" },
  actions: ["gaussdb:backup:list", "gaussdb:backup:listAll"],
  isInstanceRequired: false,
  hasFullBackups: true,
  hasVersions: true,
  paging: databasePaging("all"),
  requests: (query, window) => [
    {
      path: "/v3/{project}/backups",
      query: parameters(databaseParameters(query, backups.kinds, window)),
    },
  ],
  // Sizes in MB here, in KB in most others.
  decode: (record) => decodeDatabaseBackup(record, { service: BackupService.GAUSSDB, unit: MIB }),
};

export const gaussDb: ServiceApi = {
  service: BackupService.GAUSSDB,
  label: "GaussDB",
  endpoint: "gaussDb",
  // docs/apis/shared.md, Hosts: `gaussdb.` is openGauss on one cloud and TaurusDB on the other.
  hosts: {
    otc: "gaussdb",
    huaweicloud: "gaussdb-opengauss",
    elsewhere: {
      gaussdb: [
        ...["cn-east-2", "cn-east-4", "cn-east-5", "cn-north-12"],
        ...["ap-southeast-5", "tr-west-1", "me-east-1", "af-north-1"],
      ],
    },
  },
  idEndings: ["in14"],
  windows: restoreTime("restore_time"),
  // The provider's schema, huaweicloud 1.97.1: a moment is a text.
  restore: {
    resource: "huaweicloud_gaussdb_restore",
    attributes: (restored) => fromSource(restored, restored.momentText),
  },
  restorable: {
    page: "GaussDB API Reference, Querying Instances That Can Be Restored (https://support.huaweicloud.com/intl/en-us/api-gaussdb/ListRestorableInstances.html)",
    paging: restorablePaging("instance_list"),
    request: ({ backupId, instanceId, momentMs }) => ({
      path: "/v3/{project}/restorable-instances",
      query: parameters({
        source_instance_id: instanceId,
        backup_id: backupId,
        restore_time: momentMs === undefined ? undefined : String(momentMs),
      }),
      keep: ["instance_id"],
    }),
  },
  instances: databaseInstances({
    service: BackupService.GAUSSDB,
    page: "GaussDB API Reference, Querying DB Instances (https://support.huaweicloud.com/intl/en-us/api-gaussdb/gaussdb_api_143.html)",
    actions: ["gaussdb:instance:list"],
  }),
  lists: { backups },
};
