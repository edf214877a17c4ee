import type {
  ITerraformDependable,
  LocalExecProvisioner,
  Precondition,
  TerraformLocal,
  TerraformResource,
} from "cdktf";
import { Construct } from "constructs";
import { writeCheck } from "./check";
import { Choice, lazyText, mapChoice, Pin } from "./choice";
import { frameworkOf } from "./framework";
import { textOf, writeResource } from "./raw-resource";
import { refuseUnfit } from "./refuse-unfit";

/** A command of a gate, and what it has to be told. */
export interface GateCommand {
  readonly command: string;
  readonly environment: { readonly [name: string]: string };
}

/** What the program asks for now, which a pin has to hold. */
export interface Asked {
  /** The path of the target that asks. */
  readonly by: string;
  readonly service: string;
  /** Undefined where the query names none; called when the tree is resolved. */
  readonly instanceId?: () => string;
  readonly isMoment: boolean;
  /** The id of the backup, or the moment in RFC 3339, where the program names it. */
  readonly named?: string;
}

/**
 * The gates of a set, and what acts behind them: each action waits until all of them have let their choice
 * through.
 *
 * It waits for a local value that refers to them all, not for each of them: that would be as many references
 * as gates times actions. Terraform waits through it as if the action named them, and no state knows of it.
 */
export class GateSet {
  private readonly gates: string[] = [];
  private all?: TerraformLocal;

  public add(gate: TerraformResource): void {
    this.gates.push(gate.fqn);
    // Where the gates are, which may be another stack than the set's. It is written with all that are yet to come.
    this.all ??= new (frameworkOf(gate).TerraformLocal)(gate.node.scope!, "set", this.gates);
  }

  public guard(action: TerraformResource): void {
    const all = frameworkOf(action).dependable(this.all!);
    action.dependsOn = [...(action.dependsOn ?? []), all];
  }
}

/** What stands in front of an action. */
export interface GateSpec {
  /** Today's choice, or what the pin keeps. */
  readonly choice: Choice;
  /** Undefined where the choice is not pinned. */
  readonly pin?: Pin;
  readonly asked: Asked;
  /**
   * What tells the action from another one: its choice, and what it acts on. It stands in people's
   * states: were it of another shape, every restore would run again.
   */
  readonly identity: readonly string[];
  /** How old the choice may be. */
  readonly maxAgeMs?: number;
  /** The set that the choice is one of, if it is. */
  readonly set?: GateSet;
  /** Asks for the choice again, right before the action. */
  readonly preflight?: GateCommand;
}

/** A gate that was written: what acts depends on it. */
export interface Gate {
  readonly dependable: ITerraformDependable;
  /** What passed it; what acts reads it here, so that it can't act without. */
  readonly choice: Choice;
  /** A reference to a text that is the same as long as the action is the same. */
  readonly key: string;
  /** The gate's refusal of an unfit choice, for what Terraform may run again without its gate. */
  readonly refusal: LocalExecProvisioner;
  /** Lets the action wait for all gates of its set, where it is of one. */
  guard(action: TerraformResource): void;
  /** Has the plan warn where the action, whose id this expression is, is due on a stale choice. */
  warnWhereDueAndStale(actionId?: string): void;
}

/**
 * Writes a gate: `terraform_data` that is made exactly when the action behind it is due, and whose
 * commands then look whether it may run. It has an address for each action: one that refuses leaves
 * the former gate, and the action behind it, as they were.
 *
 * What depends on it has to be created before it is destroyed as well: only then does Terraform keep
 * what was until all checks have passed.
 */
export function writeGate(scope: Construct, spec: GateSpec): Gate {
  const { choice, identity, pin, preflight, maxAgeMs } = spec;
  const { propertyAccess, TerraformLocal, Token } = frameworkOf(scope);
  const local = (name: string, value: unknown) => new TerraformLocal(scope, name, value).asString;
  const key = local(
    "key",
    `\${substr(sha1(jsonencode(${local("identity", [...identity])})), 0, 12)}`,
  );
  const gate = writeResource(scope, "gate", {
    type: "terraform_data",
    forEach: `\${toset([${key}])}`,
    lifecycle: {
      createBeforeDestroy: true,
      ignoreChanges: ["input"],
      precondition: pin && [holdsWhatIsAsked(scope, pin.choice, spec.asked)],
    },
    attributes: { input: { ...choice, ...(pin && { fresh_until: freshUntil(pin, maxAgeMs) }) } },
    provisioners: [
      refuseUnfit(),
      ...(preflight ? [{ type: "local-exec" as const, ...preflight }] : []),
    ],
  });
  spec.set?.add(gate);
  const held = (...path: string[]) => Token.asString(propertyAccess(gate.fqn, [key, ...path]));
  const passed = (name: string) => held("input", name);
  return {
    dependable: gate,
    choice: mapChoice(choice, (_value, name) => passed(name)),
    key,
    refusal: refuseUnfit(passed),
    guard: (action) => spec.set?.guard(action),
    warnWhereDueAndStale: (actionId) => {
      if (maxAgeMs === undefined) return;
      const ids = [held("id"), pin && textOf(pin.resource, "id"), actionId];
      warnWhereUnknown(
        scope,
        passed("fresh_until"),
        ids.filter((id) => id !== undefined),
      );
    },
  };
}

/** By what the pin holds and how old it may be today: the limit may have come after the pin. */
function freshUntil({ since }: Pin, maxAgeMs: number | undefined): string {
  if (maxAgeMs === undefined) return "";
  return `\${try(timeadd(${since}, "${maxAgeMs}ms"), "1970-01-01T00:00:00Z")}`;
}

/**
 * Of another instance, service or kind of choice, or of another backup or moment than the program
 * names, nothing may act, and that does not depend on the hour: it stops the plan, also of an action
 * that was tainted and passes no gate.
 */
function holdsWhatIsAsked(scope: Construct, held: Choice, asked: Asked): Precondition {
  const { by, service, instanceId, isMoment, named } = asked;
  const { TerraformLocal } = frameworkOf(scope);
  const local = (name: string, text: () => string) =>
    new TerraformLocal(scope, name, lazyText(scope, text)).asString;
  const conditions = [`${held.service} == ${local("asked_service", () => service)}`];
  let wanted = isMoment ? "a moment" : "a backup";
  if (instanceId !== undefined) {
    const reference = local("asked_instance", instanceId);
    conditions.push(`${held.instance_id} == ${reference}`);
    wanted += ` of ${service} instance "${printed(reference)}"`;
  }
  // What is unmet holds neither; the gate refuses it.
  const isKind = `(${held.restore_time} != "") == ${isMoment}`;
  conditions.push(`(${held.problem} != "" || ${isKind})`);
  if (named !== undefined) {
    const reference = local("asked_name", () => named);
    const own = isMoment ? held.restore_time : held.backup_id;
    conditions.push(`(${held.problem} != "" || ${own} == ${reference})`);
    wanted += `, "${printed(reference)}"`;
  }
  return {
    condition: `\${${conditions.join(" && ")}}`,
    errorMessage: `The pin of ${by} holds backup "${printed(held.backup_id)}", moment "${held.restore_time}" of ${held.service} instance "${printed(held.instance_id)}". That is not what the target asks for now: ${wanted}. Nothing acts on it. Raise the pin's epoch to take today's choice, or undo the change of the program.`,
  };
}

/** A text of the cloud, in a message that Terraform puts on a terminal as it is. */
function printed(reference: string): string {
  return `\${replace(${reference}, "/[^ -~]/", "?")}`;
}

/**
 * Warns at plan where something is due on a stale choice; the apply then stops at the pin or the gate.
 *
 * Due is what has an id that only the apply will know, and Terraform warns of an assertion that it
 * can't know yet. Where nothing is due, or the choice is fresh, it holds.
 */
function warnWhereUnknown(scope: Construct, freshUntil: string, ids: readonly string[]): void {
  writeCheck(scope, "restore_is_due_on_a_stale_choice", () => [
    {
      condition: `\${try(timecmp(plantimestamp(), ${freshUntil}), 0) <= 0 ? true : join("", [${ids.join(", ")}]) != ""}`,
      error_message: `The choice was fresh enough until \${${freshUntil}}.`,
    },
  ]);
}
