import { Construct } from "constructs";
import { BACKUP_VARIABLE, ORDER_VARIABLE, PreflightOrder } from "../lookup/preflight-order";
import { PREFLIGHT_FILE, preflightFile } from "../lookup/preflight-file";
import { BackupsUsageError } from "../model/errors";
import { lazyText } from "../terraform/choice";
import { writeStackFile } from "../terraform/stack-files";
import { RestoreTarget } from "./restore-target";

/** The command that asks for the backup again, and what it has to be told. */
export interface Preflight {
  readonly command: string;
  readonly environment: { readonly [name: string]: string };
}

/**
 * Prepares the preflight: one file beside the stack's configuration, called by a relative path.
 *
 * Its credentials come from the environment of the apply, so those of the program can't be used: they
 * would have to be written into the configuration.
 */
export function preflightOf(construct: Construct, target: RestoreTarget): Preflight {
  const source = target._backups._source();
  const kind = source.settings.credentials?._reveal().kind ?? "environment";
  const refuse = (code: string, what: string, advice: string) =>
    new BackupsUsageError({ code, what, advice, constructPath: construct.node.path });
  if (kind !== "environment" && kind !== "metadata") {
    throw refuse(
      "PREFLIGHT_CREDENTIALS",
      "a preflight can't use credentials that are written in the program",
      "Use Credentials.fromEnvironment() or Credentials.metadataService(): the apply has its own environment.",
    );
  }
  if (target._identity === "restore_time") {
    throw refuse(
      "PREFLIGHT_OF_A_MOMENT",
      "a preflight asks for a backup by its id, but the target selects a moment",
      "Leave `preflight` out: the guard by `maxAge` holds for moments too.",
    );
  }
  writeStackFile(construct, PREFLIGHT_FILE, preflightFile);
  const { service, instanceId } = target._backups._query();
  return {
    command: `node ./${PREFLIGHT_FILE}`,
    environment: {
      [BACKUP_VARIABLE]: target._guards.choice.backup_id,
      [ORDER_VARIABLE]: lazyText(() => {
        // Whose the backup is, the answer says; what else the environment adds, it adds at apply as well.
        const answered = target._backups._lookup().entry?.answered;
        const { cloud, region, projectId, caFile } = source.settings;
        const order: PreflightOrder = {
          ...{ service, instanceId },
          ...{ cloud: answered?.cloud ?? "", endpoints: cloud?.endpoints ?? {} },
          region: region ?? answered?.region,
          projectId: projectId ?? answered?.project_id,
          ...{ caFile, usesMetadata: kind === "metadata" },
        };
        return JSON.stringify(order);
      }),
    },
  };
}
