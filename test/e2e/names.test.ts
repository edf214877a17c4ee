import { LocalBackend } from "cdktf";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProviderProps,
  BackupService,
  Duration,
  Instances,
  LookupMode,
  MemoryLock,
  RdsBackups,
  RestoreTarget,
  RestoreTrigger,
} from "../../lib";
import { appOn } from "../support/app";
import {
  describeWith,
  nullProvider,
  nullProviderPrograms,
  succeeded,
  temporaryFolder,
  terraform,
} from "../support/terraform";

jest.setTimeout(5 * 60_000);

const { RDS } = BackupService;
const instance = (id: string, name: string) => ({
  ...{ id, name, status: "ACTIVE", datastore: { type: "MySQL", version: "8.0" } },
  ...{ volume: { size: 100 }, backup_strategy: { keep_days: 7, start_time: "22:00-23:00" } },
});
const backup = (id: string, instance_id: string) => {
  const time = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  return {
    ...{ id, instance_id, type: "auto", status: "COMPLETED", size: 1 },
    ...{ datastore: { type: "MySQL", version: "8.0" } },
    ...{ begin_time: time(90), end_time: time(60) },
  };
};

describeWith(nullProviderPrograms(), "a program that names two instances and never an id", () => {
  const folder = temporaryFolder("names");
  const log = join(folder, "restored");
  const lockStore = new MemoryLock();
  let emulator: BackupEmulator;
  let cwd = "";

  beforeAll(() => {
    emulator = BackupEmulator.start({
      records: { [RDS]: [backup("b1", "1in01"), backup("b2", "2in01")] },
      instanceRecords: { [RDS]: [instance("1in01", "production"), instance("3in01", "staging")] },
    });
  });
  afterAll(() => emulator.close());

  function synth(settings: BackupProviderProps = {}, epoch = 1) {
    const { projectId } = emulator;
    const { stack, outdir, synth } = appOn(emulator, { lockStore, projectId, ...settings });
    new LocalBackend(stack, { path: join(folder, "terraform.tfstate") });
    const production = new RdsBackups(stack, "production", { instanceName: "production" });
    const staging = new Instances(stack, "staging", { service: RDS, name: "staging" });
    const target = new RestoreTarget(stack, "newest", {
      backups: production,
      onto: staging,
      maxAge: Duration.hours(26),
      mustLastFor: Duration.days(1),
      pin: { epoch },
    });
    new RestoreTrigger(stack, "clone", {
      target,
      command: `echo "$RESTORE_BACKUP_ID onto ${staging.only.id}" >> ${log}`,
    });
    cwd = join(outdir, "stacks", "stack");
    return synth();
  }

  const run = async (...args: string[]) =>
    terraform(cwd, args, { TF_CLI_CONFIG_FILE: await nullProvider() });
  const plan = async () => {
    succeeded(await run("init"));
    return run("plan", "-no-color", "-detailed-exitcode");
  };

  test("restores the newest backup of the one onto the other", async () => {
    synth();
    expect((await plan()).code).toBe(2);
    succeeded(await run("apply", "-auto-approve"));
    expect(readFileSync(log, "utf8")).toBe("b1 onto 3in01\n");
  });

  test("has nothing to do on a frozen run, which asks nobody", async () => {
    const known = emulator.requests.length;
    synth({ mode: LookupMode.FROZEN });
    expect(emulator.requests).toHaveLength(known);
    expect((await plan()).code).toBe(0);
  });

  test("does nothing where a name leads to another instance, until the epoch is raised", async () => {
    emulator.addInstanceRecord(RDS, instance("1in01", "production-old"));
    emulator.addInstanceRecord(RDS, instance("2in01", "production"));
    synth({ mode: LookupMode.LIVE });
    const refused = await plan();
    expect(refused.code).toBe(1);
    expect((refused.stdout + refused.stderr).replace(/[│\s]+/g, " ")).toMatch(
      /The pin of stack\/newest holds backup "b1".* of rds instance "1in01"\. That is not what the target asks for now: a backup of rds instance "2in01"/,
    );
    expect(existsSync(log) && readFileSync(log, "utf8")).toBe("b1 onto 3in01\n");
    synth({ mode: LookupMode.LIVE }, 2);
    expect((await plan()).code).toBe(2);
    succeeded(await run("apply", "-auto-approve"));
    expect(readFileSync(log, "utf8")).toBe("b1 onto 3in01\nb2 onto 3in01\n");
  });
});
