import { ITerraformDependable, LocalExecProvisioner, Precondition, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { writeCheck } from "./check";
import { Choice, ChoiceName, lazyText, Pin } from "./choice";
import { RawResource, textOf } from "./raw-resource";
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
  /** Empty where the query names none and nothing is chosen. */
  readonly instanceId: () => string;
  readonly isMoment: boolean;
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
  readonly hasMaxAge: boolean;
  /** Asks for the choice again, right before the action. */
  readonly preflight?: GateCommand;
}

/** A gate that was written: what acts depends on it. */
export interface Gate {
  readonly dependable: ITerraformDependable;
  /** What passed it; what acts reads it here, so that it can't act without. */
  readonly choice: Choice;
  /** An expression: the same text as long as the action is the same. */
  readonly key: string;
  /** The gate's refusal of an unfit choice, for what Terraform may run again without its gate. */
  readonly refusal: LocalExecProvisioner;
}

/**
 * Writes a gate: `terraform_data` that is made, or replaced, exactly when the action behind it is due,
 * and whose commands then look whether it may run. One that refuses leaves the action as it was.
 */
export function writeGate(scope: Construct, spec: GateSpec): Gate {
  const { choice, identity, pin, preflight } = spec;
  const gate = new RawResource(scope, "gate", {
    type: "terraform_data",
    lifecycle: {
      // What was before stays until all checks have passed: a refusal must not have destroyed it.
      createBeforeDestroy: true,
      ignoreChanges: ["input"],
      precondition: pin && [holdsWhatIsAsked(scope, pin.choice, spec.asked)],
    },
    attributes: { input: { ...choice }, triggers_replace: identity },
    provisioners: [
      refuseUnfit(),
      ...(preflight ? [{ type: "local-exec" as const, ...preflight }] : []),
    ],
  });
  if (spec.hasMaxAge) warnWhereDueAndStale(scope, gate, pin);
  const key = `sha1(jsonencode(${textOf(gate, "triggers_replace")}))`;
  const names = Object.keys(choice) as ChoiceName[];
  const passed = Object.fromEntries(names.map((name) => [name, textOf(gate, `input.${name}`)]));
  return { dependable: gate, choice: passed as Choice, key, refusal: refuseUnfit(gate) };
}

/**
 * Of another instance, service or kind of choice nothing may act, and that does not depend on the
 * hour: it stops the plan, also of an action that was tainted and passes no gate.
 */
function holdsWhatIsAsked(scope: Construct, held: Choice, asked: Asked): Precondition {
  const { by, service, instanceId, isMoment } = asked;
  const local = (name: string, text: () => string) =>
    new TerraformLocal(scope, name, lazyText(text)).asString;
  const instance = local("asked_instance", instanceId);
  const what = isMoment ? "a moment" : "a backup";
  return {
    condition: [
      `\${${held.service} == ${local("asked_service", () => service)}`,
      `(${instance} == "" || ${held.instance_id} == ${instance})`,
      `(${held.problem} != "" || (${held.restore_time} != "") == ${isMoment})}`,
    ].join(" && "),
    errorMessage: `The pin of ${by} holds backup "${held.backup_id}", moment "${held.restore_time}" of ${held.service} instance "${held.instance_id}". That is not what the target asks for now: ${what} of ${service} instance "${instance}". Nothing acts on it. Raise the pin's epoch to take today's choice, or undo the change of the program.`,
  };
}

/**
 * Warns at plan where an action is due on a stale choice; the apply then stops at the pin or the gate.
 *
 * Due is what has an id that only the apply will know, and Terraform warns of an assertion that it
 * can't know yet. Where nothing is due, or the choice is fresh, it holds.
 */
function warnWhereDueAndStale(scope: Construct, gate: RawResource, pin?: Pin): void {
  const freshUntil = textOf(pin?.resource ?? gate, "input.fresh_until");
  const id = textOf(gate, "id");
  const isNotDue = `${id} != ${pin ? textOf(pin.resource, "id") : '""'}`;
  writeCheck(scope, "restore_is_due_on_a_stale_choice", () => [
    {
      condition: `\${try(timecmp(plantimestamp(), ${freshUntil}), 0) <= 0 ? true : ${isNotDue}}`,
      error_message: `The choice was fresh enough until ${freshUntil}.`,
    },
  ]);
}
