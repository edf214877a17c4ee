import {
  BackupEmulator,
  BackupService,
  Duration,
  InPlaceRestore,
  LookupMode,
  NewInstanceRestore,
  RestoreTrigger,
  Selection,
  Unmet,
} from "../../lib";
import { writeResource } from "../../lib/terraform/raw-resource";
import { describeWith, nullProviderPrograms, succeeded } from "../support/terraform";
import { standIn } from "../support/stand-in";
import { Behaviour, Story } from "./story";

jest.setTimeout(5 * 60_000);

const HOUR = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const epoch = (n: number, more: object = {}) => ({ target: { pin: { epoch: n }, ...more } });
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const rdsRecord = (id: string, begin: Date, instanceId = "orders", more: object = {}) => ({
  ...{ id, instance_id: instanceId, type: "manual", status: "COMPLETED", size: 1 },
  ...{ begin_time: begin.toISOString(), end_time: begin.toISOString() },
  ...more,
});
const dcsRecord = (id: string, begin: Date, instanceId = "orders", more: object = {}) => ({
  ...{ backup_id: id, instance_id: instanceId, backup_type: "manual", status: "succeed" },
  ...{ created_at: begin.toISOString(), execution_at: begin.toISOString() },
  ...{ updated_at: begin.toISOString(), is_support_restore: "TRUE", size: 1 },
  ...more,
});

const { RDS, DCS } = BackupService;

describeWith([...nullProviderPrograms(), "go"], "a restore, through the real terraform", () => {
  let emulator: BackupEmulator;
  beforeAll(() => standIn(), 10 * 60_000);
  beforeEach(() => {
    emulator = BackupEmulator.start({
      records: {
        [RDS]: [
          rdsRecord("b1", ago(HOUR)),
          rdsRecord("p1", ago(HOUR), "payments"),
          rdsRecord("p2", ago(2 * HOUR), "payments"),
        ],
        [DCS]: [dcsRecord("b1", ago(HOUR)), dcsRecord("p1", ago(HOUR), "payments")],
      },
    });
  });
  afterEach(() => emulator.close());
  const add = (service: BackupService, id: string, begin = new Date(), more: object = {}) =>
    emulator.addBackupRecord(
      service,
      service === RDS ? rdsRecord(id, begin, "orders", more) : dcsRecord(id, begin, "orders", more),
    );
  const both = (story: Story, ids: string[]) => {
    expect(story.commands).toEqual(ids.map((id) => `trigger orders ${id}`));
    expect(story.performed).toEqual(ids.map((id) => `orders ${id}`));
  };

  /** The backup's line of what the pin keeps. */
  const held = async (story: Story) => {
    const { stdout: list } = await story.terraform("state", "list");
    const [pin = ""] = /terraform_data\.target_pin_\w+/.exec(list) ?? [];
    return /backup_id .*/.exec((await story.terraform("state", "show", pin)).stdout)?.[0];
  };

  describe.each([RDS, DCS] as const)("of %s", (service) => {
    let story: Story;
    beforeEach(async () => {
      story = new Story(emulator, service);
      succeeded(await story.synth().apply());
      both(story, ["b1"]);
    });

    test("is performed once, and a second apply has nothing to do", async () => {
      expect(await story.plan()).toMatchObject({ code: 0 });
      succeeded(await story.apply());
      both(story, ["b1"]);
    });

    test("follows the epoch, not the newest backup, and acts once for a backup", async () => {
      add(service, "b2");
      expect(await story.synth().plan()).toMatchObject({ code: 0 });
      succeeded(await story.synth(epoch(2)).apply());
      both(story, ["b1", "b2"]);
      succeeded(await story.synth(epoch(3)).apply());
      both(story, ["b1", "b2"]);
    });

    test("of the former epoch again takes today's choice, which is none where it is the same", async () => {
      succeeded(await story.synth(epoch(2)).apply());
      succeeded(await story.synth(epoch(1)).apply());
      both(story, ["b1"]);
    });

    test("is not performed again whatever the provider reads back: other values, nulls", async () => {
      const answers: Behaviour["readsBack"][] = [
        { description: "restore by the system", restore_remark: "x" },
        { backup_id: "another", target_instance_id: "another", source_instance_id: null },
        { backup_id: null, instance_id: null, type: null, enable_force_new: null },
      ];
      for (const [i, readsBack] of answers.entries()) {
        story.behave({ readsBack });
        expect(await story.synth(epoch(i + 1)).plan()).toMatchObject({ code: 0 });
        succeeded(await story.apply());
        succeeded(await story.synth(epoch(i + 2)).apply());
      }
      both(story, ["b1"]);
    });

    test("whose record has left the list stops every plan, as the vendor's provider does, and acts no more", async () => {
      story.behave({ read: "error" });
      const { code, stderr } = await story.synth().apply();
      expect(code).toBe(1);
      expect(stderr).toContain("error getting restoration record");
      both(story, ["b1"]);
    });

    test("that its provider drops from the state is performed again: Terraform can't tell it from one that never was", async () => {
      story.behave({ read: "gone" });
      succeeded(await story.synth().apply());
      expect(story.performed).toEqual(["orders b1", "orders b1"]);
    });

    test("is not performed again by another description, timeout or environment", async () => {
      succeeded(await story.synth({ description: "another" }).apply());
      both(story, ["b1"]);
    });

    test("is the same for another folder, and for a frozen run on another machine", async () => {
      expect(await story.elsewhere().synth().plan()).toMatchObject({ code: 0 });
      add(service, "b2");
      const provider = { mode: LookupMode.LIVE };
      story.synth({ provider });
      const frozen = { provider: { mode: LookupMode.FROZEN } };
      expect(await story.elsewhere().synth(frozen).plan()).toMatchObject({ code: 0 });
      both(story, ["b1"]);
    });

    test("never takes what a pin holds of another instance: the plan stops and asks for the epoch", async () => {
      const moved = { instanceId: "payments", commands: ["trigger", "second"] };
      const { code, stderr } = await story.synth(moved).apply();
      expect(code).toBe(1);
      expect(stderr.replace(/[│\s]+/g, " ")).toMatch(
        /holds backup "b1".* of (rds|dcs) instance "orders".*instance "payments".*Raise the pin's epoch/,
      );
      both(story, ["b1"]);
      succeeded(await story.synth({ ...moved, ...epoch(2) }).apply());
      expect(story.performed).toEqual(["orders b1", "payments p1"]);
      expect(story.commands.slice(1).sort()).toEqual(["second payments p1", "trigger payments p1"]);
      // And back again, without the epoch.
      expect((await story.synth({ ...epoch(2) }).apply()).code).toBe(1);
      expect(story.performed).toHaveLength(2);
    });

    test("overwrites another instance only where that was confirmed, and then once", async () => {
      succeeded(await story.synth({ overwritten: "rehearsal" }).apply());
      succeeded(await story.synth({ overwritten: "rehearsal" }).apply());
      expect(story.performed).toEqual(["orders b1", "rehearsal b1"]);
    });

    test("that was tainted is performed again", async () => {
      succeeded(await story.terraform("taint", "null_resource.trigger"));
      succeeded(await story.apply());
      expect(story.commands).toHaveLength(2);
      expect(story.performed).toHaveLength(1);
    });

    test("that failed half-way is performed again, with the backup of its pin", async () => {
      add(service, "b2");
      story.behave({ create: "half" }).failCommands(true);
      expect((await story.synth(epoch(2)).apply()).code).toBe(1);
      both(story, ["b1", "b2"]);
      add(service, "b3");
      story.behave({}).failCommands(false);
      succeeded(await story.synth(epoch(2)).apply());
      both(story, ["b1", "b2", "b2"]);
      succeeded(await story.apply());
      both(story, ["b1", "b2", "b2"]);
    });

    test("that the service refused is not forgotten: the next apply performs it", async () => {
      add(service, "b2");
      story.behave({ create: "refuse" });
      expect((await story.synth(epoch(2)).apply()).code).toBe(1);
      expect(story.performed).toEqual(["orders b1"]);
      story.behave({});
      succeeded(await story.apply());
      both(story, ["b1", "b2"]);
    });

    test("that the service refused, and that was taken back, restores nothing again", async () => {
      add(service, "b2", ago(HOUR / 2));
      story.behave({ create: "refuse" });
      const named = (id: string) => ({ selection: Selection.byId(id) });
      expect((await story.synth({ ...epoch(2, named("b2")), commands: [] }).apply()).code).toBe(1);
      story.behave({});
      succeeded(await story.synth({ ...epoch(3, named("b1")), commands: [] }).apply());
      expect(story.performed).toEqual(["orders b1"]);
    });

    test("of another backup than the program names by its id stops the plan", async () => {
      add(service, "b2", ago(HOUR / 2));
      const named = (id: string) => ({ selection: Selection.byId(id) });
      succeeded(await story.synth(epoch(1, named("b1"))).apply());
      const { code, stderr } = await story.synth(epoch(1, named("b2"))).apply();
      expect(code).toBe(1);
      expect(stderr.replace(/[│\s]+/g, " ")).toContain(
        'instance "orders", "b2". Nothing acts on it',
      );
      succeeded(await story.synth(epoch(2, named("b2"))).apply());
      both(story, ["b1", "b2"]);
    });

    test("after a destroy is of today's choice, once", async () => {
      add(service, "b2");
      succeeded(await story.terraform("destroy", "-auto-approve"));
      both(story, ["b1"]);
      succeeded(await story.synth().apply());
      both(story, ["b1", "b2"]);
    });
  });

  describe("with a maxAge", () => {
    let story: Story;
    const maxAge = Duration.minutes(90);
    /** As of when the backup was fresh; the clock of Terraform is today's. */
    const then = { provider: { asOf: ago(4 * HOUR) } };
    const stale = (n: number, more: object = {}) => ({ ...epoch(n, { maxAge, ...more }), ...then });
    beforeEach(async () => {
      story = new Story(emulator, RDS);
      succeeded(await story.synth(epoch(1, { maxAge })).apply());
      both(story, ["b1"]);
    });

    test("of long ago stops nothing: an output changes, and plan and apply pass", async () => {
      const old = epoch(1, { maxAge: Duration.minutes(1), onUnmet: Unmet.WARN });
      process.env["CDKTF_BACKUPS_UNMET"] = "warn";
      try {
        const { code, stdout } = await story.synth({ ...old, note: "unrelated" }).plan();
        expect(code).toBe(2);
        expect(stdout).not.toContain("Warning");
        succeeded(await story.apply());
      } finally {
        delete process.env["CDKTF_BACKUPS_UNMET"];
      }
      both(story, ["b1"]);
    });

    test("whose pin has grown stale stops nothing either, and a command that is new acts on nothing stale", async () => {
      story = new Story(emulator, RDS);
      const short = epoch(1, { maxAge: Duration.seconds(3_600 + 20) });
      succeeded(await story.synth(short).apply());
      await wait(25_000);
      add(RDS, "b2");
      const note = { ...short, note: "unrelated" };
      const quiet = await story.synth(note).plan();
      expect(quiet.code).toBe(2);
      expect(quiet.stdout).not.toContain("Warning");
      succeeded(await story.apply());
      both(story, ["b1"]);

      const more = { ...short, commands: ["trigger", "second"] };
      const plan = await story.synth(more).plan();
      expect(plan.code).toBe(2);
      expect(plan.stdout.replace(/[│╷╵\s]+/g, " ")).toMatch(
        /Warning: .*known after apply.*restore_is_due_on_a_stale_choice/,
      );
      const { code, stdout, stderr } = await story.apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("The chosen backup was fresh enough until");
      both(story, ["b1"]);
      // It was not to be, and the stack is as before.
      expect(await story.synth(short).plan()).toMatchObject({ code: 2 });
      succeeded(await story.apply());
      both(story, ["b1"]);
    });

    test("refuses a stale choice at the apply, keeps none of it, and takes the next fresh one once", async () => {
      emulator.removeBackup(RDS, "b1");
      add(RDS, "old", ago(5 * HOUR));
      const plan = await story.synth(stale(2)).plan();
      expect(plan.code).toBe(2);
      expect(plan.stdout).toContain("known after apply");
      for (let i = 0; i < 2; i++) {
        const { code, stdout, stderr } = await story.apply();
        expect(code).toBe(1);
        expect(stdout + stderr).toContain("The chosen backup was fresh enough until");
      }
      both(story, ["b1"]);
      add(RDS, "b2");
      succeeded(await story.synth(epoch(2, { maxAge })).apply());
      both(story, ["b1", "b2"]);
      succeeded(await story.synth(epoch(2, { maxAge })).apply());
      both(story, ["b1", "b2"]);
    });

    test("that went back to its former epoch after a refusal finds all as it was, though a newer backup has come", async () => {
      add(RDS, "old", ago(5 * HOUR));
      const selection = Selection.byId("old");
      expect((await story.synth(stale(2, { selection })).apply()).code).toBe(1);
      expect(await held(story)).toContain('"b1"');
      add(RDS, "b2");
      succeeded(await story.synth(epoch(1, { maxAge })).apply());
      both(story, ["b1"]);
      expect(await story.plan()).toMatchObject({ code: 0 });
      expect(await held(story)).toContain('"b1"');
    });

    test("goes by the limit of today for what is new, whenever the pin was made", async () => {
      story = new Story(emulator, RDS);
      succeeded(await story.synth().apply());
      const tight = { maxAge: Duration.minutes(5), onUnmet: Unmet.WARN };
      add(RDS, "b2");
      const more = { ...epoch(1, tight), commands: ["trigger", "second"] };
      const { code, stdout, stderr } = await story.synth(more).apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("The chosen backup was fresh enough until");
      both(story, ["b1"]);
      succeeded(await story.synth({ ...epoch(1), commands: ["trigger", "second"] }).apply());
      expect(story.commands).toEqual(["trigger orders b1", "second orders b1"]);
    });

    test("warns again where its gate has passed, but the service refused, and it has grown stale since", async () => {
      story = new Story(emulator, RDS);
      const short = { ...epoch(1, { maxAge: Duration.seconds(3_600 + 15) }), commands: [] };
      story.behave({ create: "refuse" });
      expect((await story.synth(short).apply()).code).toBe(1);
      await wait(20_000);
      const { stdout } = await story.plan();
      expect(stdout.replace(/[│╷╵\s]+/g, " ")).toContain("restore_is_due_on_a_stale_choice");
    });

    test("refuses a saved plan that is applied too late, and leaves nothing of it", async () => {
      add(RDS, "b2", ago(90 * 60_000 - 20_000));
      emulator.removeBackup(RDS, "b1");
      const { code, stdout } = await story.synth(epoch(2, { maxAge })).plan("-out=saved");
      expect(code).toBe(2);
      expect(stdout).not.toContain("Warning");
      await wait(25_000);
      const late = await story.terraform("apply", "saved");
      expect(late.code).toBe(1);
      both(story, ["b1"]);
      add(RDS, "b3");
      succeeded(await story.synth(epoch(2, { maxAge })).apply());
      both(story, ["b1", "b3"]);
    });

    test("that was tainted looks at the clock before the command runs again", async () => {
      story = new Story(emulator, RDS);
      const short = epoch(1, { maxAge: Duration.seconds(3_600 + 20) });
      story.failCommands(true);
      expect((await story.synth({ ...short, restores: false }).apply()).code).toBe(1);
      story.failCommands(false);
      await wait(25_000);
      const { code, stdout, stderr } = await story.apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("The chosen backup was fresh enough until");
      expect(story.commands).toEqual(["trigger orders b1"]);
    });
  });

  describe("with a preflight", () => {
    test("of a backup goes on where it is there, and leaves all as it was where it has gone", async () => {
      const story = new Story(emulator, RDS);
      const preflight = true;
      succeeded(await story.synth({ preflight }).apply());
      both(story, ["b1"]);
      add(RDS, "b2");
      story.synth({ preflight, ...epoch(2) });
      emulator.removeBackup(RDS, "b2");
      const { code, stdout, stderr } = await story.apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("the backup b2 is gone");
      both(story, ["b1"]);
      // Back to what was: it was restored already, so nobody asks for it again.
      story.synth({ preflight, ...epoch(1) });
      emulator.removeBackup(RDS, "b1");
      succeeded(await story.apply());
      both(story, ["b1"]);
    });

    test("of a moment asks for its window again", async () => {
      const story = new Story(emulator, RDS);
      const at = ago(30 * 60_000);
      const windows = (end: number) =>
        emulator.setRestoreWindows(RDS, "orders", [{ start: ago(5 * HOUR), end: ago(end) }]);
      windows(10 * 60_000);
      const program = { preflight: true, ...epoch(1, { selection: Selection.pointInTime(at) }) };
      story.synth(program);
      windows(60 * 60_000);
      const { code, stdout, stderr } = await story.apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("can't be restored to any more");
      expect(story.commands).toEqual([]);
      windows(10 * 60_000);
      succeeded(await story.apply());
      expect(story.commands).toHaveLength(1);
      expect(story.performed).toHaveLength(1);
    });
  });

  test("is not of a moment where the pin holds a backup, until the epoch is raised", async () => {
    const story = new Story(emulator, RDS);
    succeeded(await story.synth().apply());
    emulator.setRestoreWindows(RDS, "orders", [{ start: ago(5 * HOUR), end: ago(60_000) }]);
    const selection = Selection.pointInTime(ago(10 * 60_000));
    const { code, stderr } = await story.synth(epoch(1, { selection })).apply();
    expect(code).toBe(1);
    expect(stderr.replace(/[│\s]+/g, " ")).toContain("a moment of rds instance");
    both(story, ["b1"]);
    succeeded(await story.synth(epoch(2, { selection })).apply());
    expect(story.performed).toHaveLength(2);
    expect(story.commands).toHaveLength(2);
  });

  describe("of an unmet target", () => {
    const unmet = { destination: { volumeSizeBytes: 5 }, onUnmet: Unmet.WARN };

    afterEach(() => delete process.env["CDKTF_BACKUPS_UNMET"]);

    test("is told where the synthesis skips its validations, and refuses by itself where a person lets it pass", async () => {
      const story = new Story(emulator, RDS);
      expect(() => story.synth({ ...epoch(1, unmet), skipValidation: true })).toThrow(
        /BACKUP_NOT_GOOD_ENOUGH: the chosen backup b1 falls short/,
      );
      process.env["CDKTF_BACKUPS_UNMET"] = "warn";
      const { code, stdout, stderr } = await story
        .synth({ ...epoch(1, unmet), skipValidation: true })
        .apply();
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("The target is unmet, so nothing is restored");
      both(story, []);
    });

    test("is followed by nothing, also where the trigger has no command", async () => {
      const story = new Story(emulator, RDS);
      const more = (stack: any, target: any) => new RestoreTrigger(stack, "follow", { target });
      const target = { ...unmet, pin: undefined };
      story.synth({ target, commands: [], restores: false, more });
      expect((await story.apply()).code).toBe(1);
      expect((await story.terraform("state", "list")).stdout).not.toContain("null_resource");
    });

    test("refuses by itself where a person is repairing", async () => {
      const story = new Story(emulator, RDS);
      process.env["CDKTF_BACKUPS_UNMET"] = "warn";
      try {
        story.synth({ target: { ...unmet, pin: undefined } });
      } finally {
        delete process.env["CDKTF_BACKUPS_UNMET"];
      }
      expect(await story.plan()).toMatchObject({ code: 2 });
      expect((await story.apply()).code).toBe(1);
      both(story, []);
    });
  });

  test("of some databases is the same in another order of their names", async () => {
    const story = new Story(emulator, RDS);
    const restoring = (databaseName?: { [name: string]: string }) => ({
      ...{ restores: false, commands: [] },
      more: (stack: any, target: any) =>
        new InPlaceRestore(stack, "restore", {
          ...{ target, targetInstanceId: "orders", confirmOverwriteOf: "orders", databaseName },
          createTimeout: Duration.hours(1),
        }),
    });
    succeeded(await story.synth(restoring({ a: "x", b: "y" })).apply());
    succeeded(await story.synth(restoring({ b: "y", a: "x" })).apply());
    expect(story.performed).toEqual(["orders b1"]);
    succeeded(await story.synth(restoring()).apply());
    succeeded(await story.synth(restoring({})).apply());
    expect(story.performed).toEqual(["orders b1", "orders b1"]);
  });

  test("onto an instance of the same stack is planned with it, and performed once", async () => {
    const story = new Story(emulator, RDS);
    const program = {
      ...{ restores: false, commands: [] },
      more: (stack: any, target: any) => {
        const instance = writeResource(stack, "instance", {
          ...{ type: "huaweicloud_rds_instance", providerName: "huaweicloud" },
          attributes: { name: "new" },
        });
        const targetInstanceId = instance.interpolationForAttribute("id").toString();
        new InPlaceRestore(stack, "restore", {
          ...{ target, targetInstanceId, confirmOverwriteOf: targetInstanceId },
          createTimeout: Duration.hours(1),
        });
      },
    };
    succeeded(await story.synth(program).apply());
    succeeded(await story.synth(program).apply());
    expect(story.performed).toHaveLength(2);
    expect(story.performed[1]).toMatch(/^[0-9a-f]{20,} b1$/);
  });

  describe("to a new instance", () => {
    const program = (n: number, allowReplacement: boolean, more: object = {}) => ({
      ...epoch(n, more),
      ...{ restores: false, commands: [] },
      more: (stack: any, target: any) => {
        const { restore, lifecycle } = NewInstanceRestore.huaweicloudRds({
          ...{ target, allowReplacement },
        });
        writeResource(stack, "instance", {
          ...{ type: "huaweicloud_rds_instance", providerName: "huaweicloud", lifecycle },
          // The stand-in has no block: what it says of one holds for a plain argument.
          attributes: { name: "new", backup_id: restore.backupId },
        });
      },
    });

    test("is made once, and replaced by the next choice only where that is allowed", async () => {
      const story = new Story(emulator, RDS);
      succeeded(await story.synth(program(1, true)).apply());
      add(RDS, "b2");
      expect(await story.synth(program(1, true)).plan()).toMatchObject({ code: 0 });
      succeeded(await story.synth(program(2, true)).apply());
      expect(story.performed).toEqual(["new b1", "new b2"]);
    });

    test("is neither made nor replaced on a stale choice: the old instance stays", async () => {
      const story = new Story(emulator, RDS);
      succeeded(await story.synth(program(1, true)).apply());
      add(RDS, "old", ago(5 * HOUR));
      const choice = { maxAge: Duration.minutes(90), selection: Selection.byId("old") };
      const stale = { ...program(2, true, choice), provider: { asOf: ago(4 * HOUR) } };
      expect((await story.synth(stale).apply()).code).toBe(1);
      expect((await story.terraform("state", "list")).stdout).toContain("huaweicloud_rds_instance");
      expect(story.performed).toEqual(["new b1"]);
      succeeded(await story.synth(program(1, true)).apply());
      expect(story.performed).toEqual(["new b1"]);
    });
  });
});
