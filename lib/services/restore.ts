/** The resource of the vendor's Terraform provider that restores in place, and what else it can. */
export interface RestoreApi {
  readonly resource: string;
  /** Whether a block of the instance's own resource restores to a new instance. */
  readonly canMakeInstance?: boolean;
  attributes(restored: Restored): { [name: string]: unknown };
}

/** What is restored onto what: literals, or references to what Terraform holds. */
export interface Restored {
  /** Whether a moment is restored, not a backup. */
  readonly isMoment: boolean;
  readonly backupId: string;
  /** The instance that it was made of. */
  readonly instanceId: string;
  /** The moment in epoch milliseconds, as the text and as the number of Terraform. */
  readonly momentText: string;
  readonly momentNumber: unknown;
  readonly targetInstanceId: string;
  readonly databaseName?: { readonly [name: string]: string };
  readonly description?: string;
}

/** A backup by its id or a moment: exactly one of the two. */
export function fromSource(restored: Restored, moment: unknown) {
  return {
    target_instance_id: restored.targetInstanceId,
    source_instance_id: restored.instanceId,
    type: restored.isMoment ? "timestamp" : "backup",
    ...(restored.isMoment ? { restore_time: moment } : { backup_id: restored.backupId }),
  };
}
