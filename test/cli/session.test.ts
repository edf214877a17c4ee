// The session in docs/cli.md: made by the commands themselves, on the emulator.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupKind,
  BackupProvider,
  BackupService,
  BackupStatus,
  Duration,
  LookupMode,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  Rule,
  RuleLevel,
  Unmet,
} from "../../lib";
import { App, TerraformStack } from "cdktf";
import { runCommand } from "../support/command";
import { temporaryFolder } from "../support/programs";

const PAGE = join(__dirname, "..", "..", "docs", "cli.md");
const NOW = new Date("2026-01-31T06:00:00Z");
const ORDERS = "c48e43ff268f4c0e879652d65e63d0fbin01";
const CUSTOMERS = "d48e43ff268f4c0e879652d65e63d0fbin01";
const SESSIONS = "5560df16-cebf-4473-95c4-d1b573c16e71";
const POLICY = `version: 1
rules:
  rpo: { maxAge: 26h }
  count: off
  coverage: off
instances:
  - { service: rds, name: orders }
  - { service: rds, name: customers }
`;

const before = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

/** What there is: an instance that is well backed up but for its last try, one that is not, and a cache. */
function fill(emulator: BackupEmulator): void {
  const { DCS, RDS } = BackupService;
  emulator.addInstance({ service: RDS, id: ORDERS, name: "orders", engine: "MySQL" });
  emulator.addInstance({ service: RDS, id: CUSTOMERS, name: "customers", engine: "PostgreSQL" });
  emulator.addInstance({ service: DCS, id: SESSIONS, name: "sessions", engine: "Redis" });
  const backups = [
    { age: 4, status: BackupStatus.FAILED },
    { age: 28, sizeBytes: 42 * 1024 ** 3 },
    { age: 52, sizeBytes: 41.5 * 1024 ** 3 },
    { age: 36, sizeBytes: 41_800 * 1024 ** 2, kind: BackupKind.MANUAL, name: "before-release" },
  ];
  for (const { age, ...more } of backups) {
    emulator.addBackup({
      ...{ service: RDS, id: `b${age}aaaa`.padEnd(32, "0") + "br01", instanceId: ORDERS },
      ...{ beginTime: before(age), endTime: before(age - 0.5), name: `orders-${age}` },
      ...more,
    });
  }
  emulator.addBackup({
    ...{ service: DCS, id: "7d1c3bc4-2a11-4f0e-8a2b-5b2f3a0f9d11", instanceId: SESSIONS },
    ...{ beginTime: before(3), endTime: before(2.9), sizeBytes: 310 * 1024 ** 2 },
  });
}

/** A synthesis whose lock and decisions the commands look at. */
function synthesise(folder: string, emulator: BackupEmulator, asOf: Date): void {
  const here = process.cwd();
  process.chdir(folder);
  try {
    const app = new App({ outdir: join(folder, "cdktf.out") });
    new BackupProvider(app, "provider", {
      ...{ cloud: emulator.cloud, region: emulator.region, projectId: emulator.projectId },
      ...{ credentials: emulator.credentials, mode: LookupMode.LIVE, asOf },
    });
    const stack = new TerraformStack(app, "recovery");
    const backups = new RdsBackups(stack, "orders", { instanceId: ORDERS });
    new RestoreTarget(stack, "newest", {
      ...{ backups, maxAge: Duration.hours(26), onUnmet: Unmet.WARN },
    });
    const rules = [Rule.rpo(Duration.hours(26)), Rule.failures(1)];
    new RecoveryPolicy(stack, "policy", {
      queries: [backups],
      rules: rules.map((rule) => rule.withLevel(RuleLevel.WARNING)),
    });
    app.synth();
  } finally {
    process.chdir(here);
  }
}

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], { cwd });

// Which of them count from a moment.
const COUNTING = /^(list|decide|check|report)\b/;

describe("the session of docs/cli.md", () => {
  let emulator: BackupEmulator;
  let folder: string;
  beforeAll(() => {
    emulator = BackupEmulator.start({ now: NOW, records: { rds: [], dcs: [] } });
    fill(emulator);
    folder = temporaryFolder("session");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "backups.policy.yaml"), POLICY);
    synthesise(folder, emulator, NOW);
    git(folder, "init", "-q");
    git(folder, "add", "backups.lock.json");
    git(folder, "commit", "-q", "-m", "lock");
    emulator.addBackup({
      ...{ service: BackupService.RDS, id: "b0aaaa".padEnd(32, "0") + "br01", instanceId: ORDERS },
      ...{
        beginTime: before(0.4),
        endTime: before(0.1),
        name: "orders-0",
        sizeBytes: 43 * 1024 ** 3,
      },
    });
    synthesise(folder, emulator, NOW);
  });
  afterAll(() => emulator.close());

  /** What a block of it shows: each command, and what it printed. */
  async function shown(block: string): Promise<string> {
    const commands = block.split("\n").filter((line) => line.startsWith("$ "));
    const parts: string[] = [];
    for (const line of commands) parts.push(`${line}\n${await printed(line.slice(2))}`);
    return `${parts.join("\n")}`;
  }

  async function printed(command: string): Promise<string> {
    const [program, ...args] = command.split(" ");
    if (program === "cat") return readFileSync(join(folder, args[0]!), "utf8");
    const asOf = COUNTING.test(args.join(" ")) ? ["--as-of", NOW.toISOString()] : [];
    const env = { ...emulator.environment, HW_PROJECT_ID: emulator.projectId };
    const { exit, stderr, stdout } = await runCommand([...args, ...asOf], { cwd: folder, env });
    const text = `${stdout}${stderr}${exit === 0 ? "" : `(exit code ${exit})\n`}`;
    const masked = text
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:12345")
      .replace(/\b\d+ ms\b/g, "23 ms");
    // When an answer was given is told by this machine's clock.
    return args[0] !== "lock" || args[1] !== "status"
      ? masked
      : masked
          .replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, "2026-01-31T06:00:00Z")
          .replace(/20\d\d-\d\d-\d\d \d\d:\d\d/g, "2026-01-31 06:00")
          .replace(/\b\d min\b/g, "0 min");
  }

  test("is what the commands print", async () => {
    const page = readFileSync(PAGE, "utf8");
    const blocks = [...page.matchAll(/(?<=^```console\n)[^]*?(?=^```$)/gm)].map(([block]) => block);
    expect(blocks.length).toBeGreaterThan(4);
    const made: string[] = [];
    for (const block of blocks) made.push(await shown(block));
    if (process.env["UPDATE_CLI"]) {
      let i = 0;
      writeFileSync(
        PAGE,
        page.replace(/(?<=^```console\n)[^]*?(?=^```$)/gm, () => made[i++]!),
      );
      return;
    }
    expect(blocks).toEqual(made);
  }, 180_000);
});
