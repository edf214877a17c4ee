import fc from "fast-check";
import { ILockStore, MemoryLock } from "../../lib";
import { LockedStack, LockEntry } from "../../lib/lock/format";
import { Changes, readLock, writeLock } from "../../lib/lock/merge";
import { refusal } from "../../lib/model/errors";
import { entryOf } from "../support/locks";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const at = (daysBefore: number) => new Date(NOW - daysBefore * DAY_MS).toISOString();

const stackOf = (answers: [string, LockEntry][]): LockedStack => ({
  ...{ with: [], decisions: {} },
  lookups: { "recovery/q": answers.map(([key]) => key) },
});
const changesOf = (
  answers: [string, LockEntry][],
  more: Partial<Changes> = {},
  ids = ["recovery"],
): Changes => ({
  stacks: new Map(ids.map((id) => [id, stackOf(answers)])),
  answers: new Map(answers),
  refused: new Set(),
  began: NOW,
  ...more,
});
const read = (store: ILockStore) => readLock(store, "the lock");
const write = (store: ILockStore, changes: Changes, before = read(store)) =>
  writeLock(store, "the lock", before, changes).isNew;
const labelsIn = (store: ILockStore) =>
  [...read(store).lock.entries.values()].map(({ label }) => label.slice(24)).sort();

describe("what a synthesis adds to a lock", () => {
  test("is merged with what another one wrote meanwhile", () => {
    const store = new MemoryLock();
    const before = read(store);
    expect(write(store, changesOf([entryOf("theirs")], {}, ["other"]))).toBe(true);
    expect(write(store, changesOf([entryOf("ours")]), before)).toBe(false);
    expect(labelsIn(store)).toEqual(["ours", "theirs"]);
    expect([...read(store).lock.stacks.keys()]).toEqual(["other", "recovery"]);
  });

  test("loses against a newer answer to the same query, and wins against an older one", () => {
    const ages = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ages, (days) => {
        const store = new MemoryLock();
        for (const age of days) write(store, changesOf([entryOf("orders", age, at(age))]));
        const newest = Math.min(...days);
        const [entry] = [...read(store).lock.entries.values()];
        expect(entry!.answered.at).toBe(at(newest));
        expect(entry!.records).toHaveLength(newest);
      }),
    );
  });

  test.each([400, 10 / 1_440])(
    "wins against an answer of %d days ahead: its clock is wrong",
    (days) => {
      const store = new MemoryLock();
      write(store, changesOf([entryOf("orders", 1, at(-days))]));
      write(store, changesOf([entryOf("orders", 2, at(0))]));
      expect([...read(store).lock.entries.values()][0]!.records).toHaveLength(2);
    },
  );

  test("writes nothing where it adds nothing", () => {
    const store = new MemoryLock();
    write(store, changesOf([entryOf("orders")]));
    const text = store.read();
    const spy = jest.spyOn(store, "write");
    write(store, changesOf([entryOf("orders")]));
    expect(spy).not.toHaveBeenCalled();
    expect(store.read()).toBe(text);
    expect(write(store, changesOf([entryOf("orders")]))).toBe(false);
  });

  test("is pruned of a stack only where all that it asked is gone", () => {
    const store = new MemoryLock();
    write(store, changesOf([entryOf("gone", 1, at(90)), entryOf("kept", 1, at(1))], {}, ["other"]));
    write(store, changesOf([], { pruneDays: 30 }));
    expect(labelsIn(store)).toEqual(["kept"]);
    expect([...read(store).lock.stacks.keys()]).toEqual(["other", "recovery"]);
  });

  test("takes away the answer that broke an expectation, unless a newer one is there", () => {
    const store = new MemoryLock();
    const broken = entryOf("orders", 1, at(1));
    write(store, changesOf([broken]));
    const refused = new Set([broken[0]]);
    write(store, changesOf([], { refused }));
    expect(read(store).lock.entries.size).toBe(0);
    write(store, changesOf([entryOf("orders", 2, at(0))]));
    write(store, changesOf([], { refused, began: NOW - 1 }));
    expect(read(store).lock.entries.size).toBe(1);
  });

  test("replaces what its stacks asked before, and leaves others alone", () => {
    const store = new MemoryLock();
    write(store, changesOf([entryOf("a")], {}, ["one", "two"]));
    write(store, changesOf([entryOf("b")], {}, ["two", "three"]));
    const { stacks, entries } = read(store).lock;
    expect([...stacks].map(([id, { lookups }]) => [id, ...Object.values(lookups).flat()])).toEqual([
      ["one", entryOf("a")[0]],
      ["three", entryOf("b")[0]],
      ["two", entryOf("b")[0]],
    ]);
    expect(entries.size).toBe(2);
  });

  test("is pruned on request: of what these stacks did not ask for, once it is old enough", () => {
    const store = new MemoryLock();
    write(store, changesOf([entryOf("theirs", 1, at(29))], {}, ["other"]));
    write(store, changesOf([entryOf("gone", 1, at(90))], {}, ["renamed"]));
    write(store, changesOf([entryOf("old", 1, at(31)), entryOf("young", 1, at(29))]));
    const now = entryOf("now", 1, at(100));
    write(store, changesOf([now]));
    expect(labelsIn(store)).toEqual(["gone", "now", "old", "theirs", "young"]);
    write(store, changesOf([now], { pruneDays: 30 }));
    expect(labelsIn(store)).toEqual(["now", "theirs", "young"]);
    expect([...read(store).lock.stacks.keys()]).toEqual(["other", "recovery"]);
    write(store, changesOf([now], { pruneDays: 0 }));
    expect(labelsIn(store)).toEqual(["now"]);
  });

  test("that never finds the lock as it was read is an error, not an endless loop", () => {
    const store = new MemoryLock();
    const spy = jest.spyOn(store, "write").mockReturnValue(false);
    expect(() => write(store, changesOf([entryOf("orders")]))).toThrow(
      "LOCK_BUSY: the lock was changed by others 100 times while it was written. Run again.",
    );
    expect(spy).toHaveBeenCalledTimes(100);
  });
});

describe("a store that does not do as it should", () => {
  const broken = (store: object) => store as unknown as ILockStore;

  test("is an error that names it and says what is allowed", () => {
    const failing = broken({
      read() {
        throw new Error("bucket: 503");
      },
    });
    expect(() => read(failing)).toThrow(
      "LOCK_UNREADABLE: the lock can't be read: bucket: 503. Check the store (`lockStore`).",
    );
    expect(() => read(failing)).toThrow(
      expect.objectContaining({ cause: new Error("bucket: 503") }),
    );
    const ours = refusal("LOCK_BUSY", "it is busy");
    const busy = broken({
      read() {
        throw ours;
      },
    });
    expect(() => read(busy)).toThrow(ours);
    const promising = broken({ read: async () => undefined, write: async () => true });
    expect(() => read(promising)).toThrow(
      /^LOCK_UNREADABLE: `read` of the lock gave \[object Prom/,
    );
    const later = broken({ read: () => undefined, write: async () => true });
    expect(() => write(later, changesOf([entryOf("a")]))).toThrow(
      /^LOCK_UNREADABLE: `write` of the lock gave .*A store is synchronous/,
    );
  });

  test("may say null where it means that there is nothing", () => {
    expect(read(broken({ read: () => null })).content).toBeUndefined();
  });
});
