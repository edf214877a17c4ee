import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService, InstanceStatus, MemoryLock, RdsBackups } from "../../lib";
import { appOn } from "../support/app";
import { temporaryFolder } from "../support/programs";
import { told } from "./checks";

const DAY_MS = 86_400_000;

let emulator: BackupEmulator;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  emulator = BackupEmulator.start({ count: 0 });
  before = { ...process.env };
  Object.assign(process.env, emulator.environment);
  addInstances();
});
afterEach(() => {
  process.env = before;
  emulator.close();
});

function addInstances(): void {
  const service = BackupService.RDS;
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  const status = InstanceStatus.CREATING;
  emulator.addInstance({ service, id: "1in01", name: "orders" });
  emulator.addBackup({ service, id: "b1", instanceId: "1in01", beginTime: ago(0.1) });
  emulator.addInstance({ service, id: "2in01", name: "reader", isReplica: true });
  emulator.addInstance({ service, id: "3in01", name: "newborn", status, createdAt: ago(0.1) });
  emulator.addInstance({ service, id: "4in01", name: "overdue", status, createdAt: ago(3) });
  emulator.addInstanceRecord(BackupService.DCS, {
    ...{ instance_id: "c1", name: "single", engine: "Redis", engine_version: "5.0" },
    ...{ status: "RUNNING", created_at: "2019-05-31T03:15:40.631Z", max_memory: 128 },
    ...{ spec_code: "redis.single.xu1.tiny.128", cache_mode: "single" },
  });
}

const timeless = (notes: readonly string[]) =>
  notes.map((each) => each.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, "TIME"));

describe("an instance that should have no backup", () => {
  test("is counted for its service, by why", async () => {
    const { exit, json, notes } = await told("services: [rds, dcs]");
    expect(json.instances.map((each: any) => each.instance_name)).toEqual(["orders"]);
    expect(timeless(notes)).toEqual([
      "rds: 3 instances are not judged: 1 is a read replica, which has no backups of its own; 2 are being created, for more than a day: overdue since TIME",
      "dcs: 1 instance is not judged: 1 can't be backed up",
      "dcs: there is no instance to be judged",
    ]);
    expect(exit).toBe(0);
  });

  test.each(["[]", "[rds, dcs]"])(
    "is neither met nor missed where it stands by itself, with services: %s",
    async (services) => {
      const own = ["rds, name: reader", "rds, name: newborn", "rds, name: overdue"];
      const items = [...own, "dcs, name: single"].map((each) => `  - { service: ${each} }`);
      const { json, notes, problems } = await told(
        `services: ${services}\ninstances:\n${items.join("\n")}`,
      );
      const names = json.instances.map((each: any) => each.instance_name);
      expect(names).toEqual(services === "[]" ? [] : ["orders"]);
      expect(problems).toEqual([]);
      expect(timeless(notes).filter((each) => each.startsWith("policy, "))).toEqual([
        "policy, line 4: RDS instance reader (2in01) is a read replica, which has no backups of its own: it is not judged",
        "policy, line 5: RDS instance newborn (3in01) is being created: it is not judged",
        "policy, line 6: RDS instance overdue (4in01) is being created for more than a day, since TIME: it is not judged",
        "policy, line 7: DCS instance single (c1) can't be backed up: it is not judged",
      ]);
      expect(notes.some((each) => each.startsWith("rds: "))).toBe(false);
    },
  );

  test("is judged where it stands by its id alone, as the list is not asked", async () => {
    const { findings, notes } = await told("instances: [{ service: rds, id: 2in01 }]");
    expect(findings).toContain("rds/null: rpo");
    expect(notes).toEqual([]);
  });

  test("is noted of a lock that has the list of instances as well", async () => {
    const store = new MemoryLock();
    const { app, stack } = appOn(emulator, { lockStore: store });
    new RdsBackups(stack, "reader", { instanceName: "reader" });
    app.synth();
    const lock = join(temporaryFolder("notes"), "backups.lock.json");
    writeFileSync(lock, store.read()!);
    const own = await told("instances: [{ service: rds, name: reader }]", { lock });
    expect(own.notes).toEqual([
      "policy, line 2: RDS instance reader (2in01) is a read replica, which has no backups of its own: it is not judged",
    ]);
    expect([own.exit, own.json.instances]).toEqual([0, []]);
    const all = await told("services: [rds]", { lock });
    expect(all.notes).toEqual([
      "rds: 1 instance is not judged: 1 is a read replica, which has no backups of its own",
    ]);
  });
});
