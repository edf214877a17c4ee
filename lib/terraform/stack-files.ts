import type { ISynthesisSession, TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printableJson } from "../model/text";
import { frameworkOf, isApp } from "./framework";

// The symbol by which the framework finds what a construct writes besides its Terraform.
const CUSTOM_SYNTHESIS = Symbol.for("cdktf/customSynthesis");
const DECISIONS = "restore-decisions.json";

type Files = Map<string, (previous: string | undefined) => string>;
interface Extras {
  readonly files: Files;
  readonly acts: Set<() => void>;
}
const extrasOf = new WeakMap<TerraformStack, Extras>();
const decisionsOf = new WeakMap<TerraformStack, Map<string, Decide>>();

const written = new WeakSet<TerraformStack>();
const pathsOf = new WeakMap<IConstruct, Set<string>>();

/** Whether its stack has been written, so that nothing more of it will be. */
export function isWritten(construct: Construct): boolean {
  const stack = stackOf(construct);
  return written.has(stack) || (pathsOf.get(stack.node.root)?.has(stack.node.path) ?? false);
}

/**
 * Has `isWritten` know the stacks that the App of the construct writes, from now on, also those that hold
 * nothing of the library yet. Without one, or where it skips validations, nothing is known of them.
 */
export function watchStacks(construct: Construct): void {
  const { root } = construct.node;
  if (!isApp(root) || pathsOf.has(root)) return;
  const paths = new Set<string>();
  pathsOf.set(root, paths);
  // Those of the App itself come when all stacks are written. A program may ask the manifest for one before.
  root.node.addValidation({
    validate() {
      for (const { constructPath } of Object.values(root.manifest.stacks)) paths.add(constructPath);
      return [];
    },
  });
}

/** What stands in the file, given what the synthesis before wrote there. */
export type Decide = (previous: unknown) => unknown;

/** Puts a file beside the stack's cdk.tf.json; of one name there is one. */
export function writeStackFile(
  construct: Construct,
  name: string,
  produce: (previous: string | undefined) => string,
): void {
  const { files } = extras(construct);
  if (!files.has(name)) files.set(name, produce);
}

/**
 * Calls `act`, once, when the stack is written: all Lazies of all stacks are resolved by then, and this
 * one is validated.
 */
export function whenWritten(construct: Construct, act: () => void): void {
  extras(construct).acts.add(act);
}

/**
 * Puts a decision into `restore-decisions.json` beside the stack's cdk.tf.json, under the construct's
 * path. It holds ages and the moment of the synthesis, which Terraform must not see: they change by
 * themselves.
 */
export function writeDecision(construct: Construct, produce: Decide): void {
  const stack = stackOf(construct);
  const decisions = decisionsOf.get(stack) ?? new Map<string, Decide>();
  decisionsOf.set(stack, decisions);
  decisions.set(construct.node.path, produce);
  writeStackFile(construct, DECISIONS, (text) => {
    const previous = parsed(text);
    const content = [...decisions].map(([path, decide]) => [path, decide(previous[path]) ?? null]);
    return `${printableJson(JSON.stringify(Object.fromEntries(content), null, 2))}\n`;
  });
}

function stackOf(construct: Construct): TerraformStack {
  return frameworkOf(construct).TerraformStack.of(construct);
}

function extras(construct: Construct): Extras {
  const stack = stackOf(construct);
  return extrasOf.get(stack) ?? collect(stack);
}

function collect(stack: TerraformStack): Extras {
  const files: Files = new Map();
  const acts = new Set<() => void>();
  watchStacks(stack);
  extrasOf.set(stack, { files, acts });
  Object.defineProperty(new Construct(stack, "cdktf-backups"), CUSTOM_SYNTHESIS, {
    value: {
      onSynthesize: (session: ISynthesisSession) => {
        const { workingDirectory } = session.manifest.forStack(stack);
        for (const [name, produce] of files) {
          const file = join(session.outdir, workingDirectory, name);
          const previous = existsSync(file) ? readFileSync(file, "utf8") : undefined;
          writeFileSync(file, produce(previous));
        }
        for (const act of acts) act();
        written.add(stack);
      },
    },
  });
  return { files, acts };
}

/** What was written by hand, or by another version, is as good as nothing. */
function parsed(text: string | undefined): { [path: string]: unknown } {
  try {
    return (JSON.parse(text ?? "{}") ?? {}) as { [path: string]: unknown };
  } catch {
    return {};
  }
}
