import { BackupEmulator, BackupService } from "../../lib";
import {
  type EmulatorConfig,
  EmulatorServer,
  type Fault,
  type ServiceName,
} from "../../lib/emulator/server";
import {
  instancesOf,
  listPath,
  PROJECT,
  type Reply,
  type Rig,
  sampleInstance,
  sign,
  start,
  stopAll,
} from "./helpers";
import { expectRefused, PARAMETER_CODES } from "./lists";

type Listed = Exclude<ServiceName, "taurusDbFull">;
type Row = Record<string, any>;

const DATABASES: Listed[] = ["gaussDb", "rds", "geminiDb", "taurusDb", "dds"];
const EACH: Listed[] = [...DATABASES, "dcs"];
const idKey = (service: Listed): string => (service === "dcs" ? "instance_id" : "id");
const totalKey = (service: Listed): string => (service === "dcs" ? "instance_num" : "total_count");

let rig: Rig;
afterEach(stopAll);

const pathOf = (service: Listed, version = service === "dcs" ? "v2" : "v3"): string =>
  `/${service.toLowerCase()}/${version}/${PROJECT}/instances`;
const ask = (service: Listed, query = ""): Promise<Reply> => rig.get(`${pathOf(service)}?${query}`);

async function rows(service: Listed, query = ""): Promise<Row[]> {
  const { status, body } = await ask(service, query);
  expect([status, Object.keys(body)]).toEqual([200, ["instances", totalKey(service)]]);
  return body.instances;
}

const namesOf = async (service: Listed, query?: string): Promise<string[]> =>
  (await rows(service, query)).map(({ name }) => name);

/** Records of instances called so, with ids that follow one another. */
const named = (service: Listed, ...names: string[]): Row[] =>
  names.map((name, index) => ({ [idKey(service)]: `id-${index}`, name }));

/** No instances but those that are called so. */
const holding = (service: Listed, ...names: string[]): EmulatorConfig => ({
  records: { [service]: [] },
  instanceRecords: { [service]: named(service, ...names) },
});

const many = (service: Listed, count: number): EmulatorConfig => ({
  records: { [service]: [] },
  instances: { [service]: Array.from({ length: count }, (_, index) => `i${index}`) },
});

describe("the list of a service's instances", () => {
  it.each(EACH)("of %s takes a token and a signature, and nothing less", async (service) => {
    rig = await start();
    const path = pathOf(service);
    expect((await rig.get(path)).status).toBe(200);
    expect((await rig.send(path, { headers: sign(rig.url(path)) })).status).toBe(200);
    const nobody = await rig.send(path);
    expect([nobody.status, nobody.body.error_code]).toEqual([401, "APIGW.0301"]);
  });

  it.each(EACH)("of %s opens no other project and is a GET", async (service) => {
    rig = await start();
    const theirs = await rig.get(pathOf(service).replace(PROJECT, "f".repeat(32)));
    expect(theirs.status).toBe(403);
    const headers = { "X-Auth-Token": rig.token };
    const posted = await rig.send(pathOf(service), { method: "POST", headers });
    expect([posted.status, posted.headers.allow]).toEqual([405, "GET"]);
    expectRefused(await rig.get(pathOf(service).replace(PROJECT, "%")), PARAMETER_CODES[service]);
  });

  it.each([
    pathOf("rds", "v3.1"),
    pathOf("geminiDb", "v3.1"),
    pathOf("dcs", "v1.0"),
    pathOf("taurusDb", "v2"),
    `${pathOf("rds")}/${sampleInstance("rds")}`,
    `${pathOf("dcs", "v1.0")}/${sampleInstance("dcs")}`,
  ])("is not at %s", async (path) => {
    rig = await start();
    const reply = await rig.get(path);
    expect([reply.status, reply.body.error_code]).toEqual([404, "APIGW.0101"]);
  });

  it.each(EACH)("of %s has all that it holds backups of, each once", async (service) => {
    rig = await start({ instances: { [service]: ["fresh"] } });
    const listed = await rows(service);
    const ids = listed.map((each) => each[idKey(service)]);
    expect(ids).toEqual(expect.arrayContaining([...instancesOf(service), "fresh"]));
    expect(new Set(ids).size).toBe(ids.length);
    const names = listed.map(({ name }) => name).sort();
    expect(names).toEqual(ids.map((_, index) => `orders-${index + 1}`));
  });

  it("of TaurusDB has those of both of its lists of backups, under both versions", async () => {
    rig = await start({ instances: { taurusDb: ["one"], taurusDbFull: ["two"] } });
    for (const version of ["v3", "v3.1"]) {
      const { body } = await rig.get(pathOf("taurusDb", version));
      const ids = body.instances.map(({ id }: Row) => id);
      expect(ids).toEqual(expect.arrayContaining([sampleInstance("taurusDb"), "one", "two"]));
      expect(body.total_count).toBe(ids.length);
    }
  });

  it.each(EACH)("of %s has what comes with a backup or with windows, last", async (service) => {
    rig = await start(holding(service, "first"));
    rig.server.control({ op: "add", service, record: { id: "b", instance_id: "by-backup" } });
    if (service !== "dcs") {
      rig.server.control({ op: "windows", service, instance: "by-window", windows: [] });
    }
    const expected = ["first", "orders-2", ...(service === "dcs" ? [] : ["orders-3"])];
    expect((await namesOf(service)).sort()).toEqual(expected);
  });

  it.each(["geminiDb", "dds"] as const)("of %s begins with the newest", async (service) => {
    const records = [
      { id: "old", name: "old", created: "2017-01-01T00:00:00" },
      { id: "new", name: "new", created: "2030-01-01T00:00:00" },
      { id: "creating", name: "creating", created: "" },
    ];
    const config = many(service, 2);
    rig = await start({ ...config, instanceRecords: { [service]: records } });
    const found = await namesOf(service);
    expect(found).toEqual(["new", "orders-2", "orders-1", "old", "creating"]);
  });
});

describe("paging", () => {
  it.each(DATABASES)("of %s is by 100 unless told, 1 to 100, from record 0", async (service) => {
    rig = await start(many(service, 103));
    const { body } = await ask(service);
    expect([body.instances.length, body.total_count]).toEqual([100, 103]);
    expect(await rows(service, "offset=100")).toHaveLength(3);
    const [first, second] = await rows(service);
    expect(await rows(service, "offset=1&limit=1")).toEqual([second]);
    expect(await rows(service, "offset=0&limit=1")).toEqual([first]);
    expect(await rows(service, "offset=103")).toEqual([]);
    for (const limit of ["0", "101", "-1", "x", ""]) {
      expectRefused(await ask(service, `limit=${limit}`), PARAMETER_CODES[service]);
    }
    for (const offset of ["-1", "x", "1.5"]) {
      expectRefused(await ask(service, `offset=${offset}`), "DBS.280440");
    }
  });

  it("of DCS is by 10 unless told, 1 to 1000, from record 0", async () => {
    rig = await start(many("dcs", 1001));
    const { body } = await ask("dcs");
    expect([body.instances.length, body.instance_num]).toEqual([10, 1001]);
    expect(await rows("dcs", "limit=1000")).toHaveLength(1000);
    expect(await rows("dcs", "offset=1000&limit=1000")).toHaveLength(1);
    expectRefused(await ask("dcs", "limit=0"), "DCS.4001");
    expectRefused(await ask("dcs", "limit=1001"), "DCS.4001");
    const refused = await ask("dcs", "offset=-1");
    expectRefused(refused, "DCS.4800");
    expect(refused.body.error_msg).toBe("Invalid offset in the request.");
  });
});

describe("a parameter", () => {
  it.each(EACH)("of %s that its page does not name is refused", async (service) => {
    rig = await start();
    for (const query of ["page=1", "Name=x", "name=a&name=b", "name=%"]) {
      expectRefused(await ask(service, query), PARAMETER_CODES[service]);
    }
    expectRefused(await ask(service, "name="), PARAMETER_CODES[service]);
    expectRefused(
      await ask(service, service === "dcs" ? "id=x" : "instance_id=x"),
      PARAMETER_CODES[service],
    );
  });

  it.each(DATABASES)("name of %s is exact unless it begins with an asterisk", async (service) => {
    rig = await start(holding(service, "orders", "orders-eu", "eu-Orders", "orders"));
    expect(await namesOf(service, "name=orders")).toEqual(["orders", "orders"]);
    expect(await namesOf(service, "name=order")).toEqual([]);
    expect(await namesOf(service, "name=orders*")).toEqual([]);
    expect(await namesOf(service, "name=*eu")).toEqual(["orders-eu", "eu-Orders"]);
    expect((await ask(service, "name=*orders&limit=1")).body.total_count).toBe(3);
    expectRefused(await ask(service, "name=*"), PARAMETER_CODES[service]);
  });

  it.each(DATABASES)("id of %s is exact unless it begins with an asterisk", async (service) => {
    rig = await start(holding(service, "a", "b"));
    expect(await namesOf(service, "id=id-1")).toEqual(["b"]);
    expect(await namesOf(service, "id=id")).toEqual([]);
    expect(await namesOf(service, "id=*d-1")).toEqual(["b"]);
    expect(await namesOf(service, "id=id-0&name=b")).toEqual([]);
    expectRefused(await ask(service, "id=*"), PARAMETER_CODES[service]);
  });

  it("name of DCS looks for what contains it, unless name_equal is true", async () => {
    rig = await start(holding("dcs", "cache", "cache-eu", "eu"));
    expect(await namesOf("dcs", "name=cache")).toEqual(["cache", "cache-eu"]);
    expect(await namesOf("dcs", "name=cache&name_equal=true")).toEqual(["cache"]);
    expect(await namesOf("dcs", "name=cache&name_equal=false")).toEqual(["cache", "cache-eu"]);
    expect(await namesOf("dcs", "name=*")).toEqual([]);
    expect(await namesOf("dcs", "instance_id=id-1")).toEqual(["cache-eu"]);
    expect(await namesOf("dcs", "instance_id=id")).toEqual([]);
  });

  it("of RDS tells types and engines apart, in their own letters", async () => {
    const replica = { id: "r", name: "replica", type: "Replica", datastore: { type: "MySQL" } };
    rig = await start({ instanceRecords: { rds: [replica] } });
    expect(await namesOf("rds", "type=Replica")).toEqual(["replica"]);
    expect(await namesOf("rds", "type=Single")).toEqual(["orders-1", "orders-2", "orders-3"]);
    expect(await namesOf("rds", "type=Ha")).toEqual([]);
    expect(await namesOf("rds", "datastore_type=MySQL")).toEqual(["orders-1", "replica"]);
    expect(await namesOf("rds", "datastore_type=MySQL&type=Single")).toEqual(["orders-1"]);
    expectRefused(await ask("rds", "datastore_type=mysql"), "DBS.280001");
    expectRefused(await ask("rds", "type=replica"), "DBS.280001");
  });

  it("mode of GeminiDB counts beside datastore_type only", async () => {
    const redis = { id: "r", name: "redis", mode: "RedisCluster", datastore: { type: "redis" } };
    const plain = { ...redis, id: "p", name: "plain", mode: "Cluster" };
    rig = await start({ records: { geminiDb: [] }, instanceRecords: { geminiDb: [redis, plain] } });
    expect(await namesOf("geminiDb", "mode=RedisCluster")).toEqual(["redis", "plain"]);
    const query = "datastore_type=redis&mode=RedisCluster";
    expect(await namesOf("geminiDb", query)).toEqual(["redis"]);
    expect(await namesOf("geminiDb", "datastore_type=cassandra")).toEqual([]);
    expectRefused(await ask("geminiDb", "mode=redis"), "DBS.200001");
  });

  it("mode of DDS counts by itself", async () => {
    const single = {
      id: "s",
      name: "single",
      mode: "Single",
      datastore: { type: "DDS-Community" },
    };
    rig = await start({ instanceRecords: { dds: [single] } });
    expect(await namesOf("dds", "mode=Single")).toEqual(["single"]);
    expect(await namesOf("dds", "mode=Single&datastore_type=DDS-Community")).toEqual(["single"]);
    expect(await namesOf("dds", "mode=Sharding")).toEqual([]);
    expectRefused(await ask("dds", "datastore_type=mongodb"), "DBS.200001");
  });

  it.each<[Listed, string]>([
    ["rds", "vpc_id=v&subnet_id=s&tags=k%3Dv&eps_id=0&group_type=flexus"],
    ["gaussDb", "type=Ha&datastore_type=GaussDB&vpc_id=v&subnet_id=s&tags=t&charge_mode=prePaid"],
    ["geminiDb", "vpc_id=v&subnet_id=s"],
    ["dds", "vpc_id=v&subnet_id=s&tags=t"],
    ["taurusDb", "type=Cluster&datastore_type=gaussdb-mysql&private_ip=i&proxy_ip=i&tags=t"],
    ["dcs", "status=RUNNING&include_failure=true&include_delete=true&tags=t&ip=i&capacity=4"],
  ])("of %s of which nothing depends here is none the less taken", async (service, query) => {
    rig = await start();
    expect(await rows(service, query)).toEqual(await rows(service));
  });
});

describe("a made-up instance", () => {
  const oldest = async (service: Listed): Promise<Row> => {
    rig = await start();
    return (await rows(service, "name=orders-1"))[0] as Row;
  };
  const week = { start_time: "19:00-20:00", keep_days: 7 };

  it.each<[Listed, string, Row]>([
    ["rds", "2018-01-01T08:00:00+0800", { status: "ACTIVE", volume: { size: 100 } }],
    [
      "gaussDb",
      "2018-01-01 00:00:00 UTC",
      { status: "ACTIVE", volume: { size: 120 }, backup_used_space: "37846" },
    ],
    ["geminiDb", "2018-01-01T00:00:00", { status: "normal", groups: [{ volume: { size: 10 } }] }],
    ["dds", "2018-01-01T00:00:00", { status: "normal", groups: [{ volume: { size: 10 } }] }],
    ["taurusDb", "2018-01-01T08:00:00_0800", { status: "ACTIVE", volume: { size: 100 } }],
  ])(
    "of %s has its page's notation, and its backups' hour and days",
    async (service, ...wanted) => {
      const [created, rest] = wanted;
      const region = "eu-de";
      const found = await oldest(service);
      expect(found).toMatchObject({ created, region, backup_strategy: week, ...rest });
    },
  );

  it("is in the emulator's region", async () => {
    rig = await start({ region: "eu-nl" });
    const path = pathOf("rds");
    const { body } = await rig.send(path, { headers: sign(rig.url(path)) });
    expect(body.instances[0].region).toBe("eu-nl");
  });

  it("of TaurusDB has the status of one vocabulary under v3.1", async () => {
    rig = await start();
    const [instance] = (await rig.get(pathOf("taurusDb", "v3.1"))).body.instances;
    expect(instance).toEqual({ ...(await rows("taurusDb"))[0], status: "normal" });
  });

  it("of DCS has another time and no policy, but one in its detail", async () => {
    const found = await oldest("dcs");
    expect(found).toMatchObject({
      ...{ instance_id: sampleInstance("dcs"), status: "RUNNING", engine: "Redis" },
      ...{ created_at: "2018-01-01T00:00:00.000Z", max_memory: 4096 },
    });
    expect(found).not.toHaveProperty("instance_backup_policy");
    const { status, body } = await rig.get(`${pathOf("dcs")}/${sampleInstance("dcs")}`);
    expect([status, body]).toMatchObject([200, found]);
    expect(body.instance_backup_policy.policy).toEqual({
      backup_type: "auto",
      save_days: 7,
      periodical_backup_plan: {
        backup_at: [1, 2, 3, 4, 5, 6, 7],
        begin_at: "02:00-03:00",
        period_type: "weekly",
      },
    });
  });

  it("of RDS has the engine that its id ends with, as its backups have", async () => {
    rig = await start();
    for (const { id, datastore } of await rows("rds")) {
      const { body } = await rig.get(
        `${listPath("rds")}?instance_id=${id}&backup_type=incremental`,
      );
      expect(body.backups.map((each: Row) => each.datastore)).toContainEqual(datastore);
    }
    const engines = (await rows("rds")).map(({ datastore }) => datastore.type);
    expect(engines).toEqual(["MySQL", "PostgreSQL", "SQLServer"]);
  });
});

describe("a record of one's own", () => {
  it.each(EACH)("of %s is served as it is, for the made-up one of its id", async (service) => {
    const id = sampleInstance(service);
    const record = { [idKey(service)]: id, name: "mine", "odd ": [null, 1] };
    rig = await start();
    const others = (await rows(service)).filter((each) => each[idKey(service)] !== id);
    rig = await start({ instanceRecords: { [service]: [record] } });
    const listed = await rows(service);
    expect(listed).toHaveLength(others.length + 1);
    expect(listed).toEqual(expect.arrayContaining([...others, record]));
  });

  it.each(EACH)("of %s can come later, and be replaced", async (service) => {
    rig = await start(holding(service));
    for (const name of ["one", "two"]) {
      rig.server.control({ op: "instance", service, record: { [idKey(service)]: "x", name } });
      expect(await namesOf(service)).toEqual([name]);
    }
  });

  it.each(EACH)("of %s makes an instance with an empty list of backups", async (service) => {
    rig = await start();
    const path = (): string => `${listPath(service, "x")}?`;
    const query = service === "dcs" || service === "taurusDb" ? "" : "instance_id=x";
    expect((await rig.get(path() + query)).status).not.toBe(200);
    rig.server.control({ op: "instance", service, record: { [idKey(service)]: "x" } });
    const { status, body } = await rig.get(path() + query);
    expect([status, body.total_count ?? body.total_num]).toEqual([200, 0]);
  });

  it("of TaurusDB is one of all of its lists of backups, whichever it is given to", async () => {
    rig = await start({ instanceRecords: { taurusDbFull: [{ id: "x", name: "mine" }] } });
    expect(await namesOf("taurusDb", "id=x")).toEqual(["mine"]);
    expect((await rig.get(listPath("taurusDb", "x"))).status).toBe(200);
  });

  it("of DCS may have a policy, which the list leaves out", async () => {
    const instance_backup_policy = { policy: { backup_type: "manual" } };
    const plain = { instance_id: "plain", name: "plain" };
    const own = { instance_id: "own", name: "own" };
    rig = await start({ instanceRecords: { dcs: [plain, { ...own, instance_backup_policy }] } });
    expect(await rows("dcs", "instance_id=own")).toEqual([own]);
    const detail = async (id: string): Promise<Row> =>
      (await rig.get(`${pathOf("dcs")}/${id}`)).body;
    expect(await detail("own")).toEqual({ ...own, instance_backup_policy });
    expect(await detail("plain")).toEqual({ ...plain, instance_backup_policy: null });
  });

  it.each(EACH)("of %s has an id", (service) => {
    const instanceRecords = { [service]: [{ name: "nobody" }] };
    const message = `has no ${idKey(service)}`;
    expect(() => new EmulatorServer({ instanceRecords })).toThrow(message);
  });
});

describe("the detail of an instance of DCS", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it("is 404 for one that it doesn't know", async () => {
    const { status, body } = await rig.get(`${pathOf("dcs")}/nobody`);
    expect([status, body.error_code]).toEqual([404, "DCS.3022"]);
  });

  it("takes no parameter, nor a caller who shows nothing", async () => {
    const path = `${pathOf("dcs")}/${sampleInstance("dcs")}`;
    expectRefused(await rig.get(`${path}?name=x`), "DCS.4001");
    expect((await rig.send(path)).status).toBe(401);
  });
});

describe("a fault", () => {
  const list = async (service: Listed, fault: Fault, query?: string): Promise<Row> => {
    rig = await start(many(service, 5));
    rig.server.control({ op: "fault", fault: { service, path: "/instances?", ...fault } });
    return (await ask(service, query)).body;
  };

  it.each(EACH)("cuts a page of %s, and lies about its total", async (service) => {
    const capped = await list(service, { pageCap: 2, total: { add: 7 } });
    expect([capped.instances.length, capped[totalKey(service)]]).toEqual([2, 12]);
  });

  it.each(EACH)("puts other fields into each instance of %s", async (service) => {
    const { instances } = await list(service, { fields: { name: 1 } });
    expect(instances.map(({ name }: Row) => name)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each(EACH)("repeats the first page of %s", async (service) => {
    const { instances } = await list(service, { repeatFirstPage: true }, "offset=2&limit=2");
    expect(instances).toEqual(await rows(service, "offset=0&limit=2"));
  });

  it.each(EACH)("lets %s have instances without end", async (service) => {
    const { instances, ...rest } = await list(service, { endless: true }, "offset=2&limit=3");
    expect(new Set(instances.map((each: Row) => each[idKey(service)])).size).toBe(3);
    expect(rest).toEqual({ [totalKey(service)]: 8 });
  });
});

describe("BackupEmulator", () => {
  const listed = async (emulator: BackupEmulator, service: "rds" | "dcs"): Promise<Row[]> => {
    const version = service === "dcs" ? "v2" : "v3";
    const url = `${emulator.endpoints[service]}/${version}/${emulator.projectId}/instances`;
    const headers = sign(url);
    const answer = await fetch(url, { headers });
    return ((await answer.json()) as { instances: Row[] }).instances;
  };

  it("takes records of instances at its start and later", async () => {
    const emulator = BackupEmulator.start({
      records: { [BackupService.RDS]: [] },
      instanceRecords: { [BackupService.RDS]: [{ id: "a", name: "one" }] },
    });
    emulator.addInstanceRecord(BackupService.RDS, { id: "b", name: "two" });
    emulator.addInstanceRecord(BackupService.RDS, { id: "a", name: "three" });
    expect(await listed(emulator, "rds")).toEqual([
      { id: "a", name: "three" },
      { id: "b", name: "two" },
    ]);
    expect((await listed(emulator, "dcs")).map(({ name }) => name)).toEqual(["orders-1"]);
    emulator.close();
  });

  it("refuses a service that it does not have, and a record without an id", () => {
    const emulator = BackupEmulator.start();
    const add = (service: string, record: Row) => () =>
      emulator.addInstanceRecord(service as BackupService, record);
    expect(add("ecs", { id: "a" })).toThrow(/^INVALID_SERVICE: "ecs"/);
    expect(add("dcs", { id: "a" })).toThrow(/^EMULATOR_FAILED: .*has no instance_id/);
    emulator.close();
    const start = (service: string) => () =>
      BackupEmulator.start({ instanceRecords: { [service]: [{}] } });
    expect(start("taurusdb/full-backups")).toThrow(/^INVALID_SERVICE/);
    expect(start("rds")).toThrow(/^EMULATOR_FAILED: .*has no id/);
  });
});
