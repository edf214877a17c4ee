import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService, MemoryLock, RdsBackups } from "../../../lib";
import { formatLock } from "../../../lib/lock/format";
import { appOn } from "../../support/app";
import { runCommand } from "../../support/command";
import { lockOf } from "../../support/locks";
import { temporaryFolder } from "../../support/programs";

const NOW = new Date("2026-01-31T06:00:00Z");
const hours = (count: number) => new Date(NOW.getTime() - count * 3_600_000);
const ORDERS = "c48e43ff268f4c0e879652d65e63d0fbin01";
const CUSTOMERS = "d48e43ff268f4c0e879652d65e63d0fbin01";

describe("report", () => {
  let emulator: BackupEmulator;
  beforeEach(() => {
    emulator = BackupEmulator.start({ now: NOW, records: { rds: [] } });
    emulator.addInstance({ service: BackupService.RDS, id: ORDERS, name: "orders" });
    emulator.addInstance({ service: BackupService.RDS, id: CUSTOMERS, name: "customers" });
    for (const [instanceId, age] of [
      [ORDERS, 29],
      [CUSTOMERS, 5],
    ] as const) {
      const id = `${age}`.padEnd(32, "a") + "br01";
      emulator.addBackup({ service: BackupService.RDS, id, instanceId, beginTime: hours(age) });
    }
  });
  afterEach(() => emulator.close());

  const report = (...args: string[]) =>
    runCommand(["report", ...args], { env: emulator.environment, cwd: temporaryFolder("report") });
  const asOf = ["--as-of", NOW.toISOString()];

  test("says on top who meets the RPO and who does not, and by how much", async () => {
    const { exit, stderr, stdout } = await report("rds", "--rpo", "26h", ...asOf);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(stdout).toContain("1 of 2 instances meets its RPO; orders is 3 h over.");
  });

  test("writes the page beside the text, whole", async () => {
    const file = join(temporaryFolder("page"), "recovery.html");
    const args = ["rds", "--title", "Nightly </title><script>", "--out", `html=${file}`, ...asOf];
    expect((await report(...args)).exit).toBe(0);
    const page = readFileSync(file, "utf8");
    expect(page.endsWith("</html>\n")).toBe(true);
    expect(page.includes("orders is 3 h over")).toBe(true);
    expect(page.includes("Nightly </title><script>")).toBe(false);
  });

  test("shows what failed as not known, and ends with 3", async () => {
    emulator.fault({ service: BackupService.DDS, status: 403, times: -1 });
    const { exit, stderr, stdout } = await report("rds", "dds", ...asOf);
    expect(exit).toBe(3);
    expect(stderr).toContain("NOT_PERMITTED");
    expect(stdout).toContain("nothing is known of 1: DDS, all instances");
    expect(stdout).toContain("orders is 3 h over");
  });

  test("keeps the others of a service where one instance's list fails", async () => {
    const ids = ["a", "b"].map((letter) => `${letter.repeat(32)}in01`);
    for (const id of ids) {
      emulator.addInstance({ service: BackupService.RDS, id, name: `${id[0]}-one` });
      const of = { service: BackupService.RDS, instanceId: id };
      emulator.addBackup({ ...of, id: id.replace("in", "br"), beginTime: hours(3) });
    }
    const path = `instance_id=${ids[0]}`;
    emulator.fault({ service: BackupService.RDS, path, status: 403, times: -1 });
    const { exit, stdout } = await report("rds", ...asOf);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/nothing is known of 1: (GeminiDB instance )?a-one/);
    expect(stdout).toContain("b-one");
    expect(stdout).not.toContain("all instances");
  });

  test("of a lock asks nobody, and is the same text each time", async () => {
    const lockStore = new MemoryLock();
    const { app, stack } = appOn(emulator, { projectId: emulator.projectId, lockStore, asOf: NOW });
    new RdsBackups(stack, "orders", { instanceId: ORDERS });
    app.synth();
    const file = join(temporaryFolder("lock"), "backups.lock.json");
    writeFileSync(file, lockStore.read()!);
    emulator.close();
    const [first, second] = [await report("--lock", file), await report("--lock", file)];
    expect(first.exit).toBe(0);
    expect(first.stdout).toContain(`RDS backups of instance ${ORDERS}`);
    expect(second.stdout).toBe(first.stdout);
  });

  test("refuses a lock that holds no lookup of backups, as check does", async () => {
    const file = join(temporaryFolder("empty"), "backups.lock.json");
    writeFileSync(file, formatLock(lockOf([])));
    const { exit, stderr, stdout } = await report("--lock", file);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^LOCK_MISSING: \S+backups\.lock\.json holds no lookup of backups/);
  });

  test.each([
    ["nothing to report on", []],
    ["services beside a lock", ["rds", "--lock", "backups.lock.json"]],
    ["a project beside a lock", ["--lock", "backups.lock.json", "--project-name", "eu-de"]],
    ["a time beside a lock", ["--lock", "backups.lock.json", "--within", "7d"]],
    ["a lock that is not there", ["--lock", "backups.lock.json"]],
    ["a service that is none", ["rsd"]],
    ["an RPO that is no duration", ["rds", "--rpo", "soon"]],
    ["a stretch that is shorter than the RPO", ["rds", "--within", "1h"]],
    ["a folder that is not there", ["rds", "--out", "html=none/recovery.html"]],
  ])("refuses %s with 1, before anything is asked", async (_what, args) => {
    const { exit, stderr, stdout } = await report(...args);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^(INVALID_ARGUMENT|LOCK_UNREADABLE|OUTPUT_NOT_WRITTEN): /);
    expect(emulator.requests).toEqual([]);
  });
});
