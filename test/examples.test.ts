import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../lib";
import { SAMPLE } from "./support/app";
import { runProgram } from "./support/run-program";

const FOLDER = join(__dirname, "..", "examples");
const HOUR = 3_600_000;

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
  emulator.addInstanceRecord(BackupService.RDS, {
    ...{ id: "9in01", name: "staging", status: "ACTIVE", volume: { size: 4000 } },
    datastore: { type: "MySQL", version: "8.0" },
  });
});
afterAll(() => emulator.close());

async function run(name: string) {
  const result = await runProgram(readFileSync(join(FOLDER, `${name}.ts`), "utf8"), {
    ...emulator.environment,
    ORDERS_ID: SAMPLE.rds,
    LEDGER_ID: SAMPLE.gaussdb,
    SESSIONS_ID: SAMPLE.dcs,
    PRODUCTION: "orders-1",
    STAGING_ID: "9in01",
    BAD_MIGRATION: new Date(Date.now() - 10 * HOUR).toISOString(),
  });
  expect(result.printed).not.toMatch(/error/i);
  expect(result.status).toBe(0);
  return result;
}

describe("an example", () => {
  test("each has a test", () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith(".ts"));
    expect(names.sort()).toEqual([
      "after-a-bad-migration.ts",
      "clone-into-staging.ts",
      "consistent-set.ts",
      "nightly-rehearsal.ts",
      "release-gate.ts",
    ]);
  });

  test("of a release gate lets a healthy release pass", async () => {
    const { config } = await run("release-gate");
    expect(config("release").output.recoverable.value.findings).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ level: "error" })]),
    );
  });

  test("of a nightly rehearsal restores to an instance that follows the pin", async () => {
    const { config, printed } = await run("nightly-rehearsal");
    const { rehearsal } = config("rehearsal").resource.huaweicloud_rds_instance;
    expect(rehearsal.restore.backup_id).toMatch(
      /^\$\{terraform_data\.[\w-]+_gate_\w+\[local\.[\w-]+\]\.input\.backup_id\}$/,
    );
    expect(printed).toMatch(/rehearsal\/orders-target: MET/);
  });

  test("of a point in time goes back to a minute before the migration", async () => {
    const { config, printed } = await run("after-a-bad-migration");
    const { restore } = config("recovery").resource.huaweicloud_rds_restore;
    expect(restore).toMatchObject({ type: "timestamp", target_instance_id: SAMPLE.rds });
    expect(restore).not.toHaveProperty("backup_id");
    expect(printed).toMatch(/moment {3}\d{4}-/);
  });

  test("of a clone names both instances, and spells out the one that is overwritten", async () => {
    const { config, printed } = await run("clone-into-staging");
    const restores = Object.values(config("staging").resource.huaweicloud_rds_restore);
    expect(restores).toEqual([expect.objectContaining({ target_instance_id: "9in01" })]);
    expect(printed).toMatch(/staging\/newest: MET/);
  });

  test("of a consistent set picks one backup of each", async () => {
    const { config, printed } = await run("consistent-set");
    expect(Object.keys(config("disaster").output.shop.value).sort()).toEqual([
      ...["ledger", "orders", "sessions"],
    ]);
    expect(printed).toMatch(/orders: \w+ of [^]*ledger: \w+ of [^]*sessions: /);
  });
});
