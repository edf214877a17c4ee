// The public API, and nothing else.

export {
  Backup,
  BackupAttributes,
  BackupDatabase,
  BackupKind,
  BackupService,
  BackupStatus,
} from "./model/backup";
export { Duration } from "./model/duration";
export {
  BackupsEnvironmentError,
  BackupsError,
  BackupsUsageError,
  ErrorDetails,
} from "./model/errors";
