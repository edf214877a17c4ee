import { provider, resource } from "@cdktf/provider-null";
import { Aspects, Lazy, TerraformProvider, TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { literal } from "./literal";

const ASKED = Symbol.for("cdktf-backups.NullProvider");

/** A null_resource that Terraform replaces when, and only when, one of its triggers changes. */
export function writeTrigger(
  scope: Construct,
  triggers: { readonly [name: string]: () => string },
): void {
  bringProvider(TerraformStack.of(scope));
  new resource.Resource(scope, "Default", {
    triggers: Object.fromEntries(
      Object.entries(triggers).map(([name, produce]) => [
        name,
        Lazy.stringValue({ produce: () => literal(produce()) as string }),
      ]),
    ),
  });
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
      new provider.NullProvider(stack, "null");
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
