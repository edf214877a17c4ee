import { inspect } from "node:util";
import { BackupEmulator, Cloud, Credentials, RdsBackups } from "../lib";
import type { Fault } from "../lib/emulator/types";
import { appOn, SAMPLE } from "./support/app";
import { ENCODINGS, json } from "./support/encodings";

const RDS = { service: "rds", times: -1 } as const;
const IAM = { service: "iam", times: -1 } as const;
const said = (more: object) => JSON.stringify({ error_code: "X.1", error_msg: "no", ...more });
const page = (record: object) => JSON.stringify({ backups: [record], total_count: 1 });

/** Where in an answer of a service. */
const OF_A_SERVICE: [string, (text: string) => Fault][] = [
  ["a message", (t) => ({ ...RDS, status: 400, body: said({ error_msg: `you sent ${t}.` }) })],
  ["a further message", (t) => ({ ...RDS, status: 400, body: said({ error_ext_msg: t }) })],
  [
    "a message that is cut",
    (t) => ({ ...RDS, status: 403, body: said({ error_msg: "-".repeat(278) + t }) }),
  ],
  ["a code", (t) => ({ ...RDS, status: 400, body: said({ error_code: t }) })],
  [
    "a request id",
    (t) => ({
      ...{ ...RDS, status: 400, body: said({ request_id: t }) },
      // What no header can carry is left out of it.
      headers: { "X-Request-Id": t.replace(/[^ -~]/g, "") },
    }),
  ],
  ["a field that is none", (t) => ({ ...RDS, status: 400, body: JSON.stringify({ detail: t }) })],
  [
    "a page of HTML",
    (t) => ({ ...RDS, status: 501, body: `<html><title>${t}</title>${t}</html>` }),
  ],
  ["a text", (t) => ({ ...RDS, status: 403, body: t })],
  ["a text in place of a list", (t) => ({ ...RDS, status: 200, body: `not JSON: ${t}` })],
  ["a list of another name", (t) => ({ ...RDS, status: 200, body: JSON.stringify({ [t]: t }) })],
  ["an error in place of a list", (t) => ({ ...RDS, status: 200, body: said({ error_msg: t }) })],
  ["a record", (t) => ({ ...RDS, status: 200, body: page({ name: t }) })],
  ["the key of a record", (t) => ({ ...RDS, status: 200, body: page({ [t]: 1 }) })],
  [
    "a record that is cut",
    (t) => ({ ...RDS, status: 200, body: page({ a: "-".repeat(262), b: t }) }),
  ],
];
const OF_IAM: [string, (text: string) => Fault][] = [
  ["a message", (t) => ({ ...IAM, status: 401, body: JSON.stringify({ error: { message: t } }) })],
  ["a text", (t) => ({ ...IAM, status: 400, body: `you sent ${t}` })],
  [
    "a project's name",
    (t) => {
      const project = { id: "p", name: t };
      const body = JSON.stringify({ projects: [project], token: { project } });
      return { ...IAM, status: 200, headers: { "x-subject-token": "token-of-another" }, body };
    },
  ],
  [
    "a project's id",
    (t) => {
      const project = { id: t, name: "eu-de" };
      const body = JSON.stringify({ projects: [project], token: { project } });
      return { ...IAM, status: 200, headers: { "x-subject-token": "token-of-another" }, body };
    },
  ],
];

const KEY = { accessKey: "AKIDSECRETXYZZY0001", secretKey: 'sk/Secret+xyzzy="0002"&<2>' };
const PASSWORD = 'S3cr"et\\Pass/word+1 %41&é';
const TOKEN = `${"MIIF/x+y".repeat(6)}end==`;
const user = { userName: "u", domainName: "d" };
const SECRETS: [string, string, () => Credentials][] = [
  ["an access key", KEY.accessKey, () => Credentials.accessKey(KEY)],
  ["a secret key", KEY.secretKey, () => Credentials.accessKey(KEY)],
  ["a security token", TOKEN, () => Credentials.accessKey({ ...KEY, securityToken: TOKEN })],
  ["a password", PASSWORD, () => Credentials.password({ ...user, password: PASSWORD })],
  [
    "a one-time code",
    "987654",
    () => Credentials.password({ ...user, password: PASSWORD, userId: "i", passcode: "987654" }),
  ],
  ["a token", TOKEN, () => Credentials.token(TOKEN)],
];
const CASES = SECRETS.flatMap(([what, secret, credentials]) => [
  ...(/password|code/.test(what) ? [] : OF_A_SERVICE).map(
    ([place, fault]) => [what, place, secret, credentials, fault, true] as const,
  ),
  ...OF_IAM.map(
    ([place, fault]) => [what, `IAM's: ${place}`, secret, credentials, fault, false] as const,
  ),
]);

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
});
afterAll(() => emulator.close());

let lookups = 0;

/** All that an error shows, whoever looks at it. */
function failure(credentials: Credentials, hasProject: boolean): string {
  const more = hasProject ? { projectId: emulator.projectId } : {};
  // Of an account of its own: what another has found out must not hide anything.
  const metadata = `${emulator.endpoints.metadata!}/${++lookups}`;
  const cloud = Cloud.custom({ ...emulator.endpoints, metadata });
  const { stack } = appOn(emulator, { cloud, credentials, ...more });
  const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
  try {
    return String(query.all);
  } catch (error) {
    const { details } = error as { details: object };
    return `${(error as Error).message}\n${inspect([error, details], { depth: 9, showHidden: true })}`;
  }
}

/** Whether a part of it is there that is long enough to tell. */
function shows(text: string, echoed: string): boolean {
  const length = Math.min(echoed.length, 8);
  const starts = Array.from({ length: echoed.length - length + 1 }, (_, i) => i);
  return starts.some((i) => text.includes(echoed.slice(i, i + length)));
}

describe.each(CASES)(
  "%s that stands in %s",
  (_what, _place, secret, credentials, fault, hasProject) => {
    test("is never shown, however it is written there", () => {
      const leaked = ENCODINGS.flatMap(([how, encode]) => {
        emulator._control({ op: "clearFaults" });
        emulator._control({ op: "fault", fault: fault(encode(secret)) });
        const text = failure(credentials(), hasProject);
        expect(text).toMatch(/^[A-Z_]+: /);
        return [secret, encode(secret), json(encode(secret))].some((e) => shows(text, e))
          ? [how]
          : [];
      });
      expect(leaked).toEqual([]);
    });
  },
);

describe("what the metadata service answers", () => {
  const key = { access: "AK-of-the-server", secret: "SK-of-the-server", securitytoken: "T-of-it" };
  test.each<[number, object]>([
    [200, { credential: { ...key, access: 7 } }],
    [200, key],
    [401, { error_msg: key.secret, error_code: key.access, request_id: key.access }],
    [404, { message: key.securitytoken }],
    [501, { credential: key }],
  ])("is never shown, nor what it calls itself: HTTP %d with %j", (status, body) => {
    const headers = { "X-Request-Id": key.access };
    emulator._control({ op: "clearFaults" });
    const fault = { service: "metadata" as const, status, headers, body: JSON.stringify(body) };
    emulator._control({ op: "fault", fault });
    const text = failure(Credentials.metadataService(), true);
    expect(text).toMatch(/^[A-Z_]+: .*asking the metadata service for a temporary access key/);
    if (status > 200) expect(text).toContain(`was answered by HTTP ${status}. `);
    for (const secret of Object.values(key)) expect(text).not.toContain(secret);
  });
});
