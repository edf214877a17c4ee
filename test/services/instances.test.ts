import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instance, InstanceStatus } from "../../lib/model/instance";
import { BackupService } from "../../lib/model/service";
import { instancesOf, policyOf } from "../../lib/query/question";
import { kept } from "../../lib/services/kept";
import { parsePage } from "../../lib/services/paging";
import { RawRecord } from "../../lib/services/record";
import { Records } from "../../lib/services/records";
import { SERVICES } from "../../lib/services/registry";

const AS_OF = new Date("2026-01-31T00:00:00Z");
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const textOf = (sample: string) =>
  readFileSync(join(__dirname, "samples", `instances-${sample}.json`), "utf8");

/** The instances of these records, of which a lookup keeps what it needs. */
function decoded(service: BackupService, records: RawRecord[], name?: string) {
  const question = instancesOf(service, name);
  const [{ keep = [] } = {}] = question.lists(AS_OF, AS_OF, "otc");
  const left = records.map((record) => kept(record, keep));
  const { instances, warnings } = question.resultOf(Records.of(left), AS_OF, []);
  return { instances: [...instances], warnings };
}

function sample(service: BackupService, file: string = service) {
  const page = parsePage(textOf(file), SERVICES[service].instances.paging);
  return { ...page, ...decoded(service, page.records) };
}

function one(service: BackupService, record: RawRecord) {
  const { instances, warnings } = decoded(service, [record]);
  return { instance: instances[0] as Instance, warnings };
}

/** The policy that the detail of a cache shows. */
function policyIn(record: RawRecord) {
  const question = policyOf(BackupService.DCS, "i")!;
  const [{ keep = [] } = {}] = question.lists(AS_OF, AS_OF);
  return question.resultOf(Records.of([kept(record, keep)]), AS_OF, []);
}

const cachePolicy = (policy: unknown) => ({
  ...{ instance_id: "i", instance_backup_policy: { backup_policy_id: "p", policy } },
});
const PLAN = {
  ...{ backup_at: [1, 3, 7], begin_at: "00:00-01:00", period_type: "weekly" },
  timezone_offset: "+0800",
};

describe("the published sample of the list of instances", () => {
  test("of RDS is decoded whole", () => {
    const { instances, total, warnings } = sample(BackupService.RDS);
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(instances).toEqual([
      Instance.of({
        service: BackupService.RDS,
        id: "ed7cc6166ec24360a5ed5c5c9c2ed726in01",
        name: "mysql-0820-022709-01",
        status: InstanceStatus.AVAILABLE,
        engine: "MySQL",
        engineVersion: "5.7",
        createdAt: new Date("2018-08-19T18:33:49Z"),
        isReplica: false,
        canBeBackedUp: true,
        volumeSizeBytes: 100 * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window: "19:00-20:00" },
      }),
    ]);
  });

  const OPENGAUSS: [
    id: string,
    name: string,
    version: string,
    created: string,
    gib: number,
    window: string,
  ][] = [
    [
      "b331ed66cc3249f78bc20737308c01f4in14",
      "gauss-9e88",
      "1.3",
      "2021-01-15T01:46:40Z",
      120,
      "19:00-20:00",
    ],
    [
      "226b4afcfcc84c86bf1b9cb345d3b00fin14",
      "UTS-gauss-ad53-2C3D",
      "1.3",
      "2021-01-08T09:18:27Z",
      120,
      "18:00-19:00",
    ],
    [
      "706c65c3dd7d497ab16f5b3a113690abin14",
      "UTS-gauss-7362",
      "1.2",
      "2020-12-23T03:21:41Z",
      80,
      "16:00-17:00",
    ],
    [
      "4ad42d079a3948d88c28d6236211b21ein14",
      "UTS-gauss-4336",
      "1.2",
      "2020-12-03T14:28:53Z",
      40,
      "18:00-19:00",
    ],
  ];

  test.each([
    ["gaussdb", OPENGAUSS],
    ["gaussdb-text", OPENGAUSS.filter(([, name]) => name === "UTS-gauss-7362")],
  ])("of GaussDB (%s) is decoded whole, its time with UTC behind it", (file, expected) => {
    const { instances, total, warnings } = sample(BackupService.GAUSSDB, file);
    expect(total).toBe(expected.length);
    expect(warnings).toEqual([]);
    const whole = expected.map(([id, name, engineVersion, created, gib, window]) =>
      Instance.of({
        ...{ service: BackupService.GAUSSDB, id, name, status: InstanceStatus.AVAILABLE },
        ...{ engine: "GaussDB(for openGauss)", engineVersion, createdAt: new Date(created) },
        volumeSizeBytes: gib * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window },
      }),
    );
    expect(instances).toHaveLength(whole.length);
    expect(instances).toEqual(expect.arrayContaining(whole));
  });

  test("of GeminiDB is decoded whole: a time without a zone, its one group without a list", () => {
    const { instances, total, warnings } = sample(BackupService.GEMINIDB);
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(instances).toEqual([
      Instance.of({
        service: BackupService.GEMINIDB,
        id: "8436a91546294036b75931e879882200in06",
        name: "nosql-efa6",
        status: InstanceStatus.AVAILABLE,
        engine: "cassandra",
        engineVersion: "3.11",
        createdAt: new Date("2019-01-17T07:05:52Z"),
        volumeSizeBytes: 10 * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window: "16:00-17:00" },
      }),
    ]);
  });

  test("of DDS is decoded whole: the volumes of all groups that have one together", () => {
    const { instances, total, warnings } = sample(BackupService.DDS);
    expect(total).toBe(3);
    expect(warnings).toEqual([]);
    const common = {
      service: BackupService.DDS,
      status: InstanceStatus.AVAILABLE,
      ...{ engine: "DDS-Community", engineVersion: "3.4" },
    };
    expect(instances).toEqual([
      Instance.of({
        ...common,
        id: "9136fd2a9fcd405ea4674276ce36dae8in02",
        name: "dds-32f4",
        createdAt: new Date("2019-01-17T07:04:37Z"),
        volumeSizeBytes: 20 * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window: "19:00-20:00" },
      }),
      Instance.of({
        ...common,
        id: "d77905385f114217b75ae7d6ab9a7588in02",
        name: "dds-5699",
        createdAt: new Date("2019-01-17T07:04:39Z"),
        volumeSizeBytes: 10 * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window: "17:00-18:00" },
      }),
      Instance.of({
        ...common,
        id: "8436a91546294036b75931e879882200in02",
        name: "dds-efa6",
        createdAt: new Date("2019-01-17T07:05:52Z"),
        volumeSizeBytes: 10 * GIB,
        automatedBackups: { isOn: true, keepDays: 7, window: "16:00-17:00" },
      }),
    ]);
  });

  test.each([
    ["taurusdb", "d738399de028480fabb2b8120d4e01a4in07", "8.0.22"],
    ["taurusdb-v3.1", "61a4ea66210545909d74a05c27a7179ein07", "8.0"],
  ])("of TaurusDB (%s) is decoded whole: _0800 is +0800, and no size", (file, id, version) => {
    const { instances, total, warnings } = sample(BackupService.TAURUSDB, file);
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(instances).toEqual([
      Instance.of({
        service: BackupService.TAURUSDB,
        id,
        name: "gaussdb-mysql-instance01",
        status: InstanceStatus.AVAILABLE,
        engine: "gaussdb-mysql",
        engineVersion: version,
        createdAt: new Date("2018-08-19T18:33:49Z"),
        automatedBackups: { isOn: true, keepDays: 7, window: "19:00-20:00" },
      }),
    ]);
  });

  test("of DCS is decoded whole: a single node, which can't be backed up", () => {
    const { instances, total, warnings } = sample(BackupService.DCS);
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(instances).toEqual([
      Instance.of({
        service: BackupService.DCS,
        id: "12073516-dab2-40a8-a285-4c5da07891ae",
        name: "dcs-single-test-1",
        status: InstanceStatus.AVAILABLE,
        engine: "Redis",
        engineVersion: "3.0",
        createdAt: new Date("2019-05-31T03:15:40.631Z"),
        canBeBackedUp: false,
        volumeSizeBytes: 3277 * MIB,
      }),
    ]);
  });

  test("of one DCS instance has a policy that is null: nothing is backed up", () => {
    const { records } = parsePage(
      textOf("dcs-detail"),
      SERVICES[BackupService.DCS].instances.detail!.paging,
    );
    expect(policyIn(records[0]!)).toEqual({ automatedBackups: { isOn: false }, warnings: [] });
  });
});

describe("a policy", () => {
  test.each([
    [7, { isOn: true, keepDays: 7 }],
    ["7", { isOn: true, keepDays: 7 }],
    ["7,", { isOn: true, keepDays: 7 }],
    [" 732 ", { isOn: true, keepDays: 732 }],
    [0, { isOn: false }],
    ["0", { isOn: false }],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("that keeps for %p days is %p", (days, expected) => {
    const { instance, warnings } = one(BackupService.RDS, {
      ...{ id: "a", status: "ACTIVE", backup_strategy: { keep_days: days } },
    });
    expect(instance.automatedBackups).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  test.each([["a week"], [-1], [1.5], [true]])("that keeps for %p days is not known", (days) => {
    const { instance, warnings } = one(BackupService.RDS, {
      ...{ id: "a", status: "ACTIVE", backup_strategy: { keep_days: days } },
    });
    expect(instance.automatedBackups).toBeUndefined();
    expect(warnings).toEqual([
      `RDS instance a, backup_strategy: keep_days ${JSON.stringify(days)} is not a whole number`,
    ]);
  });

  test("that is null, or missing, is not known", () => {
    for (const strategy of [{ backup_strategy: null }, {}]) {
      const { instance, warnings } = one(BackupService.RDS, {
        ...{ id: "a", status: "ACTIVE", ...strategy },
      });
      expect(instance.automatedBackups).toBeUndefined();
      expect(warnings).toEqual([]);
    }
  });

  test("of a cache has its weekdays, and its window in UTC", () => {
    const policy = { backup_type: "auto", save_days: 3, periodical_backup_plan: PLAN };
    expect(policyIn(cachePolicy(policy))).toEqual({
      automatedBackups: { isOn: true, keepDays: 3, window: "00:00-01:00", weekdays: [1, 3, 7] },
      warnings: [],
    });
  });

  test("of a cache that was switched to manual is off, though it is still there", () => {
    const policy = { backup_type: "manual", save_days: 3, periodical_backup_plan: PLAN };
    const { automatedBackups, warnings } = policyIn(cachePolicy(policy));
    expect(automatedBackups).toEqual({ isOn: false });
    expect(warnings).toEqual([]);
  });

  test("of a cache of a type that is on no page is not known, with a warning", () => {
    const { automatedBackups, warnings } = policyIn(cachePolicy({ backup_type: "hourly" }));
    expect(automatedBackups).toBeUndefined();
    expect(warnings).toEqual([
      'DCS instance i, instance_backup_policy, policy: backup_type "hourly" is none of auto, manual',
    ]);
  });

  test("of a cache has nothing in the place of what can't be read, with a warning", () => {
    const plan = { ...PLAN, backup_at: "daily" };
    const policy = { backup_type: "auto", save_days: "few", periodical_backup_plan: plan };
    const { automatedBackups, warnings } = policyIn(cachePolicy(policy));
    expect(automatedBackups).toEqual({ isOn: true, window: "00:00-01:00" });
    expect(warnings).toHaveLength(2);
  });

  test("of a cache that is gone meanwhile is not known", () => {
    const question = policyOf(BackupService.DCS, "i")!;
    expect(question.resultOf(Records.of([]), AS_OF, []).automatedBackups).toBeUndefined();
  });

  test.each(Object.values(BackupService))(
    "of one instance of %s is asked for where it stands",
    (service) => {
      const [list] = policyOf(service, "i").lists(new Date(), new Date(), "otc");
      const isCache = service === BackupService.DCS;
      // Of a cache its own page has it, of the others the list, asked for that one alone.
      expect(list!.path.endsWith("/instances/i")).toBe(isCache);
      expect(list!.query).toEqual(isCache ? {} : { id: "i" });
    },
  );
});

describe("an instance", () => {
  test.each([
    ["BUILD", InstanceStatus.CREATING],
    ["CREATE FAIL", InstanceStatus.FAILED],
    ["MODIFYING INSTANCE TYPE", InstanceStatus.CHANGING],
    ["REDUCING REPLICATION", InstanceStatus.CHANGING],
    ["FLUSHING", InstanceStatus.CHANGING],
    ["data_disk_full", InstanceStatus.FAILED],
    ["Frozen", InstanceStatus.FROZEN],
    [" normal ", InstanceStatus.AVAILABLE],
  ])("in the state %s is %s", (status, expected) => {
    const { instance, warnings } = one(BackupService.RDS, { id: "a", status });
    expect(instance.status).toBe(expected);
    expect(warnings).toEqual([]);
  });

  test("in a state that is on no page, or in none, is in an unknown one, with a warning", () => {
    const { instance, warnings } = one(BackupService.GEMINIDB, { id: "a", status: "Cluster" });
    expect(instance.status).toBe(InstanceStatus.UNKNOWN);
    expect(warnings).toEqual([
      expect.stringMatching(/^GeminiDB instance a: status "Cluster" is none of active, normal, /),
    ]);
    const without = one(BackupService.GEMINIDB, { id: "a" });
    expect(without.instance.status).toBe(InstanceStatus.UNKNOWN);
    expect(without.warnings).toEqual(["GeminiDB instance a: status is missing"]);
  });

  test("that is a read replica can't be backed up", () => {
    for (const type of ["Replica", "replica"]) {
      const { instance } = one(BackupService.RDS, { id: "a", status: "ACTIVE", type });
      expect(instance).toMatchObject({ isReplica: true, canBeBackedUp: false });
    }
    for (const type of ["Single", "Ha", "Cluster"]) {
      const { instance } = one(BackupService.RDS, { id: "a", status: "ACTIVE", type });
      expect(instance).toMatchObject({ isReplica: false, canBeBackedUp: true });
    }
  });

  test.each([
    [{ spec_code: "dcs.single_node" }, false],
    [{ spec_code: "redis.single.au1.large.1" }, false],
    [{ cache_mode: "single", spec_code: "redis.ha.xu1.large.r2.1" }, false],
    [{ cache_mode: "ha", spec_code: "redis.ha.xu1.large.r2.1" }, true],
    [{ spec_code: "dcs.cluster" }, true],
    [{ spec_code: "dcs.master_standby" }, true],
    [{}, true],
  ])("of DCS with %p can be backed up: %p", (record, expected) => {
    const { instance } = one(BackupService.DCS, {
      ...{ instance_id: "a", status: "RUNNING", ...record },
    });
    expect(instance.canBeBackedUp).toBe(expected);
  });

  test("that is being created has no time yet, which is no warning", () => {
    const { instance, warnings } = one(BackupService.RDS, {
      ...{ id: "a", status: "BUILD", created: "" },
    });
    expect(instance.createdAt).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("is told by its id in a warning, be there a space behind the key", () => {
    const { instance, warnings } = one(BackupService.RDS, { "id ": "a", status: "odd" });
    expect(instance.id).toBe("a");
    expect(warnings[0]).toMatch(/^RDS instance a: status "odd"/);
  });
});

describe("a list of instances", () => {
  const named = (id: string, name: string) => ({ id, name, status: "ACTIVE" });

  test("of one name has those of that name alone, letter for letter", () => {
    const records = [named("b", "orders"), named("a", "orders"), named("c", "Orders")];
    const { instances } = decoded(
      BackupService.RDS,
      [...records, named("d", "orders-2")],
      "orders",
    );
    expect(instances.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("is in the order of names, then of ids", () => {
    const records = [named("2", "b"), named("1", "b"), named("3", "a"), { id: "0", status: "x" }];
    const { instances } = decoded(BackupService.RDS, records);
    expect(instances.map(({ id }) => id)).toEqual(["0", "3", "1", "2"]);
  });

  test("is asked for by name as each service has it: DCS would search for a part of it", () => {
    const queryOf = (service: BackupService) =>
      instancesOf(service, "orders").lists(AS_OF, AS_OF, "otc")[0]?.query;
    expect(queryOf(BackupService.RDS)).toEqual({ name: "orders" });
    expect(queryOf(BackupService.DCS)).toEqual({ name: "orders", name_equal: "true" });
    expect(instancesOf(BackupService.DCS).lists(AS_OF, AS_OF)[0]?.query).toEqual({});
  });

  test("of TaurusDB is at v3.1 on the one cloud, and at v3 on the other", () => {
    const pathOn = (cloud: string) =>
      instancesOf(BackupService.TAURUSDB).lists(AS_OF, AS_OF, cloud)[0]?.path;
    expect(pathOn("huaweicloud")).toBe("/v3.1/{project}/instances");
    expect(pathOn("otc")).toBe("/v3/{project}/instances");
  });
});

describe("any record", () => {
  const KEYS = ["id", "instance_id", "name", "status", "type", "created", "created_at", "volume"];
  const MORE = ["groups", "datastore", "backup_strategy", "max_memory", "spec_code", "cache_mode"];

  test.each(Object.values(BackupService))(
    "of %s is decoded without a crash or a NaN",
    (service) => {
      const record = fc.dictionary(fc.constantFrom(...KEYS, ...MORE), fc.jsonValue());
      fc.assert(
        fc.property(fc.array(record, { maxLength: 5 }), (records) => {
          const { instances } = decoded(service, records as RawRecord[]);
          expect(instances).toHaveLength(records.length);
          expect(JSON.stringify(instances)).not.toMatch(/NaN|Invalid/);
        }),
      );
    },
  );

  test("is read though it holds an object that can't be a text", () => {
    const odd = { toString: 0 };
    const { instance, warnings } = one(BackupService.DDS, {
      ...{ id: "a", status: "normal", created: odd, backup_strategy: { keep_days: odd } },
    });
    expect(instance).toMatchObject({ createdAt: undefined, automatedBackups: undefined });
    expect(warnings).toHaveLength(2);
  });
});

describe("of a record is kept", () => {
  test("what stands at the paths, and nothing else", () => {
    const record = { id: "a", port: 3306, volume: { size: 4, used: 1 }, nodes: [{ id: "n" }] };
    expect(kept(record, ["id", "volume.size"])).toEqual({ id: "a", volume: { size: 4 } });
    expect(kept(record, ["volume"])).toEqual({ volume: { size: 4, used: 1 } });
    expect(kept(record, [])).toEqual({});
  });

  test("of a list each item's part", () => {
    const record = { groups: [{ volume: { size: 1, used: 0 } }, { type: "mongos" }, null, 7] };
    expect(kept(record, ["groups.volume.size"])).toEqual({
      groups: [{ volume: { size: 1 } }, {}, null, 7],
    });
  });

  test("several parts of one object", () => {
    const record = { datastore: { type: "MySQL", version: "8.0", patch: true } };
    expect(kept(record, ["datastore.type", "datastore.version"])).toEqual({
      datastore: { type: "MySQL", version: "8.0" },
    });
  });

  test("a key with a stray space, and a value that is no object where one was expected", () => {
    const record = { "id ": "a", volume: "none", datastore: null };
    expect(kept(record, ["id", "volume.size", "datastore.type"])).toEqual(record);
  });

  test("nothing that changes by the hour: a record is the same tomorrow", () => {
    const [{ keep = [] } = {}] = instancesOf(BackupService.GEMINIDB).lists(AS_OF, AS_OF);
    const { records } = parsePage(textOf("geminidb"), SERVICES.geminidb.instances.paging);
    expect(Object.keys(kept(records[0]!, keep)).sort()).toEqual([
      ...["backup_strategy", "created", "datastore", "groups", "id", "name", "status"],
    ]);
    expect(JSON.stringify(kept(records[0]!, keep))).not.toMatch(/used|updated|node|private_ip/);
  });
});
