import { App, TerraformStack } from "cdktf";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupService,
  Duration,
  EmulatedProviderProps,
  GaussDbBackups,
  LookupMode,
  MemoryLock,
  RdsBackups,
} from "../../lib";
import { captured } from "../support/captured";

const [service, instanceId] = [BackupService.RDS, "orders"];
const beginTime = new Date("2026-01-31T04:00:00Z");

describe("a provider for an emulator", () => {
  let emulator: BackupEmulator;
  beforeEach(() => {
    emulator = BackupEmulator.start();
    emulator.addBackup({ service, instanceId, id: "b1", beginTime });
  });
  afterEach(() => emulator.close());

  function program(props?: EmulatedProviderProps) {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), "provider-")) });
    const provider = BackupProvider.forEmulator(app, emulator, props);
    const backups = new RdsBackups(new TerraformStack(app, "stack"), "orders", { instanceId });
    return { app, provider, backups };
  }

  test("has the queries ask it, writes no lock file and prints nothing", () => {
    const { app, backups } = program();
    expect(captured(() => app.synth())).toBe("");
    expect(backups.all.map(({ id }) => id)).toEqual(["b1"]);
    expect(emulator.requests).toHaveLength(1);
    expect(existsSync("backups.lock.json")).toBe(false);
  });

  test("goes by the clock of the test where it gives one", () => {
    const asOf = new Date("2026-01-31T03:00:00Z");
    expect(program({ asOf }).provider.asOf).toEqual(asOf);
    // What was begun after it is of the future.
    expect(program({ asOf }).backups.latest).toBeUndefined();
    expect(program({ asOf: beginTime }).backups.latest?.id).toBe("b1");
  });

  test("shares a lock with a frozen run where both are given it", () => {
    const lockStore = new MemoryLock();
    program({ lockStore }).app.synth();
    const asked = emulator.requests.length;
    expect(program({ lockStore, mode: LookupMode.FROZEN }).backups.all).toHaveLength(1);
    expect(emulator.requests).toHaveLength(asked);
    expect(() => program({ mode: LookupMode.FROZEN }).backups.all).toThrow(/^LOCK_MISSING/);
  });

  test("may be one of several, of a stack each", () => {
    const other = BackupEmulator.start({ count: 0 });
    other.addBackup({ service: BackupService.GAUSSDB, id: "g1", instanceId: "g", beginTime });
    const { app, backups } = program({ id: "ours" });
    const stack = new TerraformStack(app, "theirs");
    BackupProvider.forEmulator(stack, other);
    expect(new GaussDbBackups(stack, "g").all.map(({ id }) => id)).toEqual(["g1"]);
    expect(backups.latest?.id).toBe("b1");
    other.close();
  });

  test("waits for an answer that never comes no longer than it is told", () => {
    emulator.fault({ service, hang: true, times: -1 });
    const timeout = Duration.seconds(1);
    expect(() => program({ timeout }).backups.all).toThrow(/^DEADLINE_EXCEEDED/);
  });

  test("shows a service that fails each time", () => {
    emulator.fault({ service, status: 500, times: -1 });
    expect(() => program().backups.all).toThrow(/^SERVICE_FAILED/);
  });
});
