import { type ControlCommand, EmulatorServer } from "../../lib/emulator/server";
import {
  listPath,
  NOW,
  outcome,
  PROJECT,
  type Reply,
  type Rig,
  sampleInstance,
  sign,
  start,
  stopAll,
  withoutService,
} from "./helpers";
import { expectRefused, PARAMETER_CODES } from "./lists";
import {
  holding,
  HOUR,
  pairs,
  pathOf,
  plainly,
  RESTORABLE,
  type Restorable,
  windowsOf,
} from "./restorable";

let rig: Rig;
afterEach(stopAll);

const windows = (service: Restorable, query?: string, instance?: string): Promise<Reply> =>
  windowsOf(rig, service, query, instance);

describe("an instance", () => {
  const MISSING: [Restorable, number, string][] = [
    ["gaussDb", 404, "DBS.200002"],
    ["rds", 404, "DBS.200045"],
    ["geminiDb", 403, "DBS.201028"],
    ["taurusDb", 404, "DBS.280022"],
  ];

  it.each(MISSING)("that %s doesn't know has no windows but a %i %s", async (service, ...error) => {
    rig = await start();
    const reply = await rig.get(plainly(service, "nobody"));
    expect([reply.status, reply.body.error_code]).toEqual(error);
  });

  it.each(RESTORABLE)("of %s without windows gets an empty list", async (service) => {
    rig = await start({ instances: { [service]: ["empty"] } });
    expect(pairs(service, await rig.get(plainly(service, "empty")))).toEqual([]);
  });

  it.each(RESTORABLE)("of %s that windows were given to exists", async (service) => {
    const own = { start: NOW - HOUR, end: NOW };
    rig = await start({ windows: { [service]: { "an other": [own] } } });
    const found = pairs(service, await rig.get(plainly(service, "an other")));
    expect(found).toEqual([[own.start, own.end]]);
    // The sample instance goes on having its default windows.
    expect(pairs(service, await rig.get(plainly(service))).length).toBeGreaterThan(0);
  });

  it("that windows were given to has no backups by that", async () => {
    rig = await start({ windows: { rds: { fresh: [] } } });
    const reply = await rig.get(`${listPath("rds")}?instance_id=fresh`);
    expect([reply.status, reply.body.total_count]).toEqual([200, 0]);
  });

  it.each(RESTORABLE)("of %s gets other windows while the emulator runs", async (service) => {
    rig = await start();
    const own = { start: NOW - HOUR, end: NOW };
    for (const instance of [sampleInstance(service), "late"]) {
      rig.server.control({ op: "windows", service, instance, windows: [own] });
      const found = pairs(service, await rig.get(plainly(service, instance)));
      expect(found).toEqual([[own.start, own.end]]);
      rig.server.control({ op: "windows", service, instance, windows: [] });
      expect(pairs(service, await rig.get(plainly(service, instance)))).toEqual([]);
    }
  });
});

describe("DCS", () => {
  it("has no restore windows to call for", async () => {
    rig = await start();
    const base = `/dcs/v1.0/${PROJECT}/instances/${sampleInstance("dcs")}`;
    for (const path of [
      `${base}/restore-time`,
      `${base}/backups/restorable-time-periods`,
      `${base.replace("v1.0", "v3")}/restore-time`,
    ]) {
      const reply = await rig.get(path);
      expect([reply.status, reply.body.error_code]).toEqual([404, "APIGW.0101"]);
    }
  });

  it("can't be given any", async () => {
    rig = await start();
    const command: ControlCommand = { op: "windows", service: "dcs", instance: "i", windows: [] };
    expect(() => rig.server.control(command)).toThrow("dcs has no restore windows");
    expect(() => new EmulatorServer(holding("dcs"))).toThrow("dcs has no restore windows");
  });
});

describe("a call for restore windows", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it.each(RESTORABLE)("of %s takes a token and a signature, and nothing less", async (service) => {
    const path = plainly(service);
    expect((await rig.get(path)).status).toBe(200);
    expect((await rig.send(path, { headers: sign(rig.url(path)) })).status).toBe(200);
    const nobody = await rig.send(path);
    expect([nobody.status, nobody.body.error_code]).toEqual([401, "APIGW.0301"]);
    rig.server.control({ op: "expireTokens" });
    const expired = await rig.get(path);
    expect([expired.status, expired.body.error_code]).toEqual([403, "DBS.280056"]);
  });

  it.each(RESTORABLE)("of %s opens no other project", async (service) => {
    const list = service === "rds" ? `${listPath("rds")}?instance_id=i` : listPath(service);
    const other = (path: string): Promise<Reply> => rig.get(path.replace(PROJECT, "f".repeat(32)));
    const [mine, theirs] = [await other(plainly(service)), await other(list)];
    expect([mine.status, mine.body]).toEqual([403, theirs.body]);
  });

  it.each(RESTORABLE)("of %s is a GET", async (service) => {
    const headers = { "X-Auth-Token": rig.token };
    const reply = await rig.send(plainly(service), { method: "POST", headers });
    expect([reply.status, reply.headers.allow]).toEqual([405, "GET"]);
  });

  it.each(RESTORABLE)("of %s refuses what its row doesn't name", async (service) => {
    const base = service === "geminiDb" ? "offset=0" : "date=2025-06-15";
    const others = service === "geminiDb" ? ["date=2025-06-15", "limit=1001"] : ["offset=0"];
    for (const wrong of [...others, "Date=2025-06-15", "instance_id=i", base, "%zz=1"]) {
      expectRefused(await windows(service, `${base}&${wrong}`), PARAMETER_CODES[service]);
    }
  });

  it("has one path per service", async () => {
    const swapped = [
      pathOf("rds").replace("/v3/", "/v3.1/"),
      pathOf("geminiDb").replace("/v3/", "/v3.1/"),
      pathOf("rds").replace("restore-time", "backups/restorable-time-periods"),
      pathOf("geminiDb").replace("backups/restorable-time-periods", "restore-time"),
      `${pathOf("taurusDb")}/`,
      pathOf("gaussDb").replace("restore-time", "restore-times"),
    ];
    for (const path of swapped) {
      const reply = await rig.get(`${path}?date=2025-06-15`);
      expect([path, reply.status, reply.body.error_code]).toEqual([path, 404, "APIGW.0101"]);
    }
    const malformed = await rig.get(pathOf("rds", "x").replace("/x/", "/%zz/"));
    expectRefused(malformed, PARAMETER_CODES.rds);
  });

  it.each(RESTORABLE)("of %s is logged, with a request id of its own", async (service) => {
    const replies = [await rig.get(plainly(service)), await rig.get(plainly(service, "nobody"))];
    const ids = replies.map(({ headers }) => headers["x-request-id"]);
    expect([ids.includes(undefined), new Set(ids).size]).toEqual([false, 2]);
    expect(rig.requests()).toMatchObject([
      {
        service,
        url: withoutService(plainly(service)),
        path: withoutService(pathOf(service)),
        status: 200,
        auth: "token",
      },
      { service, status: replies[1]?.status },
    ]);
  });

  it.each(RESTORABLE)("of %s meets the faults aimed at it", async (service) => {
    const path = plainly(service);
    const instance = sampleInstance(service);
    const fault = (more: object): unknown =>
      rig.server.control({ op: "fault", fault: { service, path: "/v3/", ...more } });
    fault({ status: 429, headers: { "Retry-After": "3" }, body: "{}" });
    const other = service === "rds" ? "geminiDb" : "rds";
    expect((await rig.get(plainly(other))).status).toBe(200);
    const throttled = await rig.get(path);
    expect([throttled.status, throttled.headers["retry-after"]]).toEqual([429, "3"]);
    fault({ disconnect: "midway" });
    expect(await outcome(rig.get(path))).toBe("ECONNRESET");
    fault({ then: { op: "windows", service, instance, windows: [] } });
    expect(pairs(service, await rig.get(path)).length).toBeGreaterThan(0);
    expect(pairs(service, await rig.get(path))).toEqual([]);
  });

  it("waits as long as the emulator is slow", async () => {
    const slow = await start({ latencyMs: 30 });
    const began = performance.now();
    expect((await slow.get(plainly("rds"))).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(28);
  });
});
