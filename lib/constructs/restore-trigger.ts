import { Construct } from "constructs";
import { BackupsUsageError } from "../model/errors";
import { Action, writeTrigger } from "../terraform/null-resource";
import { requireStack } from "../terraform/problems";
import { preflightOf } from "./preflight";
import { requireConstruct } from "./require";
import { RestoreTarget } from "./restore-target";

/** What a trigger follows, and what it runs. */
export interface RestoreTriggerProps {
  /** The restore target whose choice is followed. */
  readonly target: RestoreTarget;
  /**
   * A command that the apply runs when the trigger is created or replaced. It gets RESTORE_BACKUP_ID,
   * RESTORE_INSTANCE_ID, RESTORE_BEGIN_TIME, RESTORE_TIME (of a selected moment, else empty) and
   * RESTORE_DECISION (a summary of at most 4,000 characters) by its environment. It asks for a pin on the target, or for `onEveryNewBackup`.
   * @default - none: other resources may follow the trigger
   */
  readonly command?: string;
  /** Where the command runs. @default - where Terraform runs */
  readonly workingDirectory?: string;
  /** More variables for the command. @default - none */
  readonly environment?: { readonly [name: string]: string };
  /**
   * Whether the apply asks for the backup again, by its id, right before the command, and stops it
   * where the backup has gone, failed or can't be restored any more. Needs `node` where Terraform runs,
   * and credentials in its environment. @default false
   */
  readonly preflight?: boolean;
  /** That the command is to run at every apply that finds a newer backup. @default false */
  readonly onEveryNewBackup?: boolean;
}

/**
 * A `null_resource` that Terraform replaces when, and only when, the chosen backup changes.
 *
 * Its triggers are `backup_id`, `instance_id` and `begin_time` (of a selected moment `instance_id` and
 * `restore_time`), of the pin where the target has one.
 * Its address is `null_resource.<id>` at the top of a stack. It brings the NullProvider where the
 * stack has none. With a command it carries the target's guards: a backup that has become older than
 * `maxAge` stops the plan, or the apply of a saved plan, before the command has run.
 */
export class RestoreTrigger extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTriggerProps) {
    super(scope, id);
    requireStack(this, "a RestoreTrigger");
    requireConstruct("target", props.target, RestoreTarget, this.node.path);
    const { backup_id, instance_id, begin_time, restore_time } = props.target._guards.choice;
    const isMoment = props.target._identity === "restore_time";
    const triggers: { [name: string]: string } = isMoment
      ? { instance_id, restore_time }
      : { backup_id, instance_id, begin_time };
    writeTrigger(this, triggers, props.target._guards.on(this), this.action(props));
  }

  private action(props: RestoreTriggerProps): Action | undefined {
    const { target, command, onEveryNewBackup, workingDirectory, environment } = props;
    if (command === undefined) return undefined;
    if (command.trim() === "") {
      throw new BackupsUsageError({
        code: "INVALID_COMMAND",
        what: "the command is blank",
        advice: "Leave it out for none.",
        constructPath: this.node.path,
      });
    }
    target._guards.requirePin("the command", onEveryNewBackup);
    target._guards.requireMet(this);
    const choice = target._guards.choice;
    return {
      command,
      preflight: props.preflight ? preflightOf(this, target) : undefined,
      workingDirectory,
      environment: {
        ...environment,
        RESTORE_BACKUP_ID: choice.backup_id,
        RESTORE_INSTANCE_ID: choice.instance_id,
        RESTORE_BEGIN_TIME: choice.begin_time,
        RESTORE_TIME: choice.restore_time,
        RESTORE_DECISION: choice.decision,
      },
      gates: target._guards.gates,
    };
  }
}
