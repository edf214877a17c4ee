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

/** The keys of what these stacks, and those synthesised with them as far as it is known, asked last time. */
export function formerKeys({ stacks }: Lock, declared: ReadonlySet<string>): string[] {
  // Before the first query is declared it can only be told where there is no choice.
  const open = declared.size > 0 ? [...declared] : [...stacks.keys()].slice(0, 1);
  const found = new Map<string, LockedStack>();
  // It grows on the way.
  for (const id of open) {
    const stack = found.has(id) ? undefined : stacks.get(id);
    if (!stack) continue;
    found.set(id, stack);
    // Both say so, or one of them was synthesised without the other since.
    open.push(...stack.with.filter((other) => stacks.get(other)?.with.includes(id)));
  }
  if (declared.size === 0 && found.size < stacks.size) return [];
  return [...new Set([...found.values()].flatMap(keysOf))];
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
  const ids = [...new Set(asked.map(({ constructPath }) => stackIn(constructPath)))];
  const record = (id: string): LockedStack => {
    const lookups: { [construct: string]: string[] } = {};
    for (const { constructPath, key } of asked) {
      if (stackIn(constructPath) !== id) continue;
      const keys = (lookups[constructPath] ??= []);
      if (!keys.includes(key)) keys.push(key);
    }
    const former = before.stacks.get(id)?.decisions ?? {};
    const decided = Object.keys(decisions).flatMap((construct) => {
      const now = decisions[construct];
      const decision = isAsBefore ? (former[construct] ?? now) : (now ?? former[construct]);
      return decision === undefined || stackIn(construct) !== id ? [] : [[construct, decision]];
    });
    const others = ids.filter((other) => other !== id);
    return { with: others, lookups, decisions: Object.fromEntries(decided) };
  };
  return new Map(ids.map((id) => [id, record(id)]));
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
