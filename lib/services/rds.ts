import { BackupKind } from "../model/backup";
import { BackupService } from "../model/service";
import { databaseParameters, databasePaging, decodeDatabaseBackup } from "./database";
import { KIB } from "./fields";
import { fromSource } from "./restore";
import { databaseInstances } from "./instances";
import { BackupList, parameters, ServiceApi } from "./service";
import { restoreTime } from "./windows";

const backups: BackupList = {
  noun: "backups",
  page: "RDS API Reference, Obtaining Details About Backups (https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_details_about_backups.html)",
  kinds: {
    [BackupKind.AUTOMATIC]: "auto",
    [BackupKind.MANUAL]: "manual",
    [BackupKind.FRAGMENT]: "fragment",
    [BackupKind.INCREMENTAL]: "incremental",
  },
  actions: ["rds:backup:list"],
  isInstanceRequired: true,
  hasFullBackups: true,
  hasVersions: true,
  // The page says that offset "must be a positive number", its own example sends 0.
  paging: databasePaging("all"),
  requests: (query, window) => [
    {
      path: "/v3/{project}/backups",
      query: parameters(databaseParameters(query, backups.kinds, window)),
    },
  ],
  decode: (record) => {
    const backup = decodeDatabaseBackup(record, { service: BackupService.RDS, unit: KIB });
    const databases = record.databases("databases", "name");
    // "Creating a Manual Backup" (rds_09_0004): given databases, a manual backup holds those alone. The
    // policy of the automated ones knows no such list; there it only names what is in the instance.
    const isPartial = backup.kind === BackupKind.MANUAL && record.isFilled("databases");
    const isRestorable = backup.isRestorable && !isPartial;
    const isAssociatedWithDdm = record.flag("associated_with_ddm");
    return Object.assign(backup, { databases, isPartial, isRestorable, isAssociatedWithDdm });
  },
};

export const rds: ServiceApi = {
  service: BackupService.RDS,
  label: "RDS",
  endpoint: "rds",
  hosts: { otc: "rds", huaweicloud: "rds" },
  idEndings: ["in01", "in03", "in04"],
  // The vendor's page: "Querying the Restoration Time Range" (rds_09_0011).
  windows: restoreTime("restore_time", ["rds:instance:list", "rds:instance:getRestoreTime"]),
  // The provider's schema, huaweicloud 1.97.1: a moment is a number.
  restore: {
    resource: "huaweicloud_rds_restore",
    canMakeInstance: true,
    attributes: (restored) => ({
      ...fromSource(restored, restored.momentNumber),
      database_name: restored.databaseName,
      // Alone among the four it refuses a changed backup at plan without this.
      enable_force_new: "true",
    }),
  },
  instances: databaseInstances({
    service: BackupService.RDS,
    page: "RDS API Reference, Querying DB Instances (https://support.huaweicloud.com/intl/en-us/api-rds/rds_01_0004.html)",
    actions: ["rds:instance:list"],
  }),
  lists: { backups },
};
