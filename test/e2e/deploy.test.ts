import { BackupEmulator, BackupService } from "../../lib";
import {
  describeWith,
  nullProvider,
  nullProviderPrograms,
  succeeded,
  TERRAFORM,
} from "../support/terraform";
import { Deployment, environmentOf, Plan } from "./deployment";
import { PUBLISHED_SAMPLES } from "./published-samples";

const SET_UP_MS = 10 * 60_000;
const NOW = new Date("2025-06-15T12:00:00Z");
const FIRST_RDS_INSTANCE = "a48e43ff268f4c0e879652d65e63d0fbin01";
const TRIGGER = "null_resource.restore";

jest.setTimeout(5 * 60_000);

const emulators: BackupEmulator[] = [];

afterAll(() => emulators.forEach((emulator) => emulator.close()));

/** Each test has its own, for it may change what is in it. */
function newEmulator(): BackupEmulator {
  const emulator = BackupEmulator.start({ now: NOW });
  emulators.push(emulator);
  return emulator;
}

/** A backup of the first RDS instance as RDS would list it, newer than all that can be restored. */
function newerBackup(changes: { readonly [field: string]: unknown }) {
  return {
    id: "c0ffee00b48f11e89039fa163ebaa7e4br01",
    name: "after-the-deployment",
    type: "auto",
    size: 104_857_600, // KB: 100 GiB
    status: "COMPLETED",
    begin_time: "2025-06-15T19:50:00+0800",
    end_time: "2025-06-15T19:55:00+0800",
    datastore: { type: "MySQL", version: "5.6" },
    instance_id: FIRST_RDS_INSTANCE,
    associated_with_ddm: false,
    ...changes,
  };
}

/** The two halves of the access key, as they are set in the environment. */
function secretsOf(emulator: BackupEmulator): string[] {
  const { HW_ACCESS_KEY, HW_SECRET_KEY } = emulator.environment;
  return [HW_ACCESS_KEY, HW_SECRET_KEY].map((secret) => {
    if (!secret) throw new Error("the emulator's environment has no access key");
    return secret;
  });
}

describeWith(nullProviderPrograms(), "the example, deployed by the real terraform", () => {
  beforeAll(() => nullProvider(), SET_UP_MS);

  describe("for the first time", () => {
    let secrets: string[];
    let example: Deployment;
    let validation: any;
    let plan: Plan;
    let outputs: { [name: string]: any };

    beforeAll(async () => {
      const emulator = newEmulator();
      secrets = secretsOf(emulator);
      example = new Deployment(environmentOf(emulator));
      succeeded(await example.synth());
      await example.init();
      validation = JSON.parse((await example.terraform("validate", "-json")).stdout);
      plan = await example.plan();
      await example.apply();
      outputs = await example.outputs();
    });

    test("is valid, without a warning", () => {
      expect(validation).toMatchObject({ valid: true, diagnostics: [] });
    });

    test("creates the trigger alone", () => {
      expect(plan.code).toBe(2);
      expect(plan.resources).toMatchObject([{ address: TRIGGER, actions: ["create"] }]);
    });

    test("lists the backups of all five services, from the cloud of the environment", () => {
      expect(outputs).toMatchObject({ source: "cloud" });
      const services = Object.values(outputs).flatMap(({ service }) => service ?? []);
      expect(new Set(services)).toEqual(new Set(["gaussdb", "rds", "geminidb", "dcs", "taurusdb"]));
    });

    test.each(PUBLISHED_SAMPLES)(
      "lists the published sample $backup.id of $backup.service with its values converted",
      ({ output, backup }) => {
        const { count, backups } = outputs[output];
        expect(count).toBe(backups.length);
        expect(backups.filter(({ id }: { id: string }) => id === backup.id)).toEqual([backup]);
      },
    );

    test("has the access key in no file and on no terminal", () => {
      // What is certainly there is found, so that finding nothing means something.
      expect(example.placesOf(FIRST_RDS_INSTANCE)).toEqual(
        expect.arrayContaining([
          "output/stacks/recovery/cdk.tf.json",
          "terminal",
          "terraform.tfstate",
        ]),
      );
      for (const secret of secrets) expect(example.placesOf(secret)).toEqual([]);
    });
  });

  test("changes nothing when it is synthesised and planned again", async () => {
    const example = await new Deployment(environmentOf(newEmulator())).deployed();
    const before = example.configuration();

    succeeded(await example.synth());
    expect(example.configuration()).toBe(before);
    expect(await example.plan()).toMatchObject({ code: 0, resources: [] });
    await example.apply();
    expect(await example.plan()).toMatchObject({ code: 0, resources: [] });
  });

  test("replaces the trigger, and nothing else, for one newer backup that can be restored", async () => {
    const emulator = newEmulator();
    const example = await new Deployment(environmentOf(emulator)).deployed();
    const before = await example.outputs();

    const newer = newerBackup({});
    emulator.addBackupRecord(BackupService.RDS, newer);
    succeeded(await example.synth());
    const plan = await example.plan();
    expect(plan.resources).toMatchObject([
      {
        address: TRIGGER,
        actions: ["delete", "create"],
        before: { triggers: { backup_id: before["rds"].latest.id } },
        after: {
          triggers: {
            backup_id: newer.id,
            instance_id: FIRST_RDS_INSTANCE,
            begin_time: "2025-06-15T11:50:00Z",
          },
        },
      },
    ]);

    await example.apply();
    const after = await example.outputs();
    expect(after["rds"].count).toBe(before["rds"].count + 1);
    // 100 GiB and a fifth.
    expect(after["restore_volume"]).toEqual({ from: newer.id, gb: 120 });
    expect(await example.plan()).toMatchObject({ code: 0, resources: [] });
  });

  test("lists a newer backup that failed, and changes no resource for it", async () => {
    const emulator = newEmulator();
    const example = await new Deployment(environmentOf(emulator)).deployed();
    const before = await example.outputs();

    const failed = newerBackup({ status: "FAILED", size: 0 });
    emulator.addBackupRecord(BackupService.RDS, failed);
    succeeded(await example.synth());
    const { resources, outputs } = await example.plan();
    expect(resources).toEqual([]);
    expect(outputs["rds"].backups[0]).toMatchObject({ id: failed.id, status: "failed" });
    expect(outputs["rds"].latest).toEqual(before["rds"].latest);
  });

  test("is deployed by `cdktf deploy` as well, which ends by itself", async () => {
    const example = new Deployment(environmentOf(newEmulator()));
    const { stdout } = succeeded(await example.deploy());
    expect(stdout).toContain("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.");

    expect(await example.outputs()).toMatchObject({ source: "cloud", rds: { service: "rds" } });
    expect(await example.plan()).toMatchObject({ code: 0, resources: [] });
  });
});

describeWith([TERRAFORM], "cdktf synth of the example", () => {
  test("asks the embedded emulator where no variable is set, and says so", async () => {
    const example = new Deployment();
    const { stdout } = succeeded(await example.synth());
    expect(stdout).toContain("No credentials in the environment: asking the embedded emulator.");
    expect(stdout).toContain("SAMPLE DATA");
    expect(JSON.parse(example.configuration()).output.source.value).toBe("emulator");
  });

  test("asks the cloud that the environment names, and calls nothing sample data", async () => {
    const example = new Deployment(environmentOf(newEmulator()));
    const { stdout } = succeeded(await example.synth());
    expect(stdout).not.toMatch(/emulator|SAMPLE DATA/);
    expect(JSON.parse(example.configuration()).output.source.value).toBe("cloud");
  });

  describe("where RDS answers 403", () => {
    /** `body` gets the two halves of the access key, to echo them. */
    async function refused(body: (accessKey: string, secretKey: string) => object) {
      const emulator = newEmulator();
      const [accessKey = "", secretKey = ""] = secretsOf(emulator);
      emulator.fault({
        service: BackupService.RDS,
        times: -1,
        status: 403,
        body: JSON.stringify(body(accessKey, secretKey)),
      });
      const example = new Deployment(environmentOf(emulator));
      const { code, stdout, stderr } = await example.synth();
      return { code, terminal: stdout + stderr, example, accessKey, secretKey };
    }

    const denied = () => ({ error_code: "DBS.200049", error_msg: "Access is denied." });

    test("fails, and says where, why and what to do", async () => {
      const { code, terminal } = await refused(denied);
      expect(code).toBe(1);
      expect(terminal).toContain("recovery/rds");
      expect(terminal).toContain("DBS.200049 Access is denied.");
      expect(terminal).toContain("needs the permission to list this service's backups");
    });

    test("shows no stack trace", async () => {
      const { terminal } = await refused(denied);
      // Both Node's frames and those that cdktf adds to an annotation end in line and column.
      expect(terminal).not.toMatch(/:\d+:\d+\)?$/m);
    });

    test.each([
      ["keeps quiet about", denied],
      [
        "cuts out of the answer, which echoes it,",
        (accessKey: string, secretKey: string) => ({
          error_code: "APIGW.0301",
          error_msg: `Incorrect IAM authentication information: ak ${accessKey} not exist, Authorization: SDK-HMAC-SHA256 Access=${accessKey}, secret ${secretKey}`,
        }),
      ],
    ])("%s the access key", async (_, body) => {
      const { terminal, example, accessKey, secretKey } = await refused(body);
      expect(terminal).toContain(body("", "").error_code);
      expect(example.placesOf("recovery/rds")).toEqual(["terminal"]);
      expect(example.placesOf(accessKey)).toEqual([]);
      expect(example.placesOf(secretKey)).toEqual([]);
    });
  });
});
