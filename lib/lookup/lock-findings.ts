import { excerpt } from "../model/text";
import { Answered, Lock, LockedStack, LockEntry } from "./lock";
import { Lookup } from "./lookup";

/** By construct: what it decided; undefined where an expectation was broken. */
export type Decisions = { readonly [construct: string]: string | undefined };

/** What the cloud answered; where two accounts answered the same question, neither of them. */
export function newAnswers(asked: readonly Lookup[]) {
  const answers = new Map<string, LockEntry>();
  const conflicts = new Map<string, string>();
  for (const { entry, isFromLock, place } of asked) {
    if (!entry || isFromLock) continue;
    const other = answers.get(place.key);
    if (other && JSON.stringify(other.answered) !== JSON.stringify(entry.answered)) {
      const whose = [other, entry].map(({ answered }) => whoseIs(answered)).join(" and of ");
      conflicts.set(
        place.key,
        `the answers to "${entry.label}" of ${whose} are not kept: nothing that the program declares tells them apart; give both providers a \`projectId\`, and the same \`asOf\``,
      );
    }
    answers.set(place.key, entry);
  }
  for (const key of conflicts.keys()) answers.delete(key);
  return { answers, conflicts: [...conflicts.values()] };
}

/** What each stack asked and decided; where an expectation was broken, what it decided before. */
export function stackRecords(
  asked: readonly Lookup[],
  decisions: Decisions,
  before: Lock,
): ReadonlyMap<string, LockedStack> {
  const ids = [...new Set(asked.map(({ constructPath }) => stackIn(constructPath)))];
  const record = (id: string): LockedStack => {
    const lookups: { [construct: string]: string[] } = {};
    for (const { constructPath, place } of asked) {
      if (stackIn(constructPath) !== id) continue;
      const keys = (lookups[constructPath] ??= []);
      if (!keys.includes(place.key)) keys.push(place.key);
    }
    const former = before.stacks.get(id)?.decisions ?? {};
    const decided = Object.keys(decisions).flatMap((construct) => {
      const decision = decisions[construct] ?? former[construct];
      return decision === undefined || stackIn(construct) !== id ? [] : [[construct, decision]];
    });
    const others = ids.filter((other) => other !== id);
    return { with: others, lookups, decisions: Object.fromEntries(decided) };
  };
  return new Map(ids.map((id) => [id, record(id)]));
}

/** What stands directly under the App; stacks are synthesised together. */
export function stackIn(constructPath: string): string {
  return constructPath.split("/")[0]!;
}

/** On one line, whatever a lock of somebody else holds. */
export function whoseIs({ cloud, region, project_id: project, as_of: asOf }: Answered): string {
  const where = [cloud, region, asOf && `as of ${asOf}`].filter(Boolean).join(", ");
  return excerpt(`project ${project ?? "unknown"} (${where})`, 200);
}
