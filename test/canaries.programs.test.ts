// What canaries.test.ts looks for in this process, in those of users: a program, `cdktf synth` and the
// command of a preflight, with credentials of the environment and of clouds.yaml, behind a proxy, and with a
// secret where none belongs. Everything that they print and every file that they leave is searched. Out of
// it: names of users, domains and projects, which stand in errors.
import { mkdirSync, writeFileSync } from "node:fs";
import { AddressInfo, createServer, Socket } from "node:net";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../lib";
import { DEFAULT_DOMAIN_NAME, DEFAULT_USER_NAME, EmulatorConfig } from "../lib/emulator/types";
import { preflightFile } from "../lib/preflight/file";
import { formatOrder } from "../lib/preflight/order";
import { SAMPLE } from "./support/app";
import { CANARIES, filesUnder, leaksIn, Texts } from "./support/canaries";
import { ENCODINGS } from "./support/encodings";
import {
  cdktf,
  describeWith,
  Environment,
  ENVIRONMENT,
  run,
  temporaryFolder,
  TERRAFORM,
} from "./support/terraform";

const ROOT = join(__dirname, "..");
const TSX = join(ROOT, "node_modules", ".bin", "tsx");

const PROGRAM = `
import { App, TerraformStack } from "cdktf";
import { BackupProvider, RdsBackups, RestoreTarget, RestoreTrigger } from ${JSON.stringify(join(ROOT, "lib"))};

const app = new App();
const provider = new BackupProvider(app, "provider");
const stack = new TerraformStack(app, "recovery");
const backups = new RdsBackups(stack, "orders", { instanceId: "${SAMPLE.rds}" });
const target = new RestoreTarget(stack, "target", { backups });
new RestoreTrigger(stack, "trigger", { target });
console.log(provider, process.env["IS_EAGER"] ? target.decision.toText() : "", backups, target);
app.synth();
`;

const key: EmulatorConfig = {
  accessKey: CANARIES["access key"],
  secretKey: CANARIES["secret key"],
};
const config: EmulatorConfig = {
  ...key,
  password: CANARIES.password,
  token: CANARIES.token,
};

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator._startWith(config);
});
afterAll(() => emulator.close());
beforeEach(() => void emulator._control({ op: "clearFaults" }));

const where = () => ({
  CDKTF_BACKUPS_ENDPOINTS: JSON.stringify(emulator.endpoints),
});

interface Way {
  readonly name: string;
  readonly secret: string;
  readonly environment: (folder: string) => Environment;
}

/** The variables that name the only cloud of a clouds.yaml of this text. */
function cloudsYaml(folder: string, auth: string): Environment {
  const file = join(folder, "clouds.yaml");
  writeFileSync(file, `clouds:\n  mine:\n    region_name: eu-de\n${auth}`);
  return { OS_CLOUD: "mine", OS_CLIENT_CONFIG_FILE: file };
}

const quoted = JSON.stringify;
const WAYS: Way[] = [
  {
    name: "HW_ACCESS_KEY",
    secret: CANARIES["security token"],
    environment: () => ({
      HW_REGION_NAME: "eu-de",
      HW_ACCESS_KEY: CANARIES["access key"],
      HW_SECRET_KEY: CANARIES["secret key"],
      HW_SECURITY_TOKEN: CANARIES["security token"],
    }),
  },
  {
    name: "OS_PASSWORD",
    secret: CANARIES.password,
    environment: () => ({
      OS_REGION_NAME: "eu-de",
      OS_USERNAME: DEFAULT_USER_NAME,
      OS_PASSWORD: CANARIES.password,
      OS_USER_DOMAIN_NAME: DEFAULT_DOMAIN_NAME,
    }),
  },
  {
    name: "OS_TOKEN",
    secret: CANARIES.token,
    environment: () => ({ OS_REGION_NAME: "eu-de", OS_TOKEN: CANARIES.token }),
  },
  {
    name: "a password in clouds.yaml",
    secret: CANARIES.password,
    environment: (folder) =>
      cloudsYaml(
        folder,
        `    auth:\n      username: ${DEFAULT_USER_NAME}\n      password: ${quoted(CANARIES.password)}\n      user_domain_name: ${DEFAULT_DOMAIN_NAME}\n`,
      ),
  },
  {
    name: "a token in clouds.yaml",
    secret: CANARIES.token,
    environment: (folder) => cloudsYaml(folder, `    auth:\n      token: ${CANARIES.token}\n`),
  },
];

interface Finished {
  readonly code: number | null;
  readonly printed: string;
}

/** What a program prints and leaves in its folder; what the test itself put there is left out. */
async function afterwards(
  folder: string,
  running: Promise<{ code: number | null; stdout: string; stderr: string }>,
): Promise<Finished & { texts: Texts }> {
  const { code, stdout, stderr } = await running;
  const printed = stdout + stderr;
  return { code, printed, texts: { printed: [printed], ...filesUnder(join(folder, "work")) } };
}

/** Runs the program as `node` would, in a folder of its own. */
function program(environment: (folder: string) => Environment) {
  const folder = temporaryFolder("canary");
  const cwd = join(folder, "work");
  mkdirSync(cwd);
  writeFileSync(join(folder, "main.ts"), PROGRAM);
  const env = {
    ...ENVIRONMENT,
    ...{ NODE_PATH: join(ROOT, "node_modules"), CDKTF_OUTDIR: join(cwd, "cdktf.out") },
    ...environment(folder),
  };
  return afterwards(folder, run(TSX, [join(folder, "main.ts")], { cwd, env }));
}

/** All answers of a list repeat it. */
function echo(text: string): void {
  const body = JSON.stringify({ error_code: "X.1", error_msg: `you sent ${text}` });
  emulator._control({ op: "fault", fault: { path: "backups", status: 400, body, times: -1 } });
}
const [, asUrl] = ENCODINGS.find(([how]) => how === "as a URL in small letters")!;
const [, asJson] = ENCODINGS.find(([how]) => how === "with \\u throughout")!;

describe.each(WAYS)("a program with $name", ({ environment, secret }) => {
  const both = (folder: string) => ({ ...where(), ...environment(folder) });

  test("shows no secret where all goes well", async () => {
    const { code, printed, texts } = await program(both);
    expect([code, printed]).toEqual([0, expect.stringContaining("written for the first time")]);
    expect(Object.keys(texts).length).toBeGreaterThan(4);
    expect(leaksIn(texts)).toEqual([]);
  });

  test("shows no secret that comes back, be it an error that nobody catches", async () => {
    echo(asJson(secret));
    const ends = await Promise.all([
      program(both),
      program((folder) => ({ ...both(folder), IS_EAGER: "1" })),
    ]);
    for (const { code, printed, texts } of ends) {
      expect([code, printed]).toEqual([1, expect.stringContaining("REFUSED_BY_SERVICE")]);
      expect(leaksIn(texts)).toEqual([]);
    }
  });
});

describeWith([TERRAFORM], "cdktf synth", () => {
  test("shows no secret, whether all goes well or one comes back", async () => {
    const folder = temporaryFolder("canary-cdktf");
    const work = join(folder, "work");
    writeFileSync(join(folder, "main.ts"), PROGRAM);
    const synth = () =>
      afterwards(
        folder,
        cdktf(work, `${TSX} ${join(folder, "main.ts")}`, ["synth"], {
          NODE_PATH: join(ROOT, "node_modules"),
          ...where(),
          ...WAYS[0]!.environment(folder),
        }),
      );
    const well = await synth();
    expect([well.code, well.printed]).toEqual([0, expect.stringContaining("recovery")]);
    echo(asUrl(WAYS[0]!.secret));
    const failed = await synth();
    expect([failed.code, failed.printed]).toEqual([1, expect.stringContaining("X.1")]);
    expect(
      leaksIn({ ...well.texts, ...failed.texts, printed: [well.printed, failed.printed] }),
    ).toEqual([]);
  });
});

describe("the command of a preflight", () => {
  const order = () =>
    formatOrder({
      ...{ service: BackupService.GAUSSDB, cloud: "custom", endpoints: emulator.endpoints },
      ...{ region: "eu-de", projectId: emulator.projectId, usesMetadata: false },
    });

  test.each(WAYS)("with $name shows no secret, whatever comes back", async (way) => {
    const folder = temporaryFolder("canary-preflight");
    const cwd = join(folder, "work");
    mkdirSync(cwd);
    const file = join(folder, "preflight.js");
    writeFileSync(file, preflightFile());
    const env = {
      ...ENVIRONMENT,
      ...way.environment(folder),
      ...{ CDKTF_BACKUPS_PREFLIGHT: order(), RESTORE_BACKUP_ID: "b" },
    };
    const preflight = () => afterwards(folder, run(process.execPath, [file], { cwd, env }));
    const gone = await preflight();
    expect([gone.code, gone.printed]).toEqual([1, expect.stringMatching(/^PREFLIGHT_FAILED: /)]);
    echo(asJson(way.secret));
    const failed = await preflight();
    expect([failed.code, failed.printed]).toEqual([
      1,
      expect.stringMatching(/^REFUSED_BY_SERVICE: /),
    ]);
    expect([...leaksIn(gone.texts), ...leaksIn(failed.texts)]).toEqual([]);
  });
});

describe("a proxy that repeats its password", () => {
  const { "proxy password": secret } = CANARIES;
  const header = `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`;

  test.each([
    ["refusing", `HTTP/1.1 407 ${secret}\r\nX-Request-Id: ${header}\r\n\r\n${secret}`],
    ["in no HTTP", `${secret}\r\n\r\n`],
    ["in a tunnel", `HTTP/1.1 200 OK\r\n\r\n${secret}\r\n${header}\r\n\r\n`],
  ])("%s is not quoted", async (_how, answer) => {
    const asked: string[] = [];
    const proxy = createServer((socket: Socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (bytes) => {
        asked.push(String(bytes));
        socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const { code, printed, texts } = await program((folder) => ({
      ...WAYS[0]!.environment(folder),
      HW_PROJECT_ID: "p",
      HTTPS_PROXY: `http://user:${secret}@127.0.0.1:${port}`,
    }));
    proxy.close();
    expect(asked.join()).toContain(header); // It was the proxy that was asked.
    expect([code, printed]).toEqual([1, expect.stringMatching(/UNREACHABLE|CERTIFICATE/)]);
    expect(leaksIn(texts)).toEqual([]);
  });
});

describe("a secret where none belongs", () => {
  const { password, token } = CANARIES;
  const known = WAYS[0]!.environment("");
  const WRONG: [string, (folder: string) => Environment][] = [
    ["HW_CLOUD", () => ({ ...known, HW_CLOUD: password })],
    ["HW_REGION_NAME", () => ({ ...known, HW_REGION_NAME: password })],
    ["CDKTF_BACKUPS_MODE", () => ({ ...known, ...where(), CDKTF_BACKUPS_MODE: password })],
    [
      "CDKTF_BACKUPS_PRUNE_DAYS",
      () => ({ ...known, ...where(), CDKTF_BACKUPS_PRUNE_DAYS: password }),
    ],
    ["CDKTF_BACKUPS_ENDPOINTS", () => ({ ...known, CDKTF_BACKUPS_ENDPOINTS: password })],
    [
      "the address of an endpoint",
      () => ({
        ...known,
        CDKTF_BACKUPS_ENDPOINTS: quoted({ rds: `https://user:${token}@x/?token=${token}` }),
      }),
    ],
    [
      "the path of an endpoint",
      () => {
        const rds = `${emulator.endpoints.rds}/${token.replaceAll("/", "_")}`;
        return { ...known, CDKTF_BACKUPS_ENDPOINTS: quoted({ ...emulator.endpoints, rds }) };
      },
    ],
    [
      "the name of an endpoint",
      () => ({ ...known, CDKTF_BACKUPS_ENDPOINTS: quoted({ [token]: "https://x" }) }),
    ],
    [
      "OS_AUTH_URL",
      (folder) => ({
        ...WAYS[1]!.environment(folder),
        OS_AUTH_URL: `https://user:${token}@iam.eu-de.otc.t-systems.com/v3?token=${token}`,
      }),
    ],
    ["the address of a proxy", () => ({ ...known, HTTPS_PROXY: `http://user:${token}` })],
    [
      "a key with a line break",
      () => ({ ...known, ...where(), HW_ACCESS_KEY: CANARIES["secret key"] + "\nx" }),
    ],
    ["OS_CLOUD", (folder) => ({ ...cloudsYaml(folder, ""), OS_CLOUD: token })],
    ["OS_CLIENT_CONFIG_FILE", () => ({ OS_CLOUD: "mine", OS_CLIENT_CONFIG_FILE: token })],
    ["a tag of clouds.yaml", (folder) => cloudsYaml(folder, `    password: !${token} x\n`)],
    ["a broken clouds.yaml", (folder) => cloudsYaml(folder, `    password: "${token}\n  x: [`)],
    ["an alias of clouds.yaml", (folder) => cloudsYaml(folder, `    password: *${token}\n`)],
    [
      "a key of clouds.yaml, twice",
      (folder) => cloudsYaml(folder, `    ? "${token}"\n    : 1\n    "${token}": 2\n`),
    ],
  ];

  test.each(WRONG)("%s, is not quoted", async (_where, environment) => {
    const { code, printed, texts } = await program(environment);
    expect([code, printed]).toEqual([1, expect.stringMatching(/[A-Z]+_[A-Z_]+: /)]);
    expect(leaksIn(texts)).toEqual([]);
  });
});
