import type { IResolveContext } from "cdktf";
import { Construct } from "constructs";
import { Literal, literal } from "../model/literal";
import { Outcome } from "../model/outcome";
import { frameworkOf } from "./framework";
import { Report } from "./problems";

/**
 * The value, when the tree is resolved: first to prepare, where an error would hide the others, then for
 * good, after the validations have reported it. Where nobody tells what they report (`skipValidation`, and
 * `Testing.synth` of cdktf), it is thrown there. One that is not good enough is none where that `isFatal`.
 */
export function settledIn<T>(
  context: { readonly preparing: boolean },
  report: Report,
  { value, problem, isKnown }: Outcome<T>,
  isFatal = true,
): T | undefined {
  const fatal = isKnown && !isFatal ? undefined : problem;
  if (context.preparing) report.isPrepared = true;
  else if (!report.isTold) {
    if (fatal) throw fatal;
    const { error } = report.find();
    if (error !== undefined) throw new Error(error);
  }
  return fatal ? undefined : value;
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
