import { BackupEmulator, Duration } from "../../lib";
import { CloudClient } from "../../lib/cloud/client";
import { CredentialData } from "../../lib/cloud/credentials";
import { Reading } from "../../lib/cloud/reading";
import { Account } from "../../lib/cloud/sign-in";
import { BackupsError } from "../../lib/model/errors";
import type { Fault } from "../../lib/emulator/types";
import { DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY, DEFAULT_USER_ID } from "../../lib/emulator/types";
import { KEY, USER } from "../support/users";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

function clientAs(credentials: CredentialData, more: Partial<Account> = {}): CloudClient {
  return new CloudClient({
    iamUrl: emulator.endpoints.iam,
    metadataUrl: emulator.endpoints.metadata!,
    region: emulator.region,
    credentials: credentials as Account["credentials"],
    ...more,
  });
}

/** Lists GaussDB's backups; any service would do. */
async function list(client: CloudClient, seconds = 30) {
  const reading = new Reading(seconds * 1000);
  const url = emulator.endpoints.gaussDb!;
  return JSON.parse(await client.get(url, "/v3/{project}/backups", { limit: "1" }, reading));
}

async function failure(client: CloudClient, seconds?: number): Promise<BackupsError> {
  const error = await list(client, seconds).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!BackupsError.isBackupsError(error)) throw new Error(`no BackupsError: ${String(error)}`);
  return error;
}

const fault = (each: Fault) => emulator._control({ op: "fault", fault: each });
const asked = (part: string) => emulator._requests().filter(({ url }) => url.includes(part)).length;

describe("signing in", () => {
  test("by access key signs each request and finds the project by the region's name", async () => {
    expect((await list(clientAs(KEY))).backups).toHaveLength(1);
    expect(emulator._requests()).toMatchObject([
      {
        service: "iam",
        path: "/v3/projects",
        query: { name: "eu-de" },
        auth: "signature",
        status: 200,
      },
      {
        auth: "signature",
        status: 200,
        headers: { "x-project-id": emulator.projectId },
      },
    ]);
  });

  test("asks for no project where its id was given", async () => {
    await list(clientAs(KEY, { projectId: emulator.projectId, iamUrl: undefined }));
    expect(emulator._requests()).toHaveLength(1);
  });

  test("by password fetches one token, for however many requests at once", async () => {
    const client = clientAs(USER);
    await Promise.all([list(client), list(client), list(client)]);
    expect(asked("/auth/tokens")).toBe(1);
    expect(asked("/projects")).toBe(0);
    expect(emulator._requests().filter(({ auth }) => auth === "token")).toHaveLength(3);
  });

  test("by password and one-time code", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ passcode: "123456" });
    const mfa = { ...USER, userId: DEFAULT_USER_ID, passcode: "123456" };
    expect((await list(clientAs(mfa))).backups).toHaveLength(1);
    expect(await failure(clientAs(USER))).toMatchObject({ code: "SIGN_IN_REFUSED" });
  });

  test("by a token that was fetched elsewhere", async () => {
    const answer = await fetch(`${emulator.endpoints.iam}/v3/auth/tokens`, {
      method: "POST",
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ["password"],
            password: {
              user: {
                name: USER.userName,
                password: USER.password,
                domain: { name: USER.domainName },
              },
            },
          },
          scope: { project: { name: "eu-de" } },
        },
      }),
    });
    const token = answer.headers.get("x-subject-token")!;
    expect((await list(clientAs({ kind: "token", token }))).backups).toHaveLength(1);
    emulator._control({ op: "expireTokens" });
    const client = clientAs({ kind: "token", token }, { projectId: emulator.projectId });
    const error = await failure(client);
    expect(error).toMatchObject({ code: "TOKEN_REFUSED", serviceCode: "DBS.280056", status: 403 });
    expect(error.message).not.toContain(token);
  });

  test("by the temporary key of the metadata service", async () => {
    expect((await list(clientAs({ kind: "metadata" }))).backups).toHaveLength(1);
    expect(asked("/openstack/latest/securitykey")).toBe(1);
    expect(emulator._requests().at(-1)?.headers).toHaveProperty("x-security-token", "***");
  });

  test("renews a token once that the service refuses", async () => {
    const client = clientAs(USER);
    await list(client);
    emulator._control({ op: "expireTokens" });
    expect((await list(client)).backups).toHaveLength(1);
    expect(asked("/auth/tokens")).toBe(2);
  });

  test("renews a token before it expires", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ tokenLifetime: Duration.seconds(1) });
    const client = clientAs(USER);
    await list(client);
    await new Promise((resolve) => setTimeout(resolve, 950));
    await list(client);
    expect(asked("/auth/tokens")).toBe(2);
    expect(emulator._requests().filter(({ status }) => status >= 400)).toEqual([]);
  });

  test("ends where the renewed token is refused as well", async () => {
    const body = '{"error_code":"DBS.280056","error_msg":"token"}';
    fault({ service: "gaussDb", status: 403, body, times: -1 });
    expect(await failure(clientAs(USER))).toMatchObject({ code: "TOKEN_REFUSED" });
    expect(asked("/backups")).toBe(2);
  });

  test("tells a wrong password, a wrong secret key and an unknown key apart, and shows none", async () => {
    const wrong = "w0ng-secret-value";
    const byPassword = await failure(clientAs({ ...USER, password: wrong }));
    expect(byPassword).toMatchObject({ code: "SIGN_IN_REFUSED", status: 401 });
    const bySecret = await failure(clientAs({ ...KEY, secretKey: wrong }));
    expect(bySecret).toMatchObject({ code: "SIGNATURE_REFUSED" });
    expect(bySecret.message).toMatch(/secret key does not belong to this access key/);
    const byKey = await failure(clientAs({ ...KEY, accessKey: wrong }));
    expect(byKey.message).toMatch(/access key is unknown/);
    for (const { message } of [byPassword, bySecret, byKey]) {
      expect(message).not.toContain(wrong);
      expect(message).not.toContain(DEFAULT_ACCESS_KEY);
      expect(message).not.toContain(DEFAULT_SECRET_KEY);
    }
  });

  test.each([
    ["none", "[]", /found none/],
    [
      "several",
      '[{"id":"a","name":"eu-de"},{"id":"b","name":"eu-de"}]',
      /found eu-de \(a\), eu-de \(b\)/,
    ],
    ["another name", '[{"id":"a","name":"eu-nl"}]', /found eu-nl \(a\)/],
    ["no name", '[{"id":"a"}]', /found undefined \(a\)/],
    ["a path", '[{"id":"..","name":"eu-de"}]', /found eu-de \(\.\.\)/],
    ["a query", '[{"id":"a/b?c","name":"eu-de"}]', /found eu-de \(a\/b\?c\)/],
  ])("is an error where the region's name finds %s projects", async (_what, projects, message) => {
    fault({ service: "iam", status: 200, body: `{"projects":${projects}}` });
    const error = await failure(clientAs(KEY));
    expect(error.code).toBe("PROJECT_NOT_FOUND");
    expect(error.message).toMatch(message);
    expect(emulator._requests().every(({ method }) => method === "GET")).toBe(true);
  });

  test.each([
    ["of another name", { id: "0483b6b16e954cb88930a360d2c4e663", name: "eu-nl" }],
    ["whose id is a path", { id: "..", name: "eu-de" }],
  ])("is an error where the token is for a project %s", async (_what, project) => {
    const token = { expires_at: "2099-01-01T00:00:00.000000Z", project };
    fault({
      ...{ service: "iam", status: 201, headers: { "x-subject-token": "token-of-another" } },
      body: JSON.stringify({ token }),
    });
    const error = await failure(clientAs(USER));
    expect(error.message).toMatch(/^BAD_ANSWER: .*is for the project eu-.*, not for eu-de/);
    expect(error.message).not.toContain("token-of-another");
  });
});

describe("a request", () => {
  test("carries the language that was chosen", async () => {
    await list(clientAs(KEY, { language: "zh-cn" }));
    expect(emulator._requests().at(-1)?.headers["x-language"]).toBe("zh-cn");
  });

  test.each([
    ["HTTP 503", { status: 503 }],
    [
      'HTTP 500 "system is busy"',
      { status: 500, body: '{"error_code":"DBS.200998","error_msg":"busy"}' },
    ],
    ["a 429 with Retry-After", { status: 429, headers: { "Retry-After": "0" } }],
    ["a connection that broke before the answer", { disconnect: "before" as const }],
    ["a connection that broke in the midst of it", { disconnect: "midway" as const }],
  ])("is repeated after %s", async (_what, what) => {
    fault({ service: "gaussDb", ...what });
    expect((await list(clientAs(KEY))).backups).toHaveLength(1);
    expect(asked("/backups")).toBe(2);
  });

  test("is not repeated where that can't help", async () => {
    fault({
      service: "gaussDb",
      status: 400,
      body: '{"error_code":"DBS.280416","error_msg":"end"}',
    });
    const error = await failure(clientAs(KEY));
    expect(error).toMatchObject({ code: "REFUSED_BY_SERVICE", serviceCode: "DBS.280416" });
    expect(error.requestId).toMatch(/\w/);
    expect(asked("/backups")).toBe(1);
  });

  test("ends after some tries and says how many", async () => {
    fault({ service: "gaussDb", status: 503, headers: { "Retry-After": "0" }, times: -1 });
    const error = await failure(clientAs(KEY));
    expect(error.code).toBe("SERVICE_FAILED");
    expect(error.message).toContain("(tried 5 times)");
  });

  test("ends at once where Retry-After lies past the deadline, and says what would help", async () => {
    fault({ service: "gaussDb", status: 429, headers: { "Retry-After": "3600" }, times: -1 });
    const { code, message } = await failure(clientAs(KEY));
    expect(code).toBe("THROTTLED");
    expect(message).toContain(
      "1 more is to be sent, which takes 1 h, and only 30 s are left of 30 s",
    );
    expect(message).toContain("`timeout`, such as Duration.minutes(61)");
    expect(asked("/backups")).toBe(1);
  });

  test("waits for a Retry-After that no timer can be set for", async () => {
    const days = 30 * 24 * 3600;
    fault({ service: "gaussDb", status: 503, headers: { "Retry-After": String(days) }, times: -1 });
    const reading = new Reading(2 * days * 1000);
    const url = emulator.endpoints.gaussDb!;
    const waiting = clientAs(KEY).get(url, "/v3/{project}/backups", {}, reading);
    setTimeout(() => reading.stop(), 1_000);
    await expect(waiting).rejects.toThrow(/abort/);
    expect(asked("/backups")).toBe(1);
  });

  test("that nobody wants any more is broken off", async () => {
    fault({ service: "gaussDb", hang: true, times: -1 });
    const reading = new Reading(30_000);
    const url = emulator.endpoints.gaussDb!;
    const waiting = clientAs(KEY).get(url, "/v3/{project}/backups", {}, reading);
    setTimeout(() => reading.stop(), 300);
    await expect(waiting).rejects.toThrow(/abort/);
    expect(reading.remaining()).toBeGreaterThan(25_000);
  });

  test("that is never answered ends at the deadline", async () => {
    fault({ service: "gaussDb", hang: true, times: -1 });
    const error = await failure(clientAs(KEY), 0.5);
    expect(error.code).toBe("DEADLINE_EXCEEDED");
    expect(error.message).toMatch(
      /GET http:\/\/127\.0\.0\.1:\d+\/v3\/\w+\/backups\?limit=1 had no answer when the 0\.5 s/,
    );
  });

  test("to a port where nobody listens says so", async () => {
    const { gaussDb } = emulator.endpoints;
    emulator.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const client = clientAs(KEY, { projectId: "p" });
    const reading = new Reading(300);
    const attempt = client.get(gaussDb!, "/v3/{project}/backups", {}, reading);
    await expect(attempt).rejects.toThrow(/^UNREACHABLE: GET .* had no answer: ECONNREFUSED/);
    emulator = BackupEmulator.start();
  });

  test("with an answer of any size is bounded", async () => {
    const body = `{"backups":["${"x".repeat(17 * 1024 * 1024)}"]}`;
    fault({ service: "gaussDb", status: 200, body });
    expect(await failure(clientAs(KEY))).toMatchObject({ code: "ANSWER_TOO_LARGE" });
  });

  test("never shows what the server echoes of its secrets", async () => {
    const echo = `canonicalRequest: Access=${DEFAULT_ACCESS_KEY}, Signature=abc, ${DEFAULT_SECRET_KEY}`;
    fault({
      service: "gaussDb",
      status: 401,
      body: JSON.stringify({ error_code: "APIGW.0301", error_msg: echo }),
    });
    const { message } = await failure(clientAs(KEY));
    expect(message).toContain("canonicalRequest: Access=***, Signature=***");
    expect(message).not.toContain(DEFAULT_ACCESS_KEY);
    expect(message).not.toContain(DEFAULT_SECRET_KEY);
  });
});
