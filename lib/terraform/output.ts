import { IResolveContext, Lazy, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { BackupsError } from "../model/errors";
import { Literal, literal } from "../model/literal";
import { Report } from "./problems";

/**
 * A value that is produced when the tree is resolved: first to prepare, where an error would hide the
 * others, then for good, after the validations have reported it. Unless nobody ran them (`skipValidation`):
 * then it is thrown there.
 */
export function settledIn<T>(
  context: { readonly preparing: boolean },
  report: Report,
  produce: () => T,
): T | undefined {
  try {
    return produce();
  } catch (error) {
    if (!BackupsError.isBackupsError(error)) throw error;
    if (!context.preparing && !report.isDone) throw error;
    return undefined;
  }
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
  // "Default" is the one id that cdktf leaves out of the name. A nested null is refused by
  // TerraformOutput unless a Lazy brings it.
  new TerraformOutput(scope, "Default", {
    description: literal(description) as string,
    value: Lazy.anyValue({ produce }),
  });
}
