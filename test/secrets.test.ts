import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  BackupEmulator,
  BackupService,
  Credentials,
  DcsBackups,
  GaussDbBackups,
  RdsBackups,
} from "../lib";
import { DEFAULT_DOMAIN_NAME, DEFAULT_USER_ID, DEFAULT_USER_NAME } from "../lib/emulator/types";
import { appOn, SAMPLE } from "./support/app";
import { captured } from "./support/captured";

const SECRETS = {
  accessKey: "AKIDSECRETXYZZY0001",
  secretKey: "sk-secret-xyzzy-0002",
  password: "pw-secret-xyzzy-0003",
  passcode: "987654",
};

let emulator: BackupEmulator;
beforeEach(() => {
  const { accessKey, secretKey, password, passcode } = SECRETS;
  emulator = BackupEmulator._startWith({ accessKey, secretKey, password, passcode });
});
afterEach(() => emulator.close());

// What the client knows of each way, and so can take out of an echo.
const WAYS: [string, () => Credentials, string[]][] = [
  ["an access key", () => Credentials.accessKey(SECRETS), [SECRETS.accessKey, SECRETS.secretKey]],
  [
    "a password with a one-time code",
    () =>
      Credentials.password({
        ...{ userName: DEFAULT_USER_NAME, domainName: DEFAULT_DOMAIN_NAME },
        ...{ userId: DEFAULT_USER_ID, password: SECRETS.password, passcode: SECRETS.passcode },
      }),
    [SECRETS.password, SECRETS.passcode],
  ],
  ["a key of the metadata service", () => Credentials.metadataService(), []],
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** Whether no secret is in the text. */
function expectNone(text: string): void {
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  // Tokens and temporary keys of the emulator are hex of 32 and more, behind these names.
  expect(text).not.toMatch(/x-(auth|subject|security)-token["':= ]+[^*\s"']/i);
}

describe.each(WAYS)("signed in by %s, no secret", (_way, credentials) => {
  test("is in the output folder, on the terminal, in a construct or in the process list", () => {
    const { stack, outdir, app, provider } = appOn(emulator, {
      credentials: credentials(),
      lockFile: "backups.lock.json",
    });
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs });
    const written = captured(() => app.synth());
    expect(query.all.length).toBeGreaterThan(0);
    const files = filesUnder(outdir);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expectNone(readFileSync(file, "utf8"));
    expectNone(readFileSync("backups.lock.json", "utf8"));
    expectNone(written);
    expectNone(inspect([provider, query], { depth: 12, showHidden: true }));
    if (process.platform === "linux") expectNone(readFileSync("/proc/self/cmdline", "utf8"));
  });
});

describe.each(WAYS.filter(([, , own]) => own.length > 0))(
  "signed in by %s, no secret",
  (_way, credentials, own) => {
    test("is in an error, whatever the service answers", () => {
      const echo = `what was sent: ${own.join(" and ")}`;
      for (const fault of [
        { status: 401, body: JSON.stringify({ error_code: "APIGW.0301", error_msg: echo }) },
        { status: 403, body: echo },
        { status: 501, body: `<html>${echo}</html>` },
        { status: 200, body: `not JSON: ${echo}` },
      ]) {
        emulator.fault({ service: BackupService.GAUSSDB, ...fault, times: 5 });
        const { stack, app } = appOn(emulator, {
          credentials: credentials(),
          projectId: emulator.projectId,
        });
        const query = new GaussDbBackups(stack, "gaussdb");
        let caught: unknown;
        try {
          void query.all;
        } catch (error) {
          caught = error;
        }
        emulator._control({ op: "clearFaults" });
        expect(caught).toBeInstanceOf(Error);
        expectNone(inspect(caught, { depth: 9, showHidden: true }));
        expect(() => app.synth()).toThrow(/gaussdb/);
      }
    });
  },
);

describe("what the server echoes", () => {
  const failure = (query: RdsBackups) => {
    try {
      return String(query.all);
    } catch (error) {
      return inspect(error, { depth: 9, showHidden: true });
    }
  };

  test.each([
    ["as it is", (secret: string) => secret],
    ["inside JSON", (secret: string) => JSON.stringify({ secret })],
    ["inside JSON that is quoted", (secret: string) => JSON.stringify(JSON.stringify({ secret }))],
    ["in a URL", (secret: string) => `https://x/?password=${encodeURIComponent(secret)}`],
  ])("of a password to IAM, %s, is cut out of the error", (_how, echo) => {
    const password = 'S3cr"et\\Pass/word+1';
    const user = { userName: "u", domainName: "d", password };
    const { stack } = appOn(emulator, { credentials: Credentials.password(user) });
    emulator._control({
      op: "fault",
      fault: {
        ...{ service: "iam", status: 400 },
        body: JSON.stringify({ error: { message: `you sent ${echo(password)}` } }),
      },
    });
    const text = failure(new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }));
    expect(text).toContain("SIGN_IN_REFUSED");
    expect(text).toContain("***");
    expect(text).not.toMatch(/S3cr|Pass.{0,3}word/);
  });

  test("of a token is cut out, also of an answer that is no JSON", () => {
    const token = `${"MIIF/".repeat(60)}end`;
    const { stack } = appOn(emulator, {
      credentials: Credentials.token(token),
      projectId: emulator.projectId,
    });
    for (const body of [`<html>${token}</html>`, `<html>${token.replaceAll("/", "\\/")}</html>`]) {
      emulator.fault({ service: BackupService.RDS, status: 200, body });
      const text = failure(new RdsBackups(stack, `rds${body.length}`, { instanceId: SAMPLE.rds }));
      expect(text).toContain("BAD_ANSWER");
      expect(text).not.toContain("MIIF");
    }
  });
});
