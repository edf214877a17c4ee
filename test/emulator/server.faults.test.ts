import { type ControlCommand, type Fault } from "../../lib/emulator/server";
import {
  AN_HOUR,
  listPath,
  outcome,
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
      rig.port,
      `GET ${TAURUS} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n\r\n`,
    );
    expect(text).toBe("");
    expect((await rig.get(TAURUS)).status).toBe(200);
  });

  it("cuts the connection after half of the body, under its full length", async () => {
    const whole = (await rig.get(TAURUS)).text;
    fault({ disconnect: "midway" });
    const text = await raw(
      rig.port,
      `GET ${TAURUS} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${rig.token}\r\n\r\n`,
    );
    const [head = "", body] = text.split("\r\n\r\n");
    expect(head).toContain("HTTP/1.1 200 OK");
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(whole)}`);
    expect(body).toBe(whole.slice(0, Math.floor(whole.length / 2)));
    fault({ disconnect: "midway" });
    await expect(rig.get(TAURUS)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("cuts the connection after the head of an answer without a body", async () => {
    fault({ disconnect: "midway", status: 200, body: "x" });
    const text = await raw(rig.port, `GET ${TAURUS} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Length: 1\r\n[\s\S]*\r\n\r\n$/);
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
