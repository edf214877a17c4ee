import { TerraformProvider, TerraformStack } from "cdktf";
import {
  BackupEmulator,
  BackupKind,
  BackupQuery,
  BackupService,
  Cloud,
  DcsBackups,
  DdsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  InPlaceRestore,
  InPlaceRestoreProps,
  NewInstanceRestore,
  RdsBackups,
  RestoreTarget,
  RestoreTargetProps,
  Selection,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { writeResource } from "../../lib/terraform/raw-resource";
import { appOn, SAMPLE } from "../support/app";
import huaweicloud from "./provider-schemas/huaweicloud-1.97.1.json";
import opentelekomcloud from "./provider-schemas/opentelekomcloud-1.36.23.json";

const SCHEMAS: any = { ...huaweicloud, ...opentelekomcloud };
const NOW = new Date();

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

class Provider extends TerraformProvider {
  constructor(
    stack: TerraformStack,
    private readonly name?: string,
  ) {
    super(stack, name ?? "provider", {
      terraformResourceType: "huaweicloud",
      terraformGeneratorMetadata: { providerName: "huaweicloud" },
    });
  }
  public override get alias() {
    return this.name;
  }
  protected override synthesizeAttributes() {
    return { alias: this.name };
  }
}

/** Checks a block as the provider would: its names, what is required, and the types. */
function conforms(block: any, schema: any): void {
  const { attributes = {}, block_types = {} } = schema;
  for (const [name, value] of Object.entries<any>(block)) {
    if (block_types[name]) {
      conforms(value, block_types[name].block);
      continue;
    }
    expect(Object.keys(attributes)).toContain(name);
    const { type } = attributes[name];
    const isNumber = typeof value === "number" || /^\$\{tonumber\(/.test(value);
    if (type === "number") expect(isNumber).toBe(true);
    if (type === "string") expect(isNumber || typeof value !== "string").toBe(false);
    if (Array.isArray(type)) expect(typeof value).toBe("object");
  }
  for (const [name, { required }] of Object.entries<any>(attributes)) {
    if (required) expect(block).toHaveProperty(name);
  }
  if ("backup_id" in attributes && "restore_time" in attributes) {
    expect([block.backup_id, block.restore_time].filter((each) => each !== undefined)).toHaveLength(
      1,
    );
  }
}

const QUERIES: Record<string, (stack: TerraformStack) => BackupQuery> = {
  rds: (stack) => new RdsBackups(stack, "q", { instanceId: SAMPLE.rds }),
  gaussdb: (stack) => new GaussDbBackups(stack, "q", { instanceId: SAMPLE.gaussdb }),
  taurusdb: (stack) => new TaurusDbIncrementalBackups(stack, "q", { instanceId: SAMPLE.taurusdb }),
  "taurusdb-full": (stack) => new TaurusDbBackups(stack, "q", { instanceId: SAMPLE.taurusdb }),
  dds: (stack) => new DdsBackups(stack, "q", { instanceId: SAMPLE.dds }),
  dcs: (stack) => new DcsBackups(stack, "q", { instanceId: SAMPLE.dcs }),
  geminidb: (stack) => new GeminiDbBackups(stack, "q", { instanceId: SAMPLE.geminidb }),
};

function restore(
  service: string,
  target: Partial<RestoreTargetProps> = {},
  props: Partial<InPlaceRestoreProps> = {},
) {
  const { stack, synth } = appOn(emulator);
  new Provider(stack);
  const backups = QUERIES[service]!(stack);
  new InPlaceRestore(stack, "restore", {
    target: new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 }, ...target }),
    targetInstanceId: "victim",
    confirmOverwriteOf: "victim",
    createTimeout: Duration.hours(2),
    ...props,
  });
  return { stack, synth };
}

const written = (config: any): [string, any] => {
  const [[type, instances]] = Object.entries<any>(config.resource).filter(
    ([name]) => name !== "terraform_data",
  ) as [[string, any]];
  const { lifecycle, provider, depends_on, for_each, ...attributes } = instances.restore;
  delete attributes["//"];
  return [type, { attributes, lifecycle, provider, depends_on, for_each }];
};

describe("an in-place restore", () => {
  const moment = { selection: Selection.newestMoment() };
  const backup = { selection: Selection.latest() };
  test.each([
    ["rds", "huaweicloud_rds_restore", backup, "backup_id"],
    ["rds", "huaweicloud_rds_restore", moment, "restore_time"],
    ["gaussdb", "huaweicloud_gaussdb_restore", backup, "backup_id"],
    ["gaussdb", "huaweicloud_gaussdb_restore", moment, "restore_time"],
    ["taurusdb", "huaweicloud_taurusdb_restore", moment, "restore_time"],
    ["taurusdb-full", "huaweicloud_taurusdb_restore", backup, "backup_id"],
    ["taurusdb-full", "huaweicloud_taurusdb_restore", moment, "restore_time"],
    ["dds", "huaweicloud_dds_instance_restore", backup, "backup_id"],
    ["dds", "huaweicloud_dds_instance_restore", moment, "restore_time"],
    ["dcs", "huaweicloud_dcs_instance_restore", backup, "backup_id"],
  ])(
    "of %s is a %s that its provider takes, by its backup or its moment",
    (service, type, target, by) => {
      for (const pin of [{ epoch: 1 }, undefined]) {
        const { synth } = restore(service, { ...target, pin }, { onEveryNewBackup: true });
        const [name, { attributes, lifecycle, depends_on, for_each }] = written(synth());
        expect(name).toBe(type);
        conforms(attributes, SCHEMAS[type].block);
        expect(attributes).toHaveProperty(by);
        expect(attributes.timeouts).toEqual({ create: "120m" });
        // Nothing that the provider reads back, or the clock says, makes it act again.
        expect(lifecycle).toEqual({ create_before_destroy: true, ignore_changes: "all" });
        expect(depends_on).toEqual([expect.stringMatching(/^terraform_data\.restore_gate_/)]);
        expect(for_each).toMatch(/^\$\{toset\(\[local\.restore_key_\w+\]\)\}$/);
      }
    },
  );

  test("reads the pin, so that raising the epoch with the same backup changes nothing", () => {
    const [, first] = written(restore("rds", { pin: { epoch: 1 } }).synth());
    const [, second] = written(restore("rds", { pin: { epoch: 2 } }).synth());
    expect(second).toEqual(first);
    expect(first.attributes.backup_id).toMatch(
      /^\$\{terraform_data\.restore_gate_\w+\[local\.restore_key_\w+\]\.input\.backup_id\}$/,
    );
  });

  test("goes through the provider's alias, and restores single databases where asked", () => {
    const { stack, synth } = appOn(emulator);
    new Provider(stack);
    const provider = new Provider(stack, "second");
    const backups = QUERIES["rds"]!(stack);
    new InPlaceRestore(stack, "restore", {
      ...{ target: new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 } }), provider },
      ...{ targetInstanceId: "victim", confirmOverwriteOf: "victim" },
      ...{ createTimeout: Duration.hours(1), databaseName: { old: "new" } },
    });
    const [type, { attributes, provider: alias }] = written(synth());
    conforms(attributes, SCHEMAS[type].block);
    expect(attributes.database_name).toEqual({ old: "new" });
    expect(alias).toBe("huaweicloud.second");
  });

  test.each([
    [
      "of GeminiDB has no resource",
      () => restore("geminidb"),
      /^NO_RESTORE_RESOURCE: .*geminidb.*RestoreTrigger with a `command`/,
    ],
    [
      "that isn't confirmed",
      () => restore("rds", {}, { confirmOverwriteOf: "other" }),
      /^OVERWRITE_NOT_CONFIRMED: .*confirmOverwriteOf: "victim"/,
    ],
    [
      "that isn't pinned",
      () => restore("rds", { pin: undefined }),
      /^NOT_PINNED: the restore would act again/,
    ],
    [
      "without a timeout",
      () => restore("rds", {}, { createTimeout: undefined }),
      /^INVALID_DURATION: createTimeout/,
    ],
    [
      "through something that is no provider",
      () => restore("rds", {}, { provider: {} as never }),
      /^INVALID_PROPERTY: provider/,
    ],
  ])("%s is refused, with what is possible instead", (_what, make, message) => {
    expect(make).toThrow(message);
  });

  test("on Open Telekom Cloud has no resource", () => {
    const { stack } = appOn(emulator, { cloud: Cloud.openTelekomCloud(emulator.endpoints) });
    const target = new RestoreTarget(stack, "target", {
      backups: QUERIES["rds"]!(stack),
      pin: { epoch: 1 },
    });
    const make = () =>
      new InPlaceRestore(stack, "restore", {
        ...{ target, targetInstanceId: "v", confirmOverwriteOf: "v" },
        createTimeout: Duration.hours(1),
      });
    expect(make).toThrow(/^NO_RESTORE_RESOURCE: Open Telekom Cloud.*NewInstanceRestore/);
  });

  test("on Open Telekom Cloud has none either where the environment says which cloud it is", () => {
    const before = { ...process.env };
    Object.assign(process.env, emulator.environment, { HW_CLOUD: "otc.t-systems.com" });
    try {
      const { stack } = appOn(emulator, { cloud: undefined, credentials: undefined });
      const target = new RestoreTarget(stack, "target", {
        ...{ backups: QUERIES["rds"]!(stack), pin: { epoch: 1 } },
      });
      const make = () =>
        new InPlaceRestore(stack, "restore", {
          ...{ target, targetInstanceId: "v", confirmOverwriteOf: "v" },
          createTimeout: Duration.hours(1),
        });
      expect(make).toThrow(/^NO_RESTORE_RESOURCE/);
    } finally {
      process.env = before;
    }
  });

  test("of a target that is unmet fails the synthesis", () => {
    const { stack, synth } = restore("rds", {
      maxAge: Duration.seconds(1),
      onUnmet: "warn" as never,
    });
    expect(synth).toThrow(/\[stack\/restore\] BACKUP_NOT_GOOD_ENOUGH/);
    expect(stack).toBeDefined();
  });
});

describe("a block for a new instance", () => {
  const blockOf = (
    make: (target: RestoreTarget) => any,
    target: Partial<RestoreTargetProps> = {},
    service = "rds",
  ) => {
    const { stack, synth } = appOn(emulator);
    const backups = QUERIES[service]!(stack);
    const block = make(
      new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 }, ...target }),
    );
    writeResource(stack, "instance", {
      type: "test_instance",
      lifecycle: block.lifecycle,
      attributes: { restore: block.restore, restore_point: block.restorePoint },
    });
    return synth().resource.test_instance.instance;
  };
  const snake = (block: any) =>
    Object.fromEntries(
      Object.entries(block).map(([key, value]) => [
        key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
        value,
      ]),
    );

  test("of huaweicloud_rds_instance comes with what keeps it from replacing the instance", () => {
    const { restore, lifecycle } = blockOf((target) =>
      NewInstanceRestore.huaweicloudRds({ target }),
    );
    conforms(snake(restore), SCHEMAS.huaweicloud_rds_instance.block.block_types.restore.block);
    expect(lifecycle).toMatchObject({ ignore_changes: ["restore"], prevent_destroy: true });
    // The block reads what its gate has let through, so it can't be had without.
    expect(restore.backupId).toMatch(
      /^\$\{terraform_data\.target_block_gate_\w+\[local\.target_block_key_\w+\]\.input\.backup_id\}$/,
    );
  });

  test("has a name of its own where a target has several", () => {
    const twice = (id?: string) =>
      blockOf((target) => {
        NewInstanceRestore.huaweicloudRds({ target });
        return NewInstanceRestore.huaweicloudRds({ target, id });
      });
    expect(() => twice()).toThrow(
      /^INVALID_PROPERTY: the target has a block named "block" already/,
    );
    expect(() => twice("second")).not.toThrow();
  });

  test("of opentelekomcloud_rds_instance_v3 takes a backup or a moment", () => {
    const { block } = SCHEMAS.opentelekomcloud_rds_instance_v3.block.block_types.restore_point;
    for (const selection of [Selection.latest(), Selection.newestMoment()]) {
      const make = (target: RestoreTarget) => NewInstanceRestore.openTelekomCloudRds({ target });
      const { restore_point, lifecycle } = blockOf(make, { selection });
      conforms(snake(restore_point), block);
      expect(lifecycle).toMatchObject({ ignore_changes: ["restore_point"], prevent_destroy: true });
    }
  });

  test("lets go of both only where replacement is asked for", () => {
    const { lifecycle } = blockOf((target) =>
      NewInstanceRestore.huaweicloudRds({ target, allowReplacement: true }),
    );
    expect(lifecycle).toEqual({ prevent_destroy: false, create_before_destroy: true });
  });

  test.each([
    [
      "that names the instance it replaces",
      { managedInstanceId: SAMPLE.rds },
      {},
      "rds",
      /^RESTORES_ITSELF: /,
    ],
    ["of a moment", {}, { selection: Selection.newestMoment() }, "rds", /^NO_POINT_IN_TIME: /],
    ["of another service", {}, {}, "gaussdb", /^NO_RESTORE_RESOURCE: .*gaussdb/],
    ["that isn't pinned", {}, { pin: undefined }, "rds", /^NOT_PINNED: the block/],
  ])("%s is refused", (_what, props, target, service, message) => {
    const make = () =>
      blockOf(
        (each) => NewInstanceRestore.huaweicloudRds({ target: each, ...props }),
        target,
        service,
      );
    expect(make).toThrow(message);
  });

  test("may replace the rehearsal of another night", () => {
    const make = (target: RestoreTarget) =>
      NewInstanceRestore.huaweicloudRds({
        ...{ target, managedInstanceId: "rehearsal", allowReplacement: true },
      });
    expect(() => blockOf(make)).not.toThrow();
  });

  test("may replace an instance from a manual backup", () => {
    emulator.addBackupRecord(BackupService.RDS, {
      ...{ id: "by-hand", instance_id: SAMPLE.rds, type: "manual", status: "COMPLETED", size: 1 },
      ...{ begin_time: NOW.toISOString(), end_time: NOW.toISOString() },
    });
    const selection = Selection.latest({ kinds: [BackupKind.MANUAL] });
    const make = (target: RestoreTarget) =>
      NewInstanceRestore.huaweicloudRds({
        target,
        managedInstanceId: "mine",
        allowReplacement: true,
      });
    expect(() => blockOf(make, { selection })).not.toThrow();
  });
});
