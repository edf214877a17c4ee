import fc from "fast-check";
import { MemoryLock } from "../../lib";
import { LockEntry, Program } from "../../lib/lookup/lock";
import { Findings, readLock, writeLock } from "../../lib/lookup/lock-writer";
import { entryOf } from "../support/locks";

const NOW = new Date("2026-11-21T03:00:00Z");
const DAY_MS = 86_400_000;
const at = (daysBefore: number) => new Date(NOW.getTime() - daysBefore * DAY_MS).toISOString();

const findingsOf = (
  answers: [string, LockEntry][],
  program: Partial<Program> = {},
  more: Partial<Findings> = {},
): Findings => ({
  program: {
    stacks: ["recovery"],
    lookups: { "recovery/q": answers.map(([key]) => key) },
    decisions: {},
    ...program,
  },
  answers: new Map(answers),
  refused: new Map(),
  ...more,
});
const read = (store: MemoryLock) => readLock(store, "the lock");
const write = (store: MemoryLock, findings: Findings, before = read(store), now = NOW) =>
  writeLock(store, "the lock", before, findings, now);

describe("what a synthesis adds to a lock", () => {
  test("is merged with what another one wrote meanwhile", () => {
    const store = new MemoryLock();
    const before = read(store);
    expect(write(store, findingsOf([entryOf("theirs")], { stacks: ["other"] }))).toBe(true);
    expect(write(store, findingsOf([entryOf("ours")]), before)).toBe(false);
    const { entries, programs } = read(store).lock;
    expect([...entries.values()].map(({ label }) => label).sort()).toEqual([
      "RDS backups of instance ours",
      "RDS backups of instance theirs",
    ]);
    expect(programs.map(({ stacks }) => stacks.join())).toEqual(["other", "recovery"]);
  });

  test("loses against a newer answer to the same query, and wins against an older one", () => {
    const ages = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ages, (days) => {
        const store = new MemoryLock();
        for (const age of days) write(store, findingsOf([entryOf("orders", age, at(age))]));
        const newest = Math.min(...days);
        const [entry] = [...read(store).lock.entries.values()];
        expect(entry!.answered.at).toBe(at(newest));
        expect(entry!.records).toHaveLength(newest);
      }),
    );
  });

  test("wins against an answer from a clock that is far ahead", () => {
    const store = new MemoryLock();
    write(store, findingsOf([entryOf("orders", 1, at(-400))]));
    write(store, findingsOf([entryOf("orders", 2, at(0))]));
    expect([...read(store).lock.entries.values()][0]!.records).toHaveLength(2);
  });

  test("writes nothing where it adds nothing", () => {
    const store = new MemoryLock();
    write(store, findingsOf([entryOf("orders")]));
    const text = store.read();
    const spy = jest.spyOn(store, "write");
    write(store, findingsOf([entryOf("orders")]));
    expect(spy).not.toHaveBeenCalled();
    expect(store.read()).toBe(text);
  });

  test("takes away the answer that broke an expectation, unless a newer one is there", () => {
    const store = new MemoryLock();
    const broken = entryOf("orders", 1, at(1));
    write(store, findingsOf([broken]));
    const refused = new Map([broken]);
    write(store, findingsOf([], {}, { refused }));
    expect(read(store).lock.entries.size).toBe(0);
    write(store, findingsOf([entryOf("orders", 2, at(0))]));
    write(store, findingsOf([], {}, { refused }));
    expect(read(store).lock.entries.size).toBe(1);
  });

  test("replaces what the same stacks asked before, and leaves other programs alone", () => {
    const store = new MemoryLock();
    write(store, findingsOf([entryOf("a")], { stacks: ["one", "two"] }));
    write(store, findingsOf([entryOf("b")], { stacks: ["three"] }));
    write(store, findingsOf([entryOf("c")], { stacks: ["two", "four"] }));
    expect(read(store).lock.programs.map(({ stacks }) => stacks.join())).toEqual([
      "four,two",
      "three",
    ]);
    expect(read(store).lock.entries.size).toBe(3);
  });

  test("is pruned on request: of what no program asks for, once it is old enough", () => {
    const store = new MemoryLock();
    write(store, findingsOf([entryOf("theirs", 1, at(90))], { stacks: ["other"] }));
    write(store, findingsOf([entryOf("old", 1, at(31)), entryOf("young", 1, at(29))]));
    const labels = () => [...read(store).lock.entries.values()].map(({ label }) => label.slice(24));
    write(store, findingsOf([entryOf("now")]));
    expect(labels().sort()).toEqual(["now", "old", "theirs", "young"]);
    write(store, findingsOf([entryOf("now")], {}, { pruneDays: 30 }));
    expect(labels().sort()).toEqual(["now", "theirs", "young"]);
    write(store, findingsOf([entryOf("now")], {}, { pruneDays: 0 }));
    expect(labels().sort()).toEqual(["now", "theirs"]);
  });

  test("that never finds the lock as it was read is an error, not an endless loop", () => {
    const store = new MemoryLock();
    jest.spyOn(store, "write").mockReturnValue(false);
    expect(() => write(store, findingsOf([entryOf("orders")]))).toThrow(/^LOCK_BUSY: /);
  });
});
