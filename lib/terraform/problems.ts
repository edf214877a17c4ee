import { AnnotationMetadataEntryType, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { BackupsUsageError } from "../model/errors";

// A list with a thousand odd records is one finding.
const MAX_WARNINGS = 10;

/**
 * Reports what the construct found out while it was resolved.
 *
 * As metadata added by its validation: the `cdktf` command then shows the problems of all stacks at
 * once and without a stack trace, and a plain `app.synth()` fails too. An error that the validation
 * itself returned would stop at the first stack.
 */
export function reportProblems(
  construct: Construct,
  find: () => { readonly error?: string; readonly warnings: readonly string[] },
): void {
  let isReported = false;
  construct.node.addValidation({
    validate() {
      if (isReported) return [];
      isReported = true;
      const { error, warnings } = find();
      // Not by `Annotations`, which adds a stack trace that the command would print.
      const { ERROR, WARN } = AnnotationMetadataEntryType;
      const report = (type: string, text: string) => construct.node.addMetadata(type, text);
      if (error !== undefined) report(ERROR, error);
      for (const warning of warnings.slice(0, MAX_WARNINGS)) report(WARN, warning);
      const more = warnings.length - MAX_WARNINGS;
      if (more > 0) report(WARN, `… and ${more} more warnings, in its \`warnings\``);
      return [];
    },
  });
}

/** Nothing outside a stack is validated or written, so there it would be silently ignored. */
export function requireStack(construct: Construct, what: string): void {
  if (construct.node.scopes.some((scope) => TerraformStack.isStack(scope))) return;
  throw new BackupsUsageError({
    code: "OUTSIDE_A_STACK",
    what: `${what} is not inside a TerraformStack`,
    advice: "Pass a stack, or a construct inside one, as its scope: nothing else is synthesised.",
    constructPath: construct.node.path,
  });
}
