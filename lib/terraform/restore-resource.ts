import type { TerraformProvider } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { isKnownOnlyAtDeploy } from "../model/text";
import { RestoreApi, Restored } from "../services/restore";
import { asNumber } from "./choice";
import { frameworkOf } from "./framework";
import { Gate } from "./gate";
import { writeResource } from "./raw-resource";

/** What an in-place restore is written from, besides what its gate has let through. */
export type RestoreOnto = Pick<
  Restored,
  "isMoment" | "targetInstanceId" | "databaseName" | "description"
>;

/**
 * Writes the restore resource of the user's provider; Terraform restores when it creates it.
 *
 * Each restore has an address of its own: another choice is another resource, and nothing that the
 * provider reads back of one that was performed makes Terraform perform it again. The former one
 * leaves the state, which restores nothing, when the new one is done.
 */
export function writeRestore(
  scope: Construct,
  { resource, attributes }: RestoreApi,
  onto: RestoreOnto,
  options: {
    readonly gate: Gate;
    readonly createTimeout: string;
    readonly provider?: Construct;
  },
): void {
  const { provider, gate } = options;
  const { TerraformProvider } = frameworkOf(scope);
  const { backup_id: backupId, instance_id: instanceId, restore_time_ms: moment } = gate.choice;
  const restore = writeResource(scope, "Default", {
    type: resource,
    provider: TerraformProvider.isTerraformProvider(provider) ? provider : undefined,
    lifecycle: { createBeforeDestroy: true, ignoreChanges: "all" },
    dependsOn: [gate.dependable],
    forEach: `\${toset([${gate.key}])}`,
    attributes: {
      ...attributes({
        ...onto,
        backupId,
        instanceId,
        momentText: moment,
        momentNumber: asNumber(scope, moment),
      }),
      timeouts: { create: options.createTimeout },
    },
  });
  gate.guard(restore);
  // What depends on the restore changes when the next one is done, and only then does Terraform let
  // the former one go: going back after one that the service refused must not restore again.
  writeResource(scope, "performed", {
    type: "terraform_data",
    lifecycle: { createBeforeDestroy: true },
    dependsOn: [restore],
    attributes: { input: gate.key },
  });
  gate.warnWhereDueAndStale(`${restore.fqn}[${gate.key}].id`);
}

/** Whether the stack has a provider of that name. */
export function hasProvider(construct: Construct, name: string): boolean {
  return frameworkOf(construct)
    .TerraformStack.of(construct)
    .node.findAll()
    .some((node) => isProvider(construct, node) && isNamed(node, name));
}

function isNamed(node: IConstruct, name: string): boolean {
  const { terraformGeneratorMetadata, terraformResourceType } = node as TerraformProvider;
  return [terraformResourceType, terraformGeneratorMetadata?.providerName].includes(name);
}

/** Whether what was given in the scope is a Terraform provider. */
export function isProvider(scope: Construct, given: unknown): boolean {
  return frameworkOf(scope).TerraformProvider.isTerraformProvider(given);
}

/** A text that is known at synthesis as it is; a reference by what it refers to, "aws_x.y.id". */
export function referenceOf(scope: Construct, text: string): string {
  if (!isKnownOnlyAtDeploy(text)) return text;
  const reference = (resolved: unknown) => String(resolved).replace(/[$%{}]/g, "");
  return frameworkOf(scope).Lazy.stringValue({
    produce: (context) => reference(context.resolve(text)),
  });
}
