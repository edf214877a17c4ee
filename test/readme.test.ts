import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupEmulator } from "../lib";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const examples = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code as string);

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
});
afterAll(() => emulator.close());

/** Runs an example as a reader would, with an environment that points at the emulator. */
function run(code: string): Promise<{ status: number | null; printed: string }> {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  const file = join(folder, "main.ts");
  writeFileSync(file, code.replaceAll('"cdktf-backups"', JSON.stringify(join(ROOT, "lib"))));
  const child = spawn(join(ROOT, "node_modules", ".bin", "tsx"), [file], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NODE_PATH: join(ROOT, "node_modules"),
      CDKTF_OUTDIR: folder,
      ...emulator.environment,
      // The examples name a cloud; where it is, this says.
      HW_CLOUD: "otc.t-systems.com",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, printed })));
}

describe("the README", () => {
  test("has its examples", () => {
    expect(examples).toHaveLength(3);
  });

  test.each(examples.map((code, i) => [i + 1, code] as const))(
    "example %d runs",
    async (_i, code) => {
      const { status, printed } = await run(code);
      expect(printed).not.toMatch(/error/i);
      expect(status).toBe(0);
      for (const [, expected] of code.matchAll(/console\.log\([^\n]*; \/\/ (\w+)/g)) {
        expect(printed).toContain(expected);
      }
    },
  );

  test("names every variable that the library looks at", () => {
    const source = readFileSync(join(ROOT, "lib", "cloud", "environment.ts"), "utf8");
    const names = new Set(source.match(/(?<=")(HW|OS|HUAWEICLOUD)_[A-Z_]+(?=")/g));
    expect(names.size).toBeGreaterThan(25);
    for (const name of names) expect(readme).toContain(name);
  });

  test("shows the two commands that a clone starts with", () => {
    const commands = [...readme.matchAll(/^```sh\n([^]*?)\n```$/gm)].map(([, command]) => command);
    expect(commands.slice(0, 2)).toEqual(["npm ci && npx cdktf synth", "npm ci && npm test"]);
    const scripts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;
    expect(scripts.test).toContain("jest");
  });
});
