import { Fn, Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { literal } from "./literal";
import { RawResource } from "./raw-resource";

export type ChoiceName =
  | "backup_id"
  | "instance_id"
  | "begin_time"
  | "restore_time"
  /** The same in epoch milliseconds, which Terraform can't compute. */
  | "restore_time_ms"
  /** Until when it is fresh enough; RFC 3339, empty for ever. */
  | "fresh_until"
  /** Why it was chosen. */
  | "decision";

/** What is restored, as texts that a resource may hold: literals, or references to a pin. */
export type Choice = { readonly [name in ChoiceName]: string };

/** The same, each as a function that is called when the tree is resolved. */
export type LazyChoice = { readonly [name in ChoiceName]: () => string };

/** A text that is produced when the tree is resolved, and safe to write. */
export function lazyText(produce: () => string): string {
  return Lazy.stringValue({ produce: () => literal(produce()) as string });
}

/** A text that Terraform takes for the number that it holds. */
export function asNumber(text: string): unknown {
  return Fn.tonumber(text);
}

/** Today's choice, written as literals. */
export function literalChoice(choice: LazyChoice): Choice {
  return map(choice, lazyText);
}

/**
 * A pin: `terraform_data` that keeps its first input until the epoch is raised.
 *
 * It needs no provider. Its `.input` is read, never `.output`, which is unknown at plan when the
 * epoch changes and would replace whatever reads it, though the backup is the same. It carries the
 * guards as well: a plan that is applied too late must not leave a stale choice in it.
 */
export function pinnedChoice(
  scope: Construct,
  epoch: number,
  choice: LazyChoice,
  guards: readonly Guard[],
): Choice {
  const pin = new RawResource(scope, "pin", {
    type: "terraform_data",
    lifecycle: { ignoreChanges: ["input"], precondition: [...guards] },
    attributes: { input: literalChoice(choice), triggers_replace: [epoch] },
  });
  return map(choice, (_produce, name) => pin.interpolationForAttribute(`input.${name}`).toString());
}

/** A guard of what acts: a condition, and what to say where it does not hold. */
export interface Guard {
  readonly condition: string;
  readonly errorMessage: string;
}

/**
 * The guard that something is chosen, and of the kind that the target selects: a pin may hold a backup
 * where the program has come to select a moment, or the other way round.
 */
export function chosenGuard(
  scope: Construct,
  choice: Choice,
  isPinned: boolean,
  isMoment: boolean,
): Guard {
  const reference = (name: ChoiceName) =>
    isPinned ? choice[name] : new TerraformLocal(scope, `chosen_${name}`, choice[name]).asString;
  const isNone = isMoment ? "!=" : "==";
  const isBackup = `${reference("backup_id")} != "" && `;
  return {
    condition: `\${${isMoment ? "" : isBackup}${reference("restore_time")} ${isNone} ""}`,
    errorMessage: isPinned
      ? "What the pin holds is not what the target selects now. Raise the pin's epoch to take today's choice."
      : "Nothing is chosen, so there is nothing to restore.",
  };
}

/**
 * Guards that hold while today's choice is fresh enough.
 *
 * With both clocks: `plantimestamp()` stops the plan, `timestamp()` the late apply of a saved plan. A
 * pinned choice that was acted on long ago passes them: it is today's that has to be fresh.
 */
export function freshnessGuards(scope: Construct, freshUntil: () => string): Guard[] {
  // Through a local: Terraform refuses a condition that is made of literals only.
  const deadline = new TerraformLocal(scope, "deadline", lazyText(freshUntil)).asString;
  return ["plantimestamp()", "timestamp()"].map((clock) => ({
    condition: `\${timecmp(${clock}, ${deadline}) <= 0}`,
    errorMessage: `The chosen backup was fresh enough until ${deadline}, which has passed. Synthesise again; if nothing newer is chosen then, make a backup first.`,
  }));
}

/** A guard that never holds. */
export function neverGuard(scope: Construct, why: () => string): Guard {
  const reason = new TerraformLocal(scope, "unmet", lazyText(why)).asString;
  return { condition: `\${${reason} == ""}`, errorMessage: `\${${reason}}` };
}

/**
 * A command that fails where what a pin holds has grown too old. Terraform evaluates it only when the
 * action is about to run, which a precondition can't tell from any other plan.
 */
export function freshnessCommand({ fresh_until }: Choice): string {
  const stale = '"echo The pinned backup is no longer fresh enough. >&2 && exit 1"';
  return `\${timecmp(timestamp(), ${fresh_until}) <= 0 ? "exit 0" : ${stale}}`;
}

function map(choice: LazyChoice, to: (produce: () => string, name: ChoiceName) => string): Choice {
  const entries = Object.entries(choice) as [ChoiceName, () => string][];
  return Object.fromEntries(entries.map(([name, produce]) => [name, to(produce, name)])) as Choice;
}
