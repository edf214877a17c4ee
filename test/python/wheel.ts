import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ENVIRONMENT, machineVariables, run } from "../support/programs";
import { succeeded } from "../support/terraform";

const ROOT = join(__dirname, "..", "..");
const PACKAGED = ["package.json", "package.mjs", ".jsii", "build/library/index.js"];
const THREADS = [
  ...["build/wire/worker.js", "build/emulator/thread.js"],
  ...["build/preflight/main.js", "build/report/zoom.js"],
];
const ABANDONED_MS = 24 * 60 * 60_000;
const PROXIES = /^(https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|PIP_\w+|HOME)$/i;

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The frameworks that a Python program may have, in the versions that the library is developed with. */
export const FRAMEWORKS: readonly string[] = ["cdktf", "cdktn"].filter(
  (name) => name in devDependencies,
);

/**
 * The folder of the wheel, made of what is built, and of an environment for each framework with nothing
 * in it but that and the wheel. Kept in the user's cache as long as the build is the same.
 */
export async function pythons(): Promise<string> {
  const folder = join(cache(), `python-${digest()}`);
  if (!existsSync(folder)) await make(folder);
  // Used today.
  utimesSync(folder, new Date(), new Date());
  return folder;
}

/** The Python of one framework's environment. */
export function pythonOf(folder: string, framework: string): string {
  return join(folder, framework, "bin", "python");
}

async function make(folder: string): Promise<void> {
  process.stderr.write(
    `Building the wheel and installing it with pip: about two minutes; it is kept in ${folder}\n`,
  );
  prune();
  const staging = mkdtempSync(join(cache(), "python-staging-"));
  const options = { cwd: staging, env: { ...ENVIRONMENT, ...machineVariables(PROXIES) } };
  const call = async (program: string, ...args: string[]) =>
    succeeded(await run(program, args, options));
  try {
    await call(process.execPath, join(ROOT, "package.mjs"), "--outdir", staging);
    const [wheel = ""] = readdirSync(join(staging, "python")).filter((name) =>
      name.endsWith(".whl"),
    );
    for (const framework of FRAMEWORKS) {
      await call("python3", "-m", "venv", framework);
      const wanted = `${framework}==${devDependencies[framework]}`;
      const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
      await call(pythonOf(staging, framework), ...pip, wanted, join(staging, "python", wheel));
    }
    renameSync(staging, folder);
  } catch (error) {
    // Another process was first, and its folder is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function cache(): string {
  const given = process.env["XDG_CACHE_HOME"] ?? "";
  const folder = join(isAbsolute(given) ? given : join(homedir(), ".cache"), "cdktf-backups");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Of everything that makes a difference to a program. */
function digest(): string {
  const hash = createHash("sha256");
  for (const file of [...PACKAGED, ...THREADS]) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Takes away what earlier builds, or processes that were ended halfway, have left. */
function prune(): void {
  for (const name of readdirSync(cache()).filter((each) => each.startsWith("python-"))) {
    const path = join(cache(), name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
