import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, machineVariables, runNow } from "./programs";

const CACHE = join(__dirname, "../../node_modules/.cache/cdktf-backups");
const PATIENCE_MS = 10 * 60_000;
// Where pip finds its packages is this machine's to say.
const PIP = /^(PIP_\w+|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|XDG_\w+|HOME)$/i;

/**
 * Packages of PyPI in an environment of their own, which takes about half a minute and is kept: its
 * interpreter, or why there is none here. Blocks, for it has to be known before tests are declared.
 * @param name Of its folder.
 * @param what It is, for people.
 * @param packages With their versions.
 */
export function pythonWith(
  name: string,
  what: string,
  packages: readonly string[],
): { readonly python: string } | { readonly missing: string } {
  const env = { ...ENVIRONMENT, ...machineVariables(PIP) };
  const now = (program: string, args: string[]) =>
    runNow(program, args, { env, timeout: PATIENCE_MS });
  const version = now("python3", ["-c", "import ensurepip, sys, venv; print(sys.version)"]);
  if (version.code !== 0) return { missing: "there is no python3 with venv and pip on the PATH" };
  const hash = createHash("sha256").update(`${version.stdout}${packages}`).digest("hex");
  const folder = join(CACHE, `${name}-${hash.slice(0, 16)}`);
  const python = join(folder, "bin/python");
  if (existsSync(python)) return { python };
  process.stderr.write(`Installing ${what}: half a minute, once, into ${folder}\n`);
  mkdirSync(CACHE, { recursive: true });
  const staging = mkdtempSync(join(CACHE, "staging-"));
  const pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"];
  const made = [
    () => now("python3", ["-m", "venv", staging]),
    () => now(join(staging, "bin/python"), [...pip, "install", "--retries", "1", ...packages]),
  ];
  for (const step of made) {
    const { code, stderr } = step();
    if (code === 0) continue;
    rmSync(staging, { recursive: true, force: true });
    return { missing: `${what} can't be installed: ${stderr.trim().split("\n").at(-1)}` };
  }
  try {
    // There whole or not at all. Its interpreter finds its packages beside it, wherever that is.
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(python)) throw error; // Else another process was first.
  }
  return { python };
}
