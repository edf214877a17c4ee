import { Records } from "../../lib/services/records";
import {
  BackupEmulator,
  BackupProviderProps,
  BackupService,
  DcsBackups,
  Duration,
  GaussDbBackups,
  Instances,
  LockReview,
  LookupMode,
  MemoryLock,
  ProjectBackups,
  RdsBackups,
  RestoreTarget,
  Selection,
  Unmet,
} from "../../lib";
import { formatLock, Lock, LockEntry } from "../../lib/lock/format";
import { appOn, settingsFor } from "../support/app";
import { captured } from "../support/captured";
import { entryOf, lockOf, record, readWhole } from "../support/locks";

const { RDS, DCS } = BackupService;
const rdsRecord = (i: number, more: object = {}) => ({
  ...{ id: `b${i}`, name: `night-${i}`, instance_id: "orders", type: "auto", size: i },
  ...{ status: "COMPLETED", begin_time: `2026-01-0${i}T00:00:00+0000`, ...more },
});

let emulator: BackupEmulator;
let store: MemoryLock;
const start = (records: any[]) => {
  emulator?.close();
  emulator = BackupEmulator.start({ records: { [RDS]: records }, instances: { [DCS]: ["cache"] } });
};
beforeEach(() => {
  store = new MemoryLock();
  start([rdsRecord(1), rdsRecord(2), rdsRecord(3, { status: "BUILDING" })]);
});
afterEach(() => emulator.close());

/** What a lock holds after a synthesis that asked the cloud. */
function lockAfter(
  declare: (stack: any) => void = target,
  props: BackupProviderProps = {},
): string {
  const { stack, synth } = appOn(emulator, {
    ...{ lockStore: store, mode: LookupMode.LIVE },
    ...props,
  });
  declare(stack);
  captured(() => synth());
  return store.read()!;
}

function target(stack: any): void {
  const backups = new RdsBackups(stack, "orders", { instanceId: "orders" });
  new RestoreTarget(stack, "target", { backups });
}

const changed = (change: (entry: LockEntry) => Partial<LockEntry>, lock: Lock): string =>
  formatLock({
    ...lock,
    entries: new Map(
      [...lock.entries].map(([key, entry]) => [key, { ...entry, ...change(entry) }]),
    ),
  });

describe("the review of a lock", () => {
  test("is empty where the same was found again later", () => {
    const before = lockAfter();
    const after = lockAfter();
    expect(after).not.toBe(before);
    expect(LockReview.between(before, after)).toEqual([]);
    expect(LockReview.between(before, before)).toEqual([]);
  });

  describe("of instances", () => {
    const { GAUSSDB } = BackupService;
    const NOW = new Date("2026-01-31T06:00:00Z");
    const instance = (id: string, name: string, more: object = {}) => ({
      ...{ id: `${id.repeat(32)}in01`, name, status: "ACTIVE", type: "Single" },
      ...{ datastore: { type: "MySQL", version: "8.0" }, volume: { type: "SSD", size: 40 } },
      backup_strategy: { start_time: "22:00-23:00", keep_days: 7 },
      ...more,
    });
    const on = (records: any[]) => {
      emulator.close();
      emulator = BackupEmulator.start({
        ...{ instanceRecords: { [RDS]: records }, records: { [RDS]: [] }, now: NOW },
      });
    };
    const all = (stack: any) => {
      new ProjectBackups(stack, "all", { services: [RDS] });
      new RdsBackups(stack, "orders", { instanceName: "orders" });
    };
    const orders = `${"a".repeat(32)}in01`;

    test("says which are new, gone or another, and by which policy they are backed up", () => {
      on([instance("a", "orders"), instance("b", "users")]);
      const before = lockAfter(all);
      expect(LockReview.between(before, before)).toEqual([]);
      on([
        instance("a", "orders", {
          datastore: { type: "MySQL", version: "8.4" },
          backup_strategy: { start_time: "22:00-23:00", keep_days: 0 },
        }),
        instance("c", "new one"),
      ]);
      const said = LockReview.between(before, lockAfter(all)).join("\n");
      expect(said).toContain(
        `stack/all, RDS instances: new: instance ${"c".repeat(32)}in01 "new one", MySQL 8.0, available, automated backups on kept 7 days 22:00-23:00.`,
      );
      expect(said).toContain(`gone: instance ${"b".repeat(32)}in01 "users"`);
      expect(said).toContain(
        `changed: ${orders}: engineVersion 8.0 → 8.4, automated backups on kept 7 days 22:00-23:00 → off.`,
      );
    });

    test("says that they are asked for the first time, and how many there are", () => {
      on([instance("a", "orders"), instance("b", "users")]);
      const said = LockReview.between(formatLock(lockOf([])), lockAfter(all)).join("\n");
      expect(said).toMatch(/RDS instances: asked for the first time, 2 instances\.$/m);
      expect(said).toMatch(/RDS instances .*orders.*: asked for the first time, 1 instance\.$/m);
    });

    test("says what a cache's policy has become, and onto which instances a backup can be restored", () => {
      emulator.close();
      emulator = BackupEmulator.start({ now: NOW });
      emulator.addInstance({ service: GAUSSDB, id: `${"d".repeat(32)}in14`, name: "staging" });
      const cache = BackupEmulator.sampleInstances(DCS)[0]!;
      const source = BackupEmulator.sampleInstances(GAUSSDB)[0]!;
      const declare = (stack: any) => {
        const caches = new DcsBackups(stack, "cache", { instanceId: cache });
        const days = Duration.days(1);
        new RestoreTarget(stack, "kept", {
          ...{ backups: caches, mustLastFor: days, onUnmet: Unmet.WARN },
        });
        const backups = new GaussDbBackups(stack, "gauss", { instanceId: source });
        const onto = new Instances(stack, "onto", { service: GAUSSDB, name: "staging" });
        new RestoreTarget(stack, "clone", { backups, onto, onUnmet: Unmet.WARN });
      };
      const before = lockAfter(declare);
      expect(LockReview.between(before, before)).toEqual([]);
      expect(LockReview.between(formatLock(lockOf([])), before).join("\n")).toMatch(
        /asked for the first time, automated backups (on|off)/,
      );
      const after = changed(
        ({ query, records }) => {
          if (query["list"] === "restorable")
            return { records: Records.of([{ instance_id: "elsewhere" }]) };
          const text = JSON.stringify(records.all()).replace(/"save_days":\d+/, '"save_days":30');
          return query["list"] === "policy" ? { records: Records.of(JSON.parse(text)) } : {};
        },
        readWhole(before, "before"),
      );
      const said = LockReview.between(before, after).join("\n");
      expect(said).toMatch(/automated backups are on kept 30 days .*, before on kept \d+ days /);
      expect(said).toContain(": can be restored onto elsewhere as well.");
      expect(said).toMatch(/: can no longer be restored onto .*\./);
    });
  });

  test("says which backups are new, gone or in another state, and what is decided differently", () => {
    const before = lockAfter();
    start([
      rdsRecord(2, { size: 7 }),
      rdsRecord(3),
      rdsRecord(4, { type: "manual", status: "FAILED", name: "by \u001b[31mhand\n" }),
    ]);
    const subject = "stack/orders, RDS backups of instance orders";
    expect(LockReview.between(before, lockAfter())).toEqual([
      `${subject}: changed: b2: sizeBytes 2048 → 7168.`,
      `${subject}: changed: b3: status building → completed, isRestorable false → true.`,
      `${subject}: gone: b1 "night-1", automatic, completed, begun 2026-01-01T00:00:00Z, 1024 bytes.`,
      `${subject}: new: b4 "by [31mhand", manual, failed, begun 2026-01-04T00:00:00Z, 4096 bytes.`,
      `${subject}: the newest restorable backup is b3, before it was b2.`,
      "stack/target: decides backup b3, before backup b2.",
    ]);
  });

  test("says which queries and decisions came and went", () => {
    const before = lockAfter();
    store = new MemoryLock();
    const after = lockAfter((stack) => new DcsBackups(stack, "cache", { instanceId: "cache" }));
    expect(LockReview.between(before, after)).toEqual([
      "stack/cache, DCS backups of instance cache: asked for the first time, 0 backups.",
      "stack/orders, RDS backups of instance orders: no longer in the lock, which had 3 backups.",
      "stack/target: decides nothing any more, before backup b2.",
    ]);
    expect(LockReview.between(after, before).at(-1)).toBe("stack/target: decides backup b2.");
  });

  test("says that somebody else has answered", () => {
    const before = lockAfter();
    const theirs = BackupEmulator.start({
      ...{ projectId: "theirs", records: { [RDS]: [1, 2, 3].map((i) => rdsRecord(i)) } },
    });
    const after = lockAfter(target, { ...settingsFor(theirs), lockStore: store });
    theirs.close();
    expect(LockReview.between(before, after)[1]).toBe(
      `stack/orders, RDS backups of instance orders: the answer is of another: of project theirs (custom, eu-de) at 127.0.0.1, before of project ${emulator.projectId} (custom, eu-de) at 127.0.0.1.`,
    );
  });

  test("says to which moments an instance can be restored now", () => {
    const moment = (stack: any) => {
      const backups = new RdsBackups(stack, "orders", { instanceId: "orders" });
      const time = new Date("2026-01-02T03:00:00Z");
      new RestoreTarget(stack, "target", { backups, selection: Selection.pointInTime(time) });
    };
    const windows = (hour: number) =>
      emulator.setRestoreWindows(RDS, "orders", [
        { start: new Date("2026-01-02T00:00:00Z"), end: new Date(Date.UTC(2026, 0, 2, hour)) },
      ]);
    windows(4);
    const before = lockAfter(moment);
    windows(5);
    expect(LockReview.between(before, lockAfter(moment))).toEqual([
      "stack/target, restore windows of RDS instance orders on 2026-01-02: can be restored to 2026-01-02T00:00:00Z to 2026-01-02T05:00:00Z, before to 2026-01-02T00:00:00Z to 2026-01-02T04:00:00Z.",
    ]);
  });

  test("tells what the program saw, where that counts back from another moment", () => {
    const props = { asOf: new Date("2026-01-04T00:00:00Z") };
    const week = (stack: any) =>
      new RdsBackups(stack, "orders", { instanceId: "orders", within: Duration.days(7) });
    const before = lockAfter(week, props);
    start([rdsRecord(1), rdsRecord(2), rdsRecord(3)]);
    expect(LockReview.between(before, lockAfter(week, props))).toHaveLength(2);
  });

  test("says that an instance is missing, or is there now", () => {
    const lock = lockOf([entryOf("to-be", 0)]);
    const missing = changed(() => ({ missing: { code: "INSTANCE_NOT_FOUND" } }), lock);
    const subject = "recovery/q0, RDS backups of instance to-be";
    expect(LockReview.between(missing, formatLock(lock))).toEqual([
      `${subject}: the service knows of it now.`,
    ]);
    expect(LockReview.between(formatLock(lock), missing)).toEqual([
      `${subject}: the service knows nothing of it any more.`,
    ]);
  });

  test("says that a raw record differs where nothing else does, and what it can't read", () => {
    const before = lockOf([entryOf("orders", 1)]);
    const more = { ...record(0, 0), unheard_of: true };
    const after = formatLock(lockOf([entryOf("orders", [more])]));
    expect(LockReview.between(formatLock(before), after)).toEqual([
      "recovery/q0, RDS backups of instance orders: changed: backup-000000br01: a field of the raw record.",
    ]);
    const unknown = (text: string) =>
      changed(() => ({ query: { service: "rds", list: "unheard-of" } }), readWhole(text, "x"));
    expect(LockReview.between(unknown(formatLock(before)), unknown(after))).toEqual([
      "recovery/q0, RDS backups of instance orders: the records differ, in a way that this version can't read.",
    ]);
  });

  test("says what of a query is new or gone in its own words, and of which stack", () => {
    const [[key, orders], [other, ledger]] = [entryOf("orders", 1), entryOf("ledger", 2)];
    const windows = { service: "rds", list: "windows" };
    const none = formatLock(lockOf([]));
    const both = formatLock(
      lockOf([
        [key, { ...orders, query: windows }],
        [other, ledger],
      ]),
    );
    expect(LockReview.between(none, both)).toEqual([
      "recovery/q0, RDS backups of instance orders: asked for the first time, 1 restore window.",
      "recovery/q1, RDS backups of instance ledger: asked for the first time, 2 backups.",
    ]);
    const shared = { "recovery/z": [key], "recovery/a": [key] };
    const twice = formatLock(lockOf([[key, orders]], { lookups: shared }));
    const unasked = formatLock(lockOf([[key, orders]], { lookups: {} }));
    expect(LockReview.between(none, twice)).toEqual([
      "recovery/a, recovery/z, RDS backups of instance orders: asked for the first time, 1 backup.",
    ]);
    expect(LockReview.between(none, unasked)).toEqual([
      "RDS backups of instance orders: asked for the first time, 1 backup.",
    ]);
  });

  test("says of backups what is unknown, and names what is decided in the order of the constructs", () => {
    const bare = { id: "b9", instance_id: "orders", type: "auto", status: "BUILDING" };
    const before = lockOf([entryOf("orders", 0)], { decisions: {} });
    const after = lockOf([entryOf("orders", [bare])], { decisions: { "r/z": "b", "r/a": "b" } });
    expect(LockReview.between(formatLock(before), formatLock(after))).toEqual([
      "recovery/q0, RDS backups of instance orders: new: b9, automatic, building, begun unknown, unknown bytes.",
      "r/a: decides b.",
      "r/z: decides b.",
    ]);
    const usable = formatLock(lockOf([entryOf("orders", 1)]));
    expect(LockReview.between(usable, formatLock(before))).toContain(
      "recovery/q0, RDS backups of instance orders: the newest restorable backup is none, before it was backup-000000br01.",
    );
  });

  test("says that an instance can be restored to no moment, or to several stretches", () => {
    const [key, entry] = entryOf("orders", 0);
    const query = { ...entry.query, list: "windows", dates: ["2026-01-02"] };
    const of = (...hours: number[]) =>
      formatLock(lockOf([[key, { ...entry, query, records: Records.of(hours.map(stretch)) }]]));
    const stretch = (hour: number) => ({
      start_time: Date.UTC(2026, 0, 2, hour),
      end_time: Date.UTC(2026, 0, 2, hour, 30),
    });
    expect(LockReview.between(of(1), of(1))).toEqual([]);
    const [now] = LockReview.between(of(), of(1, 2));
    expect(now).toMatch(
      /: can be restored to 2026-01-02T01:00:00Z to 2026-01-02T01:30:00Z, 2026-01-02T02:00:00Z to 2026-01-02T02:30:00Z, before to none\.$/,
    );
    const [none] = LockReview.between(of(1), of());
    expect(none).toMatch(/: can be restored to no moment, before to /);
    expect(LockReview.between(of(NaN), of(NaN))).toEqual([]);
    for (const [before, after] of [
      [of(NaN), of(1)],
      [of(1), of(NaN)],
    ] as const)
      expect(LockReview.between(before, after)).toEqual([
        "recovery/q0, RDS backups of instance orders: the records differ, in a way that this version can't read.",
      ]);
  });

  test("is an error where one of the two can't be read, which says which", () => {
    const text = formatLock(lockOf([]));
    expect(() => LockReview.between("", text)).toThrow(/^LOCK_INVALID: the lock before, line 1/);
    expect(() => LockReview.between(text, "{")).toThrow(/^LOCK_INVALID: the lock after, line 1/);
  });
});

describe("a forged lock", () => {
  const before = formatLock(lockOf([entryOf("orders")]));

  test("has digests that agree, and its review says what was forged", () => {
    const forged = entryOf("orders", [record(0, 0), record(0, 1), { ...record(0, 2), id: "evil" }]);
    expect(LockReview.between(before, formatLock(lockOf([forged])))).toEqual(
      expect.arrayContaining([
        expect.stringContaining("new: evil"),
        expect.stringContaining("gone: backup-000002br01"),
        expect.stringContaining("the newest restorable backup is evil"),
      ]),
    );
  });

  test.each(["__proto__", "toString"])(
    "hides no decision of a construct called %s",
    (construct) => {
      const decisions = JSON.parse(`{"${construct}":"backup evil"}`);
      const after = formatLock(lockOf([entryOf("orders")], { decisions }));
      expect(LockReview.between(before, after)).toEqual([`${construct}: decides backup evil.`]);
    },
  );
});
