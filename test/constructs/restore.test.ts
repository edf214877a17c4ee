import { provider as nullProvider } from "@cdktf/provider-null";
import { App, Aspects, TerraformStack, Testing } from "cdktf";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupProviderProps,
  BackupService,
  Duration,
  DcsBackups,
  GaussDbBackups,
  GeminiDbBackups,
  MemoryLock,
  NewInstanceRestore,
  RdsBackups,
  RecoveryPolicy,
  RecoveryReport,
  RestoreTarget,
  RestoreTargetProps,
  RestoreTrigger,
  Selection,
  TaurusDbIncrementalBackups,
  Unmet,
} from "../../lib";
import { appOn, SAMPLE, settingsFor } from "../support/app";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

describe("RestoreTarget", () => {
  test("is the newest backup that a restore can start from", () => {
    const { stack } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const target = new RestoreTarget(stack, "target", { backups });
    expect(target.isMet).toBe(true);
    expect(target.backup).toBe(backups.latest);
  });

  test("that nothing meets is safe to ask, an error to read, and fails the synthesis", () => {
    const { stack, app } = appOn(emulator);
    const backups = new TaurusDbIncrementalBackups(stack, "logs", { instanceId: SAMPLE.taurusdb });
    const selection = Selection.latest();
    const target = new RestoreTarget(stack, "target", { backups, selection });
    new RestoreTrigger(stack, "trigger", { target });
    expect(target.isMet).toBe(false);
    expect(() => target.backup).toThrow(
      /^NO_RESTORABLE_BACKUP: a restore could start from none of the 43 backups .*The nearest: \w+ is incremental/,
    );
    expect(() => app.synth()).toThrow(/\[stack\/target\] NO_RESTORABLE_BACKUP/);
  });

  test("doesn't choose among several instances: the newest of them is of none in particular", () => {
    const { stack } = appOn(emulator);
    const backups = new GaussDbBackups(stack, "gaussdb");
    const target = new RestoreTarget(stack, "target", { backups });
    expect(() => target.backup).toThrow(/^SEVERAL_INSTANCES: .*of 2 instances/);
  });

  test("leaves a failed lookup to be reported by its query, once", () => {
    const { stack, app } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: "nobody" });
    const target = new RestoreTarget(stack, "target", { backups });
    new RestoreTrigger(stack, "trigger", { target });
    expect(target.isMet).toBe(false);
    expect(() => app.synth()).toThrow(/\[stack\/rds\] INSTANCE_NOT_FOUND/);
    expect(() => app.synth()).not.toThrow(/\[stack\/target\]/);
  });
});

test("a target is safe to ask where no cloud is known, and the query says so", () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "no-cloud-")) });
  const stack = new TerraformStack(app, "stack");
  new BackupProvider(app, "p", { lockStore: new MemoryLock() });
  const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  const target = new RestoreTarget(stack, "target", { backups });
  expect(target.isMet).toBe(false);
  expect(() => app.synth()).toThrow(/\[stack\/rds\] NO_/);
  expect(() => app.synth()).not.toThrow(/\[stack\/target\]/);
});

describe("a clock that differs from the service's", () => {
  const skewed = (hours: number, props: BackupProviderProps = {}) => {
    const date = new Date(Date.now() + hours * 3_600_000).toUTCString();
    emulator.fault({ service: BackupService.RDS, headers: { date }, times: -1 });
    const { stack } = appOn(emulator, props);
    return new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  };

  test.each([
    [
      48.01,
      /^CLOCK_SKEW: this machine's clock is 2 days behind the service's, so no age can be told/,
    ],
    [-0.5, /^CLOCK_SKEW: this machine's clock is 30 min ahead of the service's/],
  ])("by %d h decides nothing", (hours, message) => {
    expect(() => skewed(hours).latest).toThrow(message);
  });

  test("by some minutes, or where the program says the moment, is of no account", () => {
    expect(skewed(0.2).latest).toBeDefined();
    expect(skewed(48, { asOf: new Date() }).latest).toBeDefined();
  });
});

test("what is declared after the synthesis is an error, as nothing of it would be written", () => {
  const { stack, synth } = appOn(emulator);
  const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  synth();
  const late = [
    () => new RdsBackups(stack, "query", { instanceId: SAMPLE.rds }),
    () => new RestoreTarget(stack, "another", { backups }),
    () => new RecoveryPolicy(stack, "policy", { queries: [backups] }),
  ];
  for (const declare of late) {
    expect(declare).toThrow(/^AFTER_SYNTHESIS: .* is declared after the app was synthesised/);
  }
});

test("so it is in a stack that held nothing of the library when it was written", () => {
  const { app, stack } = appOn(emulator);
  const other = new TerraformStack(app, "other");
  new RdsBackups(other, "rds", { instanceId: SAMPLE.rds });
  app.synth();
  const [single, empty] = [appOn(emulator), appOn(emulator).stack];
  single.synth();
  for (const each of [stack, single.stack]) {
    const declare = () => new RdsBackups(each, "rds", { instanceId: SAMPLE.rds });
    expect(declare).toThrow(/^AFTER_SYNTHESIS: a query of backups is declared after the app was/);
  }
  expect(() => new RdsBackups(empty, "rds", { instanceId: SAMPLE.rds })).not.toThrow();
});

test("a program that synthesises twice may declare in between what the second one writes first", () => {
  const { app, stack, synth } = appOn(emulator);
  // Neither a look into the manifest nor `Testing.synth` writes anything.
  expect(app.manifest.forStack(stack).name).toBe("stack");
  expect(JSON.parse(Testing.synth(stack))).toEqual({});
  new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  expect(synth().output.rds.value.count).toBeGreaterThan(0);
  const later = new TerraformStack(app, "later");
  new RdsBackups(later, "rds", { instanceId: SAMPLE.rds });
  synth();
  expect(() => new RecoveryReport(later, "report")).toThrow(/^AFTER_SYNTHESIS/);
});

test("what an aspect adds to a stack, while another one is written already, is written with it", () => {
  const { app, outdir, stack, synth } = appOn(emulator);
  const stacks = [stack, new TerraformStack(app, "later")];
  for (const each of stacks) {
    const backups = new RdsBackups(each, "rds", { instanceId: SAMPLE.rds });
    Aspects.of(each).add({
      visit: (node) => node === each && new RestoreTarget(each, "target", { backups }),
    });
  }
  synth();
  const written = readFileSync(join(outdir, "stacks", "later", "cdk.tf.json"), "utf8");
  expect(JSON.parse(written).output.target.value.backup.service).toBe("rds");
});

test("a test runner that forgets its modules between two apps changes nothing", () => {
  jest.resetModules();
  const { stack, synth } = appOn(emulator);
  new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  expect(synth().output.rds.value.count).toBeGreaterThan(0);
});

describe("RestoreTrigger", () => {
  const triggered = (more?: (stack: TerraformStack) => void) => {
    const { stack, synth } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const target = new RestoreTarget(stack, "target", { backups });
    new RestoreTrigger(stack, "restore", { target });
    more?.(stack);
    return { config: synth(), latest: backups.latest! };
  };

  test("is a null_resource whose triggers are the chosen backup's id, instance and time", () => {
    const { config, latest } = triggered();
    const { triggers } = config.resource.null_resource.restore;
    expect({ triggers }).toEqual({
      triggers: {
        backup_id: latest.id,
        instance_id: SAMPLE.rds,
        begin_time: latest.beginTime!.toISOString().replace(".000", ""),
      },
    });
  });

  test("brings the NullProvider, once for all triggers of the stack", () => {
    const { config } = triggered((stack) => {
      const backups = new RdsBackups(stack, "rds2", { instanceId: SAMPLE.rds });
      const target = new RestoreTarget(stack, "target2", { backups });
      new RestoreTrigger(stack, "restore2", { target });
    });
    expect(config.provider).toEqual({ null: [{}] });
    expect(Object.keys(config.resource.null_resource)).toEqual(["restore", "restore2"]);
  });

  test("takes the user's NullProvider, also one that comes after it", () => {
    const { config } = triggered((stack) => new nullProvider.NullProvider(stack, "mine"));
    expect(config.provider).toEqual({ null: [{}] });
  });

  test("brings a default beside one that has an alias", () => {
    const { config } = triggered(
      (stack) => new nullProvider.NullProvider(stack, "mine", { alias: "a" }),
    );
    expect(config.provider.null).toHaveLength(2);
  });

  test("changes when, and only when, the choice changes", () => {
    const triggers = () => triggered().config.resource.null_resource.restore.triggers;
    const before = triggers();
    const [sample] = new RdsBackups(appOn(emulator).stack, "x", { instanceId: SAMPLE.rds }).all;
    const record = {
      ...sample!.raw,
      begin_time: new Date().toISOString(),
      end_time: new Date().toISOString(),
    };
    emulator.addBackupRecord(BackupService.RDS, {
      ...record,
      id: "failed",
      status: "FAILED",
      type: "auto",
    });
    expect(triggers()).toEqual(before);
    emulator.addBackupRecord(BackupService.RDS, {
      ...record,
      id: "newer",
      status: "COMPLETED",
      type: "auto",
    });
    expect(triggers()).toMatchObject({ backup_id: "newer" });
  });
});

describe("a target that is not good enough", () => {
  const tooOld = (more: Partial<RestoreTargetProps> = {}) => {
    const { stack, app, synth, outdir } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const target = new RestoreTarget(stack, "target", {
      backups,
      maxAge: Duration.minutes(1),
      ...more,
    });
    return { stack, app, synth, outdir, target, backups };
  };

  test("fails the synthesis, and its backup can still be read", () => {
    const { app, target, backups } = tooOld();
    expect(target.isMet).toBe(false);
    expect(target.backup).toBe(backups.latest);
    expect(() => app.synth()).toThrow(
      /\[stack\/target\] BACKUP_NOT_GOOD_ENOUGH: the chosen backup \w+ falls short: it is \d+ h.* old, more than the 1 min/,
    );
  });

  test("is a warning where that was said, and its backup stands in the output", () => {
    const { synth, backups } = tooOld({ onUnmet: Unmet.WARN });
    expect(synth().output.target.value).toMatchObject({ backup: { id: backups.latest!.id } });
  });

  test("is a warning where the environment says so, to destroy or repair", () => {
    process.env["CDKTF_BACKUPS_UNMET"] = "warn";
    try {
      expect(() => tooOld().app.synth()).not.toThrow();
    } finally {
      delete process.env["CDKTF_BACKUPS_UNMET"];
    }
  });

  test("doesn't let a command act, whatever onUnmet says", () => {
    const { stack, target, app } = tooOld({ onUnmet: Unmet.WARN, pin: { epoch: 1 } });
    new RestoreTrigger(stack, "restore", { target, command: "./restore.sh" });
    expect(() => app.synth()).toThrow(
      /^[^]*\[stack\/target\] BACKUP_NOT_GOOD_ENOUGH.*whatever onUnmet says: stack\/restore\./,
    );
  });

  test.each([Unmet.FAIL, Unmet.WARN])("with onUnmet %s is told once, whatever acts", (onUnmet) => {
    const { stack, target, app } = tooOld({ onUnmet, pin: { epoch: 1 } });
    new RestoreTrigger(stack, "one", { target, command: "./restore.sh" });
    new RestoreTrigger(stack, "two", { target, command: "./restore.sh" });
    NewInstanceRestore.huaweicloudRds({ target });
    let told = "";
    try {
      app.synth();
    } catch (error) {
      told = String(error);
    }
    expect(told.match(/BACKUP_NOT_GOOD_ENOUGH/g)).toHaveLength(1);
  });

  test("leaves a healthy stack beside it alone, and all failures are told at once", () => {
    const { app, stack } = tooOld();
    const healthy = new TerraformStack(app, "healthy");
    new RdsBackups(healthy, "rds", { instanceId: SAMPLE.rds });
    const backups = new TaurusDbIncrementalBackups(stack, "logs", { instanceId: SAMPLE.taurusdb });
    new RestoreTarget(stack, "second", { backups, selection: Selection.latest() });
    expect(() => app.synth()).toThrow(
      /\[stack\/target\] BACKUP_NOT[^]*\[stack\/second\] NO_RESTORABLE_BACKUP/,
    );
  });

  test("writes its decision beside the stack's configuration, never into it", () => {
    const { synth, outdir, backups, target } = tooOld({ onUnmet: Unmet.WARN });
    const config = JSON.stringify(synth());
    const file = join(outdir, "stacks", "stack", "restore-decisions.json");
    const decisions = JSON.parse(readFileSync(file, "utf8"));
    expect(decisions["stack/target"]).toEqual(target.decision.toJson());
    expect(decisions["stack/target"].rejected).toHaveLength(backups.all.length - 1);
    expect(config).not.toContain(decisions["stack/target"].as_of);
  });
});

/** Each `terraform_data` by its name without the hash. */
const dataOf = (config: any): { [name: string]: any } =>
  Object.fromEntries(
    Object.entries(config.resource.terraform_data).map(([name, data]) => [
      name.replace(/_[0-9A-F]{8}$/, ""),
      data,
    ]),
  );

describe("a pin", () => {
  const pinned = (epoch: number) => {
    const { stack, synth } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const maxAge = Duration.days(3);
    const target = new RestoreTarget(stack, "target", { backups, maxAge, pin: { epoch } });
    new RestoreTrigger(stack, "restore", { target, command: "true" });
    return { config: synth(), latest: backups.latest! };
  };

  test("is terraform_data that keeps its first input; what acts reads the pin", () => {
    const { config, latest } = pinned(3);
    const { target_pin: pin, target_admission: admission, restore_gate: gate } = dataOf(config);
    expect(pin).toMatchObject({
      input: { service: "rds", backup_id: latest.id, instance_id: SAMPLE.rds, problem: "" },
      triggers_replace: [3],
      lifecycle: { ignore_changes: ["input"], create_before_destroy: true },
      depends_on: [expect.stringMatching(/^terraform_data\.target_admission_/)],
    });
    // What is unfit is refused before the pin is touched, so that nothing of it stays.
    expect(admission).toMatchObject({ for_each: '${toset(["3"])}', input: { problem: "" } });
    expect(admission.provisioner[0]["local-exec"].command).toContain(
      "timecmp(timestamp(), self.input",
    );
    expect(gate.input.backup_id).toMatch(
      /^\$\{terraform_data\.target_pin_\w+\.input\.backup_id\}$/,
    );
    // By what is pinned, and by how old it may be today.
    expect(gate.input.fresh_until).toMatch(
      /^\$\{try\(timeadd\(coalesce\(terraform_data\.target_pin_\w+\.input\.restore_time, terraform_data\.target_pin_\w+\.input\.begin_time\), "259200000ms"\), "1970/,
    );
    const { triggers, provisioner, lifecycle } = config.resource.null_resource.restore;
    const passed = triggers.backup_id.replace("backup_id", "");
    expect(passed).toMatch(
      /^\$\{terraform_data\.restore_gate_\w+\[local\.restore_key_\w+\]\.input\.\}$/,
    );
    // First what only runs when the command is about to: is what the pin holds still fresh?
    expect(provisioner[0]["local-exec"].command).toMatch(
      /timecmp\(timestamp\(\), terraform_data\.restore_gate_\w+\[local\.restore_key_\w+\]\.input\.fresh_until\)/,
    );
    expect(provisioner[1]["local-exec"].environment).toMatchObject({
      RESTORE_BACKUP_ID: triggers.backup_id,
      RESTORE_DECISION: triggers.backup_id.replace("backup_id", "decision"),
    });
    expect(pin.input.decision).toMatch(/^wanted: the newest backup; because it is/);
    // No precondition stands in the way of a stack that has nothing to do.
    expect(lifecycle).toEqual({
      create_before_destroy: true,
      ignore_changes: ['triggers["begin_time"]'],
    });
  });

  test("of the same backup has the same bytes at another time of day", async () => {
    const before = JSON.stringify(pinned(1).config);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(JSON.stringify(pinned(1).config)).toBe(before);
  });

  test("whose choice is no longer today's says so on standard output and in the decision file", () => {
    const { app, stack, outdir } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 } });
    app.synth();
    const first = backups.latest!;
    const now = new Date().toISOString();
    const newer = { ...first.raw, id: "newer", begin_time: now, end_time: now };
    emulator.addBackupRecord(BackupService.RDS, newer);
    const again = new App({ outdir });
    new BackupProvider(again, "p", settingsFor(emulator));
    const same = new TerraformStack(again, "stack");
    const query = new RdsBackups(same, "rds", { instanceId: SAMPLE.rds });
    new RestoreTarget(same, "target", { backups: query, pin: { epoch: 1 } });
    const printed = jest.spyOn(process.stdout, "write").mockImplementation(() => true);
    again.synth();
    const lines = printed.mock.calls.join("");
    printed.mockRestore();
    expect(lines).toContain(
      `stack/target: under epoch 1 this folder saw ${first.id} first; today's choice would be newer`,
    );
    const file = join(outdir, "stacks", "stack", "restore-decisions.json");
    expect(JSON.parse(readFileSync(file, "utf8"))["stack/target"]).toMatchObject({
      chosen: { id: "newer" },
      pinned: { epoch: 1, first_seen: first.id, differs: true },
    });
  });

  test.each([
    '{"stack/target":{"pinned":{"epoch":1,"first_seen":42}}}',
    '{"stack/target":{"pinned":{"epoch":"1","first_seen":"b"}}}',
    '{"stack/target":{"pinned":null}}',
    '{"stack/target":"b"}',
    '{"stack/target":null}',
    "[1]",
    '"text"',
    "42",
    "{",
  ])("takes %s in the decision file for none", (text) => {
    const { app, stack, outdir } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 } });
    const file = join(outdir, "stacks", "stack", "restore-decisions.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    app.synth();
    expect(JSON.parse(readFileSync(file, "utf8"))["stack/target"]).toMatchObject({
      pinned: { epoch: 1, first_seen: backups.latest!.id, differs: false },
    });
  });

  test.each([-1, 1.5, NaN])("with the epoch %d is refused", (epoch) => {
    expect(() => pinned(epoch)).toThrow(/^INVALID_PIN: pin.epoch is/);
  });
});

test("a target warns at plan by a check block, where that is asked for", () => {
  const { stack, synth } = appOn(emulator);
  const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  new RestoreTarget(stack, "target", { backups, maxAge: Duration.days(3), warnAtPlan: true });
  const [check] = Object.values<any>(synth().check);
  expect(check.assert).toEqual([
    {
      condition: expect.stringMatching(/^\$\{timecmp\(plantimestamp\(\), local\.[\w-]+\) <= 0\}$/),
      error_message: expect.stringContaining("was fresh enough until"),
    },
  ]);
});

describe("a command", () => {
  const withCommand = (props: object) => {
    const { stack } = appOn(emulator);
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const target = new RestoreTarget(stack, "target", { backups });
    return () => new RestoreTrigger(stack, "restore", { target, command: "true", ...props });
  };

  test("that would run at every newer backup has to be asked for", () => {
    expect(withCommand({})).toThrow(/^NOT_PINNED: .*onEveryNewBackup: true/);
    expect(withCommand({ onEveryNewBackup: true })).not.toThrow();
  });

  test("with a preflight can't use credentials that are written in the program", () => {
    expect(withCommand({ onEveryNewBackup: true, preflight: true })).toThrow(
      /^PREFLIGHT_CREDENTIALS/,
    );
  });

  test.each([
    ["preflight", { preflight: true }],
    ["environment", { environment: { STAGE: "test" } }],
    ["workingDirectory", { workingDirectory: "/" }],
  ])("that is missing can't have %s", (name, props) => {
    expect(withCommand({ command: undefined, ...props })).toThrow(
      new RegExp(`^INVALID_PROPERTY: ${name} is given, and no command`),
    );
    expect(withCommand({ command: undefined, preflight: false })).not.toThrow();
  });

  test.each(["RESTORE_BACKUP_ID", "RESTORE_TIME", "restore_decision"])(
    "can't be given %s, which it gets anyway",
    (name) => {
      expect(withCommand({ onEveryNewBackup: true, environment: { [name]: "x" } })).toThrow(
        new RegExp(`^INVALID_PROPERTY: environment has ${name}, which the trigger sets itself`),
      );
      const environment = { RESTORE_HOST: "x" };
      expect(withCommand({ onEveryNewBackup: true, environment })).not.toThrow();
    },
  );

  test.each([
    ["STAGE=test", 'a name with "=" or NUL after STAGE. '],
    ["STAGE\0", 'a name with "=" or NUL after STAGE. '],
    ["", "a blank name. "],
    [" ", "a blank name. "],
    ["=x", 'a name with "=" or NUL after nothing. '],
  ])("can't be given %j, which is no name of a variable", (name, told) => {
    expect(withCommand({ onEveryNewBackup: true, environment: { [name]: "x" } })).toThrow(
      `INVALID_PROPERTY: environment has ${told}Give each variable its name`,
    );
  });

  test("may be given a variable whose name only the deploy knows", () => {
    const environment = { '${var.stage == "test" ? "A" : "B"}': "x", "my.stage-1": "x" };
    expect(withCommand({ onEveryNewBackup: true, environment })).not.toThrow();
  });

  test("that is blank is refused", () => {
    expect(withCommand({ command: " " })).toThrow(/^INVALID_COMMAND/);
  });

  test("without a target is refused where it is written", () => {
    expect(withCommand({ target: undefined })).toThrow(
      /^INVALID_PROPERTY: target is missing. Allowed is a RestoreTarget/,
    );
  });
});

describe("a point in time", () => {
  const NOW = new Date("2026-01-31T12:00:00Z");
  const minutes = (n: number) => NOW.getTime() - n * 60_000;
  const RDS_WINDOWS = [
    { start: minutes(4_000), end: minutes(2_000) },
    { start: minutes(1_000), end: minutes(5) },
  ];
  const targetOf = (selection?: Selection, more: Partial<RestoreTargetProps> = {}) => {
    const { stack, synth } = appOn(emulator, { asOf: NOW });
    const backups = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const target = new RestoreTarget(stack, "target", { backups, selection, ...more });
    return { stack, synth, target, backups };
  };
  const windowCalls = () =>
    emulator._requests().flatMap(({ url, query }) => (url.includes("restor") ? [query] : []));

  beforeEach(() => {
    emulator.close();
    emulator = BackupEmulator.start({ now: NOW });
    const windows = RDS_WINDOWS.map(({ start, end }) => ({
      ...{ start: new Date(start), end: new Date(end) },
    }));
    emulator.setRestoreWindows(BackupService.RDS, SAMPLE.rds, windows);
  });

  test("inside a window is restored to, and asked for by its UTC day alone", () => {
    const time = new Date("2026-01-31T03:00:00Z");
    const { target, synth } = targetOf(Selection.pointInTime(time));
    expect(target.isMet).toBe(true);
    expect(target.restoreTime).toEqual(time);
    expect(windowCalls()).toEqual([{ date: "2026-01-31" }]);
    expect(synth().output.target.value).toMatchObject({ restore_time: "2026-01-31T03:00:00Z" });
  });

  test("inside a gap is an error that names the nearest moments on both sides", () => {
    const { target } = targetOf(Selection.pointInTime(new Date(minutes(1_500))));
    expect(target.isMet).toBe(false);
    expect(() => target.backup).toThrow(
      /^MOMENT_NOT_RESTORABLE: .*the last one before it is 2026-01-30T02:40:00Z, the first one after it is 2026-01-30T19:20:00Z/,
    );
  });

  test("that lies in no window of its day looks into the days beside it", () => {
    const only = [{ start: minutes(10_000), end: minutes(5_000) }];
    const command = { op: "windows", service: "rds", instance: SAMPLE.rds, windows: only };
    emulator._control(command as never);
    const { target } = targetOf(Selection.pointInTime(new Date(minutes(4_000))));
    expect(() => target.backup).toThrow(/the last one before it is 2026-01-28T00:40:00Z\./);
    expect(
      windowCalls()
        .map(({ date }) => date)
        .slice(0, 3),
    ).toEqual(["2026-01-28", "2026-01-27", "2026-01-29"]);
  });

  test("is looked for further and further from today, and from the moment", () => {
    const old = [{ start: minutes(8 * 1440), end: minutes(5 * 1440) }];
    emulator._control({
      op: "windows",
      service: "rds",
      instance: SAMPLE.rds,
      windows: old,
    } as never);
    expect(targetOf(Selection.newestMoment()).target.restoreTime).toEqual(
      new Date(minutes(5 * 1440)),
    );
    const { target } = targetOf(Selection.pointInTime(new Date(minutes(1440))));
    expect(() => target.backup).toThrow(/the last one before it is 2026-01-26T12:00:00Z\./);
    const far = targetOf(Selection.pointInTime(new Date("2025-08-01T00:00:00Z"))).target;
    expect(() => far.backup).toThrow(
      /none within a month of it; the newest moment that can be restored to is 2026-01-26T12:00:00Z\./,
    );
    emulator._control({
      op: "windows",
      service: "rds",
      instance: SAMPLE.rds,
      windows: [],
    } as never);
    const none = targetOf(Selection.newestMoment()).target;
    expect(() => none.backup).toThrow(/names none within a month/);
  });

  test("without a backup that it builds on says so to who reads the backup", () => {
    const record = { id: "b", instance_id: "i", type: "incremental", status: "COMPLETED" };
    emulator.close();
    emulator = BackupEmulator._startWith({
      ...{ now: NOW.getTime(), records: { rds: [record] } },
      windows: { rds: { i: [{ start: minutes(60), end: minutes(5) }] } },
    });
    const { stack } = appOn(emulator, { asOf: NOW });
    const backups = new RdsBackups(stack, "rds", { instanceId: "i" });
    const target = new RestoreTarget(stack, "t", { backups, selection: Selection.newestMoment() });
    expect(target.isMet).toBe(true);
    expect(() => target.backup).toThrow(/^NO_BACKUP_LISTED: /);
  });

  test("as the newest moment is the end of the last window, and its age counts from there", () => {
    const { target } = targetOf(Selection.newestMoment(), { maxAge: Duration.minutes(5) });
    expect(target.restoreTime).toEqual(new Date(minutes(5)));
    expect(target.isMet).toBe(true);
    expect(targetOf(Selection.newestMoment(), { maxAge: Duration.minutes(4) }).target.isMet).toBe(
      false,
    );
  });

  test("is what TaurusDB is restored to unless something else is said", () => {
    const { stack } = appOn(emulator, { asOf: NOW });
    const backups = new TaurusDbIncrementalBackups(stack, "logs", { instanceId: SAMPLE.taurusdb });
    const target = new RestoreTarget(stack, "target", { backups });
    expect(target.restoreTime).toEqual(new Date(minutes(5)));
    expect(target.isMet).toBe(true);
  });

  test.each([
    ["GaussDB", (s: TerraformStack) => new GaussDbBackups(s, "q", { instanceId: SAMPLE.gaussdb })],
    [
      "GeminiDB",
      (s: TerraformStack) => new GeminiDbBackups(s, "q", { instanceId: SAMPLE.geminidb }),
    ],
  ])("is known for %s as well", (_name, query) => {
    const { stack } = appOn(emulator, { asOf: NOW });
    const selection = Selection.newestMoment();
    const target = new RestoreTarget(stack, "target", { backups: query(stack), selection });
    expect(target.restoreTime!.getTime()).toBeGreaterThan(minutes(24 * 60));
  });

  test("is refused for DCS, and where the query names no instance, before anything is sent", () => {
    const { stack } = appOn(emulator);
    const selection = Selection.newestMoment();
    const cache = new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs });
    const all = new GaussDbBackups(stack, "gaussdb");
    expect(() => new RestoreTarget(stack, "a", { backups: cache, selection })).toThrow(
      /^NO_POINT_IN_TIME/,
    );
    expect(() => new RestoreTarget(stack, "b", { backups: all, selection })).toThrow(
      /^NO_INSTANCE/,
    );
    expect(emulator._requests()).toEqual([]);
  });

  test("triggers by the moment, and travels in the same batch as the lists", () => {
    const { stack, target, synth } = targetOf(
      Selection.pointInTime(new Date("2026-01-31T03:00:00Z")),
    );
    new RestoreTrigger(stack, "restore", { target });
    expect(synth().resource.null_resource.restore.triggers).toEqual({
      instance_id: SAMPLE.rds,
      restore_time: "2026-01-31T03:00:00Z",
    });
  });
});
