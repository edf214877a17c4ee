import { Construct } from "constructs";
import {
  BACKUP_VARIABLE,
  formatOrder,
  INSTANCE_VARIABLE,
  ORDER_VARIABLE,
  PreflightOrder,
  TIME_VARIABLE,
} from "../preflight/order";
import { PREFLIGHT_FILE, preflightFile } from "../preflight/file";
import { refusal } from "../model/errors";
import { lazyText } from "../terraform/choice";
import { Gate, GateCommand } from "../terraform/gate";
import { writeStackFile } from "../terraform/stack-files";
import { RestoreTarget } from "./restore-target";

/** A gate in front of what acts in that scope, with the preflight where one is asked for. */
export function gateOf(
  scope: Construct,
  { target, preflight }: { readonly target: RestoreTarget; readonly preflight?: boolean },
  onto?: readonly string[],
): Gate {
  return target._choice.gate(scope, preflight ? preflightOf(scope, target) : undefined, onto);
}

/**
 * Prepares the preflight: one file beside the stack's configuration, called by a relative path.
 *
 * Its credentials come from the environment of the apply, so those of the program can't be used: they
 * would have to be written into the configuration.
 */
function preflightOf(construct: Construct, target: RestoreTarget): GateCommand {
  const source = target._backups._source();
  const kind = source.settings.credentials?._reveal().kind ?? "environment";
  if (kind !== "environment" && kind !== "metadata") {
    throw refusal(
      "PREFLIGHT_CREDENTIALS",
      "a preflight can't use credentials that are written in the program",
      "Use Credentials.fromEnvironment() or Credentials.metadataService(): the apply has its own environment.",
      { constructPath: construct.node.path },
    );
  }
  writeStackFile(construct, PREFLIGHT_FILE, preflightFile);
  const { service, list } = target._backups._query();
  const { backup_id, instance_id, restore_time } = target._choice.values;
  return {
    command: `node ./${PREFLIGHT_FILE}`,
    environment: {
      [BACKUP_VARIABLE]: backup_id,
      [INSTANCE_VARIABLE]: instance_id,
      // Empty: the backup itself is restored.
      [TIME_VARIABLE]: restore_time,
      [ORDER_VARIABLE]: lazyText(construct, () => {
        // Whose the backup is, the answer says; what else the environment adds, it adds at apply as well.
        const answered = target._answered();
        const { cloud, region, projectId, caFile } = source.settings;
        const order: PreflightOrder = {
          service,
          instanceId: target._backups._instanceId(),
          ...(list !== "backups" && { list }),
          cloud: answered?.cloud ?? "",
          endpoints: cloud?.endpoints ?? {},
          host: answered?.host,
          region: region ?? answered?.region,
          projectId: projectId ?? answered?.project_id,
          caFile,
          usesMetadata: kind === "metadata",
        };
        return formatOrder(order);
      }),
    },
  };
}
