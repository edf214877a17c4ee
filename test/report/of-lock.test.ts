import {
  BackupEmulator,
  BackupKind,
  BackupService,
  Duration,
  GaussDbBackups,
  Instances,
  MemoryLock,
  RdsBackups,
  RestoreTarget,
  RestoreWindows,
  Rule,
  RuleId,
  Unmet,
} from "../../lib";
import { parseLock } from "../../lib/lock/parse";
import { modelOfLock } from "../../lib/report/of-lock";
import { heldRules } from "../../lib/restore/rules";
import { appOn } from "../support/app";

const NOW = new Date("2026-01-31T06:00:00Z");
const hours = (count: number) => new Date(NOW.getTime() - count * 3_600_000);

/** The model of the lock that a synthesis wrote. */
function modelOf(declare: (stack: any) => void, fill: (emulator: BackupEmulator) => void) {
  const emulator = BackupEmulator.start({ records: {}, now: NOW });
  fill(emulator);
  const lockStore = new MemoryLock();
  try {
    const { app, stack } = appOn(emulator, { projectId: emulator.projectId, lockStore, asOf: NOW });
    declare(stack);
    try {
      app.synth();
    } catch {
      // What is unmet is not in the lock.
    }
  } finally {
    emulator.close();
  }
  const text = lockStore.read()!;
  const lock = { name: "backups.lock.json", content: text, lock: parseLock(text, "it") };
  return { text, model: modelOfLock(lock, heldRules([Rule.rpo(Duration.hours(26))])) };
}

const RDS = "c48e43ff268f4c0e879652d65e63d0fbin01";
const OTHER = "b48e43ff268f4c0e879652d65e63d0fbin01";
const GAUSS = "e8e6ca5a624745bcb546a227aa3ae1cfin14";

describe("a report of a lock", () => {
  test("has a lane for each instance that was asked about, with the name that the list of instances gives it", () => {
    const { model } = modelOf(
      (stack) => {
        new RdsBackups(stack, "orders", { instanceId: RDS });
        new Instances(stack, "all", { service: BackupService.RDS });
      },
      (emulator) => {
        emulator.addInstance({ service: BackupService.RDS, id: RDS, name: "orders" });
        emulator.addInstance({ service: BackupService.RDS, id: OTHER, name: "forgotten" });
        emulator.addBackup({
          service: BackupService.RDS,
          id: "b1",
          instanceId: RDS,
          beginTime: hours(5),
        });
      },
    );
    const own = model.lanes.filter(({ instanceId }) => [RDS, OTHER].includes(instanceId!));
    // Of whose backups nobody asked nothing is known.
    expect(own.map(({ label }) => label)).toEqual([`RDS instance orders (${RDS})`]);
    expect(own.map(({ backups }) => backups.map(({ id }) => id))).toEqual([["b1"]]);
    expect(own.every(({ rpo }) => rpo?.toMilliseconds() === 26 * 3_600_000)).toBe(true);
  });

  test("has a lane for each instance of a list of several: the newest of one says nothing of another", () => {
    const STALE = `${"f".repeat(32)}in14`;
    const { model } = modelOf(
      (stack) => new GaussDbBackups(stack, "all", {}),
      (emulator) => {
        for (const [instanceId, age] of [
          [GAUSS, 1],
          [STALE, 100],
          [STALE, 200],
        ] as const) {
          const id = `${String(age).padStart(32, "0")}br14`;
          const of = { service: BackupService.GAUSSDB, instanceId };
          emulator.addBackup({ ...of, id, beginTime: hours(age) });
        }
      },
    );
    const own = model.lanes.filter(({ instanceId }) => [GAUSS, STALE].includes(instanceId!));
    expect(own.map(({ backups }) => backups.length).sort()).toEqual([1, 2]);
    expect(new Set(own.map(({ path }) => path)).size).toBe(2);
    const overdue = model.findings.filter(({ rule }) => rule === RuleId.RPO);
    const newest = own.map(({ backups, path }) => [path, backups[0]!.id]);
    expect(
      newest.map(
        ([path, id]) =>
          overdue.filter(({ evidence, subject }) => subject === path && evidence.includes(id!))
            .length,
      ),
    ).toEqual([1, 1]);
  });

  test("knows nothing of what a stack asks for and the lock has no answer to", () => {
    const { model } = modelOf(
      (stack) => {
        const backups = new RdsBackups(stack, "orders", { instanceId: RDS });
        new RestoreTarget(stack, "target", { backups, onUnmet: Unmet.WARN });
        const late = new RdsBackups(stack, "late", { instanceId: OTHER });
        new RestoreTarget(stack, "fresh", { backups: late, maxAge: Duration.hours(1) });
      },
      (emulator) => {
        for (const [instanceId, age] of [
          [RDS, 5],
          [OTHER, 50],
        ] as const) {
          emulator.addInstance({ service: BackupService.RDS, id: instanceId });
          const id = `${String(age).padStart(32, "0")}br01`;
          const of = { service: BackupService.RDS, instanceId };
          emulator.addBackup({ ...of, id, beginTime: hours(age) });
        }
      },
    );
    expect(model.lanes.map(({ label, problem }) => [label, problem?.slice(0, 12)])).toEqual([
      [`RDS backups of instance ${RDS}`, undefined],
      ["what stack/late asks of RDS", "LOCK_MISSING"],
    ]);
  });

  test("holds every instance to the same rules, and chooses the newest of each", () => {
    const { model } = modelOf(
      (stack) => new RdsBackups(stack, "orders", { instanceId: RDS }),
      (emulator) => {
        for (const [id, age] of Object.entries({ old: 60, late: 30 })) {
          emulator.addBackup({
            ...{ service: BackupService.RDS, id, instanceId: RDS, beginTime: hours(age) },
          });
        }
      },
    );
    const { path } = model.lanes[0]!;
    expect(model.findings.map(({ rule, subject }) => [rule, subject])).toContainEqual([
      "rpo",
      path,
    ]);
    expect(model.decisions.map(({ lane, decision }) => [lane, decision.chosen?.id])).toEqual([
      [path, "late"],
    ]);
  });

  test("shares a list of the whole project out among its instances, where it has the list of these", () => {
    const { model } = modelOf(
      (stack) => {
        new GaussDbBackups(stack, "all", {});
        new Instances(stack, "instances", { service: BackupService.GAUSSDB });
      },
      (emulator) => {
        for (const [id, instanceId] of [
          ["g1", GAUSS],
          ["g2", `x${GAUSS.slice(1)}`],
        ] as const) {
          emulator.addInstance({ service: BackupService.GAUSSDB, id: instanceId });
          emulator.addBackup({
            ...{ service: BackupService.GAUSSDB, id, instanceId, beginTime: hours(3) },
          });
        }
      },
    );
    const listed = model.lanes.map(({ backups, instanceId }) => [instanceId, backups[0]?.id]);
    expect(listed).toEqual(
      expect.arrayContaining([
        [GAUSS, "g1"],
        [`x${GAUSS.slice(1)}`, "g2"],
      ]),
    );
  });

  test("has the windows of an instance beside its backups, and from when on they were asked for", () => {
    const { model } = modelOf(
      (stack) => {
        const backups = new RdsBackups(stack, "orders", {
          ...{ instanceId: RDS, within: Duration.days(2) },
        });
        new RestoreWindows(stack, "windows", { backups, within: Duration.days(1) });
      },
      (emulator) => {
        emulator.addInstance({ service: BackupService.RDS, id: RDS, name: "orders" });
        emulator.setRestoreWindows(BackupService.RDS, RDS, [{ start: hours(20), end: hours(2) }]);
      },
    );
    const lane = model.lanes.find(({ instanceId }) => instanceId === RDS)!;
    expect(lane.since).toEqual(hours(48));
    expect(lane.windows?.some(({ start }) => start.getTime() === hours(20).getTime())).toBe(true);
  });

  test("leaves out an instance that is being created, whether all were listed or one was asked about", () => {
    const { model } = modelOf(
      (stack) => {
        new RdsBackups(stack, "new", { instanceId: RDS });
        new Instances(stack, "instances", { service: BackupService.RDS });
      },
      (emulator) =>
        emulator.addInstanceRecord(BackupService.RDS, { id: RDS, name: "new", status: "BUILD" }),
    );
    expect(model.lanes).toEqual([]);
    expect(model.findings).toEqual([]);
  });

  test("takes what asks for most, and says of a part what it is of", () => {
    const { model } = modelOf(
      (stack) => {
        new RdsBackups(stack, "one", { instanceId: RDS, backupId: "b1" });
        new RdsBackups(stack, "manual", { instanceId: RDS, backupType: BackupKind.MANUAL });
        new RdsBackups(stack, "other", { instanceId: OTHER, backupType: BackupKind.MANUAL });
        new RdsBackups(stack, "all", { instanceId: RDS });
        new Instances(stack, "instances", { service: BackupService.RDS });
      },
      (emulator) => {
        for (const [id, instanceId] of Object.entries({ b1: RDS, b2: RDS, b3: OTHER })) {
          emulator.addBackup({
            ...{ service: BackupService.RDS, id, instanceId, beginTime: hours(5) },
          });
        }
      },
    );
    const told = model.lanes.map(({ backups, label }) => [label, backups.length]);
    expect(told).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(/^RDS instance .*c48e/), 2],
        [`RDS backups of instance ${OTHER} (manual)`, 0],
      ]),
    );
    expect(told).toHaveLength(2);
  });

  test("says by whom, of which text and by which version", () => {
    const { model, text } = modelOf(
      (stack) => new RdsBackups(stack, "orders", { instanceId: RDS }),
      (emulator) => emulator.addInstance({ service: BackupService.RDS, id: RDS }),
    );
    const facts = model.provenance.map(({ name, value }) => `${name}: ${value}`);
    expect(facts[0]).toMatch(
      /^answered by: project [0-9a-f]{32} \(custom, eu-de\) at 127\.0\.0\.1$/,
    );
    expect(facts[1]).toMatch(/^backups\.lock\.json: sha256-[0-9a-f]{64}$/);
    expect(facts[2]).toMatch(/^cdktf-backups: \d+\.\d+\.\d+$/);
    const again = parseLock(text, "it");
    const lock = { name: "backups.lock.json", content: text, lock: again };
    expect(modelOfLock(lock, heldRules([Rule.rpo(Duration.hours(26))])).provenance).toEqual(
      model.provenance,
    );
  });

  test("of an empty lock is empty", () => {
    const lock = {
      name: "l",
      content: "{}",
      lock: { stacks: new Map(), entries: new Map() },
    };
    const model = modelOfLock(lock, heldRules([]));
    expect([model.lanes, model.findings, model.decisions]).toEqual([[], [], []]);
  });
});
