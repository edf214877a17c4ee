import fc from "fast-check";
import { Lock, LockedStack } from "../../lib/lock/format";
import { Former, formerKeys } from "../../lib/lock/former";
import { keysOf } from "../../lib/lock/stacks";

const stackOf = (keys: string[], others: string[] = []): LockedStack => ({
  ...{ with: others, lookups: { q: keys }, decisions: {} },
});
const lockOf = (stacks: { [id: string]: LockedStack }): Lock => ({
  ...{ stacks: new Map(Object.entries(stacks)), entries: new Map() },
});

/** The same in plain words: all pairs, from the beginning each time. */
function plainly({ stacks }: Lock, declared: readonly string[]): string[] {
  const open = declared.length > 0 ? [...declared] : [...stacks.keys()].slice(0, 1);
  const found = new Map<string, LockedStack>();
  for (const id of open) {
    const stack = found.has(id) ? undefined : stacks.get(id);
    if (!stack) continue;
    found.set(id, stack);
    open.push(...stack.with.filter((other) => stacks.get(other)?.with.includes(id)));
  }
  if (declared.length === 0 && found.size < stacks.size) return [];
  return [...new Set([...found.values()].flatMap(keysOf))];
}

describe("what was asked last time", () => {
  const chain = {
    a: stackOf(["k1", "k2"], ["b"]),
    b: stackOf(["k2", "k3"], ["a", "c"]),
    c: stackOf(["k4"], ["b"]),
  };
  // It was synthesised with `a` once, and `a` without it since.
  const apart = { ...chain, d: stackOf(["k5"], ["a"]) };
  const former = (stacks: { [id: string]: LockedStack }, ...declared: string[]) =>
    formerKeys(lockOf(stacks), new Set(declared));

  test("is that of the declared stacks, and of those synthesised with them, each key once", () => {
    expect(former(apart, "a")).toEqual(["k1", "k2", "k3", "k4"]);
    expect(former(apart, "d")).toEqual(["k5"]);
    expect(former(apart, "c", "d")).toEqual(["k4", "k5", "k2", "k3", "k1"]);
    expect(former(apart, "new")).toEqual([]);
  });

  test("is known before anything is declared where all that is locked belongs together", () => {
    expect(former(chain)).toEqual(["k1", "k2", "k3", "k4"]);
    expect(former(apart)).toEqual([]);
    expect(former({})).toEqual([]);
  });

  test("has what a stack adds that is declared later at its end", () => {
    const declared = new Set(["d"]);
    const known = new Former(lockOf(apart), declared);
    expect(known.keys).toEqual(["k5"]);
    declared.add("new").add("c");
    expect(known.keys).toEqual(["k5", "k4", "k2", "k3", "k1"]);
    declared.add("a");
    expect(known.keys).toEqual(["k5", "k4", "k2", "k3", "k1"]);
  });
});

describe("in any lock, what was asked last time", () => {
  const id = fc.constantFrom(..."abcdefg");
  const stack = fc
    .tuple(fc.array(fc.constantFrom("k1", "k2", "k3", "k4", "k5", "k6")), fc.array(id))
    .map(([keys, others]) => stackOf(keys, others));
  const lock = fc.array(fc.tuple(id, stack)).map((stacks) => lockOf(Object.fromEntries(stacks)));
  const declared = fc.uniqueArray(fc.constantFrom(..."abcdefgxy"));

  test("is what a plain search finds, in its order", () => {
    fc.assert(
      fc.property(lock, declared, (locked, ids) => {
        expect(formerKeys(locked, new Set(ids))).toEqual(plainly(locked, ids));
      }),
    );
  });

  test("is the same keys however often it is read while stacks are declared", () => {
    fc.assert(
      fc.property(lock, declared, (locked, ids) => {
        const told = new Set<string>();
        const known = new Former(locked, told);
        let before: readonly string[] = [];
        for (const each of ids) {
          told.add(each);
          const keys = [...known.keys];
          expect(keys.slice(0, before.length)).toEqual(before);
          expect([...keys].sort()).toEqual(plainly(locked, [...told]).sort());
          before = keys;
        }
      }),
    );
  });

  test("takes one look at each stack, however many are declared one after the other", () => {
    const ids = Array.from({ length: 50 }, (_, i) => `stack${i}`);
    let looks = 0;
    const counted = (own: string): LockedStack => ({
      ...stackOf(
        [],
        ids.filter((other) => other !== own),
      ),
      get lookups() {
        looks++;
        return { q: [own] };
      },
    });
    const declared = new Set<string>();
    const locked = lockOf(Object.fromEntries(ids.map((each) => [each, counted(each)])));
    looks = 0;
    const known = new Former(locked, declared);
    for (const each of ids) {
      declared.add(each);
      expect(known.keys).toHaveLength(50);
    }
    expect(looks).toBe(50);
  });
});
