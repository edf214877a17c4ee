import { Construct } from "constructs";
import { Backup } from "../model/backup";
import { BackupsError } from "../model/errors";
import { toRfc3339 } from "../model/time";
import { writeTrigger } from "../terraform/null-resource";
import { requireStack } from "../terraform/problems";
import { RestoreTarget } from "./restore-target";

/** What a trigger follows. */
export interface RestoreTriggerProps {
  /** The restore target whose choice is followed. */
  readonly target: RestoreTarget;
}

/**
 * A `null_resource` that Terraform replaces when, and only when, the chosen backup changes.
 *
 * Its triggers are `backup_id`, `instance_id` and `begin_time`. Its address is
 * `null_resource.<id>` at the top of a stack. It brings the NullProvider where the stack has none.
 */
export class RestoreTrigger extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTriggerProps) {
    super(scope, id);
    requireStack(this, "a RestoreTrigger");
    const { target } = props;
    writeTrigger(this, {
      backup_id: () => known(target)?.id ?? "",
      instance_id: () => known(target)?.instanceId ?? "",
      begin_time: () => formatted(known(target)?.beginTime),
    });
  }
}

/** Undefined where the synthesis fails anyway: the target and its query report why. */
function known(target: RestoreTarget): Backup | undefined {
  try {
    return target.isMet ? target.backup : undefined;
  } catch (error) {
    if (BackupsError.isBackupsError(error)) return undefined;
    throw error;
  }
}

function formatted(time: Date | undefined): string {
  return time ? toRfc3339(time) : "";
}
