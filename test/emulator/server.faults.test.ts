import * as net from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type ControlCommand, type Fault } from "../../lib/emulator/server";
import {
  AN_HOUR,
  listPath,
  outcome,
  withoutService,
  raw,
  type Reply,
  type Rig,
  signInBody,
  start,
  stopAll,
  until,
} from "./helpers";

let rig: Rig;
beforeEach(async () => {
  rig = await start({ records: { taurusDb: numbered(35), dcs: numberedDcs(35) } });
});
afterEach(stopAll);

const TAURUS = listPath("taurusDb", "i");
const PATH = withoutService(TAURUS);
const DCS = listPath("dcs", "i");

function numbered(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index), instance_id: "i" }));
}

function numberedDcs(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({
    backup_id: String(index),
    instance_id: "i",
  }));
}

function fault(fault: Fault): void {
  rig.server.control({ op: "fault", fault });
}

/** What `raw` gives, as it came. */
function rawBytes(bytes: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(rig.port(TAURUS), "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks)));
  });
}

const idsOf = (reply: Reply): string[] => reply.body.backups.map((each: { id: string }) => each.id);

describe("a fault", () => {
  it("answers with a status, headers and a body", async () => {
    fault({ status: 429, headers: { "Retry-After": "3" }, body: '{"error_code":"APIGW.0308"}' });
    const reply = await rig.get(TAURUS);
    expect([reply.status, reply.headers["retry-after"], reply.body]).toEqual([
      429,
      "3",
      { error_code: "APIGW.0308" },
    ]);
    expect(reply.headers["x-request-id"]).toBeDefined();
    expect((await rig.get(TAURUS)).status).toBe(200);
  });

  it("of a service befalls each of its lists, and no other's", async () => {
    fault({ service: "taurusDb", status: 503, times: 2 });
    const paths = [DCS, TAURUS, listPath("taurusDbFull")];
    const replies = await Promise.all(paths.map((path) => rig.get(path)));
    expect(replies.map(({ status }) => status)).toEqual([200, 503, 503]);
  });

  it("answers with what is no JSON", async () => {
    fault({
      status: 502,
      headers: { "Content-Type": "text/html" },
      body: "<html>Bad gateway</html>",
    });
    const reply = await rig.get(TAURUS);
    expect([reply.status, reply.headers["content-type"], reply.text]).toEqual([
      502,
      "text/html",
      "<html>Bad gateway</html>",
    ]);
  });

  it("answers 200 with a body of its own when no status is given", async () => {
    fault({ body: "{}" });
    const reply = await rig.get(TAURUS);
    expect([reply.status, reply.text]).toEqual([200, "{}"]);
  });

  it("adds headers to a normal answer", async () => {
    fault({ headers: { "X-Extra": "1", "X-Request-Id": "mine" } });
    const reply = await rig.get(TAURUS);
    expect([reply.status, reply.headers["x-extra"], reply.headers["x-request-id"]]).toEqual([
      200,
      "1",
      "mine",
    ]);
  });

  it("strikes where it is aimed", async () => {
    fault({ service: "iam", status: 503 });
    fault({ path: "offset=10", status: 500 });
    expect((await rig.get(TAURUS)).status).toBe(200);
    expect((await rig.get(`${TAURUS}?offset=10`)).status).toBe(500);
    const body = JSON.stringify(signInBody({}));
    expect((await rig.send("/iam/v3/auth/tokens", { method: "POST", body })).status).toBe(503);
    expect((await rig.send("/iam/v3/auth/tokens", { method: "POST", body })).status).toBe(201);
  });

  it("strikes before anybody's rights are checked", async () => {
    fault({ service: "metadata", status: 404, body: "" });
    expect((await rig.send("/metadata/openstack/latest/securitykey")).status).toBe(404);
  });

  it("waits, and then answers normally or as told", async () => {
    fault({ delayMs: 5 });
    fault({ delayMs: 5, status: 500 });
    expect((await rig.get(TAURUS)).status).toBe(200);
    expect((await rig.get(TAURUS)).status).toBe(500);
  });

  it("keeps nobody else waiting", async () => {
    fault({ delayMs: AN_HOUR });
    const waiting = outcome(rig.get(TAURUS));
    await until(() => rig.requests().length === 1);
    expect((await rig.get(TAURUS)).status).toBe(200);
    expect(rig.requests().map(({ status }) => status)).toEqual([0, 200]);
    await rig.server.close();
    expect(await waiting).toBe("ECONNRESET");
  });

  it("cuts the connection before any byte", async () => {
    fault({ disconnect: "before" });
    const text = await raw(
      rig.port(TAURUS),
      `GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n\r\n`,
    );
    expect(text).toBe("");
    expect((await rig.get(TAURUS)).status).toBe(200);
  });

  it("cuts the connection after half of the body, under its full length", async () => {
    const whole = (await rig.get(TAURUS)).text;
    fault({ disconnect: "midway" });
    const text = await raw(
      rig.port(TAURUS),
      `GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n\r\n`,
    );
    const [head = "", body] = text.split("\r\n\r\n");
    expect(head).toContain("HTTP/1.1 200 OK");
    expect(head).toContain(`content-length: ${Buffer.byteLength(whole)}`);
    expect(body).toBe(whole.slice(0, Math.floor(whole.length / 2)));
    fault({ disconnect: "midway" });
    await expect(rig.get(TAURUS)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("cuts the connection after the head of an answer without a body", async () => {
    fault({ disconnect: "midway", status: 200, body: "x" });
    const text = await raw(rig.port(TAURUS), `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 1\r\n[\s\S]*\r\n\r\n$/);
  });

  it.each(["before", "midway"] as const)("resets the connection %s", async (disconnect) => {
    fault({ disconnect, reset: true });
    const socket = net.connect(rig.port(TAURUS), "127.0.0.1");
    const ended = new Promise((resolve) => {
      socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
      socket.on("end", () => resolve("closed"));
    });
    socket.on("data", () => undefined);
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(await ended).toBe("ECONNRESET");
  });

  it("sends chunks that say no length, and none that is the last where it is cut off", async () => {
    const plain = `GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n`;
    fault({ chunked: true });
    const whole = await raw(rig.port(TAURUS), `${plain}Connection: close\r\n\r\n`);
    fault({ chunked: true, disconnect: "midway" });
    const cut = await raw(rig.port(TAURUS), `${plain}\r\n`);
    for (const text of [whole, cut]) {
      expect(text).toContain("Transfer-Encoding: chunked");
      expect(text).not.toContain("content-length");
    }
    expect([whole.endsWith("\r\n0\r\n\r\n"), cut.endsWith("\r\n0\r\n\r\n")]).toEqual([true, false]);
  });

  it.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
  ] as const)("compresses with %s, asked or not", async (encoding, decode) => {
    fault({ encoding });
    const answer = await fetch(rig.url(TAURUS), {
      headers: { "X-Auth-Token": rig.token, "Accept-Encoding": "identity" },
    });
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(await answer.json()).toMatchObject({ total_count: 35 });
    fault({ encoding, body: "{}" });
    const bytes = await rawBytes(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const body = bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
    expect(String(decode(body))).toBe("{}");
  });

  it("sends a body byte by byte", async () => {
    fault({ dripMs: 5, status: 200, body: "0123456789" });
    const seen: number[] = [];
    const text = await raw(
      rig.port(TAURUS),
      `GET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      (soFar) => (seen.push(soFar.length), false),
    );
    expect(text).toMatch(/\r\n\r\n0123456789$/);
    expect(seen.length).toBeGreaterThan(5);
  });

  it("stops to drip where the client has gone, or the emulator is closed", async () => {
    fault({ dripMs: 1, status: 200, body: "x".repeat(100_000), times: 2 });
    const get = `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`;
    expect(await raw(rig.port(TAURUS), get, (text) => text.endsWith("xx"))).toContain("200 OK");
    const dripping = raw(rig.port(TAURUS), get);
    await until(() => rig.requests().length === 2 && rig.requests()[1]?.status === 200);
    await rig.server.close();
    expect((await dripping).length).toBeLessThan(100_000);
  });

  it("sends bytes as they are given, and closes", async () => {
    const bytes =
      "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{\xff";
    fault({ raw: bytes });
    const sent = await rawBytes(`GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(sent.toString("latin1")).toBe(bytes);
  });

  it("never answers, until the emulator is closed", async () => {
    fault({ hang: true });
    const hanging = outcome(rig.get(TAURUS));
    await until(() => rig.requests().length === 1);
    const other = await rig.get(TAURUS);
    expect(other.status).toBe(200);
    expect(rig.requests().map(({ status }) => status)).toEqual([0, 200]);
    await rig.server.close();
    expect(await hanging).toBe("ECONNRESET");
  });

  it("caps a page, and the total stays", async () => {
    fault({ pageCap: 3, times: -1 });
    const reply = await rig.get(`${TAURUS}?limit=20&offset=5`);
    expect([idsOf(reply), reply.body.total_count]).toEqual([["5", "6", "7"], 35]);
    expect((await rig.get(`${DCS}?limit=2`)).body.backup_record_response).toHaveLength(2);
  });

  it.each<[string, Fault["total"], unknown]>([
    ["the page's", "page", 3],
    ["one too low", { add: -1 }, 34],
    ["a text", { is: "35" }, "35"],
    ["missing", { is: undefined }, undefined],
  ])("tells a total that is %s", async (_how, total, told) => {
    fault({ pageCap: 3, total });
    const { body } = await rig.get(TAURUS);
    expect([body.backups.length, body.total_count]).toEqual([3, told]);
    fault({ pageCap: 3, total });
    expect((await rig.get(DCS)).body.total_num).toBe(told);
  });

  it("puts fields into each record of a page", async () => {
    fault({ fields: { id: "same", note: "x" }, pageCap: 2 });
    const same = { id: "same", instance_id: "i", note: "x" };
    expect((await rig.get(TAURUS)).body.backups).toEqual([same, same]);
  });

  it("repeats the first page", async () => {
    fault({ repeatFirstPage: true, times: -1 });
    expect(idsOf(await rig.get(`${TAURUS}?offset=20`))).toEqual(idsOf(await rig.get(TAURUS)));
    const second = await rig.get(`${DCS}?start=11&limit=1`);
    expect(second.body.backup_record_response).toMatchObject([{ backup_id: "0" }]);
  });

  it("still refuses what breaks a rule", async () => {
    fault({ repeatFirstPage: true, pageCap: 1, times: -1 });
    expect((await rig.get(`${TAURUS}?offset=-1`)).status).toBe(400);
    expect((await rig.send(TAURUS)).status).toBe(401);
  });

  it("makes a list without an end", async () => {
    fault({ endless: true, times: -1 });
    const seen = new Set<string>();
    let total = 0;
    for (const offset of [0, 10, 20, 1000]) {
      const reply = await rig.get(`${TAURUS}?offset=${offset}`);
      for (const id of idsOf(reply)) seen.add(id);
      expect(reply.body.total_count).toBeGreaterThan(Math.max(total, offset + 10));
      total = reply.body.total_count;
      expect(reply.body.backups[0].instance_id).toBe("i");
    }
    expect(seen.size).toBe(40);
    const dcs = await rig.get(`${DCS}?start=11`);
    expect(
      new Set(dcs.body.backup_record_response.map((each: { backup_id: string }) => each.backup_id))
        .size,
    ).toBe(10);
    expect(dcs.body.total_num).toBeGreaterThan(20);
  });

  it("changes the records once the answer was made", async () => {
    fault({ then: { op: "add", service: "taurusDb", record: { id: "new", instance_id: "i" } } });
    fault({ then: { op: "remove", service: "taurusDb", id: "0" } });
    const first = await rig.get(TAURUS);
    expect([first.body.total_count, idsOf(first)[0]]).toEqual([35, "0"]);
    const second = await rig.get(`${TAURUS}?offset=30`);
    expect([second.body.total_count, idsOf(second)]).toEqual([
      36,
      ["30", "31", "32", "33", "34", "new"],
    ]);
    const third = await rig.get(TAURUS);
    expect([third.body.total_count, idsOf(third)[0]]).toEqual([35, "1"]);
  });

  it("changes several records at once", async () => {
    const add = {
      op: "add",
      service: "taurusDb",
      record: { id: "new", instance_id: "i" },
    } as const;
    fault({ then: [{ op: "remove", service: "taurusDb", id: "0" }, add] });
    await rig.get(TAURUS);
    const { body } = await rig.get(`${TAURUS}?limit=50`);
    const ids = body.backups.map(({ id }: { id: string }) => id);
    expect([body.total_count, ids[0], ids.at(-1)]).toEqual([35, "1", "new"]);
  });

  it("can set off another fault", async () => {
    fault({ status: 500, then: { op: "fault", fault: { status: 502 } } });
    const statuses = [];
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await rig.get(TAURUS)).status);
    expect(statuses).toEqual([500, 502, 200]);
  });

  it("is forgotten when cleared", async () => {
    fault({ status: 500, times: -1 });
    rig.server.control({ op: "clearFaults" });
    expect((await rig.get(TAURUS)).status).toBe(200);
  });

  it("that HTTP can't carry costs its own connection only", async () => {
    fault({ status: 200, headers: { "bad header": "x" } });
    await expect(rig.get(TAURUS)).rejects.toMatchObject({ code: "ECONNRESET" });
    fault({ then: { op: "remove", service: "nobody", id: "1" } as unknown as ControlCommand });
    await expect(rig.get(TAURUS)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await rig.get(TAURUS)).status).toBe(200);
  });
});
