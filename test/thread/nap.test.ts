import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BackupEmulator, BackupService } from "../../lib";

const ROOT = join(__dirname, "..", "..");

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

/** A program that blocks on a service which never answers, and gets Ctrl-C as soon as it is asked. */
async function interrupted(handler: string) {
  emulator.fault({ service: BackupService.RDS, hang: true, times: -1 });
  const file = resolve("main.ts");
  writeFileSync(
    file,
    `import { App, TerraformStack } from "cdktf";
    import { RdsBackups } from ${JSON.stringify(join(ROOT, "lib"))};
    ${handler}
    const stack = new TerraformStack(new App(), "stack");
    const first = new RdsBackups(stack, "first", { instanceId: "first" });
    const second = new RdsBackups(stack, "second", { instanceId: "second" });
    for (const each of [first, second]) {
      try {
        each.all;
      } catch (error) {
        console.log(error.message);
      }
    }
    setTimeout(() => console.log("nobody came"), 20_000);`,
  );
  const child = spawn(process.execPath, ["--require", "tsx/cjs", file], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: resolve("."),
      NODE_PATH: join(ROOT, "node_modules"),
      ...emulator.environment,
    },
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  const end = new Promise<[number | null, string | null]>((done) => {
    child.on("close", (code, signal) => done([code, signal]));
  });
  while (
    !emulator._requests().some(({ service }) => service === "rds") &&
    child.exitCode === null
  ) {
    await new Promise((done) => setTimeout(done, 50));
  }
  const began = performance.now();
  child.kill("SIGINT");
  const [code, signal] = await end;
  return { code, signal, printed, tookMs: performance.now() - began };
}

describe("Ctrl-C while a lookup blocks", () => {
  test("reaches the program's own handler at once, and the lookups say why they ended", async () => {
    const { code, printed, tookMs } = await interrupted(
      'process.on("SIGINT", () => { console.log("handled"); process.exit(130); });',
    );
    expect(printed.match(/^INTERRUPTED: the lookup was broken off by Ctrl-C/gm)).toHaveLength(2);
    expect(printed).toMatch(/handled\n$/);
    expect(code).toBe(130);
    // Their time is two minutes.
    expect(tookMs).toBeLessThan(10_000);
  });

  test("ends a program without one as ever", async () => {
    const { signal, printed } = await interrupted("");
    expect(signal).toBe("SIGINT");
    expect(printed).not.toContain("INTERRUPTED");
  });
});
