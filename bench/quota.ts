// Lists under the quota that RDS's page names, 60 requests a minute for a user: the time that one process
// and then two of one user take, beside what the quota allows, and how many requests were refused.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../lib";

const ROOT = join(__dirname, "..");
const LIMIT = 60;
const WINDOW_MS = 60_000;
const RECORDS = 4_000;

const folder = mkdtempSync(join(tmpdir(), "bench-quota-"));
const program = join(folder, "main.ts");
writeFileSync(
  program,
  `import { App, TerraformStack } from "cdktf";
  import { BackupProvider, Duration, MemoryLock, TaurusDbIncrementalBackups } from ${JSON.stringify(join(ROOT, "lib"))};
  const stack = new TerraformStack(new App({ outdir: ${JSON.stringify(folder)} }), "stack");
  const settings = { projectId: process.env.PROJECT, timeout: Duration.minutes(30) };
  new BackupProvider(stack, "provider", { ...settings, lockStore: new MemoryLock() });
  const instanceId = process.env.INSTANCE;
  const { length } = new TaurusDbIncrementalBackups(stack, "taurusdb", { instanceId }).all;
  if (length !== ${RECORDS}) throw new Error("only " + length + " records");`,
);

function run(emulator: BackupEmulator, instance: string): Promise<number> {
  const child = spawn(process.execPath, ["--require", "tsx/cjs", program], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NODE_PATH: join(ROOT, "node_modules"),
      INSTANCE: instance,
      PROJECT: emulator.projectId,
      ...emulator.environment,
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve) => child.on("close", (status) => resolve(status ?? 1)));
}

async function measure(processes: number, sliding: boolean): Promise<boolean> {
  const emulator = BackupEmulator._startWith({
    generate: { seed: 1, count: RECORDS },
    quota: { limit: LIMIT, windowMs: WINDOW_MS, sliding },
  });
  const [instance = ""] = BackupEmulator.sampleInstances(BackupService.TAURUSDB);
  const began = performance.now();
  const ends = await Promise.all(Array.from({ length: processes }, () => run(emulator, instance)));
  const tookMs = performance.now() - began;
  const statuses = emulator._requests().map(({ status }) => status);
  emulator.close();
  const refused = statuses.filter((status) => status === 429).length;
  const answered = statuses.length - refused;
  const allowedMs = (Math.ceil(answered / LIMIT) - 1) * WINDOW_MS;
  const ratio = tookMs / allowedMs;
  console.log(
    `${processes} process${processes > 1 ? "es" : ""}, ${sliding ? "looking back" : "from the first request"}: ${answered} requests and ${refused} refused; ${(tookMs / 1000).toFixed(1)} s, where ${LIMIT} a minute allow ${allowedMs / 1000} s: x ${ratio.toFixed(3)}`,
  );
  return ends.every((status) => status === 0);
}

async function main(): Promise<void> {
  const isWhole = [];
  for (const sliding of [true, false]) {
    for (const processes of [1, 2]) isWhole.push(await measure(processes, sliding));
  }
  process.exitCode = isWhole.every(Boolean) ? 0 : 1;
}

void main();
