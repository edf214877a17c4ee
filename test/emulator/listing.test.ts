import type { ServiceName } from "../../lib/emulator/server";
import { listPath, PROJECT, type Reply, type Rig, start, stopAll } from "./helpers";
import { ALL, expectRefused, ids, LIST_KEYS, listOf, numbered, PARAMETER_CODES } from "./lists";

let rig: Rig;
afterEach(stopAll);

const list = (service: ServiceName, query?: string): Promise<Reply> => listOf(rig, service, query);

describe("rules that every list has", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it.each(ALL)("answers a bare %s list with its keys and its total", async (service) => {
    const { status, body } = await list(service);
    const totalKey = service === "dcs" ? "total_num" : "total_count";
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([LIST_KEYS[service], totalKey]);
    expect(body[totalKey]).toBeGreaterThan(0);
  });

  it.each(ALL)("refuses an unknown %s parameter", async (service) => {
    expectRefused(await list(service, "page=1"), PARAMETER_CODES[service]);
  });

  it("refuses a sibling's parameter names", async () => {
    expectRefused(await list("dcs", "offset=0"), "DCS.4001");
    expectRefused(await list("dcs", "begin_time=2025-01-01T00:00:00%2B0000"), "DCS.4001");
    expectRefused(await list("dcs", "instance_id=x"), "DCS.4001");
    expectRefused(await list("taurusDb", "instance_id=x"), "DBS.280001");
    expectRefused(await list("taurusDb", "backup_type=auto"), "DBS.280001");
    expectRefused(await list("rds", "start=1"), "DBS.280001");
    expectRefused(await list("rds", "type=Instance"), "DBS.280001");
    expectRefused(await list("gaussDb", "datastore_type=redis"), "DBS.200001");
  });

  it.each(ALL)("refuses a duplicated %s parameter, even with the same value", async (service) => {
    expectRefused(await list(service, "limit=10&limit=10"), PARAMETER_CODES[service]);
  });

  it.each(ALL)("refuses broken percent-encoding on %s", async (service) => {
    expectRefused(await list(service, "limit=1%zz"), PARAMETER_CODES[service]);
    if (service === "gaussDb" || service === "geminiDb") {
      expectRefused(await list(service, "instance_id=%zz"), PARAMETER_CODES[service]);
    }
  });

  it.each(ALL)(
    "refuses limits of %s that are no integers, and those below the minimum",
    async (service) => {
      for (const limit of ["0", "-10", "ten", "1.5", "10%20", "1e1", "", "99999999999"]) {
        expectRefused(await list(service, `limit=${limit}`), PARAMETER_CODES[service]);
      }
    },
  );

  it.each(ALL)("refuses offsets of %s that are no index", async (service) => {
    const name = service === "dcs" ? "start" : "offset";
    const code = service === "dcs" ? "DCS.4001" : "DBS.280440";
    for (const offset of ["-1", "x", "1.5", "", "99999999999"]) {
      expectRefused(await list(service, `${name}=${offset}`), code);
    }
  });

  it.each(["X-Language", "X-Whatever"])("accepts the header %s", async (name) => {
    const reply = await rig.get(listPath("taurusDb"), { [name]: "zh-cn" });
    expect(reply.status).toBe(200);
  });
});

describe("page sizes", () => {
  it.each(["gaussDb", "rds", "geminiDb"] as const)(
    "%s takes 1 to 100 and gives 100 unasked",
    async (service) => {
      rig = await start({ records: { [service]: numbered(service, 120) } });
      expect(ids(service, await list(service))).toHaveLength(100);
      expect(ids(service, await list(service, "limit=1"))).toHaveLength(1);
      expect(ids(service, await list(service, "limit=100"))).toHaveLength(100);
      expectRefused(await list(service, "limit=101"), PARAMETER_CODES[service]);
    },
  );

  it("DCS gives 10 unasked and knows no maximum", async () => {
    rig = await start({ records: { dcs: numbered("dcs", 1200) } });
    expect(ids("dcs", await list("dcs"))).toHaveLength(10);
    expect(ids("dcs", await list("dcs", "limit=1"))).toHaveLength(1);
    expect(ids("dcs", await list("dcs", "limit=5000"))).toHaveLength(1200);
  });

  it("TaurusDB takes 10, 20 and 50 only, and gives 10 unasked", async () => {
    rig = await start({ records: { taurusDb: numbered("taurusDb", 60) } });
    expect(ids("taurusDb", await list("taurusDb"))).toHaveLength(10);
    for (const limit of [10, 20, 50]) {
      expect(ids("taurusDb", await list("taurusDb", `limit=${limit}`))).toHaveLength(limit);
    }
    for (const limit of [1, 11, 49, 51, 100]) {
      expectRefused(await list("taurusDb", `limit=${limit}`), "DBS.280001");
    }
  });
});

describe("offsets", () => {
  it.each(["gaussDb", "rds", "taurusDb"] as const)(
    "%s counts records from 0, in insertion order",
    async (service) => {
      rig = await start({ records: { [service]: numbered(service, 25) } });
      expect(ids(service, await list(service, "offset=0&limit=10"))[0]).toBe("0");
      const page = await list(service, "offset=7&limit=10");
      expect(ids(service, page)).toEqual(Array.from({ length: 10 }, (_, n) => String(n + 7)));
      expect(page.body.total_count).toBe(25);
      expect(ids(service, await list(service, "offset=20&limit=10"))).toHaveLength(5);
      const beyond = await list(service, "offset=25&limit=10");
      expect([beyond.status, beyond.body]).toEqual([200, { backups: [], total_count: 25 }]);
    },
  );

  it("GeminiDB counts records from 0, newest first", async () => {
    rig = await start({ records: { geminiDb: numbered("geminiDb", 25) } });
    expect(ids("geminiDb", await list("geminiDb", "limit=2"))).toEqual(["24", "23"]);
    expect(ids("geminiDb", await list("geminiDb", "offset=2&limit=2"))).toEqual(["22", "21"]);
    rig.server.control({
      op: "add",
      service: "geminiDb",
      record: { id: "new", begin_time: "2025-03-02T00:00:00+0000", instance_id: "x" },
    });
    expect(ids("geminiDb", await list("geminiDb", "limit=2"))).toEqual(["new", "24"]);
    // Of two that began together, the one added later is the newer.
    rig.server.control({
      op: "add",
      service: "geminiDb",
      record: { id: "newer", begin_time: "2025-03-02T00:00:00+0000", instance_id: "x" },
    });
    expect(ids("geminiDb", await list("geminiDb", "limit=2"))).toEqual(["newer", "new"]);
  });

  it("DCS counts records from 1", async () => {
    rig = await start({ records: { dcs: numbered("dcs", 25) } });
    expect(ids("dcs", await list("dcs", "start=1&limit=2"))).toEqual(["0", "1"]);
    expect(ids("dcs", await list("dcs", "start=3&limit=2"))).toEqual(["2", "3"]);
    expect(ids("dcs", await list("dcs", "start=26&limit=2"))).toEqual([]);
    expectRefused(await list("dcs", "start=0"), "DCS.4001");
  });
});

describe("DCS's list of the API's v2", () => {
  const later = (query: string) => rig.get(`${listPath("dcs").replace("/v1.0/", "/v2/")}?${query}`);
  beforeEach(async () => {
    rig = await start({ records: { dcs: numbered("dcs", 1200) } });
  });

  it("has the same records, by an offset from 0 and up to 1000 at a time", async () => {
    expect(ids("dcs", await later(""))).toHaveLength(10);
    expect(ids("dcs", await later("offset=0&limit=2"))).toEqual(["0", "1"]);
    expect(ids("dcs", await later("offset=1199&limit=2"))).toEqual(["1199"]);
    expect(ids("dcs", await later("limit=1000"))).toHaveLength(1000);
    expect((await later("offset=5")).body.total_num).toBe(1200);
  });

  it("has its own names for the bounds of a window", async () => {
    const reply = await later("begin_time=20250301120300&end_time=20250301120500");
    expect(ids("dcs", reply)).toEqual(["3", "4", "5"]);
  });

  it("refuses what the page of the other version has", async () => {
    for (const query of ["start=1", "beginTime=20250301120300", "limit=1001", "offset=-1"]) {
      expectRefused(await later(query), "DCS.4001");
    }
  });
});

describe("DCS's ambiguous total", () => {
  it("counts all records by default", async () => {
    rig = await start({ records: { dcs: numbered("dcs", 25) } });
    expect((await list("dcs", "start=21")).body.total_num).toBe(25);
  });

  it("counts the page's records when told to", async () => {
    rig = await start({ dcsTotal: "page", records: { dcs: numbered("dcs", 25) } });
    expect((await list("dcs")).body.total_num).toBe(10);
    expect((await list("dcs", "start=21")).body.total_num).toBe(5);
    expect((await list("dcs", "start=26")).body.total_num).toBe(0);
  });

  it("leaves the other services' totals alone", async () => {
    rig = await start({ dcsTotal: "page", records: { taurusDb: numbered("taurusDb", 25) } });
    expect((await list("taurusDb")).body.total_count).toBe(25);
  });
});

it("decodes a path segment without taking its plus for a space", async () => {
  const record = { id: "1", instance_id: "a+b/c d" };
  rig = await start({ records: { taurusDb: [record] } });
  const base = `/taurusdb/v3/${PROJECT}/instances`;
  expect((await rig.get(`${base}/a+b%2Fc%20d/incremental-backups`)).body.total_count).toBe(1);
  expect((await rig.get(`${base}/a%20b%2Fc%20d/incremental-backups`)).status).toBe(404);
  expect((await rig.get(`${base}/a%zz/incremental-backups`)).status).toBe(400);
});
