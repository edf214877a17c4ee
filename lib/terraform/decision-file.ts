import { ISynthesisSession, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "restore-decisions.json";
// The symbol by which cdktf finds what a construct writes besides its Terraform.
const CUSTOM_SYNTHESIS = Symbol.for("cdktf/customSynthesis");
const collectors = new WeakMap<TerraformStack, Map<string, () => unknown>>();

/**
 * Puts a decision into `restore-decisions.json` beside the stack's cdk.tf.json, under the construct's
 * path. It holds ages and the moment of the synthesis, which Terraform must not see: they change by
 * themselves.
 */
export function writeDecision(construct: Construct, produce: () => unknown): void {
  const stack = TerraformStack.of(construct);
  const known = collectors.get(stack);
  const decisions = known ?? new Map<string, () => unknown>();
  decisions.set(construct.node.path, produce);
  if (known) return;
  collectors.set(stack, decisions);
  const collector = new Construct(stack, "RestoreDecisions");
  Object.defineProperty(collector, CUSTOM_SYNTHESIS, {
    value: {
      onSynthesize: (session: ISynthesisSession) => {
        const { workingDirectory } = session.manifest.forStack(stack);
        const content = Object.fromEntries(
          [...decisions].map(([path, decide]) => [path, decide() ?? null]),
        );
        const file = join(session.outdir, workingDirectory, FILE);
        writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
      },
    },
  });
}
