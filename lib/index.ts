// The public API, and nothing else.

export { BackupProvider, BackupProviderProps, EmulatedProviderProps } from "./constructs/provider";
export {
  BackupOutputs,
  BackupQuery,
  BackupQueryProps,
  IfInstanceMissing,
} from "./constructs/backup-query";
export { GaussDbBackups, GaussDbBackupsProps } from "./constructs/gaussdb-backups";
export { RdsBackups, RdsBackupsProps } from "./constructs/rds-backups";
export {
  GeminiDbBackups,
  GeminiDbBackupsProps,
  GeminiDbBackupType,
  GeminiDbDatastoreType,
} from "./constructs/geminidb-backups";
export { DcsBackups, DcsBackupsProps } from "./constructs/dcs-backups";
export { DdsBackups, DdsBackupsProps, DdsMode } from "./constructs/dds-backups";
export { TaurusDbBackups, TaurusDbBackupsProps } from "./constructs/taurusdb-backups";
export {
  TaurusDbIncrementalBackups,
  TaurusDbIncrementalBackupsProps,
} from "./constructs/taurusdb-incremental-backups";
export { Instances, InstancesProps } from "./constructs/instances";
export { RestoreGap, RestoreWindows, RestoreWindowsProps } from "./constructs/restore-windows";
export { ProjectBackups, ProjectBackupsProps, ProjectInstance } from "./constructs/project-backups";
export { RestorePin, RestoreTarget, RestoreTargetProps } from "./constructs/restore-target";
export { Unmet } from "./constructs/unmet";
export { InPlaceRestore, InPlaceRestoreProps } from "./constructs/in-place-restore";
export {
  HuaweicloudRdsRestore,
  HuaweicloudRestoreBlock,
  NewInstanceRestore,
  NewInstanceRestoreProps,
  OpenTelekomCloudRdsRestore,
  OpenTelekomCloudRestoreBlock,
  RestoreLifecycle,
} from "./constructs/new-instance-restore";
export {
  ConsistencyGroup,
  ConsistencyGroupMember,
  ConsistencyGroupPick,
  ConsistencyGroupProps,
} from "./constructs/consistency-group";
export { RecoveryReport, RecoveryReportProps } from "./constructs/recovery-report";
export { RecoveryPolicy, RecoveryPolicyProps } from "./constructs/recovery-policy";
export { RestoreTrigger, RestoreTriggerProps } from "./constructs/restore-trigger";

export { ILockStore, MemoryLock } from "./lock/store";
export { LockFile } from "./lock/file";
export { LockReview } from "./lock/review";
export { LookupMode } from "./lookup/mode";

export { IBackupCondition, Selection, SelectionFilter } from "./restore/selection";
export {
  GapRuleOptions,
  Rule,
  RuleFinding,
  RuleId,
  RuleLevel,
  SizeRuleOptions,
  WindowGapRuleOptions,
} from "./restore/rules";
export { RejectedBackup, RestoreDecision, RestoreDestination } from "./restore/decision";

export { Cloud, Endpoints } from "./cloud/endpoints";
export { ServiceEndpoints } from "./model/service";
export { AccessKeyCredentials, Credentials, PasswordCredentials } from "./cloud/credentials";

export {
  Backup,
  BackupAttributes,
  BackupDatabase,
  BackupKind,
  BackupLevel,
  BackupStatus,
} from "./model/backup";
export { AutomatedBackups, Instance, InstanceAttributes, InstanceStatus } from "./model/instance";
export { BackupService } from "./model/service";
export { RestoreWindow } from "./model/window";
export { Duration } from "./model/duration";
export { ErrorCode } from "./model/error-codes";
export { ErrorActor, ErrorReport } from "./model/error-report";
export {
  BackupsEnvironmentError,
  BackupsError,
  BackupsUsageError,
  ErrorDetails,
} from "./model/errors";

export { BackupEmulator } from "./emulator/emulator";
export { EmulatedBackup, EmulatedInstance } from "./emulator/described";
export { BackupEmulatorOptions, EmulatorFault, EmulatorQuota } from "./emulator/options";
