import {
  BackupEmulator,
  BackupService,
  ConsistencyGroup,
  ConsistencyGroupProps,
  DcsBackups,
  Duration,
  GaussDbBackups,
  RdsBackups,
  RestoreTrigger,
  Selection,
  Unmet,
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

  describe("with a pin", () => {
    const pin = { epoch: 1 };

    test("has each action wait for its own gate and, through one value, for those of all members", () => {
      const { group, stack, synth } = groupOf({ pin });
      for (const target of group.targets) {
        new RestoreTrigger(stack, target.node.id, { target, command: "./restore.sh" });
      }
      const { locals, resource } = synth();
      const gates = Object.keys(resource.terraform_data).filter((name) => /_gate_/.test(name));
      const references = gates.map((gate) => `\${terraform_data.${gate}}`);
      expect(gates).toHaveLength(3);
      const all = Object.keys(locals).filter((name) => /_set_/.test(name));
      expect(all).toHaveLength(1);
      expect(locals[all[0]!].sort()).toEqual(references.sort());
      for (const [name, { depends_on }] of Object.entries<any>(resource.null_resource)) {
        const own = gates.find((gate) => gate.startsWith(`${name}_gate_`));
        expect(depends_on).toEqual([`terraform_data.${own}`, `local.${all[0]}`]);
      }
    });

    test("gives each member a target, whose trigger reads what the one pin of the set keeps", () => {
      const { group, stack, synth } = groupOf({ pin });
      expect(group.targets.map(({ backup }) => backup.id)).toEqual(["r2", "g1", "d2"]);
      const target = group.targetOf("ledger");
      expect(target.isMet).toBe(true);
      expect(target.decision.toText()).toMatch(
        /MET\n[^]*the closest set is 2 h apart[^]*g2 {2}is not of the set/,
      );
      new RestoreTrigger(stack, "restore", { target, command: "./restore.sh" });
      const config = synth();
      const [pinned, ...others] = Object.keys(config.resource.terraform_data).filter((name) =>
        /_pin_/.test(name),
      );
      expect(others).toEqual([]);
      const held = (member: string) =>
        `\${try(terraform_data.${pinned}.input["${member}"].backup_id, "")}`;
      expect(config.output.group.value.sessions.backup_id).toBe(held("sessions"));
      const [gate] = Object.entries<any>(config.resource.terraform_data).flatMap(([name, data]) =>
        /_gate_/.test(name) ? data : [],
      );
      expect(gate.input.backup_id).toBe(held("ledger"));
    });

    test("says once how old the set is, and each gate reads it there", () => {
      const { group, stack, synth } = groupOf({ pin, maxAge: Duration.days(3) });
      for (const target of group.targets) {
        new RestoreTrigger(stack, target.node.id, { target, command: "./restore.sh" });
      }
      const { locals, resource } = synth();
      const said = Object.keys(locals).filter((name) => /_since_/.test(name));
      expect(said).toHaveLength(1);
      for (const name of ["orders", "ledger", "sessions"]) {
        expect(locals[said[0]!]).toContain(`.input["${name}"].begin_time`);
      }
      const gates = Object.entries<any>(resource.terraform_data).filter(([name]) =>
        /_gate_/.test(name),
      );
      expect(gates).toHaveLength(3);
      for (const [, { input }] of gates) {
        expect(input.fresh_until).toContain(`timeadd(local.${said[0]}, "259200000ms")`);
      }
    });

    test("that is unmet has no target that is met, and is told once for all of them", () => {
      const { app, group, stack } = groupOf({
        pin,
        maxSpread: Duration.hours(1),
        onUnmet: Unmet.WARN,
      });
      for (const [i, target] of group.targets.entries()) {
        expect(target.isMet).toBe(false);
        new RestoreTrigger(stack, `act${i}`, { target, command: "./restore.sh" });
      }
      let told = "";
      try {
        app.synth();
      } catch (error) {
        told = String(error);
      }
      expect(told).toMatch(
        /\[stack\/group\] NO_CONSISTENT_SET.*stack\/act0, stack\/act1, stack\/act2\./,
      );
      expect(told.match(/NO_CONSISTENT_SET/g)).toHaveLength(1);
    });

    test("is met only where what is chosen fits each member's destination", () => {
      const { members } = groupOf();
      const fits = groupOf({ pin });
      expect(fits.group.isMet).toBe(true);
      const { app, stack } = appOn(emulator, { asOf: NOW });
      const own = members.map(({ name }, i) => ({
        ...{ name, backups: new RdsBackups(stack, name, { instanceId: "i" }) },
        destination: i === 1 ? { engineVersion: "8.0" } : undefined,
      }));
      const group = new ConsistencyGroup(stack, "group", { members: own, pin });
      expect(group.isMet).toBe(false);
      expect(group.targets.map(({ isMet }) => isMet)).toEqual([false, false, false]);
      expect(() => app.synth()).toThrow(
        /\[stack\/group\] BACKUP_NOT_GOOD_ENOUGH: the set falls short: ledger: it is of version unknown/,
      );
    });

    test("restores a member with moments to a moment, also where one of its backups would do", () => {
      emulator._control({
        ...{ op: "windows", service: "rds", instance: "i" },
        windows: [{ start: Date.parse(time(30)), end: Date.parse(time(0.5)) }],
      } as never);
      const { stack, synth } = appOn(emulator, { asOf: NOW });
      const members = [
        { name: "a", backups: new RdsBackups(stack, "rds", { instanceId: "i" }), moments: true },
        { name: "b", backups: new DcsBackups(stack, "dcs", { instanceId: "i" }) },
      ];
      const group = new ConsistencyGroup(stack, "group", { members, pin });
      const [a, b] = group.targets;
      expect(a!.restoreTime).toEqual(new Date(time(2)));
      expect(a!.backup.id).toBe("r2");
      expect(b!.restoreTime).toBeUndefined();
      expect(b!.backup.id).toBe("d1");
      new RestoreTrigger(stack, "restore", { target: a!, command: "./restore.sh" });
      expect(Object.keys(synth().resource.null_resource.restore.triggers)).toEqual([
        ...["instance_id", "restore_time"],
      ]);
    });

    test("has a target of its members alone, and none without the pin", () => {
      expect(() => groupOf({ pin }).group.targetOf("users")).toThrow(
        /^INVALID_MEMBER: the group has no member "users". Its members: orders, ledger, sessions/,
      );
      expect(groupOf().group.targets).toEqual([]);
      expect(() => groupOf().group.targetOf("orders")).toThrow(
        /^NOT_PINNED: .*pin: \{ epoch: 1 \}/,
      );
      expect(() => groupOf({ pin: { epoch: -1 } })).toThrow(/^INVALID_PIN/);
    });
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

  test("without a pin doesn't take a destination, which nothing would be held against", () => {
    const { stack, members } = groupOf();
    const own = members.map((member) => ({ ...member, destination: { engineVersion: "8.0" } }));
    expect(() => new ConsistencyGroup(stack, "other", { members: own })).toThrow(
      /^NOT_PINNED: orders has a destination, and the group has no pin/,
    );
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
