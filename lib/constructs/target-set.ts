import { Outcome } from "../model/outcome";
import { ConsistencyChoice, ConsistencyPick } from "../restore/consistency";
import { Pin } from "../terraform/choice";
import { GateSet } from "../terraform/gate";

/** What a target that is a member of a set takes from the set: it decides nothing by itself. */
export interface SetMember {
  readonly isMoment: boolean;
  readonly maxAgeMs?: number;
  /** In front of whatever acts on a member. */
  readonly gates: GateSet;
  /** The set, and the member's part of it; the part is missing where there is no set. */
  pick(): { readonly set: ConsistencyChoice; readonly pick?: ConsistencyPick };
  /** Why nothing may act on any member. */
  outcome(): Outcome<ConsistencyChoice>;
  freshUntil(): Date | undefined;
  /** What keeps the choice, together with those of the other members. */
  pin(): Pin;
}

// By the properties that the target is made with: those of a public constructor are public.
const members = new WeakMap<object, SetMember>();

/** The same properties, as those of a member. */
export function asMember<T extends object>(props: T, member: SetMember): T {
  members.set(props, member);
  return props;
}

/** What it is of a set, where it is of one. */
export function memberOf(props: object): SetMember | undefined {
  return members.get(props);
}
