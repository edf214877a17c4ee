import {
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_PROJECT_ID,
  DEFAULT_REGION,
  DEFAULT_USER_ID,
  DEFAULT_USER_NAME,
} from "../../lib/emulator/server";
import { listPath, type Reply, type Rig, sign, signInBody, start, stopAll } from "./helpers";

let rig: Rig;
afterEach(stopAll);

function signIn(body: unknown, query = "?nocatalog=true"): Promise<Reply> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return rig.send(`/iam/v3/auth/tokens${query}`, { method: "POST", body: text });
}

function expectRefused(reply: Reply, code: 400 | 401): void {
  expect(reply.status).toBe(code);
  const title = code === 400 ? "Bad Request" : "Unauthorized";
  expect(reply.body.error).toMatchObject({ code, title, message: expect.any(String) });
  expect(reply.headers["x-subject-token"]).toBeUndefined();
}

describe("signing in by password", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it("gives a token for the project", async () => {
    const before = Date.now();
    const reply = await signIn(signInBody({}));
    expect(reply.status).toBe(201);
    const { token } = reply.body;
    expect(token.project).toMatchObject({ id: DEFAULT_PROJECT_ID, name: DEFAULT_REGION });
    expect(token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const lives = Date.parse(token.expires_at) - before;
    expect(Math.round(lives / 3_600_000)).toBe(24);
    const value = String(reply.headers["x-subject-token"]);
    const list = await rig.send(listPath("gaussDb"), { headers: { "X-Auth-Token": value } });
    expect(list.status).toBe(200);
  });

  it("gives a catalog unless told not to", async () => {
    expect((await signIn(signInBody({}))).body.token.catalog).toBeUndefined();
    expect((await signIn(signInBody({}), "")).body.token.catalog.length).toBeGreaterThan(0);
  });

  it("takes the project's name or its id", async () => {
    for (const project of [{ name: DEFAULT_REGION }, { id: DEFAULT_PROJECT_ID }]) {
      expect((await signIn(signInBody({}, { project }))).body.token.project.id).toBe(
        DEFAULT_PROJECT_ID,
      );
    }
    for (const project of [{ name: "elsewhere" }, { id: "0" }]) {
      expectRefused(await signIn(signInBody({}, { project })), 401);
    }
  });

  it("takes the domain, whose token opens the projects but no project", async () => {
    const reply = await signIn(signInBody({}, { domain: { name: DEFAULT_DOMAIN_NAME } }));
    expect([reply.status, reply.body.token.project]).toEqual([201, undefined]);
    const headers = { "X-Auth-Token": String(reply.headers["x-subject-token"]) };
    expect((await rig.send("/iam/v3/projects", { headers })).status).toBe(200);
    const list = await rig.send(listPath("rds"), { headers });
    expect([list.status, list.body.error_code]).toEqual([403, "DBS.200044"]);
    expectRefused(await signIn(signInBody({}, { domain: { name: "another" } })), 401);
  });

  it.each([
    [{ name: "nobody", password: DEFAULT_PASSWORD, domain: { name: DEFAULT_DOMAIN_NAME } }],
    [{ name: DEFAULT_USER_NAME, password: "wrong", domain: { name: DEFAULT_DOMAIN_NAME } }],
    [{ name: DEFAULT_USER_NAME, password: DEFAULT_PASSWORD, domain: { name: "another" } }],
  ])("refuses the user %j", async (user) => {
    const scope = { project: { name: DEFAULT_REGION } };
    expectRefused(
      await signIn({ auth: { identity: { methods: ["password"], password: { user } }, scope } }),
      401,
    );
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["nothing", ""],
    ["no auth", {}],
    ["no identity", { auth: {} }],
    ["no methods", { auth: { identity: {}, scope: {} } }],
    ["another method", { auth: { identity: { methods: ["token"] }, scope: {} } }],
    ["no user", { auth: { identity: { methods: ["password"], password: {} } } }],
    [
      "no password",
      {
        auth: {
          identity: {
            methods: ["password"],
            password: { user: { name: "x", domain: { name: "y" } } },
          },
        },
      },
    ],
    ["no scope", { auth: { ...(signInBody({}) as { auth: object }).auth, scope: undefined } }],
    ["an empty scope", signInBody({}, { project: {} })],
  ])("calls a body with %s malformed", async (_what, body) => {
    expectRefused(await signIn(body), 400);
  });
});

describe("a second factor", () => {
  beforeEach(async () => {
    rig = await start({ passcode: "123456", userId: DEFAULT_USER_ID });
  });

  it("is accepted when it is right", async () => {
    expect((await signIn(signInBody({ passcode: "123456", userId: DEFAULT_USER_ID }))).status).toBe(
      201,
    );
  });

  it("is refused when it is missing, wrong, or another's", async () => {
    expectRefused(await signIn(signInBody({})), 401);
    expectRefused(await signIn(signInBody({ passcode: "654321", userId: DEFAULT_USER_ID })), 401);
    expectRefused(await signIn(signInBody({ passcode: "123456", userId: "another" })), 401);
  });

  it("is malformed when it is announced but not sent", async () => {
    const body = signInBody({}) as { auth: { identity: { methods: string[] } } };
    body.auth.identity.methods.push("totp");
    expectRefused(await signIn(body), 400);
  });
});

describe("projects", () => {
  beforeEach(async () => {
    rig = await start();
  });

  it("are found by name, with a token or a signature", async () => {
    const path = `/iam/v3/projects?name=${DEFAULT_REGION}`;
    const byToken = await rig.get(path);
    expect(byToken.body.projects).toEqual([
      expect.objectContaining({ id: DEFAULT_PROJECT_ID, name: DEFAULT_REGION }),
    ]);
    const bySignature = await rig.send(path, { headers: sign(rig.url(path)) });
    expect(bySignature.body).toEqual(byToken.body);
  });

  it("of another name are none", async () => {
    const reply = await rig.get("/iam/v3/projects?name=eu-nl");
    expect([reply.status, reply.body.projects]).toEqual([200, []]);
  });

  it("are refused to strangers", async () => {
    expectRefused(await rig.send("/iam/v3/projects"), 401);
    expectRefused(
      await rig.send("/iam/v3/projects", { headers: { "X-Auth-Token": "nonsense" } }),
      401,
    );
    const headers = sign(rig.url("/iam/v3/projects"), { secretKey: "wrong" });
    const signed = await rig.send("/iam/v3/projects", { headers });
    expect([signed.status, signed.body.error_code]).toEqual([401, "APIGW.0301"]);
  });
});

it("hands out a temporary key that expires", async () => {
  rig = await start();
  const { status, body } = await rig.send("/metadata/openstack/latest/securitykey");
  expect(status).toBe(200);
  expect(Object.keys(body.credential).sort()).toEqual([
    "access",
    "expires_at",
    "secret",
    "securitytoken",
  ]);
  expect(body.credential.expires_at).toMatch(/\.\d{6}Z$/);
  expect(Date.parse(body.credential.expires_at)).toBeGreaterThan(Date.now());
});

it.each([-2, 2])("goes by a clock of its own, %i h ahead", async (hours) => {
  const clockAheadMs = hours * 3_600_000;
  rig = await start({ clockAheadMs });
  const near = (text: unknown, ahead: number) =>
    expect(Math.abs(Date.parse(String(text)) - Date.now() - ahead)).toBeLessThan(10_000);
  const { body } = await signIn(signInBody({}));
  near(body.token.issued_at, clockAheadMs);
  near(body.token.expires_at, clockAheadMs + 24 * 3_600_000);
  const path = listPath("gaussDb");
  const now = await rig.send(path, { headers: sign(rig.url(path)) });
  near(now.headers.date, clockAheadMs);
  expect([now.status, now.body.error_msg]).toEqual([401, expect.stringMatching(/expired/)]);
  const theirs = sign(rig.url(path), { at: Date.now() + clockAheadMs });
  expect((await rig.send(path, { headers: theirs })).status).toBe(200);
});

it("knows a token that it is told", async () => {
  rig = await start({ token: "t0ken" });
  const get = (token: string) =>
    rig.send(listPath("gaussDb"), { headers: { "X-Auth-Token": token } });
  expect([(await get("t0ken")).status, (await get("other")).status]).toEqual([200, 403]);
});

it("takes its accounts from the configuration", async () => {
  rig = await start({
    region: "eu-nl",
    projectId: "p1",
    accessKey: "AK",
    secretKey: "SK",
    userName: "me",
    password: "pw",
    domainName: "mine",
  });
  const user = { name: "me", password: "pw", domain: { name: "mine" } };
  const auth = {
    identity: { methods: ["password"], password: { user } },
    scope: { project: { name: "eu-nl" } },
  };
  const reply = await signIn({ auth });
  expect(reply.body.token.project).toMatchObject({ id: "p1", name: "eu-nl" });
  const path = "/gaussdb/v3/p1/backups";
  const headers = sign(rig.url(path), { accessKey: "AK", secretKey: "SK" });
  expect((await rig.send(path, { headers })).status).toBe(200);
});
