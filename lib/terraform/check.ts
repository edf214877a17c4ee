import { Lazy, TerraformElement, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { Literal } from "../model/literal";

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
  new Check(scope, id, assert);
}

/** A reference to a value, for a condition: Terraform refuses one of literals alone. */
export function writeLocal(scope: Construct, id: string, produce: () => Literal): string {
  return new TerraformLocal(scope, id, Lazy.anyValue({ produce })).asString;
}

class Check extends TerraformElement {
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
}
