import {
  BackupEmulator,
  BackupService,
  DcsBackups,
  Duration,
  GaussDbBackups,
  LookupMode,
  MemoryLock,
  RdsBackups,
  RestoreWindows,
  RestoreWindowsProps,
} from "../../lib";
import { appOn, SAMPLE } from "../support/app";

const NOW = new Date("2026-01-31T12:00:00Z");
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start({ now: NOW });
  emulator.addInstanceRecord(BackupService.RDS, { id: "i", name: "orders", status: "ACTIVE" });
  // Two windows, what is too long ago, and what is still to come.
  const windows = [
    [200, 150],
    [60, 40],
    [30, -1],
  ].map(([start, end]) => ({ start: ago(start!).getTime(), end: ago(end!).getTime() }));
  for (const service of ["rds", "gaussDb"]) {
    emulator._control({ op: "windows", service, instance: "i", windows } as never);
  }
});
afterEach(() => emulator.close());

const { RDS } = BackupService;
const within = Duration.hours(50);

function windowsOf(props: RestoreWindowsProps) {
  const { stack, app } = appOn(emulator, { asOf: NOW });
  return { app, windows: new RestoreWindows(stack, "windows", props) };
}

describe("the restore windows of an instance", () => {
  test("are those of the past days, up to now, with what lies between them", () => {
    const { windows } = windowsOf({ service: RDS, instanceId: "i", within });
    expect(windows.all).toEqual([
      { start: ago(50), end: ago(40) },
      { start: ago(30), end: NOW },
    ]);
    expect(windows.earliest).toEqual(ago(50));
    expect(windows.latest).toEqual(NOW);
    expect(windows.gaps).toEqual([{ start: ago(40), end: ago(30) }]);
  });

  test("are those of the last seven days unless something else is said", () => {
    const { windows } = windowsOf({ service: RDS, instanceId: "i" });
    expect(windows.all.map(({ start }) => start)).toEqual([ago(168), ago(60), ago(30)]);
  });

  test("are asked for in the batch of the lists, by a query's instance as well, be it named", () => {
    const { stack } = appOn(emulator, { asOf: NOW });
    const of = (instance: object) => ({
      backups: new RdsBackups(stack, `q${Object.keys(instance)[0]}`, instance),
    });
    const byId = new RestoreWindows(stack, "byId", { ...of({ instanceId: "i" }), within });
    const byName = new RestoreWindows(stack, "byName", {
      ...of({ instanceName: "orders" }),
      within,
    });
    expect(byName.all).toEqual(byId.all);
    const days = emulator._requests().filter(({ url }: any) => /restore-time/.test(String(url)));
    expect(days).toHaveLength(4);
  });

  test("may be none", () => {
    const { windows } = windowsOf({ service: RDS, instanceId: "i", within: Duration.hours(1) });
    emulator._control({ op: "windows", service: "rds", instance: "i", windows: [] } as never);
    expect([windows.all, windows.earliest, windows.latest, windows.gaps]).toEqual([
      ...[[], undefined, undefined, []],
    ]);
  });

  test("stand in the lock, and are the same out of it on a frozen run", () => {
    const lockStore = new MemoryLock();
    const read = (mode: LookupMode) => {
      const { app, stack } = appOn(emulator, { asOf: NOW, lockStore, mode });
      const windows = new RestoreWindows(stack, "windows", { service: RDS, instanceId: "i" });
      const { all } = windows;
      app.synth();
      return all;
    };
    const live = read(LookupMode.LIVE);
    const sent = emulator._requests().length;
    expect(read(LookupMode.FROZEN)).toEqual(live);
    expect(emulator._requests()).toHaveLength(sent);
  });

  test("whose lookup failed fail the synthesis where they stand", () => {
    const { app, windows } = windowsOf({ service: RDS, instanceId: "nobody" });
    expect(() => windows.all).toThrow(/^INSTANCE_NOT_FOUND/);
    expect(() => app.synth()).toThrow(/\[stack\/windows\] INSTANCE_NOT_FOUND/);
  });

  test.each([
    [
      "a service that has none",
      { service: BackupService.DCS, instanceId: "i" },
      /^NO_POINT_IN_TIME: dcs/,
    ],
    ["nothing", {}, /^INVALID_SERVICE: the restore windows are of no service/],
    ["no service that is known", { service: "ecs" }, /^INVALID_SERVICE: service is "ecs"/],
    ["a service without an instance", { service: RDS }, /^INVALID_ID: instanceId is missing/],
    [
      "a stretch of nothing",
      { service: RDS, instanceId: "i", within: Duration.hours(0) },
      /^INVALID_DURATION/,
    ],
    [
      "more than a year",
      { service: RDS, instanceId: "i", within: Duration.days(367) },
      /^INVALID_DURATION/,
    ],
    ["no query", { backups: "orders" }, /^INVALID_PROPERTY: backups is "orders"/],
  ])("of %s are refused", (_what, props, message) => {
    expect(() => windowsOf(props as RestoreWindowsProps)).toThrow(message);
    expect(emulator._requests()).toEqual([]);
  });

  test("of a query that names no instance, or beside another instance, are refused", () => {
    const { stack } = appOn(emulator);
    const backups = new GaussDbBackups(stack, "all");
    expect(() => new RestoreWindows(stack, "a", { backups })).toThrow(/^NO_INSTANCE/);
    const cache = new DcsBackups(stack, "cache", { instanceId: SAMPLE.dcs });
    expect(() => new RestoreWindows(stack, "b", { backups: cache })).toThrow(/^NO_POINT_IN_TIME/);
    expect(() => new RestoreWindows(stack, "c", { backups, instanceId: "i" })).toThrow(
      /^INVALID_PROPERTY: instanceId stands beside backups/,
    );
  });
});
