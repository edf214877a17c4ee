import { TerraformStack } from "cdktf";
import {
  BackupEmulator,
  BackupOutputs,
  BackupService,
  ConsistencyGroup,
  ConsistencyGroupProps,
  DcsBackups,
  Duration,
  InPlaceRestore,
  RdsBackups,
  RestoreTrigger,
  Selection,
} from "../../lib";
import { standIn } from "../support/stand-in";
import { describeWith, nullProviderPrograms, succeeded } from "../support/terraform";
import { Story } from "./story";

jest.setTimeout(5 * 60_000);

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const { RDS, DCS } = BackupService;
const outputs = BackupOutputs.NONE;

const rdsRecord = (id: string, hoursAgo: number, instanceId = "orders") => ({
  ...{ id, instance_id: instanceId, type: "manual", status: "COMPLETED", size: 1 },
  ...{ begin_time: ago(hoursAgo), end_time: ago(hoursAgo) },
});
const dcsRecord = (id: string, hoursAgo: number) => ({
  ...{ backup_id: id, instance_id: "sessions", backup_type: "manual", status: "succeed", size: 1 },
  ...{ created_at: ago(hoursAgo), execution_at: ago(hoursAgo), updated_at: ago(hoursAgo) },
  is_support_restore: "TRUE",
});

/** What the program says of the set at one moment. */
interface Said extends Partial<ConsistencyGroupProps> {
  readonly epoch?: number;
  /** A third member. */
  readonly payments?: boolean;
  /** Whether the member of RDS is restored in place as well. */
  readonly restores?: boolean;
  /** More commands for the member of RDS. */
  readonly more?: readonly string[];
  /** Whether the commands of the member of DCS have a preflight. */
  readonly preflight?: boolean;
  /** The backup of RDS that is named. */
  readonly named?: string;
}

describeWith([...nullProviderPrograms(), "go"], "a set, through the real terraform", () => {
  let emulator: BackupEmulator;
  let story: Story;
  beforeAll(() => standIn(), 10 * 60_000);
  beforeEach(async () => {
    emulator = BackupEmulator.start({
      records: {
        [RDS]: [rdsRecord("r1", 1), rdsRecord("p1", 1, "payments")],
        [DCS]: [dcsRecord("s1", 3)],
      },
    });
    story = new Story(emulator, RDS);
    succeeded(await synth({}).apply());
    expect(story.commands.sort()).toEqual(["orders r1", "sessions s1"]);
  });
  afterEach(() => {
    delete process.env["CDKTF_BACKUPS_UNMET"];
    emulator.close();
  });

  function synth(said: Said): Story {
    const { epoch = 1, payments, restores, more = [], preflight, named, ...props } = said;
    const selection = named === undefined ? undefined : Selection.byId(named);
    const stated = (stack: TerraformStack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: "orders", outputs });
      const sessions = new DcsBackups(stack, "sessions", { instanceId: "sessions", outputs });
      const others = new RdsBackups(stack, "payments", { instanceId: "payments", outputs });
      const members = [
        { name: "orders", backups: orders, selection },
        { name: "sessions", backups: sessions },
        ...(payments ? [{ name: "9-payments", backups: others }] : []),
      ];
      const group = new ConsistencyGroup(stack, "shop", { members, pin: { epoch }, ...props });
      for (const { name } of members) {
        const target = group.targetOf(name);
        for (const id of [name, ...(name === "orders" ? more : [])]) {
          const command = `echo "${id} $RESTORE_BACKUP_ID" >> ${story.path("commands")}`;
          const isLooked = preflight && name === "sessions";
          new RestoreTrigger(stack, `act-${id}`, { target, command, preflight: isLooked });
        }
      }
      if (restores) {
        new InPlaceRestore(stack, "restore", {
          ...{ target: group.targetOf("orders"), targetInstanceId: "orders" },
          ...{ confirmOverwriteOf: "orders", createTimeout: Duration.hours(1) },
        });
      }
    };
    const provider = preflight ? { credentials: undefined } : {};
    return story.synth({ commands: [], restores: false, more: stated, provider });
  }

  /** What the pin keeps of each member. */
  const held = async () => {
    const { stdout } = await story.terraform("show", "-json");
    const { resources } = JSON.parse(stdout).values.root_module;
    const pins = resources.filter(
      ({ deposed_key, name }: any) => /^shop_pin/.test(name) && deposed_key === undefined,
    );
    expect(pins).toHaveLength(1);
    const input: [string, any][] = Object.entries(pins[0].values.input);
    return Object.fromEntries(input.map(([name, { backup_id }]) => [name, backup_id]));
  };
  const newer = () => {
    emulator.addBackupRecord(RDS, rdsRecord("r2", 0.2));
    emulator.addBackupRecord(DCS, dcsRecord("s2", 0.1));
  };

  test("acts once, and follows its epoch, not the newest backups", async () => {
    expect(await story.plan()).toMatchObject({ code: 0 });
    newer();
    expect(await synth({}).plan()).toMatchObject({ code: 0 });
    succeeded(await synth({ epoch: 2 }).apply());
    expect(story.commands.slice(2).sort()).toEqual(["orders r2", "sessions s2"]);
    expect(await held()).toEqual({ orders: "r2", sessions: "s2" });
  });

  test("of which one is unmet keeps all its old pins where the epoch is raised, and nothing acts", async () => {
    emulator.addBackupRecord(RDS, rdsRecord("r2", 0.2));
    emulator.removeBackup(DCS, "s1");
    expect(() => synth({ epoch: 2 })).toThrow(/\[stack\/shop\] NO_CONSISTENT_SET: sessions can't/);
    process.env["CDKTF_BACKUPS_UNMET"] = "warn";
    const { code, stderr, stdout } = await synth({ epoch: 2 }).apply();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("The target is unmet, so nothing is restored.");
    expect(await held()).toEqual({ orders: "r1", sessions: "s1" });
    succeeded(await synth({}).apply());
    expect(await held()).toEqual({ orders: "r1", sessions: "s1" });
    expect(story.commands).toHaveLength(2);
  });

  test("moves as a whole, also where Terraform is told to apply one member alone", async () => {
    newer();
    succeeded(await synth({ epoch: 2 }).apply("-target=null_resource.act-orders"));
    expect(await held()).toEqual({ orders: "r2", sessions: "s2" });
    expect(story.commands.slice(2)).toEqual(["orders r2"]);
    succeeded(await story.apply());
    expect(story.commands.slice(3)).toEqual(["sessions s2"]);
  });

  test("doesn't act for a member that the pin knows nothing of, until the epoch is raised", async () => {
    const { code, stderr } = await synth({ payments: true }).plan();
    expect(code).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toMatch(
      /The pin of stack\/shop\/targets\/9-payments holds backup "".* Raise the pin's epoch/,
    );
    succeeded(await synth({ payments: true, epoch: 2 }).apply());
    expect(await held()).toEqual({ orders: "r1", sessions: "s1", "9-payments": "p1" });
    expect(story.commands.slice(2)).toEqual(["9-payments p1"]);
  });

  test("is as old as its oldest member: what is due on a younger one is refused as well", async () => {
    newer();
    const { code, stderr } = await synth({ more: ["again"], maxAge: Duration.hours(2) }).apply();
    expect(code).toBe(1);
    expect(stderr).toContain("The chosen backup was fresh enough until");
    expect(story.commands).toHaveLength(2);
    succeeded(await synth({ more: ["again"], maxAge: Duration.hours(4) }).apply());
    expect(story.commands.slice(2)).toEqual(["again r1"]);
  });

  test("of which one does not pass its preflight acts on none", async () => {
    newer();
    synth({ epoch: 2, preflight: true });
    emulator.removeBackup(DCS, "s2");
    const { code, stdout, stderr } = await story.apply();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("s2");
    expect(story.commands).toHaveLength(2);
  });

  test("of which one names another backup than its pin holds stops the plan", async () => {
    emulator.addBackupRecord(RDS, rdsRecord("r0", 2));
    const { code, stderr } = await synth({ named: "r0", more: ["again"] }).plan();
    expect(code).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toMatch(/holds backup "r1".*Raise the pin's epoch/);
    expect(story.commands).toHaveLength(2);
  });

  test("that has got a member goes on acting for the others under its epoch", async () => {
    const { code, stderr } = await synth({
      ...{ payments: true, more: ["again"], maxAge: Duration.hours(4) },
    }).plan();
    expect(code).toBe(1);
    expect(stderr).toContain("9-payments");
    expect(stderr).not.toContain("1970");
  });

  test("is restored in place by its members' targets", async () => {
    succeeded(await synth({ restores: true }).apply());
    expect(story.performed).toEqual(["orders r1"]);
    expect(await story.plan()).toMatchObject({ code: 0 });
  });
});
