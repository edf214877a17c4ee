import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { refusal } from "../model/errors";
import { frameworkOf, mismatch } from "./framework";
import { isWritten, whenWritten } from "./stack-files";

// A list with a thousand odd records is one finding.
const MAX_WARNINGS = 10;

/** What a construct found out. */
export interface Problem {
  readonly error?: string;
  readonly warnings: readonly string[];
}

/** What becomes of the problems of a construct. */
export interface Report {
  /** Whether its values were resolved before the validations, so that those knew what was wrong. */
  isPrepared: boolean;
  /** Whether an error is told: it was validated, and its stack's synthesizer has collected what that found. */
  readonly isTold: boolean;
  /** What the construct found out up to now. */
  readonly find: () => Problem;
}

/**
 * Reports what the construct found out while it was resolved.
 *
 * As metadata added by its validation: the `cdktf` command then shows the problems of all stacks at
 * once and without a stack trace, and a plain `app.synth()` fails too. An error that the validation
 * itself returned would stop at the first stack. What nobody collects (`Testing.synth` of cdktf does not)
 * is thrown by `settledIn`.
 */
export function reportProblems(construct: Construct, find: () => Problem): Report {
  let [isValidated, isCollected] = [false, false];
  whenWritten(construct, () => (isCollected = true));
  construct.node.addValidation({
    validate() {
      if (isValidated) return [];
      isValidated = true;
      const { error, warnings } = find();
      // Not by `Annotations`, which adds a stack trace that the command would print.
      const framework = frameworkOf(construct);
      const { ERROR, WARN } = framework.AnnotationMetadataEntryType;
      const report = (type: string, text: string) => construct.node.addMetadata(type, text);
      if (error !== undefined) {
        report(ERROR, error);
        makeUnusable(framework.TerraformStack.of(construct));
      }
      for (const warning of warnings.slice(0, MAX_WARNINGS)) report(WARN, warning);
      const more = warnings.length - MAX_WARNINGS;
      if (more > 0) report(WARN, `… and ${more} more warnings, in its \`warnings\``);
      return [];
    },
  });
  return {
    isPrepared: false,
    find,
    get isTold() {
      return this.isPrepared && isValidated && isCollected;
    },
  };
}

/**
 * The `cdktf` command reports the error only after it has written the stack. What it wrote must not
 * look like a configuration in which a backup has gone: no Terraform takes this one.
 */
function makeUnusable(stack: TerraformStack): void {
  stack.addOverride("//.cdktf-backups", "the synthesis failed: this is no configuration to apply");
  stack.addOverride("terraform.required_version", "< 0.0.1");
}

/** Nothing outside a stack is validated or written, so there it would be silently ignored. */
export function requireStack(construct: Construct, what: string): void {
  const { root, scopes } = construct.node;
  const { App, TerraformStack } = frameworkOf(construct);
  if (App.isApp(root) && root.hclOutput) {
    throw refusal(
      "HCL_OUTPUT",
      "the app writes HCL, into which cdktf can't put nulls or texts of several lines",
      "Synthesise JSON: leave out `--hcl`, SYNTH_HCL_OUTPUT and `hclOutput`.",
      { constructPath: construct.node.path },
    );
  }
  const stack = scopes.find((scope) => TerraformStack.isStack(scope));
  if (stack instanceof TerraformStack) {
    if (!isWritten(construct)) return;
    throw refusal(
      "AFTER_SYNTHESIS",
      `${what} is declared after the app was synthesised: nothing of it would be written`,
      "Declare it before `app.synth()`.",
      { constructPath: construct.node.path },
    );
  }
  if (stack !== undefined && App.isApp(root)) {
    throw mismatch(
      "the stack is not of the copy of cdktf or cdktn that its App is of",
      construct.node.path,
    );
  }
  throw refusal(
    "OUTSIDE_A_STACK",
    `${what} is not inside a TerraformStack`,
    "Pass a stack, or a construct inside one, as its scope: nothing else is synthesised.",
    { constructPath: construct.node.path },
  );
}
