import { BackupEmulator, BackupService, Duration, RdsBackups } from "../../lib";
import { appOn, SAMPLE } from "../support/app";

describe("BackupEmulator", () => {
  test("starts at once, on ports of its own, beside others", () => {
    const one = BackupEmulator.start();
    const two = BackupEmulator.start();
    expect(one.endpoints.rds).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.endpoints.rds).not.toBe(two.endpoints.rds);
    one.close();
    two.close();
  });

  test("is a cloud that a provider takes as it is", () => {
    const emulator = BackupEmulator.start();
    const { stack } = appOn(emulator, { cloud: emulator.cloud });
    expect(new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }).latest?.id).toMatch(/br01$/);
    emulator.close();
  });

  test("serves the records that it was given, whole, and no others", () => {
    const record = {
      id: "b1",
      instance_id: "i1",
      type: "auto",
      status: "COMPLETED",
      begin_time: "2026-01-31T00:00:00+0000",
      odd: 1,
    };
    const emulator = BackupEmulator.start({ records: { [BackupService.RDS]: [record] } });
    const { all } = new RdsBackups(appOn(emulator).stack, "rds", { instanceId: "i1" });
    expect(all.map(({ raw }) => raw)).toEqual([record]);
    emulator.close();
  });

  test("knows instances without a backup", () => {
    const emulator = BackupEmulator.start({ instances: { [BackupService.RDS]: ["fresh"] } });
    const { stack } = appOn(emulator);
    expect(new RdsBackups(stack, "rds", { instanceId: "fresh" }).all).toEqual([]);
    emulator.close();
  });

  test("generates the same records from the same seed", () => {
    const ids = (seed: number) => {
      const emulator = BackupEmulator.start({
        seed,
        count: 30,
        now: new Date("2026-01-31T00:00:00Z"),
      });
      const { all } = new RdsBackups(appOn(emulator).stack, "rds", { instanceId: SAMPLE.rds });
      emulator.close();
      return all.map(({ id }) => id);
    };
    expect(ids(3)).toHaveLength(30);
    expect(ids(3)).toEqual(ids(3));
    expect(ids(3)).not.toEqual(ids(4));
  });

  test("adds and removes backups, lets things go wrong, and tells what was asked", () => {
    const emulator = BackupEmulator.start();
    const list = () => new RdsBackups(appOn(emulator).stack, "rds", { instanceId: SAMPLE.rds }).all;
    const [first] = list();
    emulator.addBackupRecord(BackupService.RDS, { ...first!.raw, id: "added" });
    expect(list().map(({ id }) => id)).toContain("added");
    emulator.removeBackup(BackupService.RDS, "added");
    expect(list().map(({ id }) => id)).not.toContain("added");
    emulator.fault({ service: BackupService.RDS, status: 400, body: '{"error_code":"DBS.1"}' });
    expect(list).toThrow(/^REFUSED_BY_SERVICE: .*DBS\.1/);
    emulator.fault({ service: BackupService.RDS, delay: Duration.seconds(0.01) });
    expect(list().length).toBeGreaterThan(0);
    const [last] = emulator.requests.slice(-1);
    expect(last).toContain(`GET ${emulator.endpoints.rds}/v3/${emulator.projectId}/backups?`);
    emulator.close();
  });

  test("refuses what is more than its quota", async () => {
    const quota = { limit: 2, window: Duration.minutes(1), retryAfter: true };
    const emulator = BackupEmulator.start({ quota });
    const ask = () => fetch(`${emulator.endpoints.rds}/nowhere`);
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429]);
    expect(Number(answers[2]?.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    emulator.close();
  });

  test("breaks a connection in the midst of an answer", async () => {
    const emulator = BackupEmulator.start();
    emulator.fault({ disconnect: true });
    const answer = await fetch(`${emulator.endpoints.rds}/nowhere`);
    await expect(answer.text()).rejects.toThrow("terminated");
    emulator.close();
  });

  test("refuses a service that it does not have", () => {
    const emulator = BackupEmulator.start();
    expect(() => emulator.addBackupRecord("ecs" as BackupService, {})).toThrow(
      /^INVALID_SERVICE: "ecs"/,
    );
    emulator.close();
  });
});
