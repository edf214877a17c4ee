import { DEFAULT_ACCESS_KEY } from "../../lib/emulator/server";
import {
  listPath,
  withoutService,
  type Reply,
  type Rig,
  sampleInstance,
  sign,
  type Signing,
  start,
  stopAll,
} from "./helpers";

let rig: Rig;
beforeEach(async () => {
  rig = await start();
});
afterEach(stopAll);

const PATH = listPath("gaussDb");

function signed(signing: Signing = {}, path = PATH): Promise<Reply> {
  return rig.send(path, { headers: sign(rig.url(path), signing) });
}

function expectRefused(reply: Reply, text: string): void {
  expect([reply.status, reply.body.error_code]).toEqual([401, "APIGW.0301"]);
  expect(reply.body.error_msg).toContain(text);
  expect(reply.body.request_id).toBe(reply.headers["x-request-id"]);
}

it("accepts a right signature", async () => {
  expect((await signed()).status).toBe(200);
});

it("accepts a signed query whose parameters are out of order and need escaping", async () => {
  const instance = sampleInstance("gaussDb");
  const path = `${PATH}?limit=5&end_time=2026-01-01T00:00:00%2B0800&begin_time=2020-01-01T00%3A00%3A00%2B0800&instance_id=${instance}`;
  const reply = await signed({}, path);
  expect(reply.status).toBe(200);
  expect(reply.body.backups.length).toBeGreaterThan(0);
});

it("accepts a signed path with an escaped segment", async () => {
  rig.server.control({
    op: "add",
    service: "dcs",
    record: { backup_id: "1", instance_id: "a b+c" },
  });
  const reply = await signed({}, listPath("dcs", "a b+c"));
  expect([reply.status, reply.body.total_num]).toEqual([200, 1]);
});

it("refuses a raw plus that was signed as a plus, because it is a space", async () => {
  const end = "end_time=2026-01-01T00:00:00%2B0800";
  const headers = sign(rig.url(`${PATH}?begin_time=2020-01-01T00:00:00%2B0800&${end}`));
  const reply = await rig.send(`${PATH}?begin_time=2020-01-01T00:00:00+0800&${end}`, { headers });
  expectRefused(reply, "verify aksk signature fail");
});

it("refuses an unknown access key", async () => {
  expectRefused(await signed({ accessKey: "NOBODY" }), "ak not exist");
});

it("refuses a wrong secret key, echoing the canonical request and the access key", async () => {
  const reply = await signed({ secretKey: "wrong" });
  expectRefused(reply, "verify aksk signature fail");
  expect(reply.body.error_msg).toContain(
    `canonicalRequest:GET|${withoutService(PATH)}/||host:127.0.0.1:${rig.port(PATH)}|x-sdk-date:`,
  );
  expect(reply.body.error_msg).toContain(DEFAULT_ACCESS_KEY);
});

it.each([
  ["another method", { method: "POST" }],
  ["another body", { body: "x" }],
  ["no host", { names: ["x-sdk-date"] }],
  ["no date", { names: ["host"] }],
])("refuses a signature of %s", async (_what, signing) => {
  const headers = sign(rig.url(PATH), signing);
  expectRefused(await rig.send(PATH, { headers }), "verify aksk signature fail");
});

it("refuses a signature of a header that doesn't arrive", async () => {
  const headers = sign(rig.url(PATH), { extra: { "X-Absent": "1" } });
  delete headers["x-absent"];
  expectRefused(await rig.send(PATH, { headers }), "verify aksk signature fail");
});

it("covers the body that arrives", async () => {
  const path = "/iam/v3/projects";
  const headers = sign(rig.url(path), { body: "the body" });
  expect((await rig.send(path, { headers, body: "the body" })).status).toBe(200);
  expectRefused(await rig.send(path, { headers, body: "another" }), "verify aksk signature fail");
});

it("covers the query that arrives", async () => {
  const headers = sign(rig.url(`${PATH}?limit=1`));
  expect((await rig.send(`${PATH}?limit=1`, { headers })).status).toBe(200);
  expectRefused(await rig.send(`${PATH}?limit=2`, { headers }), "verify aksk signature fail");
});

it("covers the signed headers that arrive", async () => {
  const headers = sign(rig.url(PATH), { extra: { "X-Language": "en-us" } });
  expect((await rig.send(PATH, { headers })).status).toBe(200);
  const changed = { ...headers, "x-language": "zh-cn" };
  expectRefused(await rig.send(PATH, { headers: changed }), "verify aksk signature fail");
});

it.each([-16, 16])("refuses a clock that is %i minutes off", async (minutes) => {
  expectRefused(await signed({ at: Date.now() + minutes * 60_000 }), "signature expired");
});

it.each([-14, 14])("accepts a clock that is %i minutes off", async (minutes) => {
  expect((await signed({ at: Date.now() + minutes * 60_000 })).status).toBe(200);
});

it("refuses a date that is none", async () => {
  const headers = { ...sign(rig.url(PATH)), "x-sdk-date": "2025-01-01T00:00:00Z" };
  expectRefused(await rig.send(PATH, { headers }), "signature expired");
});

it.each([
  "SDK-HMAC-SHA256",
  "SDK-HMAC-SHA256 Access=a",
  "SDK-HMAC-SHA256 Access=,SignedHeaders=,Signature=",
])("refuses the authorization %j", async (authorization) => {
  expectRefused(await rig.send(PATH, { headers: { authorization } }), "malformed");
});

describe("a temporary key", () => {
  async function temporary(): Promise<
    Required<Pick<Signing, "accessKey" | "secretKey">> & { token: string }
  > {
    const { body } = await rig.send("/metadata/openstack/latest/securitykey");
    const { access, secret, securitytoken } = body.credential;
    return { accessKey: access, secretKey: secret, token: securitytoken };
  }

  it("is accepted with its security token, signed", async () => {
    const { token, ...key } = await temporary();
    expect((await signed({ ...key, extra: { "X-Security-Token": token } })).status).toBe(200);
  });

  it("is refused without its security token", async () => {
    const { accessKey, secretKey } = await temporary();
    expectRefused(await signed({ accessKey, secretKey }), "ak not exist");
  });

  it("is refused with the security token of another", async () => {
    const { token } = await temporary();
    const { accessKey, secretKey } = await temporary();
    expectRefused(
      await signed({ accessKey, secretKey, extra: { "X-Security-Token": token } }),
      "ak not exist",
    );
  });

  it("is refused with an unsigned security token", async () => {
    const { token, ...key } = await temporary();
    const extra = { "X-Security-Token": token };
    expectRefused(await signed({ ...key, extra, names: ["host", "x-sdk-date"] }), "ak not exist");
  });

  it("is refused with a wrong secret", async () => {
    const { token, accessKey } = await temporary();
    const extra = { "X-Security-Token": token };
    expectRefused(
      await signed({ accessKey, secretKey: "wrong", extra }),
      "verify aksk signature fail",
    );
  });

  it("is refused once it has expired", async () => {
    const { token, ...key } = await temporary();
    rig.server.control({ op: "expireTokens" });
    expectRefused(await signed({ ...key, extra: { "X-Security-Token": token } }), "ak not exist");
  });
});
