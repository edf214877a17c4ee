import { Construct } from "constructs";
import { Backup } from "../model/backup";
import { BackupsEnvironmentError, BackupsError, BackupsUsageError } from "../model/errors";
import { reportProblems, requireStack } from "../terraform/problems";
import { BackupQuery } from "./backup-query";

/** From which backups a restore target is chosen. */
export interface RestoreTargetProps {
  /** The backups to choose from; of one instance. */
  readonly backups: BackupQuery;
}

/**
 * The backup that a restore would start from: the newest restorable one.
 *
 * Where there is none, the synthesis fails, and says so.
 */
export class RestoreTarget extends Construct {
  private readonly backups: BackupQuery;

  constructor(scope: Construct, id: string, props: RestoreTargetProps) {
    super(scope, id);
    requireStack(this, "a RestoreTarget");
    this.backups = props.backups;
    reportProblems(this, () => ({ error: this.problem(), warnings: [] }));
  }

  /** Whether there is a backup to restore. */
  public get isMet(): boolean {
    return this.choice() !== undefined;
  }

  /** The chosen backup, or an error (`NO_RESTORABLE_BACKUP`) where there is none. */
  public get backup(): Backup {
    const chosen = this.choice();
    if (chosen !== undefined) return chosen;
    throw this.unmet();
  }

  private choice(): Backup | undefined {
    const { all, latest } = this.backups;
    const instances = [...new Set(all.flatMap(({ instanceId }) => instanceId ?? []))];
    if (latest === undefined || instances.length <= 1) return latest;
    throw new BackupsUsageError({
      code: "SEVERAL_INSTANCES",
      what: `the backups to choose from are of ${instances.length} instances (${instances.slice(0, 5).join(", ")}${instances.length > 5 ? ", …" : ""})`,
      advice:
        "Give the query an `instanceId`: the newest of several is of no instance in particular.",
      constructPath: this.node.path,
    });
  }

  private unmet(): BackupsEnvironmentError {
    const count = this.backups.all.length;
    return new BackupsEnvironmentError({
      code: "NO_RESTORABLE_BACKUP",
      what: `none of the ${count} backups of ${this.backups.node.path} can be restored`,
      advice:
        "A restore starts from a completed full backup: make one, or widen the query's window and kinds.",
      constructPath: this.node.path,
    });
  }

  /** A failed lookup is the query's own to report. */
  private problem(): string | undefined {
    try {
      void this.backups.all;
    } catch (error) {
      if (BackupsError.isBackupsError(error)) return undefined;
      throw error;
    }
    try {
      return this.isMet ? undefined : this.unmet().message;
    } catch (error) {
      if (BackupsError.isBackupsError(error)) return error.message;
      throw error;
    }
  }
}
