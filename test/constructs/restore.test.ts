import { provider as nullProvider } from "@cdktf/provider-null";
import { TerraformStack } from "cdktf";
import {
  BackupEmulator,
  BackupService,
  GaussDbBackups,
  RdsBackups,
  RestoreTarget,
  RestoreTrigger,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { appOn, SAMPLE } from "../support/app";

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
    const target = new RestoreTarget(stack, "target", { backups });
    new RestoreTrigger(stack, "trigger", { target });
    expect(target.isMet).toBe(false);
    expect(() => target.backup).toThrow(
      /^NO_RESTORABLE_BACKUP: none of the 43 backups of stack\/logs can be restored/,
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
    expect(() => app.synth()).toThrow(/\[stack\/rds\] INSTANCE_NOT_FOUND/);
    expect(() => app.synth()).not.toThrow(/\[stack\/target\]/);
  });
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
    emulator.addBackup(BackupService.RDS, {
      ...record,
      id: "failed",
      status: "FAILED",
      type: "auto",
    });
    expect(triggers()).toEqual(before);
    emulator.addBackup(BackupService.RDS, {
      ...record,
      id: "newer",
      status: "COMPLETED",
      type: "auto",
    });
    expect(triggers()).toMatchObject({ backup_id: "newer" });
  });
});
