import type { IResolveContext } from "cdktf";
import { Construct } from "constructs";
import { Literal, literal } from "../model/literal";
import { Outcome } from "../model/outcome";
import { frameworkOf } from "./framework";
import { Report } from "./problems";

/**
 * The value, when the tree is resolved: first to prepare, where an error would hide the others, then for
 * good, after the validations have reported it. Unless nobody ran them (`skipValidation`): then it is
 * thrown there. One that is not good enough is none where that `isFatal`.
 */
export function settledIn<T>(
  context: { readonly preparing: boolean },
  report: Report,
  { value, problem, isKnown }: Outcome<T>,
  isFatal = true,
): T | undefined {
  if (!problem || (isKnown && !isFatal)) return value;
  if (!context.preparing && !report.isDone) throw problem;
  return undefined;
}

/**
 * Writes one output, named after the construct: its id at the top of a stack, cdktf's path name with
 * a hash below.
 */
export function writeOutput(
  scope: Construct,
  description: string,
  produce: (context: IResolveContext) => { [key: string]: Literal },
): void {
  const { Lazy, TerraformOutput } = frameworkOf(scope);
  // "Default" is the one id that cdktf leaves out of the name. A nested null is refused by
  // TerraformOutput unless a Lazy brings it.
  new TerraformOutput(scope, "Default", {
    description: literal(description) as string,
    value: Lazy.anyValue({ produce }),
  });
}
