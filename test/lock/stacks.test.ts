import { Lock, LockedStack } from "../../lib/lock/format";
import { stackIn, stackRecords } from "../../lib/lock/stacks";

const stackOf = (keys: string[], others: string[] = [], decisions = {}): LockedStack => ({
  ...{ with: others, lookups: { q: keys }, decisions },
});
const lockOf = (stacks: { [id: string]: LockedStack }): Lock => ({
  ...{ stacks: new Map(Object.entries(stacks)), entries: new Map() },
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
