import { Lazy, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { Literal, literal } from "./literal";

/**
 * Writes one output, named after the construct: its id at the top of a stack, cdktf's path name with
 * a hash below. `produce` is called when the tree is resolved, and once.
 */
export function writeOutput(
  scope: Construct,
  description: string,
  produce: () => { [key: string]: Literal },
): void {
  let value: { [key: string]: Literal } | undefined;
  // "Default" is the one id that cdktf leaves out of the name. A nested null is refused by
  // TerraformOutput unless a Lazy brings it.
  new TerraformOutput(scope, "Default", {
    description: literal(description) as string,
    value: Lazy.anyValue({ produce: () => (value ??= produce()) }),
  });
}
