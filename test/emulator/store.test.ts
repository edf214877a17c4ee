import type { ServiceName } from "../../lib/emulator/server";
import { listPath, type Reply, type Rig, sampleInstance, start, stopAll } from "./helpers";
import { expectRefused, ids, LIST_KEYS, listOf, PARAMETER_CODES } from "./lists";

let rig: Rig;
afterEach(stopAll);

const list = (service: ServiceName, query?: string): Promise<Reply> => listOf(rig, service, query);

describe("filters", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it("RDS demands an instance", async () => {
    expectRefused(await rig.get(listPath("rds")), "DBS.280001");
    expectRefused(await rig.get(`${listPath("rds")}?instance_id=`), "DBS.280001");
  });

  it.each(["gaussDb", "geminiDb"] as const)(
    "%s lists every instance unless one is named",
    async (service) => {
      const instance = sampleInstance(service);
      const all = (await list(service)).body.total_count;
      const { body } = await list(service, `instance_id=${instance}`);
      expect(body.total_count).toBeGreaterThan(0);
      expect(body.total_count).toBeLessThan(all);
      expect(
        new Set(body.backups.map((each: { instance_id: string }) => each.instance_id)),
      ).toEqual(new Set([instance]));
      expectRefused(await list(service, "instance_id="), PARAMETER_CODES[service]);
    },
  );

  it.each(["gaussDb", "rds", "geminiDb"] as const)(
    "%s finds a backup by its id",
    async (service) => {
      const wanted = ids(service, await list(service))[3] as string;
      const { body } = await list(service, `backup_id=${wanted}`);
      expect([body.total_count, body.backups.length, body.backups[0].id]).toEqual([1, 1, wanted]);
      expect((await list(service, "backup_id=nobody")).body).toEqual({
        backups: [],
        total_count: 0,
      });
      expectRefused(await list(service, "backup_id="), "DBS.280124");
    },
  );

  it.each([
    ["gaussDb", ["auto", "manual"]],
    ["rds", ["auto", "manual", "fragment", "incremental"]],
    ["geminiDb", ["Auto", "Manual"]],
  ] as const)("%s filters by its own spelling of a kind", async (service, kinds) => {
    for (const kind of kinds) {
      const { body } = await list(service, `backup_type=${kind}`);
      expect(body.total_count).toBeGreaterThan(0);
      expect(body.backups.every((each: { type: string }) => each.type === kind)).toBe(true);
    }
  });

  it.each([
    ["gaussDb", ["Auto", "AUTO", "incremental", ""]],
    ["rds", ["Auto", "Manual", "full", ""]],
    ["geminiDb", ["auto", "manual", "AUTO", "incremental", ""]],
  ] as const)("%s refuses every other spelling of a kind", async (service, kinds) => {
    for (const kind of kinds) {
      expectRefused(await list(service, `backup_type=${kind}`), PARAMETER_CODES[service]);
    }
  });

  it("GeminiDB lists table-level backups only when asked for them", async () => {
    type Backup = { id: string; database_tables?: unknown[] };
    const unasked: Backup[] = (await list("geminiDb")).body.backups;
    const instance: Backup[] = (await list("geminiDb", "type=Instance")).body.backups;
    const tables: Backup[] = (await list("geminiDb", "type=DatabaseTable")).body.backups;
    expect(unasked).toEqual(instance);
    expect(instance.some((each) => (each.database_tables ?? []).length > 0)).toBe(false);
    expect(tables.length).toBeGreaterThan(2);
    expect(tables.every((each) => (each.database_tables ?? []).length > 0)).toBe(true);
    const id = tables[0]?.id ?? "";
    expect((await list("geminiDb", `backup_id=${id}`)).body.total_count).toBe(0);
    expect((await list("geminiDb", `backup_id=${id}&type=DatabaseTable`)).body.total_count).toBe(1);
    expectRefused(await list("geminiDb", "type=databasetable"), "DBS.200001");
  });

  it("GeminiDB filters by engine", async () => {
    expect((await list("geminiDb", "datastore_type=cassandra")).body.total_count).toBeGreaterThan(
      0,
    );
    expect((await list("geminiDb", "datastore_type=redis")).body.total_count).toBe(0);
    expectRefused(await list("geminiDb", "datastore_type=Cassandra"), "DBS.200001");
    expectRefused(await list("geminiDb", "datastore_type=mysql"), "DBS.200001");
  });

  it("finds the RDS page's samples in spite of stray spaces, and serves them with those", async () => {
    const at = `${listPath("rds")}?instance_id=a48e43ff268f4c0e879652d65e63d0fbin0`;
    const four = await rig.get(`${at}4&backup_id=43e4feaab48f11e89039fa163ebaa7e4br04`);
    expect(four.body.total_count).toBe(1);
    expect(four.text).toContain('"id ":"43e4feaab48f11e89039fa163ebaa7e4br04"');
    const three = await rig.get(`${at}3&backup_id=43e4feaab48f11e89039fa163ebaa7e4br03`);
    expect(three.text).toContain('"instance_id":"a48e43ff268f4c0e879652d65e63d0fbin03 "');
  });

  it("serves a test's own records verbatim, whatever they are", async () => {
    const records = [{ id: " 1 ", begin_time: 7, extra: [null] }, null, "text", { ID: "2" }];
    rig = await start({ records: { gaussDb: records } });
    expect((await list("gaussDb")).body).toEqual({ backups: records, total_count: 4 });
    expect((await list("gaussDb", "backup_id=1")).body.backups).toEqual([records[0]]);
  });
});

describe("a missing instance", () => {
  const MISSING: [ServiceName, number, string][] = [
    ["gaussDb", 404, "DBS.200002"],
    ["rds", 404, "DBS.200045"],
    ["geminiDb", 403, "DBS.201028"],
    ["dcs", 404, "DCS.3022"],
    ["taurusDb", 404, "DBS.280022"],
  ];
  const path = (service: ServiceName, instance: string): string =>
    service === "dcs" || service === "taurusDb"
      ? listPath(service, instance)
      : `${listPath(service)}?instance_id=${instance}`;

  it.each(MISSING)("is reported by %s as %i %s", async (service, status, code) => {
    rig = await start();
    const reply = await rig.get(path(service, "nobody"));
    expect([reply.status, reply.body.error_code]).toEqual([status, code]);
  });

  it.each(MISSING)("of %s is told from one that has no backup", async (service) => {
    rig = await start({ instances: { [service]: ["empty"] } });
    const reply = await rig.get(path(service, "empty"));
    expect([reply.status, reply.body[LIST_KEYS[service]]]).toEqual([200, []]);
  });

  it("is not what becomes of an instance when its last backup is removed", async () => {
    const only = { id: "1", instance_id: "lonely" };
    rig = await start({ records: { taurusDb: [only] } });
    expect(rig.server.control({ op: "remove", service: "taurusDb", id: "1" })).toBe(true);
    expect((await rig.get(path("taurusDb", "lonely"))).body).toEqual({
      backups: [],
      total_count: 0,
    });
  });

  it("is found once a record of it is added", async () => {
    rig = await start();
    rig.server.control({ op: "add", service: "rds", record: { id: "1", instance_id: "late" } });
    expect((await rig.get(path("rds", "late"))).body.total_count).toBe(1);
  });
});
