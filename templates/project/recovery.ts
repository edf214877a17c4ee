import { BackupProvider, Duration, RdsBackups } from "cdktf-backups";
import { RecoveryPolicy, RestoreTarget, Rule } from "cdktf-backups";
import { Construct } from "constructs";
import { TerraformOutput, TerraformStack } from "{{framework}}";

export interface RecoveryProps {
  /** Makes what says whom the stack asks: a cloud, or an emulator. */
  readonly provider: (stack: Construct) => BackupProvider;
  /** The RDS instance that has to be recoverable. */
  readonly instanceId: string;
  /** The recovery point objective: how much may be lost at the most. */
  readonly rpo: Duration;
}

/** Chooses the backup to restore from, and fails the synthesis where the backups are not good enough. */
export class Recovery extends TerraformStack {
  public readonly target: RestoreTarget;

  constructor(scope: Construct, id: string, { provider, instanceId, rpo }: RecoveryProps) {
    super(scope, id);
    provider(this);
    const backups = new RdsBackups(this, "orders", { instanceId });
    this.target = new RestoreTarget(this, "target", { backups, maxAge: rpo });
    new RecoveryPolicy(this, "policy", { queries: [backups], rules: [Rule.rpo(rpo)] });

    // Plain values, not tokens: what is built here can depend on them.
    if (this.target.isMet) {
      new TerraformOutput(this, "backup_id", { value: this.target.backup.id });
    }
  }
}
