import type { Quota } from "../../lib/emulator/server";
import { listPath, type Reply, request, type Rig, start, stopAll } from "./helpers";

afterEach(stopAll);

const RDS = listPath("rds");
const DCS = listPath("dcs");

/** An emulator whose token was fetched, which has not used up any of the services' quota. */
const rigWith = (quota: Partial<Quota>): Promise<Rig> =>
  start({ quota: { limit: 3, windowMs: 60_000, ...quota } });

async function statuses(rig: Rig, paths: string[]): Promise<number[]> {
  const got = [];
  for (const path of paths) got.push((await rig.get(path)).status);
  return got;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a quota", () => {
  it("counts what comes to any service, and refuses what is more, as the gateway does", async () => {
    const rig = await rigWith({});
    expect(await statuses(rig, [DCS, DCS, "/rds/nowhere", DCS, "/rds/nowhere"])).toEqual([
      200, 200, 404, 429, 429,
    ]);
    const reply = await rig.get(DCS);
    expect(reply.body).toEqual({
      error_code: "APIGW.0308",
      error_msg:
        "The throttling threshold has been reached: policy user over ratelimit,limit:3,time:1 minute",
      request_id: reply.headers["x-request-id"],
    });
    expect(reply.headers["retry-after"]).toBeUndefined();
    expect(rig.requests().map(({ status }) => status)).toEqual([200, 200, 404, 429, 429, 429]);
  });

  it("counts the sign-in, at a host of its own, by itself", async () => {
    const rig = await rigWith({ limit: 1 });
    expect(await statuses(rig, ["/iam/v3/projects", DCS])).toEqual([429, 200]);
  });

  it("leaves the metadata service alone, which no gateway is before", async () => {
    const rig = await rigWith({ limit: 1 });
    expect(await statuses(rig, ["/metadata/openstack/latest/securitykey"])).toEqual([200]);
  });

  it("says when there is room again, where it is to", async () => {
    const rig = await rigWith({ limit: 1, retryAfter: true });
    await rig.get(DCS);
    const { headers } = await rig.get(DCS);
    expect(Number(headers["retry-after"])).toBeGreaterThan(50);
    expect(Number(headers["retry-after"])).toBeLessThanOrEqual(60);
  });

  it.each<[Partial<Quota>, string]>([
    [{ windowMs: 300_000 }, "policy user over ratelimit,limit:1,time:5 minute"],
    [{ policy: "ip", windowMs: 5_000 }, "policy ip over ratelimit,limit:1,time:5 second"],
    [{ policy: "api" }, "policy api over ratelimit,limit:1,time:1 minute"],
  ])("of %j says %s", async (quota, text) => {
    const rig = await rigWith({ limit: 1, ...quota });
    const replies = [await rig.get(DCS), await rig.get(DCS)];
    expect(replies[1]?.body.error_msg).toMatch(new RegExp(`: ${text}$`));
  });

  it("can be each service's own", async () => {
    const rig = await rigWith({ limit: 2, perService: true });
    expect(await statuses(rig, [DCS, DCS, DCS, "/dds/nowhere"])).toEqual([200, 200, 429, 404]);
  });

  it("can be each API's own, whichever instance it is asked of", async () => {
    const rig = await rigWith({ limit: 1, policy: "api" });
    const other = listPath("dcs", "other");
    expect(await statuses(rig, [DCS, other, `${RDS}?limit=1`])).toEqual([200, 429, 400]);
  });

  it("has room again for all at once when its window is over", async () => {
    const rig = await rigWith({ windowMs: 300 });
    expect(await statuses(rig, [DCS, DCS, DCS, DCS])).toEqual([200, 200, 200, 429]);
    await pause(310);
    expect(await statuses(rig, [DCS, DCS, DCS, DCS])).toEqual([200, 200, 200, 429]);
  });

  it("has room again for one after the other where its window slides", async () => {
    const rig = await rigWith({ limit: 2, windowMs: 400, sliding: true });
    expect(await statuses(rig, [DCS])).toEqual([200]);
    await pause(250);
    // The first leaves the window while this one is still in it.
    expect(await statuses(rig, [DCS])).toEqual([200]);
    await pause(200);
    expect(await statuses(rig, [DCS, DCS])).toEqual([200, 429]);
  });

  it("is not eaten up by what was refused", async () => {
    const rig = await rigWith({ limit: 1, windowMs: 300 });
    await rig.get(DCS);
    const began = performance.now();
    let reply: Reply;
    do reply = await rig.get(DCS);
    while (reply.status === 429);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("is met before a fault, which is kept for what there is room for", async () => {
    const rig = await rigWith({ limit: 1, windowMs: 300 });
    await rig.get(DCS);
    rig.server.control({ op: "fault", fault: { status: 503 } });
    expect(await statuses(rig, [DCS])).toEqual([429]);
    await pause(310);
    expect(await statuses(rig, [DCS])).toEqual([503]);
  });

  it("counts those who can't sign in as well", async () => {
    const rig = await rigWith({});
    const replies = [];
    for (let i = 0; i < 4; i += 1) replies.push(await request(rig.url(DCS)));
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
  });
});
