import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../model/literal";
import { frameworkOf } from "./framework";
import { textOf, writeResource } from "./raw-resource";
import { refuseUnfit } from "./refuse-unfit";

export type ChoiceName =
  | "service"
  | "instance_id"
  | "backup_id"
  | "begin_time"
  | "restore_time"
  /** The same in epoch milliseconds, which Terraform can't compute. */
  | "restore_time_ms"
  /** Until when it is fresh enough; RFC 3339, empty for ever. */
  | "fresh_until"
  /** Why nothing may act on it: the code of an error, empty where it is met. */
  | "problem"
  /** Why it was chosen. */
  | "decision";

/** What is restored, as texts that a resource may hold: literals, or references to a pin. */
export type Choice = { readonly [name in ChoiceName]: string };

/** The same, each as a function that is called when the tree is resolved. */
export type LazyChoice = { readonly [name in ChoiceName]: () => string };

/** A text that is produced when the tree is resolved, and safe to write. */
export function lazyText(scope: Construct, produce: () => string): string {
  return frameworkOf(scope).Lazy.stringValue({ produce: () => literal(produce()) as string });
}

/** A text that Terraform takes for the number that it holds. */
export function asNumber(scope: Construct, text: string): number {
  return frameworkOf(scope).Fn.tonumber(text);
}

/** Today's choice, written as literals. */
export function literalChoice(scope: Construct, choice: LazyChoice): Choice {
  return mapChoice(choice, (produce) => lazyText(scope, produce));
}

/** A choice that is kept, and the resource that keeps it. */
export interface Pin {
  readonly choice: Choice;
  /** An expression: the moment that its age counts from. */
  readonly since: string;
  readonly resource: TerraformResource;
}

/**
 * A pin: `terraform_data` that keeps its first input until the epoch changes. It needs no provider. Its
 * `.input` is read, never `.output`, which is unknown at plan when the epoch changes.
 *
 * Before it stands the admission of the epoch, which refuses a choice that is unmet or stale by the
 * clock of the apply. It has an address for each epoch: where the new one refuses, pin and old admission
 * stay as they were, and going back to the former epoch finds both.
 */
export function writePin(scope: Construct, epoch: number, today: LazyChoice): Pin {
  const input = literalChoice(scope, today);
  const resource = writeKept(scope, epoch, input, { ...input });
  const choice = mapChoice(today, (_produce, name) => textOf(resource, `input.${name}`));
  return { choice, resource, since: sinceOf(choice) };
}

/**
 * The pins of a set, by its members: one resource that keeps them all, so that none moves without the
 * others. `today` of each tells the problem of the whole set, and until when the set is fresh enough.
 *
 * A member that the pin knows nothing of, as it came later, holds empty texts: its gate refuses them.
 */
export function writeSetPin(
  scope: Construct,
  epoch: number,
  today: ReadonlyMap<string, LazyChoice>,
): ReadonlyMap<string, Pin> {
  const inputs = [...today].map(([name, choice]) => [name, literalChoice(scope, choice)] as const);
  const resource = writeKept(scope, epoch, inputs[0]![1], Object.fromEntries(inputs));
  const { Fn, TerraformLocal, Token } = frameworkOf(scope);
  const choices = inputs.map(([name, input]) => {
    const held = (value: ChoiceName) => textOf(resource, `input["${name}"].${value}`);
    const kept = (value: ChoiceName) => Token.asString(Fn.try([held(value), ""]));
    return [name, mapChoice(input, (_text, value) => kept(value))] as const;
  });
  // The set is as old as its oldest member: texts in RFC 3339 and UTC sort as their times do.
  // One that the pin knows nothing of has no time, and is refused by its own gate.
  // Said once, as each gate reads it. Of a pin that knows nothing of any there is no such time.
  const times = choices.map(([, choice]) => `try(${sinceOf(choice)}, "")`);
  const oldest = `\${try(sort(compact([${times.join(", ")}]))[0], "")}`;
  const since = new TerraformLocal(scope, "since", oldest).asString;
  return new Map(choices.map(([name, choice]) => [name, { choice, resource, since }]));
}

function sinceOf({ begin_time, restore_time }: Choice): string {
  return `coalesce(${restore_time}, ${begin_time})`;
}

function writeKept(
  scope: Construct,
  epoch: number,
  { problem, fresh_until }: Choice,
  input: { readonly [name: string]: unknown },
): TerraformResource {
  const lifecycle = { createBeforeDestroy: true, ignoreChanges: ["input"] };
  const admission = writeResource(scope, "admission", {
    type: "terraform_data",
    lifecycle,
    forEach: `\${toset(["${epoch}"])}`,
    attributes: { input: { problem, fresh_until } },
    provisioners: [refuseUnfit()],
  });
  return writeResource(scope, "pin", {
    type: "terraform_data",
    lifecycle,
    dependsOn: [admission],
    attributes: { input, triggers_replace: [epoch] },
  });
}

/** The same choice, each of its values another text. */
export function mapChoice<T>(
  choice: { readonly [name in ChoiceName]: T },
  to: (value: T, name: ChoiceName) => string,
): Choice {
  const entries = Object.entries(choice) as [ChoiceName, T][];
  return Object.fromEntries(entries.map(([name, value]) => [name, to(value, name)])) as Choice;
}
