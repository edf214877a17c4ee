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
  | "restore_time_ms";

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
 * epoch changes and would replace whatever reads it, though the backup is the same.
 */
export function pinnedChoice(scope: Construct, epoch: number, choice: LazyChoice): Choice {
  const pin = new RawResource(scope, "pin", {
    type: "terraform_data",
    lifecycle: { ignoreChanges: ["input"] },
    attributes: { input: literalChoice(choice), triggers_replace: [epoch] },
  });
  return map(choice, (_produce, name) => pin.interpolationForAttribute(`input.${name}`).toString());
}

/** A guard of what acts: a condition, and what to say where it does not hold. */
export interface Guard {
  readonly condition: string;
  readonly errorMessage: string;
}

/** The guard that nothing is restored where nothing is chosen. */
export function chosenGuard(scope: Construct, choice: Choice, isPinned: boolean): Guard {
  const reference = (name: ChoiceName) =>
    isPinned ? choice[name] : new TerraformLocal(scope, `chosen_${name}`, choice[name]).asString;
  return {
    condition: `\${${reference("backup_id")} != "" || ${reference("restore_time")} != ""}`,
    errorMessage: "Nothing is chosen, so there is nothing to restore.",
  };
}

/** Today's choice, which the guards compare the pin and the clocks with. */
export interface Today {
  /** What a pin is compared by: the backup's id, or the moment. */
  readonly identity: () => string;
  /** Until when the backup is fresh enough; RFC 3339. */
  readonly deadline: () => string;
}

/**
 * Guards that stop an action whose backup has become too old since the synthesis.
 *
 * With both clocks: `plantimestamp()` stops the plan, `timestamp()` the late apply of a saved plan.
 * Where the choice is pinned they hold only while the pin keeps today's choice: an older one was acted
 * on before, and must not block every plan from then on.
 */
export function freshnessGuards(scope: Construct, today: Today, pinned?: string): Guard[] {
  // Through locals: Terraform refuses a condition that is made of literals only.
  const local = (id: string, produce: () => string) =>
    new TerraformLocal(scope, id, lazyText(produce)).asString;
  const deadline = local("deadline", today.deadline);
  const isOlder = pinned && `${pinned} != ${local("choice", today.identity)} || `;
  return ["plantimestamp()", "timestamp()"].map((clock) => ({
    condition: `\${${isOlder ?? ""}timecmp(${clock}, ${deadline}) <= 0}`,
    errorMessage: `The chosen backup was fresh enough until ${deadline}, which has passed. Synthesise again; if nothing newer is chosen then, make a backup first.`,
  }));
}

function map(choice: LazyChoice, to: (produce: () => string, name: ChoiceName) => string): Choice {
  const entries = Object.entries(choice) as [ChoiceName, () => string][];
  return Object.fromEntries(entries.map(([name, produce]) => [name, to(produce, name)])) as Choice;
}
