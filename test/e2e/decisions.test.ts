import { LocalBackend } from "cdktf";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupOutputs,
  BackupService,
  Duration,
  RdsBackups,
  RestoreTarget,
  RestoreTargetProps,
  RestoreTrigger,
  Selection,
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

const INSTANCE = "orders";
// eslint-disable-next-line no-control-regex
const STYLE = /(\u001b\[\d+m|[│\s])+/g;

const record = (id: string, begin: Date) => ({
  ...{ id, instance_id: INSTANCE, type: "auto", status: "COMPLETED", size: 1 },
  ...{ begin_time: begin.toISOString(), end_time: begin.toISOString() },
});

/** A stack with a trigger that appends each backup that it restored to a file. */
class Program {
  public readonly folder = temporaryFolder("decisions");
  private readonly log = join(this.folder, "restored");
  private cwd = "";

  constructor(
    private readonly emulator: BackupEmulator,
    private readonly preflight = false,
  ) {}

  /** Synthesises; each time in a folder of its own, with the same state. */
  public synth(target: Partial<RestoreTargetProps>): this {
    // A preflight finds its credentials in the environment of the apply.
    const credentials = this.preflight ? { credentials: undefined } : {};
    const { stack, outdir, synth } = appOn(this.emulator, credentials);
    new LocalBackend(stack, { path: join(this.folder, "terraform.tfstate") });
    const backups = new RdsBackups(stack, "orders", {
      instanceId: INSTANCE,
      outputs: BackupOutputs.NONE,
    });
    new RestoreTrigger(stack, "restore", {
      target: new RestoreTarget(stack, "target", { backups, ...target }),
      command: `echo "$RESTORE_BACKUP_ID" >> ${this.log}`,
      onEveryNewBackup: target.pin === undefined,
      preflight: this.preflight,
    });
    const before = { ...process.env };
    Object.assign(process.env, this.emulator.environment);
    try {
      synth();
    } finally {
      process.env = before;
    }
    this.cwd = join(outdir, "stacks", "stack");
    return this;
  }

  public async run(...args: string[]) {
    const env = { ...this.emulator.environment, TF_CLI_CONFIG_FILE: await nullProvider() };
    succeeded(await terraform(this.cwd, ["init", "-input=false"], env));
    return terraform(this.cwd, args, env);
  }

  /** Everything that was written beside the configuration. */
  public get files(): string[] {
    return readdirSync(this.cwd)
      .filter((name) => /\.(json|js)$/.test(name))
      .map((name) => readFileSync(join(this.cwd, name), "utf8"));
  }

  public get restored(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, "utf8").trim().split("\n") : [];
  }
}

describeWith(nullProviderPrograms(), "through the real terraform", () => {
  let emulator: BackupEmulator;
  beforeAll(() => nullProvider(), 10 * 60_000);
  beforeEach(() => {
    const first = record("b1", new Date(Date.now() - 3_600_000));
    emulator = BackupEmulator.start({ records: { [BackupService.RDS]: [first] } });
  });
  afterEach(() => emulator.close());

  test("a pin holds while the newest backup changes, moves with its epoch, and acts once for a backup", async () => {
    const program = new Program(emulator);
    succeeded(await program.synth({ pin: { epoch: 1 } }).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1"]);

    // Raising the epoch with the same backup does not restore it again.
    succeeded(await program.synth({ pin: { epoch: 2 } }).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1"]);

    emulator.addBackupRecord(BackupService.RDS, record("b2", new Date()));
    // Nothing at all has changed, not even an output.
    const plan = await program.synth({ pin: { epoch: 2 } }).run("plan", "-detailed-exitcode");
    expect(plan).toMatchObject({ code: 0 });
    succeeded(await program.run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1"]);

    succeeded(await program.synth({ pin: { epoch: 3 } }).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1", "b2"]);
  });

  test("a guard passes while the backup is fresh, and stops a saved plan that is applied late before it acts", async () => {
    const program = new Program(emulator);
    const deadline = Duration.seconds(3_600 + 25);
    program.synth({ maxAge: deadline });
    succeeded(await program.run("plan", "-out=saved"));
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const late = await program.run("apply", "saved");
    expect(late.code).toBe(1);
    expect(late.stderr.replace(STYLE, " ")).toContain("was fresh enough until");
    expect(program.restored).toEqual([]);

    // A plan that is made late warns, and its apply stops.
    const plan = await program.run("plan");
    expect(plan.stdout).toContain("known after apply");
    expect((await program.run("apply", "-auto-approve")).code).toBe(1);
    expect(program.restored).toEqual([]);

    emulator.addBackupRecord(BackupService.RDS, record("b2", new Date()));
    succeeded(await program.synth({ maxAge: deadline }).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b2"]);
  });

  test("a guard of a pinned target does not block plans once its backup has been restored and grown old", async () => {
    const program = new Program(emulator);
    const target = { maxAge: Duration.hours(2), pin: { epoch: 1 } };
    succeeded(await program.synth(target).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1"]);
    emulator.addBackupRecord(BackupService.RDS, record("b2", new Date()));
    emulator.removeBackup(BackupService.RDS, "b1");
    succeeded(await program.synth({ ...target, maxAge: Duration.minutes(1) }).run("plan"));
  });

  test("a preflight lets a restore go on whose backup is there, and stops one whose backup has gone or failed", async () => {
    const program = new Program(emulator, true);
    succeeded(await program.synth({ pin: { epoch: 1 } }).run("apply", "-auto-approve"));
    expect(program.restored).toEqual(["b1"]);
    for (const file of program.files) {
      expect(file).not.toContain(emulator.environment["HW_SECRET_KEY"]);
      expect(file).not.toContain(emulator.environment["HW_ACCESS_KEY"]);
    }

    emulator.addBackupRecord(BackupService.RDS, record("b2", new Date()));
    succeeded(await program.synth({ pin: { epoch: 2 } }).run("plan", "-out=saved"));
    emulator.removeBackup(BackupService.RDS, "b2");
    const gone = await program.run("apply", "saved");
    expect(gone.code).toBe(1);
    expect(gone.stdout + gone.stderr).toContain("the backup b2 is gone");
    expect(program.restored).toEqual(["b1"]);

    emulator.addBackupRecord(BackupService.RDS, { ...record("b2", new Date()), status: "FAILED" });
    const failed = await program.run("apply", "-auto-approve");
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain("the backup b2 has failed");
    expect(program.restored).toEqual(["b1"]);
  });

  test("a stale choice is never restored by a later apply, though a newer backup has come", async () => {
    const program = new Program(emulator);
    const target = { maxAge: Duration.seconds(3_600 + 25), pin: { epoch: 1 } };
    succeeded(await program.synth(target).run("plan", "-out=saved"));
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    expect((await program.run("apply", "saved")).code).toBe(1);
    expect(program.restored).toEqual([]);
    emulator.addBackupRecord(BackupService.RDS, record("b2", new Date()));
    succeeded(await program.synth(target).run("apply", "-auto-approve"));
    // The late apply left nothing in the pin, so it takes what is chosen now.
    expect(program.restored).toEqual(["b2"]);
  });

  test("a pin that holds a backup is not restored as a moment, nor again, until the epoch is raised", async () => {
    const program = new Program(emulator);
    const now = Date.now();
    emulator._control({
      ...{ op: "windows", service: "rds", instance: INSTANCE },
      windows: [{ start: now - 3_600_000, end: now - 60_000 }],
    } as never);
    succeeded(await program.synth({ pin: { epoch: 1 } }).run("apply", "-auto-approve"));
    const selection = Selection.pointInTime(new Date(now - 600_000));
    const { code, stderr } = await program
      .synth({ selection, pin: { epoch: 1 } })
      .run("apply", "-auto-approve");
    expect(code).toBe(1);
    expect(stderr.replace(STYLE, " ")).toMatch(
      /The pin of stack\/target holds backup "b1".*That is not what the target asks for now: a moment/,
    );
    expect(program.restored).toEqual(["b1"]);
    succeeded(await program.synth({ selection, pin: { epoch: 2 } }).run("apply", "-auto-approve"));
    expect(program.restored).toHaveLength(2);
  });

  test("forgiving an unmet target lets a person plan and repair, but never restores from it", async () => {
    const program = new Program(emulator);
    const target = { destination: { volumeSizeBytes: 5 }, pin: { epoch: 1 } };
    process.env["CDKTF_BACKUPS_UNMET"] = "warn";
    try {
      succeeded(await program.synth(target).run("plan"));
      const { code, stdout, stderr } = await program.run("apply", "-auto-approve");
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("nothing is restored");
      expect(program.restored).toEqual([]);
    } finally {
      delete process.env["CDKTF_BACKUPS_UNMET"];
    }
  });
});
