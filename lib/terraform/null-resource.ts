import { provider, resource } from "@cdktf/provider-null";
import {
  Aspects,
  ITerraformDependable,
  LocalExecProvisioner,
  TerraformProvider,
  TerraformStack,
} from "cdktf";
import { Construct, IConstruct } from "constructs";
import { Guard } from "./choice";

const ASKED = Symbol.for("cdktf-backups.NullProvider");

/** A command that runs when the null_resource is created or replaced. */
export interface Action {
  readonly command: string;
  readonly workingDirectory?: string;
  readonly environment: { readonly [name: string]: string };
  /** A command that runs before, in the same resource: where it fails, the other never runs. */
  readonly preflight?: { readonly command: string; readonly environment: Action["environment"] };
  /** Commands that run first of all: where one fails, nothing else runs. */
  readonly gates?: readonly string[];
}

/** A null_resource that Terraform replaces when, and only when, one of its triggers changes. */
export function writeTrigger(
  scope: Construct,
  triggers: { readonly [name: string]: string },
  /** What must hold before anything follows the trigger. */
  guards: readonly Guard[],
  action?: Action,
): ITerraformDependable {
  bringProvider(TerraformStack.of(scope));
  return new resource.Resource(scope, "Default", {
    triggers,
    // In the acting resource itself: a guard anywhere else does not hold it back.
    lifecycle: { precondition: [...guards] },
    provisioners: action && [
      ...(action.gates ?? []).map((command) => provisioner({ command })),
      ...(action.preflight ? [provisioner(action.preflight)] : []),
      provisioner(action),
    ],
  });
}

function provisioner(action: Partial<Action> & Pick<Action, "command">): LocalExecProvisioner {
  return {
    type: "local-exec",
    command: action.command,
    workingDir: action.workingDirectory,
    environment: action.environment && { ...action.environment },
  };
}

/**
 * Adds the NullProvider that the resource needs, unless the stack has one. Decided by an aspect, when
 * the program has run to its end: two of them would collide.
 */
function bringProvider(stack: TerraformStack): void {
  if (ASKED in stack) return;
  Object.defineProperty(stack, ASKED, { value: true });
  Aspects.of(stack).add({
    visit(node: IConstruct) {
      if (node !== stack || stack.node.findAll().some(isDefaultNullProvider)) return;
      new provider.NullProvider(stack, "cdktf-backups-null-provider");
    },
  });
}

function isDefaultNullProvider(node: IConstruct): boolean {
  return (
    TerraformProvider.isTerraformProvider(node) &&
    node.terraformResourceType === "null" &&
    node.alias === undefined
  );
}
