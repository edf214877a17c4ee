import {
  AutomatedBackups,
  BackupEmulator,
  BackupOutputs,
  BackupService,
  Instance,
  Instances,
  InstanceStatus,
  LookupMode,
  MemoryLock,
} from "../../lib";
import { SERVICES } from "../../lib/services/registry";
import { appOn, SAMPLE } from "../support/app";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const ALL = Object.values(BackupService);
const { DCS, GAUSSDB, RDS, TAURUSDB } = BackupService;

/** The paths that were asked for, without those of backups. */
function asked(): string[] {
  return emulator.requests
    .map((line) => new URL(line.split(" ")[1]!, "http://emulator"))
    .filter(({ pathname }) => pathname.includes("/instances"))
    .map(({ pathname, search }) => pathname.slice(1) + search);
}

describe("Instances", () => {
  test.each(ALL)(
    "of %s are those that the service lists, with what its list says of each",
    (service) => {
      const { stack } = appOn(emulator);
      const { all, warnings } = new Instances(stack, "instances", { service });
      expect(warnings).toEqual([]);
      expect(all.map(({ id }) => id)).toContain(SAMPLE[service]);
      for (const instance of all) {
        expect(instance).toMatchObject({
          service,
          name: expect.stringMatching(/^orders-\d+$/),
          status: InstanceStatus.AVAILABLE,
          engine: expect.any(String),
          engineVersion: expect.any(String),
          createdAt: expect.any(Date),
          isReplica: false,
          canBeBackedUp: true,
        });
      }
    },
  );

  test.each([
    [RDS, { isOn: true, keepDays: 7, window: expect.stringMatching(/^\d\d:\d\d-\d\d:\d\d$/) }],
    [TAURUSDB, { isOn: true, keepDays: 7, window: expect.any(String) }],
    [DCS, undefined],
  ] as [BackupService, AutomatedBackups | undefined][])(
    "of %s have their policy where the list has it",
    (service, expected) => {
      const { stack } = appOn(emulator);
      const [one] = new Instances(stack, "instances", { service }).all;
      expect(one!.automatedBackups).toEqual(expected);
    },
  );

  test("of DCS are asked for their policies one by one, side by side, where that is wanted", () => {
    const { stack } = appOn(emulator, { projectId: emulator.projectId });
    const { all } = new Instances(stack, "caches", { service: DCS, withPolicies: true });
    expect(all.length).toBeGreaterThan(0);
    for (const { automatedBackups } of all) {
      expect(automatedBackups).toMatchObject({ isOn: expect.any(Boolean) });
    }
    expect(asked()).toHaveLength(1 + all.length);
  });

  test.each([
    [RDS, "huaweicloud", "v3"],
    [TAURUSDB, "huaweicloud", "v3.1"],
    [TAURUSDB, "otc", "v3"],
    [TAURUSDB, "custom", "v3"],
    [DCS, "otc", "v2"],
  ])("of %s are asked for by the path of the cloud %s", (service, cloud, version) => {
    const { path } = SERVICES[service].instances.request({}, cloud);
    expect(path).toBe(`/${version}/{project}/instances`);
  });

  test("come in one batch with everything else, and on a frozen run out of the lock", () => {
    const lockStore = new MemoryLock();
    const first = appOn(emulator, { lockStore, projectId: emulator.projectId });
    const lists = ALL.map((service) => new Instances(first.stack, service, { service }));
    const found = lists.map(({ all }) => all);
    const output = first.synth().output;
    expect(output[RDS].value).toEqual({ service: RDS, count: found[1]!.length });
    const known = emulator.requests.length;
    const frozen = appOn(emulator, {
      lockStore,
      mode: LookupMode.FROZEN,
      projectId: emulator.projectId,
    });
    const again = ALL.map((service) => new Instances(frozen.stack, service, { service }).all);
    expect(again).toEqual(found);
    expect(emulator.requests).toHaveLength(known);
  });

  test("leave in the lock nothing but what is read of them: no addresses, no users, no nodes", () => {
    const lockStore = new MemoryLock();
    const { stack, synth } = appOn(emulator, { lockStore });
    for (const service of ALL) void new Instances(stack, service, { service }).all;
    synth();
    expect(lockStore.read()).not.toMatch(
      /private_ip|user_name|nodes|vpc|subnet|security_group|port/,
    );
  });

  test("of a name are those whose name is that, letter for letter", () => {
    const add = (id: string, name: string) => {
      const datastore = { type: "MySQL", version: "8.0" };
      const status = "ACTIVE";
      emulator.addInstanceRecord(RDS, {
        id: `${id}in01`,
        name,
        status,
        datastore,
        volume: { size: 1 },
      });
    };
    add("a", "billing");
    add("b", "Billing");
    add("c", "billing-2");
    const { stack } = appOn(emulator);
    const { only } = new Instances(stack, "billing", { service: RDS, name: "billing" });
    expect(only).toMatchObject({ id: "ain01", volumeSizeBytes: 2 ** 30 });
    add("d", "billing");
    const other = appOn(emulator);
    const twice = new Instances(other.stack, "billing", { service: RDS, name: "billing" });
    expect(() => twice.only).toThrow(
      /^SEVERAL_INSTANCES: there are 2 RDS instances named "billing"/,
    );
    const none = new Instances(other.stack, "none", { service: RDS, name: "biling" });
    expect(() => none.only).toThrow(/^INSTANCE_NOT_FOUND: .*The nearest are "Billing", "billing"/);
  });

  test("of DCS are asked for by their exact name", () => {
    const { stack } = appOn(emulator, { projectId: emulator.projectId });
    void new Instances(stack, "cache", { service: DCS, name: "orders-1" }).only;
    expect(asked()).toEqual([
      expect.stringContaining("instances?name=orders-1&name_equal=true&offset=0&limit=1000"),
    ]);
  });

  test.each(["*", "*orders", "", " x", "a/b"])(
    "refuse the name %j before anything is sent",
    (name) => {
      const { stack } = appOn(emulator);
      expect(() => new Instances(stack, "instances", { service: RDS, name })).toThrow(
        /^INVALID_NAME/,
      );
    },
  );

  test("refuse a service that is none", () => {
    const { stack } = appOn(emulator);
    const service = "oracle" as BackupService;
    expect(() => new Instances(stack, "instances", { service })).toThrow(/^INVALID_SERVICE/);
  });

  test("tell apart a read replica, a cache of a single node and one that is being created", () => {
    const common = { name: "x", datastore: { type: "MySQL", version: "8.0" } };
    const replica = { id: "rin01", status: "ACTIVE", type: "Replica", ...common };
    emulator.addInstanceRecord(RDS, replica);
    emulator.addInstanceRecord(RDS, { id: "cin01", status: "BUILD", created: "", ...common });
    emulator.addInstanceRecord(DCS, {
      instance_id: "s",
      status: "RUNNING",
      spec_code: "dcs.single_node",
    });
    const { stack } = appOn(emulator);
    const of = (service: BackupService, id: string) =>
      new Instances(stack, service + id, { service }).all.find((each) => each.id === id);
    expect(of(RDS, "rin01")).toMatchObject({ isReplica: true, canBeBackedUp: false });
    const created = of(RDS, "cin01")!;
    expect([created.status, created.createdAt]).toEqual([InstanceStatus.CREATING, undefined]);
    expect(of(DCS, "s")!.canBeBackedUp).toBe(false);
  });

  test("may be written whole as an output, and tell a failed lookup once", () => {
    const { app, stack } = appOn(emulator);
    new Instances(stack, "instances", { service: GAUSSDB, outputs: BackupOutputs.ALL });
    emulator.fault({ status: 403, times: 9 });
    let told = "";
    try {
      app.synth();
    } catch (error) {
      told = String(error);
    }
    expect(told.match(/NOT_PERMITTED/g)).toHaveLength(1);
    expect(told).toMatch(/\[stack\/instances\]/);
  });
});

test("an Instance given whole to a program's output is what the library writes of it", () => {
  const instance = Instance.of({
    service: RDS,
    id: "a",
    status: InstanceStatus.AVAILABLE,
    name: "${x}",
  });
  expect(JSON.parse(JSON.stringify(instance))).toMatchObject({ id: "a", is_replica: false });
  expect(JSON.stringify(instance)).not.toContain("${");
});
