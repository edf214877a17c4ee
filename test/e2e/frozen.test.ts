import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { BackupEmulator } from "../../lib";
import {
  cdktf,
  describeWith,
  Environment,
  ENVIRONMENT,
  temporaryFolder,
  TERRAFORM,
} from "../support/terraform";

const ROOT = join(__dirname, "..", "..");
const NO_NETWORK = join(__dirname, "..", "support", "no-network.js");
const LOCK = "backups.lock.json";

const program = join(temporaryFolder("program"), "program.js");
let emulator: BackupEmulator;
beforeAll(async () => {
  emulator = BackupEmulator.start();
  const entryPoints = [join(__dirname, "frozen.program.ts")];
  await build({ entryPoints, outfile: program, platform: "node", format: "cjs" });
});
afterAll(() => emulator.close());

const variables = (more: Environment): Environment => ({
  ...ENVIRONMENT,
  ...{ NODE_PATH: join(ROOT, "node_modules"), LIBRARY: ROOT },
  ...more,
});

const synth = (folder: string, app: string, more: Environment) =>
  cdktf(folder, app, ["synth"], variables(more));

/** Every file that a synthesis wrote, by its path. */
function written(folder: string): { [path: string]: string } {
  const output = join(folder, "cdktf.out");
  const files = readdirSync(output, { recursive: true, encoding: "utf8" })
    .map((name) => join(output, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files.map((path) => [relative(output, path), readFileSync(path, "utf8")]),
  );
}

describeWith([TERRAFORM], "a frozen synthesis", () => {
  let live: string;
  let said: string;
  beforeAll(async () => {
    live = temporaryFolder("live");
    const { code, stdout, stderr } = await synth(live, `node ${program}`, emulator.environment);
    expect(stdout + stderr).toContain("Generated Terraform code for the stacks: recovery");
    expect(code).toBe(0);
    said = stdout;
    expect(readdirSync(live).sort()).toEqual([LOCK, "cdktf.json", "cdktf.out"]);
  });

  const frozen = async (hours: number) => {
    const folder = temporaryFolder(`frozen-${hours}`);
    cpSync(join(live, LOCK), join(folder, LOCK));
    const finished = await synth(folder, `node --require ${NO_NETWORK} ${program}`, {
      CDKTF_BACKUPS_MODE: "FROZEN",
      CLOCK_SHIFT_HOURS: String(hours),
    });
    return { folder, ...finished };
  };

  test("writes the same bytes in two folders, at two times of day, with no socket, thread or credential", async () => {
    const [now, later] = await Promise.all([frozen(0), frozen(9)]);
    for (const { code, stdout, stderr, folder } of [now, later]) {
      expect(stdout + stderr).not.toContain("FORBIDDEN");
      expect(code).toBe(0);
      expect(stdout).toContain(`${LOCK}: FROZEN: `);
      expect(readFileSync(join(folder, LOCK), "utf8")).toBe(readFileSync(join(live, LOCK), "utf8"));
    }
    const files = written(now.folder);
    expect(Object.keys(files).sort()).toEqual([
      "manifest.json",
      "stacks/recovery/cdk.tf.json",
      "stacks/recovery/cdktf-backups-preflight.js",
      "stacks/recovery/restore-decisions.json",
    ]);
    expect(written(later.folder)).toEqual(files);
    // And the same as when the cloud was asked.
    expect(written(live)).toEqual(files);
    expect(said).toContain("recovery/target: MET");
    expect(now.stdout).toContain("recovery/target: MET");
  });

  test("says that its guards will stop what has grown too old since", async () => {
    const { code, stdout } = await frozen(31 * 24);
    expect(code).toBe(0);
    expect(stdout).toContain("recovery/target: the lock is older than `maxAge` allows");
  });

  test("of a program that asks for more fails with the list of it, and the command that adds it", async () => {
    const folder = temporaryFolder("empty");
    const { code, stdout, stderr } = await synth(folder, `node ${program}`, {
      CDKTF_BACKUPS_MODE: "FROZEN",
    });
    expect(code).not.toBe(0);
    const printed = stdout + stderr;
    expect(printed).toContain(`LOCK_MISSING: ${LOCK} is not there`);
    expect(printed).toContain("CDKTF_BACKUPS_MODE=LIVE npx cdktf synth");
    for (const id of ["sessions", "ledger", "gaussdb", "geminidb"]) {
      expect(printed).toContain(`- recovery/${id}: `);
    }
  });
});

describe("a checkout that can't be written", () => {
  test("is synthesised all the same, and says that nothing was written", () => {
    const [folder, outdir] = [temporaryFolder("read-only"), temporaryFolder("output")];
    // Nothing keeps the superuser from writing, so there the program runs as nobody.
    const isRoot = process.getuid?.() === 0;
    for (const path of [outdir, dirname(program)]) chmodSync(path, 0o777);
    chmodSync(folder, isRoot ? 0o755 : 0o555);
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
      cwd: folder,
      encoding: "utf8",
      env: variables({ ...emulator.environment, CDKTF_OUTDIR: outdir }),
      ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^backups\.lock\.json: nothing was written \(EACCES: .*\); the synthesis goes on$/m,
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(outdir)).toContain("manifest.json");
  });
});
