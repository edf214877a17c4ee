import { Construct } from "constructs";
import { Literal } from "../model/literal";
import { frameworkOf, ofFramework } from "./framework";

/** One assertion of a `check` block. */
export interface Assertion {
  readonly condition: string;
  readonly error_message: string;
}

/**
 * Writes a `check` block: where it does not hold, a plan and an apply warn, and go on. cdktf has no
 * class for it.
 */
export function writeCheck(scope: Construct, id: string, assert: () => Assertion[]): void {
  new (check(scope))(scope, id, assert);
}

/** A reference to a value, for a condition: Terraform refuses one of literals alone. */
export function writeLocal(scope: Construct, id: string, produce: () => Literal): string {
  const { Lazy, TerraformLocal } = frameworkOf(scope);
  return new TerraformLocal(scope, id, Lazy.anyValue({ produce })).asString;
}

const check = ofFramework(
  (framework) =>
    class Check extends framework.TerraformElement {
      constructor(
        scope: Construct,
        id: string,
        private readonly assert: () => Assertion[],
      ) {
        super(scope, id, "check");
      }

      public override toTerraform(): any {
        const assert = this.assert();
        // A check without an assertion is none that Terraform takes.
        return assert.length === 0 ? {} : { check: { [this.friendlyUniqueId]: { assert } } };
      }
    },
);
