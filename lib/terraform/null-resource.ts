import type { LocalExecProvisioner, Precondition, TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { frameworkOf } from "./framework";
import { Gate } from "./gate";
import { nullProviderOf } from "./null-provider";

const ASKED = Symbol.for("cdktf-backups.NullProvider");

/** A command that runs when the null_resource is created or replaced. */
export interface Action {
  readonly command: string;
  readonly workingDirectory?: string;
  readonly environment: { readonly [name: string]: string };
}

/** What a trigger is written from. */
export interface Trigger {
  /** Those that replace it. */
  readonly triggers: { readonly [name: string]: string };
  /** Those that only tell. */
  readonly facts: { readonly [name: string]: string };
  /** The backup's id or the moment: without a gate nothing may follow an empty one either. */
  readonly chosen: string;
  /** @default - none: nothing acts by itself */
  readonly gate?: Gate;
  readonly action?: Action;
}

/** A null_resource that Terraform replaces when, and only when, one of its triggers changes. */
export function writeTrigger(scope: Construct, trigger: Trigger): void {
  const { triggers, facts, chosen, gate, action } = trigger;
  bringProvider(frameworkOf(scope).TerraformStack.of(scope));
  const written = new (nullProviderOf(scope).Resource)(scope, "Default", {
    triggers: { ...triggers, ...facts },
    dependsOn: gate && [gate.dependable],
    lifecycle: {
      // With a gate: what was before stays until it has passed.
      createBeforeDestroy: gate && true,
      ignoreChanges: Object.keys(facts).map((name) => `triggers["${name}"]`),
      precondition: gate ? undefined : [isThere(scope, chosen)],
    },
    // One that was tainted runs again without its gate, so it looks at the clock itself.
    provisioners: gate && action && [gate.refusal, commandOf(action)],
  });
  gate?.guard(written);
  gate?.warnWhereDueAndStale(`${written.fqn}.id`);
}

function commandOf({ command, workingDirectory, environment }: Action): LocalExecProvisioner {
  return { type: "local-exec", command, workingDir: workingDirectory, environment };
}

function isThere(scope: Construct, chosen: string): Precondition {
  const { TerraformLocal } = frameworkOf(scope);
  // Through a local: Terraform refuses a condition that is made of literals only.
  return {
    condition: `\${${new TerraformLocal(scope, "chosen", chosen).asString} != ""}`,
    errorMessage: "Nothing is chosen, so there is nothing to restore.",
  };
}

/**
 * Adds the NullProvider that the resource needs, unless the stack has one. Decided by an aspect, when
 * the program has run to its end: two of them would collide.
 */
function bringProvider(stack: TerraformStack): void {
  if (ASKED in stack) return;
  Object.defineProperty(stack, ASKED, { value: true });
  frameworkOf(stack)
    .Aspects.of(stack)
    .add({
      visit(node: IConstruct) {
        if (node !== stack || stack.node.findAll().some(isDefaultNullProvider)) return;
        new (nullProviderOf(stack).NullProvider)(stack, "cdktf-backups-null-provider");
      },
    });
}

function isDefaultNullProvider(node: IConstruct): boolean {
  const { TerraformProvider } = frameworkOf(node);
  return (
    TerraformProvider.isTerraformProvider(node) &&
    node.terraformResourceType === "null" &&
    node.alias === undefined
  );
}
