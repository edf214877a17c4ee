import { HeldBackups } from "../../lib/lock/held";
import { Lock, LockEntry } from "../../lib/lock/format";
import { Identity, identity, keyOf } from "../../lib/query/identity";
import { Records } from "../../lib/services/records";

const NOW = new Date("2026-01-31T06:00:00Z");
const before = (hours: number) =>
  new Date(NOW.getTime() - hours * 3_600_000).toISOString().slice(0, 19) + "Z";
const ID = "c48e43ff268f4c0e879652d65e63d0fbin01";

const backup = (id: string, hours: number, more = {}) => ({
  ...{ id, name: id, instance_id: ID, type: "auto", status: "COMPLETED", size: 1 },
  ...{ begin_time: before(hours), end_time: before(hours), datastore: { type: "MySQL" }, ...more },
});

/** An answer of so many hours ago. */
function answer(asked: { [name: string]: unknown }, records: object[], hours = 0): LockEntry {
  const query: Identity = identity({
    ...{ cloud: "otc", region: "eu-de", project_id: "p1", service: "rds", list: "backups" },
    ...asked,
  });
  const answered = {
    ...{ at: before(hours), cloud: "otc", region: "eu-de", host: "rds.example.com" },
    project_id: String(query["project_id"]),
  };
  return { label: "RDS backups", query, answered, records: Records.of(records as any) };
}

function lockOf(entries: LockEntry[], asked = entries): Lock {
  const lookups = Object.fromEntries(asked.map(({ query }, i) => [`s/q${i}`, [keyOf(query)]]));
  return {
    entries: new Map(entries.map((entry) => [keyOf(entry.query), entry])),
    stacks: new Map([["s", { with: [], lookups, decisions: {} }]]),
  };
}

const told = (lock: Lock) => {
  const held = new HeldBackups(lock);
  return held.all
    .flatMap((each) => held.subjectsOf(each))
    .map(({ isPart, subject }) => ({
      ids: subject.backups.map(({ id }) => id),
      isPart,
      since: subject.since?.toISOString().slice(0, 10),
      path: subject.path,
      label: subject.label,
    }));
};
const ofOne = { instance_id: ID };

describe("what a lock tells of an instance", () => {
  test("is the newest answer: what has failed or is gone since is not in it", () => {
    const day = 24 * 3_600_000;
    const old = answer(ofOne, [backup("x", 8), backup("y", 9)], 3);
    const now = answer({ ...ofOne, within_ms: 2 * day }, [backup("x", 8, { status: "FAILED" })]);
    expect(told(lockOf([old, now]))).toMatchObject([{ ids: ["x"], since: "2026-01-29" }]);
  });

  test("is the widest of those that were given together", () => {
    const all = answer(ofOne, [backup("x", 8), backup("y", 90)]);
    const few = answer({ ...ofOne, within_ms: 24 * 3_600_000 }, [backup("x", 8)]);
    const manual = answer({ ...ofOne, backup_type: "manual" }, []);
    for (const entries of [
      [all, few, manual],
      [manual, few, all],
    ]) {
      expect(told(lockOf(entries))).toMatchObject([{ ids: ["x", "y"], isPart: false }]);
    }
  });

  test("is what a stack still asks for", () => {
    const former = answer(ofOne, [backup("old", 500)]);
    const asked = answer({ ...ofOne, within_ms: 2 * 24 * 3_600_000 }, [backup("x", 8)], 1);
    expect(told(lockOf([former, asked], [asked]))).toMatchObject([{ ids: ["x"] }]);
  });

  test("is a part where only a kind was asked for, and says so", () => {
    const manual = answer({ ...ofOne, backup_type: "manual" }, []);
    expect(told(lockOf([manual]))).toMatchObject([
      { isPart: true, label: `RDS backups of instance ${ID} (manual)` },
    ]);
  });

  test("is of its project: another of the same id stays apart, and both are called by theirs", () => {
    const one = answer({ ...ofOne, project_id: "p1" }, [backup("x", 8)]);
    const other = answer({ ...ofOne, project_id: "p2" }, []);
    const subjects = told(lockOf([one, other]));
    expect(subjects.map(({ ids }) => ids)).toEqual([["x"], []]);
    expect(new Set(subjects.map(({ path }) => path)).size).toBe(2);
    expect(subjects.map(({ label }) => /project p\d/.exec(label)?.[0])).toEqual([
      ...["project p1", "project p2"],
    ]);
  });

  test.each<[string, LockEntry, string]>([
    ["a filter of a newer version", answer({ ...ofOne, some_new_filter: "a" }, []), "LOCK_TOO_NEW"],
    ["a service of a newer version", answer({ ...ofOne, service: "ces" }, []), "LOCK_TOO_NEW"],
    ["one backup alone", answer({ ...ofOne, backup_id: "x" }, [backup("x", 8)]), "LOCK_MISSING"],
    ["what was there before", answer({ ...ofOne, end_time: before(99) }, []), "LOCK_MISSING"],
    [
      "an instance that there was not",
      { ...answer(ofOne, []), missing: { code: "INSTANCE_NOT_FOUND" } },
      "INSTANCE_NOT_FOUND",
    ],
  ])("is not known from %s", (_what, entry, code) => {
    const held = new HeldBackups(lockOf([entry]));
    expect(held.all).toEqual([]);
    expect(held.unknown.map(({ problem }) => problem.code)).toEqual([code]);
  });

  test("is not known where a stack asks for it and the lock has no answer", () => {
    const [one, failed] = [answer(ofOne, [backup("x", 8)]), answer({ instance_id: "users" }, [])];
    const held = new HeldBackups(lockOf([one], [one, failed]));
    expect(held.all).toHaveLength(1);
    expect(held.unknown).toMatchObject([
      { key: keyOf(failed.query), label: "what s/q1 asks of RDS", query: { service: "rds" } },
    ]);
    expect(held.unknown[0]!.problem.message).toMatch(/^LOCK_MISSING: the lock has no answer to /);
  });

  test("needs nothing of a part where the whole is there", () => {
    const all = answer(ofOne, [backup("x", 8)]);
    const one = answer({ ...ofOne, backup_id: "x" }, [backup("x", 8)]);
    expect(new HeldBackups(lockOf([all, one])).unknown).toEqual([]);
  });

  test("has restore windows only of days without a break up to today", () => {
    const windows = (days_before: number[]) =>
      answer({ ...ofOne, list: "windows", days_before }, [
        { start_time: Date.parse(before(5)), end_time: Date.parse(before(1)) },
      ]);
    const backups = answer(ofOne, []);
    const of = (...more: LockEntry[]) => {
      const held = new HeldBackups(lockOf([backups, ...more]));
      return held.windowsOf(held.all[0]!, ID)?.length;
    };
    expect(of(windows([6]))).toBeUndefined();
    expect(of(windows([0, 2]))).toBeUndefined();
    expect(of(windows([0, 1]))).toBe(1);
  });
});
