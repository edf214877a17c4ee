import {
  BackupEmulator,
  BackupService,
  ConsistencyGroup,
  ConsistencyGroupProps,
  DcsBackups,
  Duration,
  GaussDbBackups,
  RdsBackups,
  Selection,
} from "../../lib";
import { appOn } from "../support/app";

const NOW = new Date("2026-01-31T12:00:00Z");
const time = (hoursAgo: number) => new Date(NOW.getTime() - hoursAgo * 3_600_000).toISOString();
const record = (id: string, hoursAgo: number) => ({
  ...{ id, instance_id: "i", type: "auto", status: "COMPLETED" },
  ...{ begin_time: time(hoursAgo), end_time: time(hoursAgo) },
});
const cached = (backup_id: string, hoursAgo: number) => ({
  ...{
    backup_id,
    instance_id: "i",
    backup_type: "auto",
    status: "succeed",
    is_support_restore: "TRUE",
  },
  ...{ execution_at: time(hoursAgo), updated_at: time(hoursAgo) },
});

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start({
    now: NOW,
    records: {
      [BackupService.RDS]: [record("r1", 1), record("r2", 25)],
      [BackupService.GAUSSDB]: [record("g1", 26), record("g2", 60)],
      [BackupService.DCS]: [cached("d1", 2), cached("d2", 24)],
    },
  });
});
afterEach(() => emulator.close());

function groupOf(props: Partial<ConsistencyGroupProps> = {}) {
  const { app, stack, synth } = appOn(emulator, { asOf: NOW });
  const members = [
    { name: "orders", backups: new RdsBackups(stack, "rds", { instanceId: "i" }) },
    { name: "ledger", backups: new GaussDbBackups(stack, "gaussdb", { instanceId: "i" }) },
    { name: "sessions", backups: new DcsBackups(stack, "dcs", { instanceId: "i" }) },
  ];
  const group = new ConsistencyGroup(stack, "group", { members, ...props });
  return { app, stack, synth, group, members };
}

describe("a consistency group", () => {
  test("picks of several services what is closest together, not each one's newest", () => {
    const { group, synth } = groupOf();
    expect(group.picks.map(({ backup }) => backup?.id)).toEqual(["r2", "g1", "d2"]);
    expect(group.spreadMilliseconds).toBe(2 * 3_600_000);
    expect(group.worstAgeMilliseconds).toBe(26 * 3_600_000);
    expect(group.limitedBy).toBeDefined();
    expect(synth().output.group.value).toEqual({
      orders: { backup_id: "r2", restore_time: null },
      ledger: { backup_id: "g1", restore_time: null },
      sessions: { backup_id: "d2", restore_time: null },
    });
  });

  test("that is too far apart, or too old, fails the synthesis and says who limits it", () => {
    const apart = groupOf({ maxSpread: Duration.hours(1) });
    expect(apart.group.isMet).toBe(false);
    expect(() => apart.app.synth()).toThrow(/\[stack\/group\] NO_CONSISTENT_SET: /);
    expect(groupOf({ maxAge: Duration.hours(25) }).group.isMet).toBe(false);
    expect(groupOf({ maxAge: Duration.hours(26) }).group.isMet).toBe(true);
  });

  test("of members that can be restored to any moment takes the newest common one", () => {
    const windows = (service: string, from: number, to: number) =>
      emulator._control({
        ...{ op: "windows", service, instance: "i" },
        windows: [{ start: Date.parse(time(from)), end: Date.parse(time(to)) }],
      } as never);
    windows("rds", 20, 1);
    windows("gaussDb", 20, 2);
    const { stack } = appOn(emulator, { asOf: NOW });
    const group = new ConsistencyGroup(stack, "group", {
      members: [
        { name: "a", backups: new RdsBackups(stack, "rds", { instanceId: "i" }), moments: true },
        { name: "b", backups: new GaussDbBackups(stack, "g", { instanceId: "i" }), moments: true },
      ],
    });
    expect(group.picks.map(({ restoreTime }) => restoreTime)).toEqual([
      new Date(time(2)),
      new Date(time(2)),
    ]);
    expect(group.spreadMilliseconds).toBe(0);
    expect(group.limitedBy).toBe("b");
  });

  test("never picks a backup from the future, nor one of another instance", () => {
    const later = { begin_time: "2026-02-10T12:00:00+0000", end_time: "2026-02-10T12:30:00+0000" };
    emulator.addBackupRecord(BackupService.GAUSSDB, { ...record("future", 1), ...later });
    const { stack } = appOn(emulator, { asOf: NOW });
    const backups = new GaussDbBackups(stack, "all", { instanceId: "i" });
    const group = new ConsistencyGroup(stack, "group", { members: [{ name: "a", backups }] });
    expect(group.picks[0]?.backup?.id).not.toBe("future");
    expect(group.worstAgeMilliseconds ?? 0).toBeGreaterThanOrEqual(0);
    expect(backups.latest?.id).not.toBe("future");
  });

  test("whose lookup failed is not met, and safe to ask", () => {
    const { stack, app } = appOn(emulator, { asOf: NOW });
    const backups = new RdsBackups(stack, "rds", { instanceId: "nobody" });
    const group = new ConsistencyGroup(stack, "group", { members: [{ name: "a", backups }] });
    expect(group.isMet).toBe(false);
    expect(() => app.synth()).toThrow(/\[stack\/rds\] INSTANCE_NOT_FOUND/);
    expect(() => app.synth()).not.toThrow(/\[stack\/group\]/);
  });

  test("whose member has several instances fails by its own report, not by a stack trace", () => {
    emulator.addBackupRecord(BackupService.GAUSSDB, { ...record("g3", 1), instance_id: "j" });
    const { app, stack } = appOn(emulator, { asOf: NOW });
    const backups = new GaussDbBackups(stack, "all");
    new ConsistencyGroup(stack, "group", { members: [{ name: "a", backups }] });
    expect(() => app.synth()).toThrow(/\[stack\/group\] SEVERAL_INSTANCES/);
  });

  test.each([
    ["no members", { members: [] }, /^NO_MEMBERS/],
    ["two members of one name", "twice", /^INVALID_MEMBER: two members are named orders/],
    ["a name that can't be a key", "name", /^INVALID_MEMBER: the members are named a b/],
    ["a name that no key can have", "proto", /^INVALID_MEMBER: the members are named __proto__/],
    ["a member that selects a moment", "moment", /^INVALID_MEMBER: a member selects a moment/],
  ])("with %s is refused", (_what, what, message) => {
    const { stack, members } = groupOf();
    const [first, ...rest] = members as any[];
    const wrong: any = {
      twice: [first, { ...rest[0], name: "orders" }],
      name: [{ ...first, name: "a b" }],
      proto: [{ ...first, name: "__proto__" }],
      moment: [{ ...first, selection: Selection.newestMoment() }],
    };
    const props = typeof what === "string" ? { members: wrong[what] } : what;
    expect(() => new ConsistencyGroup(stack, "other", props as ConsistencyGroupProps)).toThrow(
      message,
    );
  });
});
