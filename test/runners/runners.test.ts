import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { BackupEmulator, RdsBackups } from "../../lib";
import { appOn, SAMPLE } from "../support/app";

const ROOT = join(__dirname, "..", "..");
const SOURCES = join(ROOT, "lib");
// What `main` of package.json names, as a program gets it.
const BUILD = ROOT;
const PROGRAM = join(__dirname, "program.ts");
const compiled = join(mkdtempSync(join(tmpdir(), "runners-")), "program.js");

let emulator: BackupEmulator;
beforeAll(async () => {
  emulator = BackupEmulator.start();
  await build({ entryPoints: [PROGRAM], outfile: compiled, platform: "node", format: "cjs" });
});
afterAll(() => emulator.close());

/** Runs it to its end: it has to end by itself. */
function run(
  command: string[],
  library: string,
  more: { [name: string]: string },
  outdir = mkdtempSync(join(tmpdir(), "runners-")),
) {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    // The lock file belongs into a folder of its own.
    cwd: outdir,
    env: {
      PATH: process.env["PATH"],
      HOME: outdir,
      NODE_PATH: join(ROOT, "node_modules"),
      CDKTF_OUTDIR: outdir,
      LIBRARY: library,
      ...more,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  return new Promise<{ code: number | null; printed: string; outdir: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, printed, outdir }));
  });
}

const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);
const tsNode = JSON.stringify({
  module: "CommonJS",
  moduleResolution: "Node10",
  target: "ES2022",
  esModuleInterop: true,
});
const WAYS: [string, () => string[], string, { [name: string]: string }][] = [
  ["compiled JavaScript", () => ["node", compiled], BUILD, {}],
  ["tsx, from its sources", () => [bin("tsx"), PROGRAM], SOURCES, {}],
  ["tsx, from its build", () => [bin("tsx"), PROGRAM], BUILD, {}],
  ["ts-node, from its sources", () => [bin("ts-node"), "-T", "-O", tsNode, PROGRAM], SOURCES, {}],
  ["ts-node, from its build", () => [bin("ts-node"), "-T", "-O", tsNode, PROGRAM], BUILD, {}],
  [
    "ts-node by NODE_OPTIONS",
    () => ["node", PROGRAM],
    BUILD,
    { NODE_OPTIONS: "-r ts-node/register/transpile-only", TS_NODE_COMPILER_OPTIONS: tsNode },
  ],
];

const SYNTHESISED =
  /^latest: \w+br01\nbackups\.lock\.json: written for the first time, with 1 lookup\nsynthesised\n$/;

describe.each(WAYS)("under %s", (_way, command, library, more) => {
  test("a constructor reads values, the synthesis writes them, and the process ends by itself", async () => {
    const { code, printed, outdir } = await run(command(), library, {
      ...emulator.environment,
      ...more,
    });
    expect(printed).toMatch(SYNTHESISED);
    expect(code).toBe(0);
    const file = join(outdir, "stacks", "recovery", "cdk.tf.json");
    expect(JSON.parse(readFileSync(file, "utf8")).output.orders.value.count).toBeGreaterThan(0);

    // Again, from the lock file alone: no credentials, no address.
    const frozen = await run(command(), library, { CDKTF_BACKUPS_MODE: "FROZEN", ...more }, outdir);
    expect(frozen.printed).toMatch(/^backups.lock.json: FROZEN: 1 of 1 lookup as of /m);
    expect(frozen.printed.split("\n")[0]).toBe(printed.split("\n")[0]);
    expect(frozen.code).toBe(0);
  });

  test("the emulator in a thread of the same process does as well", async () => {
    const { code, printed } = await run(command(), library, { EMULATOR: "thread", ...more });
    expect(printed).toMatch(SYNTHESISED);
    expect(code).toBe(0);
  });
});

describe("under jest", () => {
  test("the sources read values in a test", () => {
    const { stack } = appOn(emulator);
    expect(new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }).latest?.id).toMatch(/br01$/);
  });

  test("the build reads values in a test", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const library = require(BUILD) as typeof import("../../lib");
    const { stack } = appOn(emulator, { cloud: undefined, credentials: undefined });
    const provider = new library.BackupProvider(stack, "built", {
      cloud: library.Cloud.custom(emulator.endpoints),
      region: emulator.region,
      credentials: library.Credentials.accessKey({
        accessKey: emulator.environment["HW_ACCESS_KEY"]!,
        secretKey: emulator.environment["HW_SECRET_KEY"]!,
      }),
    });
    const query = new library.RdsBackups(stack, "rds", { instanceId: SAMPLE.rds, provider });
    expect(query.latest?.id).toMatch(/br01$/);
  });
});

describe("a program whose lookup fails", () => {
  test("ends by itself, with the error and exit code 1", async () => {
    const { code, printed } = await run(["node", compiled], BUILD, {
      ...emulator.environment,
      HW_SECRET_KEY: "another-secret-key",
    });
    expect(code).toBe(1);
    expect(printed).toContain("SIGNATURE_REFUSED: ");
    expect(printed).not.toContain("another-secret-key");
  });
});
