import { Lazy, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { BackupService } from "../model/backup";
import { isKnownOnlyAtDeploy } from "../model/text";
import { asNumber, Choice } from "./choice";
import { Gate } from "./gate";
import { RawResource } from "./raw-resource";

/** What an in-place restore is written from. */
export interface RestoreValues {
  /** Whether a moment is restored, not a backup. */
  readonly isMoment: boolean;
  readonly targetInstanceId: string;
  readonly databaseName?: { readonly [name: string]: string };
  readonly description?: string;
}

interface RestoreResource {
  readonly type: string;
  attributes(choice: Choice, values: RestoreValues): { [name: string]: unknown };
}

/** A backup by its id or a moment in epoch milliseconds: exactly one of the two. */
function source(choice: Choice, { isMoment, targetInstanceId }: RestoreValues, time: unknown) {
  return {
    target_instance_id: targetInstanceId,
    source_instance_id: choice.instance_id,
    type: isMoment ? "timestamp" : "backup",
    ...(isMoment ? { restore_time: time } : { backup_id: choice.backup_id }),
  };
}

// The provider's schemas, huaweicloud 1.97.1: RDS and TaurusDB take a moment as a number, GaussDB as a text.
const RESOURCES: Partial<Record<BackupService, RestoreResource>> = {
  [BackupService.RDS]: {
    type: "huaweicloud_rds_restore",
    attributes: (choice, values) => ({
      ...source(choice, values, asNumber(choice.restore_time_ms)),
      database_name: values.databaseName,
      // Alone among the four it refuses a changed backup at plan without this.
      enable_force_new: "true",
    }),
  },
  [BackupService.GAUSSDB]: {
    type: "huaweicloud_gaussdb_restore",
    attributes: (choice, values) => source(choice, values, choice.restore_time_ms),
  },
  [BackupService.TAURUSDB]: {
    type: "huaweicloud_taurusdb_restore",
    attributes: (choice, values) => source(choice, values, asNumber(choice.restore_time_ms)),
  },
  [BackupService.DCS]: {
    type: "huaweicloud_dcs_instance_restore",
    attributes: (choice, { targetInstanceId, description }) => ({
      instance_id: targetInstanceId,
      backup_id: choice.backup_id,
      description,
    }),
  },
};

/** Whether a Terraform resource restores this service in place. */
export function canRestoreInPlace(service: BackupService): boolean {
  return service in RESOURCES;
}

/**
 * Writes the restore resource of the user's provider; Terraform restores when it creates it.
 *
 * Each restore has an address of its own: another choice is another resource, and nothing that the
 * provider reads back of one that was performed makes Terraform perform it again. The former one
 * leaves the state, which restores nothing, when the new one is done.
 */
export function writeRestore(
  scope: Construct,
  service: BackupService,
  values: RestoreValues,
  options: {
    readonly gate: Gate;
    readonly createTimeout: string;
    readonly provider?: Construct;
  },
): void {
  const { type, attributes } = RESOURCES[service]!;
  const { provider, gate } = options;
  const restore = new RawResource(scope, "Default", {
    type,
    providerName: "huaweicloud",
    provider: TerraformProvider.isTerraformProvider(provider) ? provider : undefined,
    lifecycle: { createBeforeDestroy: true, ignoreChanges: "all" },
    dependsOn: [gate.dependable],
    forEach: `\${toset([${gate.key}])}`,
    attributes: {
      ...attributes(gate.choice, values),
      timeouts: { create: options.createTimeout },
    },
  });
  // What depends on the restore changes when the next one is done, and only then does Terraform let
  // the former one go: going back after one that the service refused must not restore again.
  new RawResource(scope, "performed", {
    type: "terraform_data",
    lifecycle: { createBeforeDestroy: true },
    dependsOn: [restore],
    attributes: { input: gate.key },
  });
  gate.warnWhereDueAndStale(`${restore.fqn}[${gate.key}].id`);
}

/** Whether the construct is a Terraform provider. */
export function isProvider(construct: Construct): boolean {
  return TerraformProvider.isTerraformProvider(construct);
}

/** A text that is known at synthesis as it is; a reference by what it refers to, "aws_x.y.id". */
export function referenceOf(text: string): string {
  if (!isKnownOnlyAtDeploy(text)) return text;
  const reference = (resolved: unknown) => String(resolved).replace(/[$%{}]/g, "");
  return Lazy.stringValue({ produce: (context) => reference(context.resolve(text)) });
}
