import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, machineVariables, run, runNow, temporaryFolder } from "./programs";

const VERSION = "3.1.219";
const PACKAGES = [
  ...["core", "rds", "gaussdbforopengauss", "gaussdbfornosql", "dcs", "gaussdb", "dds"],
].map((name) => `huaweicloudsdk${name}==${VERSION}`);
const PROGRAM = join(__dirname, "vendor-sdk.py");
const CACHE = join(__dirname, "../../node_modules/.cache/cdktf-backups");
const PATIENCE_MS = 10 * 60_000;
// Where pip finds its packages is this machine's to say.
const PIP = /^(PIP_\w+|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|XDG_\w+|HOME)$/i;

/** A call of the SDK. */
export interface SdkCall {
  /** What follows "huaweicloudsdk" in the name of the module, such as "rds.v3". */
  readonly module: string;
  readonly client: string;
  /** The name of its request, without "Request". */
  readonly action: string;
  readonly endpoint: string;
  readonly parameters: { readonly [name: string]: string | number };
  readonly accessKey: string;
  readonly secretKey: string;
  /** Left out, the SDK looks for it, which takes `iam` and `region`. */
  readonly projectId?: string;
  readonly iam?: string;
  readonly region?: string;
}

/** What a call came to: what the SDK made of the answer, or of the refusal. */
export interface SdkAnswer {
  readonly status: number;
  readonly body?: any;
  readonly code?: string;
  readonly message?: string;
}

/**
 * The vendor's SDK for Python, from PyPI, in an environment of its own, which takes about half a minute
 * and is kept: its interpreter, or why there is none here. Blocks, for it has to be known before tests
 * are declared.
 */
export function vendorSdk(): { readonly python: string } | { readonly missing: string } {
  const env = { ...ENVIRONMENT, ...machineVariables(PIP) };
  const now = (program: string, args: string[]) =>
    runNow(program, args, { env, timeout: PATIENCE_MS });
  const version = now("python3", ["-c", "import ensurepip, sys, venv; print(sys.version)"]);
  if (version.code !== 0) return { missing: "there is no python3 with venv and pip on the PATH" };
  const name = createHash("sha256").update(`${version.stdout}${PACKAGES}`).digest("hex");
  const folder = join(CACHE, `vendor-sdk-${name.slice(0, 16)}`);
  const python = join(folder, "bin/python");
  if (existsSync(python)) return { python };
  process.stderr.write(
    `Installing the vendor's SDK for Python: half a minute, once, into ${folder}\n`,
  );
  mkdirSync(CACHE, { recursive: true });
  const staging = mkdtempSync(join(CACHE, "staging-"));
  const pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"];
  const made = [
    () => now("python3", ["-m", "venv", staging]),
    () => now(join(staging, "bin/python"), [...pip, "install", "--retries", "1", ...PACKAGES]),
  ];
  for (const step of made) {
    const { code, stderr } = step();
    if (code === 0) continue;
    rmSync(staging, { recursive: true, force: true });
    return { missing: `the vendor's SDK can't be installed: ${stderr.trim().split("\n").at(-1)}` };
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

/** Makes calls, one after the other. */
export async function called(python: string, calls: readonly SdkCall[]): Promise<SdkAnswer[]> {
  const cwd = temporaryFolder("vendor-sdk");
  writeFileSync(join(cwd, "calls.json"), JSON.stringify(calls));
  const { code, stdout, stderr } = await run(python, [PROGRAM], { cwd, env: ENVIRONMENT });
  if (code !== 0) throw new Error(`the vendor's SDK failed:\n${stderr}`);
  return JSON.parse(stdout);
}
