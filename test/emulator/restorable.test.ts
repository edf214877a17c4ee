import { PROJECT, type Reply, type Rig, sampleInstance, start, stopAll } from "./helpers";

let rig: Rig;
beforeEach(async () => {
  const up = { status: "ACTIVE", datastore: { version: "8.1" } };
  rig = await start({
    instanceRecords: {
      gaussDb: [
        { id: "up", name: "up", ...up },
        { id: "down", name: "down", ...up, status: "FROZEN" },
        { id: "other", name: "other", ...up, datastore: { version: "9" } },
      ],
    },
  });
});
afterEach(stopAll);

const gaussDb = (query: string): Promise<Reply> =>
  rig.get(`/gaussdb/v3/${PROJECT}/restorable-instances?${query}`);
const geminiDb = (backup: string, query = ""): Promise<Reply> =>
  rig.get(`/geminidb/v3/${PROJECT}/backups/${backup}/restorable-instances?${query}`);
const firstBackup = async (path: string): Promise<any> =>
  (await rig.get(`/${path}/${PROJECT}/backups?limit=1`)).body.backups[0];

describe("the instances that can be restored onto", () => {
  test("are, of GaussDB, those that are up and of the source's version, of a backup or a moment", async () => {
    const source = sampleInstance("gaussDb");
    const { id } = await firstBackup("gaussdb/v3");
    for (const what of [`backup_id=${id}`, "restore_time=1749988800000"]) {
      const { body, status } = await gaussDb(`source_instance_id=${source}&${what}`);
      expect(status).toBe(200);
      const ids = body.instance_list.map(({ instance_id }: any) => instance_id);
      expect(ids).toEqual(expect.arrayContaining([source, "up"]));
      expect(ids).not.toContain("down");
      expect(ids).not.toContain("other");
      expect(body.total_count).toBe(ids.length);
    }
  });

  test("come in pages", async () => {
    const what = `source_instance_id=${sampleInstance("gaussDb")}&restore_time=1`;
    const [all, second] = [await gaussDb(what), await gaussDb(`${what}&offset=1&limit=1`)];
    expect(second.body.instance_list).toEqual([all.body.instance_list[1]]);
    expect(second.body.total_count).toBe(all.body.total_count);
  });

  test.each([
    ["without the instance", "backup_id=x", 400, "DBS.200001"],
    ["without backup and moment", "source_instance_id=up", 400, "DBS.200001"],
    ["of a moment that is none", "source_instance_id=up&restore_time=soon", 400, "DBS.200001"],
    ["of a backup that is none", "source_instance_id=up&backup_id=x", 404, "DBS.201010"],
    ["of an instance that is none", "source_instance_id=x&restore_time=1", 404, "DBS.200002"],
    [
      "with a parameter that is none",
      "source_instance_id=up&restore_time=1&x=1",
      400,
      "DBS.200001",
    ],
  ])("are refused %s", async (_, query, status, code) => {
    const reply = await gaussDb(query);
    expect([reply.status, reply.body.error_code]).toEqual([status, code]);
  });

  test("are asked for, of GeminiDB, by the backup in the path", async () => {
    const { id, instance_id } = await firstBackup("geminidb/v3.1");
    const { body } = await geminiDb(id);
    expect(body.restorable_instances.map((each: any) => each.instance_id)).toContain(instance_id);
    const refusals = [await geminiDb("none"), await geminiDb(id, "source_instance_id=x")];
    expect(refusals.map((reply) => [reply.status, reply.body.error_code])).toEqual([
      [404, "DBS.201010"],
      [400, "DBS.200001"],
    ]);
  });

  test("are no call of another service", async () => {
    const reply = await rig.get(`/rds/v3/${PROJECT}/restorable-instances`);
    expect([reply.status, reply.body.error_code]).toEqual([404, "APIGW.0101"]);
  });
});
