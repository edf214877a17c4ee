import { Lock, LockedStack } from "./format";

/** By construct: what it decided; undefined where an expectation was broken. */
export type Decisions = { readonly [construct: string]: string | undefined };

/** What stands directly under the App; stacks are synthesised together. */
export function stackIn(constructPath: string): string {
  return constructPath.split("/")[0]!;
}

/** The keys of all its lookups. */
export function keysOf({ lookups }: LockedStack): string[] {
  return Object.values(lookups).flat();
}

/**
 * What each stack asked and decided; where an expectation was broken, what it decided before. So where
 * `isAsBefore`: a run that only took from the lock decides by another clock than the one that wrote it.
 */
export function stackRecords(
  asked: readonly { readonly constructPath: string; readonly key: string }[],
  decisions: Decisions,
  before: Lock,
  isAsBefore: boolean,
): ReadonlyMap<string, LockedStack> {
  const lookups = lookupsByStack(asked);
  const decided = new Map<string, [string, string][]>();
  for (const [construct, now] of Object.entries(decisions)) {
    const id = stackIn(construct);
    const former = before.stacks.get(id)?.decisions[construct];
    const decision = isAsBefore ? (former ?? now) : (now ?? former);
    const own = decided.get(id) ?? [];
    if (decision !== undefined) own.push([construct, decision]);
    decided.set(id, own);
  }
  // In order, as they are written: nothing is left to sort then.
  const ids = [...lookups.keys()].sort();
  const records = [...lookups].map(([id, own]): [string, LockedStack] => [
    id,
    {
      with: ids.filter((other) => other !== id),
      lookups: Object.fromEntries([...own].map(([construct, keys]) => [construct, [...keys]])),
      decisions: Object.fromEntries(decided.get(id) ?? []),
    },
  ]);
  return new Map(records);
}

/** By stack and construct: the keys of what it asked, each once. */
function lookupsByStack(asked: readonly { constructPath: string; key: string }[]) {
  const stacks = new Map<string, Map<string, Set<string>>>();
  for (const { constructPath, key } of asked) {
    const id = stackIn(constructPath);
    const lookups = stacks.get(id) ?? new Map<string, Set<string>>();
    stacks.set(id, lookups.set(constructPath, (lookups.get(constructPath) ?? new Set()).add(key)));
  }
  return stacks;
}

/** A stack, and the keys of what it asks and the lock has no answer to. */
export interface Unanswered {
  readonly stack: string;
  readonly keys: readonly string[];
}

/** Of each stack that asks something which the lock has no answer to: an unmet expectation keeps none. */
export function unansweredIn({ entries, stacks }: Lock): Unanswered[] {
  const all = [...stacks].map(([stack, asked]) => {
    return { stack, keys: [...new Set(keysOf(asked))].filter((key) => !entries.has(key)) };
  });
  return all.filter(({ keys }) => keys.length > 0);
}

/** By key: the constructs that ask, in their order. */
export function askersOf({ stacks }: Lock): Map<string, string[]> {
  const askers = new Map<string, Set<string>>();
  for (const { lookups } of stacks.values()) {
    for (const [construct, keys] of Object.entries(lookups)) {
      for (const key of keys) askers.set(key, (askers.get(key) ?? new Set()).add(construct));
    }
  }
  return new Map([...askers].map(([key, constructs]) => [key, [...constructs].sort()]));
}
