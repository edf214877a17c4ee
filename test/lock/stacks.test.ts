import { Lock, LockedStack } from "../../lib/lock/format";
import { formerKeys, stackIn, stackRecords } from "../../lib/lock/stacks";

const stackOf = (keys: string[], others: string[] = [], decisions = {}): LockedStack => ({
  ...{ with: others, lookups: { q: keys }, decisions },
});
const lockOf = (stacks: { [id: string]: LockedStack }): Lock => ({
  ...{ stacks: new Map(Object.entries(stacks)), entries: new Map() },
});

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
});

describe("what a stack asked and decided", () => {
  const asked = [
    { constructPath: "one/q", key: "k1" },
    { constructPath: "one/q", key: "k2" },
    { constructPath: "one/q", key: "k1" },
    { constructPath: "two/p/q", key: "k3" },
  ];
  const decisions = { "one/t": "b1", "one/u": undefined, "two/t": "b3", "two/u": undefined };
  const before = lockOf({ one: stackOf([], [], { "one/t": "b0", "one/u": "b9" }) });
  const records = (isAsBefore: boolean) =>
    Object.fromEntries(stackRecords(asked, decisions, before, isAsBefore));

  test("is by construct, with what was decided before where an expectation was broken", () => {
    expect(records(false)).toEqual({
      one: {
        with: ["two"],
        lookups: { "one/q": ["k1", "k2"] },
        decisions: { "one/t": "b1", "one/u": "b9" },
      },
      two: { with: ["one"], lookups: { "two/p/q": ["k3"] }, decisions: { "two/t": "b3" } },
    });
  });

  test("is what was decided before in a run that only took from the lock", () => {
    expect(records(true)["one"]?.decisions).toEqual({ "one/t": "b0", "one/u": "b9" });
    expect(records(true)["two"]?.decisions).toEqual({ "two/t": "b3" });
  });

  test("is of what stands directly under the App", () => {
    expect(["stack", "stack/a/b"].map(stackIn)).toEqual(["stack", "stack"]);
  });
});
