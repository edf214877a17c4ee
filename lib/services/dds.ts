import { BackupKind, BackupStatus } from "../model/backup";
import { BackupService } from "../model/service";
import { databaseParameters, databasePaging, decodeDatabaseBackup } from "./database";
import { KIB } from "./fields";
import { databaseInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";
import { restoreTime } from "./windows";

const backups: BackupList = {
  noun: "backups",
  page: "DDS API Reference, Querying the Backup List (https://docs.otc.t-systems.com/document-database-service/api-ref/apis_v3.0_recommended/backup_and_restoration/querying_the_backup_list.html)",
  actions: ["dds:backup:list"],
  kinds: { [BackupKind.AUTOMATIC]: "Auto", [BackupKind.MANUAL]: "Manual" },
  isInstanceRequired: false,
  hasFullBackups: true,
  hasVersions: true,
  filters: { mode: { allowed: ["Sharding", "ReplicaSet", "Single"] } },
  paging: databasePaging("all"),
  requests: (query, window) => [
    {
      path: "/v3/{project}/backups",
      query: parameters({
        ...databaseParameters(query, backups.kinds, undefined),
        begin_time: window && plainTime(window.begin),
        end_time: window && plainTime(window.end),
        mode: query.filters["mode"],
      }),
    },
  ],
  decode: (record) =>
    decodeDatabaseBackup(record, {
      service: BackupService.DDS,
      unit: KIB,
      // "yyyy-mm-dd hh:mm:ss. The value is in UTC format."
      zone: "UTC",
      states: { disabled: BackupStatus.DELETING },
    }),
};

export const dds: ServiceApi = {
  service: BackupService.DDS,
  label: "DDS",
  endpoint: "dds",
  hosts: { otc: "dds", huaweicloud: "dds" },
  // "Querying the Restoration Time Ranges" (dds_api_0080): of replica sets and clusters of 4.0.
  idEndings: ["in02"],
  windows: restoreTime("restore_time"),
  // The provider's schema, huaweicloud 1.97.1: a moment is a text.
  restore: {
    resource: "huaweicloud_dds_instance_restore",
    attributes: ({ isMoment, backupId, instanceId, momentText, targetInstanceId }) => ({
      source_id: instanceId,
      target_id: targetInstanceId,
      ...(isMoment ? { restore_time: momentText } : { backup_id: backupId }),
    }),
  },
  instances: databaseInstances({
    service: BackupService.DDS,
    page: "DDS API Reference, Querying Instances and Details (https://support.huaweicloud.com/intl/en-us/api-dds/dds_api_0023.html)",
    actions: ["dds:instance:list"],
    zone: "UTC",
    volumes: "groups",
  }),
  lists: { backups },
};

/** `2018-08-06 10:41:14` in UTC, in whole seconds. */
function plainTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}
