import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Variables of a child process. */
export type Environment = { readonly [name: string]: string };

/** The binary to run as `terraform`: another one by the variable that the `cdktf` command has for it. */
export const TERRAFORM = process.env["TERRAFORM_BINARY_NAME"] || "terraform";

/** What a program did. */
export interface Finished {
  /** Its exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];
const running = new Set<{ kill(): void }>();

/** After the tests of this file; of what runs by itself, when it ends. */
const atTheEnd: (act: () => void) => void =
  typeof afterAll === "function" ? afterAll : (act) => process.once("exit", act);

// A test that ran into its time limit leaves its child behind.
atTheEnd(() => {
  for (const child of running) child.kill();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder outside the repository, removed after the tests of this file. */
export function temporaryFolder(name: string): string {
  // Terraform shows a folder by its real path; macOS's temporary folder is behind a link.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `cdktf-backups-${name}-`));
  folders.push(folder);
  return folder;
}

const home = temporaryFolder("home");
const noSettings = join(home, "empty.tfrc");
writeFileSync(noSettings, "");

/**
 * What every child process gets, and all it gets beside what a test adds.
 *
 * Named one by one: the credentials (`HW_*`, `OS_*`) and settings (`TF_*`) of this machine have no
 * part in a test. The home folder is an empty one for the same reason, and because `cdktf` puts the
 * providers that it meets into a cache there, which later runs of other projects would take them from.
 */
export const ENVIRONMENT: Environment = {
  PATH: process.env["PATH"] ?? "",
  HOME: home,
  TMPDIR: tmpdir(),
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
  TF_CLI_CONFIG_FILE: noSettings,
};

/** Variables of this machine, by name, for the few children that have to reach the internet. */
export function machineVariables(names: RegExp): Environment {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => names.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/** Runs a program to its end; it rejects only where the program cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Environment },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      const [stdout, stderr] = [chunks.stdout, chunks.stderr].map((all) => Buffer.concat(all));
      resolve({ code, stdout: String(stdout), stderr: String(stderr) });
    });
  });
}

/** Runs it to its end and blocks meanwhile: for what has to be known before tests are declared. */
export function runNow(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Environment; readonly timeout?: number },
): Finished {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  // Where the program could not be started there is no output at all.
  return { code: status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** Whether `<name> version` works here, or `<name> --version` where it knows no other. */
export function hasProgram(name: string): boolean {
  const works = (asked: string) => runNow(name, [asked], { env: ENVIRONMENT }).code === 0;
  return works("version") || works("--version");
}

/**
 * `describe`, for tests that need programs.
 *
 * Where one is missing they are skipped, with a line that says so; in CI, where nobody reads such a
 * line, they fail.
 */
export function describeWith(programs: readonly string[], title: string, body: () => void): void {
  const missing = programs.filter((name) => !hasProgram(name));
  const reason = `${missing.join(" and ")} is not on the PATH`;
  describeUnless(missing.length > 0 ? reason : undefined, title, body);
}

/** `describe`, for tests that can't run here where there is a reason; else as `describeWith`. */
export function describeUnless(reason: string | undefined, title: string, body: () => void): void {
  if (reason === undefined) return describe(title, body);
  if (process.env["CI"]) {
    describe(title, () => {
      test("can run here", () => {
        throw new Error(`${reason}, and CI is set: here these tests may not be skipped`);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${title}: ${reason}\n`);
  describe.skip(`${title} (skipped: ${reason})`, body);
}
