import * as http from "node:http";
import * as net from "node:net";
import {
  type ControlCommand,
  EmulatorServer,
  type Fault,
  type LoggedRequest,
} from "../../lib/emulator/server";
import {
  AN_HOUR,
  listPath,
  outcome,
  withoutService,
  raw,
  request,
  type Rig,
  sign,
  start,
  stopAll,
  until,
} from "./helpers";

let rig: Rig;
beforeEach(async () => {
  rig = await start({ records: { taurusDb: numbered(35) } });
});
afterEach(stopAll);

const TAURUS = listPath("taurusDb", "i");
const PATH = withoutService(TAURUS);
const DCS = listPath("dcs");

function numbered(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index), instance_id: "i" }));
}

function fault(fault: Fault): void {
  rig.server.control({ op: "fault", fault });
}

describe("the log of requests", () => {
  it("tells what was asked, how, and what was answered", async () => {
    await rig.get(`${TAURUS}?limit=20&begin_time=1+2`);
    await rig.send(DCS, {
      headers: sign(rig.url(DCS), { extra: { "X-Security-Token": "s3cret" } }),
    });
    await rig.send("/rds/nowhere?a=%zz");
    await rig.send("/iam/v3/auth/tokens", { method: "POST", body: "{" });
    await rig.send("/metadata/openstack/latest/securitykey");
    expect(rig.requests()).toMatchObject([
      {
        method: "GET",
        url: `${PATH}?limit=20&begin_time=1+2`,
        path: PATH,
        query: { limit: "20", begin_time: "1 2" },
        status: 400,
        service: "taurusDb",
        auth: "token",
        headers: { "x-auth-token": "***" },
      },
      {
        service: "dcs",
        status: 200,
        auth: "signature",
        headers: { authorization: "***", "x-security-token": "***" },
      },
      { service: "rds", status: 404, auth: "none", query: { a: "%zz" } },
      { service: "iam", method: "POST", status: 400 },
      { service: "metadata", status: 200 },
    ]);
    expect(JSON.stringify(rig.requests())).not.toContain(rig.token);
    expect(JSON.stringify(rig.requests())).not.toContain("s3cret");
  });

  it("is a copy, and can be cleared", async () => {
    await rig.get(TAURUS);
    const copy = rig.requests();
    copy.pop();
    expect(rig.requests()).toHaveLength(1);
    expect(structuredClone(rig.requests())).toEqual(rig.requests());
    rig.server.control({ op: "clearRequests" });
    expect(rig.requests()).toEqual([]);
  });
});

it("adds and removes records, and says whether there was one", async () => {
  expect(rig.server.control({ op: "remove", service: "taurusDb", id: "nobody" })).toBe(false);
  expect(rig.server.control({ op: "remove", service: "taurusDb", id: " 3 " })).toBe(true);
  rig.server.control({
    op: "add",
    service: "taurusDb",
    record: { "id ": "last ", instance_id: " i" },
  });
  const reply = await rig.get(`${TAURUS}?offset=30`);
  expect([reply.body.total_count, reply.body.backups.at(-1)]).toEqual([
    35,
    { "id ": "last ", instance_id: " i" },
  ]);
});

it("refuses a command or a service it doesn't know", () => {
  expect(() => rig.server.control({ op: "explode" } as unknown as ControlCommand)).toThrow(
    "explode",
  );
  const add = { op: "add", service: "mongo", record: {} } as unknown as ControlCommand;
  expect(() => rig.server.control(add)).toThrow("mongo");
});

it("answers several requests over one connection, one after another or pipelined", async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { "X-Auth-Token": rig.token };
  const replies = [];
  for (let turn = 0; turn < 3; turn += 1)
    replies.push(await request(rig.url(TAURUS), { headers, agent }));
  agent.destroy();
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);

  fault({ delayMs: 20, path: "offset=0" });
  const one = (query: string): string =>
    `GET ${PATH}?${query} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n\r\n`;
  const both = (text: string): boolean => text.split("total_count").length === 3;
  const text = await raw(
    rig.port(TAURUS),
    one("offset=0&limit=10") + one("offset=34&limit=10"),
    both,
  );
  expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  // In the order of the requests, although the first was delayed.
  expect(text.indexOf('"id":"0"')).toBeGreaterThan(0);
  expect(text.indexOf('"id":"34"')).toBeGreaterThan(text.indexOf('"id":"0"'));
});

it.each([
  ["nonsense", "hello\r\n\r\n"],
  ["an unknown method", "FLY / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a header without a colon", "GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n"],
  ["a header too long", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
  [
    "a length that is none",
    "POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
  ],
  ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
])("answers %s with 400 and lives on", async (_what, bytes) => {
  expect(await raw(rig.port("/iam"), bytes)).toMatch(/^HTTP\/1\.1 400/);
  expect((await rig.get(TAURUS)).status).toBe(200);
});

it.each([
  ["an absolute url", "GET http://example.com/v3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
  ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
  ["an odd url", "GET /%%%?%=%&& HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
])("answers %s with 404 and lives on", async (_what, bytes) => {
  expect(await raw(rig.port("/rds"), bytes)).toMatch(/^HTTP\/1\.1 404/);
  expect((await rig.get(TAURUS)).status).toBe(200);
});

it("lives on when a client leaves in the middle of its request", async () => {
  const socket = net.connect(rig.port("/iam"), "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write("POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  await until(() => rig.requests().length === 1);
  socket.destroy();
  await closed;
  expect((await rig.get(TAURUS)).status).toBe(200);
});

it("lives on when a client leaves before its answer", async () => {
  fault({ delayMs: 20 });
  const impatient = http.get(rig.url(TAURUS), { agent: false });
  const gone = new Promise((resolve) => impatient.on("error", resolve));
  await until(() => rig.requests().length === 1);
  impatient.destroy();
  await gone;
  await until(() => rig.requests()[0]?.status !== 0); // Answered into the void.
  expect((await rig.get(TAURUS)).status).toBe(200);
});

it("refuses a body that is too large", async () => {
  const body = "x".repeat(1024 ** 2 + 1);
  expect((await rig.send("/iam/v3/auth/tokens", { method: "POST", body })).status).toBe(413);
});

it("adds its latency to every answer", async () => {
  const slow = new EmulatorServer({ latencyMs: AN_HOUR });
  const { rds, taurusDb } = await slow.listen();
  const replies = [outcome(request(`${rds}/nowhere`)), outcome(request(taurusDb + PATH))];
  const statuses = (): number[] =>
    (slow.control({ op: "requests" }) as LoggedRequest[]).map(({ status }) => status);
  await until(() => statuses().length === 2);
  expect(statuses()).toEqual([0, 0]);
  await slow.close();
  expect(await Promise.all(replies)).toEqual(["ECONNRESET", "ECONNRESET"]);
});

it("chooses ports of its own, and closes more than once", async () => {
  const other = new EmulatorServer({});
  const urls = Object.values(await other.listen());
  expect(urls).not.toContain(new URL(rig.url("/rds")).origin);
  await other.close();
  await other.close();
  expect(await Promise.all(urls.map((url) => outcome(request(`${url}/`))))).toEqual(
    urls.map(() => "ECONNREFUSED"),
  );
});
