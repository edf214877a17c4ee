import { Construct } from "constructs";
import { refusal } from "../model/errors";
import {
  ANY_TEXT,
  by,
  checkedProps,
  declareProps,
  FLAG,
  made,
  mapOf,
  required,
  secret,
  shownName,
} from "../model/shape";
import { isKnownOnlyAtDeploy } from "../model/text";
import { Choice } from "../terraform/choice";
import { Action, writeTrigger } from "../terraform/null-resource";
import { requireStack } from "../terraform/problems";
import { gateOf } from "./preflight";
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
  /** More variables for the command, of other names than those that it gets anyway. @default - none */
  readonly environment?: { readonly [name: string]: string };
  /**
   * Whether the apply asks for the backup again by its id, or for the windows around the moment, right
   * before the command, and stops it where the backup has gone, failed or can't be restored any more.
   * Needs `node` where Terraform runs, and credentials in its environment. @default false
   */
  readonly preflight?: boolean;
  /** That the command is to run whenever another backup is the newest, an older one where that has gone too. @default false */
  readonly onEveryNewBackup?: boolean;
}

/**
 * A `null_resource` that Terraform replaces when, and only when, the chosen backup changes.
 *
 * Its triggers are `backup_id` and `instance_id` (of a selected moment `restore_time` and
 * `instance_id`), of the pin where the target has one; `begin_time` beside them only tells.
 * Its address is `null_resource.<id>` at the top of a stack. It brings the NullProvider where the
 * stack has none. With a command, or on a target with a pin or `maxAge`, a gate stands in front of it:
 * an apply on a choice that is unmet, stale, or gone by a preflight stops there, and nothing has run.
 */
export class RestoreTrigger extends Construct {
  /**
   * @param props What it follows, and what it runs.
   * @throws `INVALID_COMMAND` or `INVALID_PROPERTY` for a property that can't be; `NOT_PINNED` where a
   * command would run again at every newer backup; with a preflight `PREFLIGHT_CREDENTIALS` where the
   * program holds the credentials, `INVALID_MODE` or `SEVERAL_PROVIDERS` where nothing says whom to ask;
   * `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(scope: Construct, id: string, props: RestoreTriggerProps) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "a RestoreTrigger");
    const { target } = props;
    this.check(props);
    const isGated = props.command !== undefined || target._choice.isGuarded;
    const gate = isGated ? gateOf(this, props) : undefined;
    const choice = gate?.choice ?? target._choice.values;
    const { backup_id, instance_id, begin_time, restore_time } = choice;
    writeTrigger(this, {
      ...(target._isMoment
        ? { triggers: { instance_id, restore_time }, facts: {}, chosen: restore_time }
        : { triggers: { backup_id, instance_id }, facts: { begin_time }, chosen: backup_id }),
      gate,
      action: actionOf(props, choice),
    });
  }

  private check(props: RestoreTriggerProps): void {
    const { target, command, environment, onEveryNewBackup, preflight, workingDirectory } = props;
    const at = { constructPath: this.node.path };
    if (command === undefined) {
      const isEmpty = environment !== undefined && Object.keys(environment).length === 0;
      const ofCommand = {
        environment: isEmpty ? undefined : environment,
        workingDirectory,
        preflight: preflight || undefined,
      };
      const [idle] = Object.entries(ofCommand).find(([, given]) => given !== undefined) ?? [];
      if (idle === undefined) return;
      throw refusal(
        "INVALID_PROPERTY",
        `${idle} is given, and no command that it would be for`,
        "Give the trigger a `command`, or leave it out.",
        at,
      );
    }
    const names = Object.keys(environment ?? {});
    const odd = names.find((name) => !isVariable(name));
    if (odd !== undefined) {
      // What follows may be a secret.
      const [start = ""] = odd.split(/[=\0]/, 1);
      throw refusal(
        "INVALID_PROPERTY",
        odd.trim() === ""
          ? "environment has a blank name"
          : `environment has a name with "=" or NUL after ${start === "" ? "nothing" : shownName(start)}`,
        'Give each variable its name and its value: `{ STAGE: "test" }`.',
        at,
      );
    }
    // On Windows the case of a name doesn't count.
    const own = names.find((name) => OWN.has(name.toUpperCase()));
    if (own !== undefined) {
      throw refusal(
        "INVALID_PROPERTY",
        `environment has ${own}, which the trigger sets itself`,
        `Give it another name than ${[...OWN].join(", ")}.`,
        at,
      );
    }
    if (command.trim() === "") {
      throw refusal("INVALID_COMMAND", "the command is blank", "Leave it out for none.", at);
    }
    target._choice.requirePin("the command", onEveryNewBackup);
    target._choice.requireMet(this);
  }
}

const OWN = new Set([
  ...["RESTORE_BACKUP_ID", "RESTORE_INSTANCE_ID", "RESTORE_BEGIN_TIME", "RESTORE_TIME"],
  "RESTORE_DECISION",
]);

/** Whether a process can be given a variable of that name, or Terraform makes it at deploy. */
function isVariable(name: string): boolean {
  return isKnownOnlyAtDeploy(name) || (name.trim() !== "" && !/[=\0]/.test(name));
}

function actionOf(props: RestoreTriggerProps, choice: Choice): Action | undefined {
  const { command, workingDirectory, environment } = props;
  if (command === undefined) return undefined;
  return {
    command,
    workingDirectory,
    environment: {
      ...environment,
      RESTORE_BACKUP_ID: choice.backup_id,
      RESTORE_INSTANCE_ID: choice.instance_id,
      RESTORE_BEGIN_TIME: choice.begin_time,
      RESTORE_TIME: choice.restore_time,
      RESTORE_DECISION: choice.decision,
    },
  };
}

declareProps<RestoreTriggerProps>(RestoreTrigger, "RestoreTrigger", {
  target: required(made("RestoreTarget")),
  command: by("INVALID_COMMAND", ANY_TEXT),
  workingDirectory: ANY_TEXT,
  environment: mapOf(secret(ANY_TEXT)),
  preflight: FLAG,
  onEveryNewBackup: FLAG,
});
