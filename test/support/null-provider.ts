import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { provider } from "@cdktf/provider-null";
import { TerraformStack, Testing } from "cdktf";
import {
  Environment,
  ENVIRONMENT,
  hasProgram,
  machineVariables,
  run,
  runNow,
  temporaryFolder,
  TERRAFORM,
} from "./programs";

// Release 2.1.2, the newest that Go's module proxy has. Its null_resource has the schema of 3.2.4's.
const SOURCE =
  "github.com/terraform-providers/terraform-provider-null@v1.0.1-0.20190430203517-8d3d85a60e20";
const PROBE_MS = 20_000;
const ABANDONED_MS = 60 * 60_000;
const INTERNET = /^(https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR)$/i;
const GO = /^(GO\w+|XDG_\w+|HOME)$/;

let found: Promise<string> | undefined;

/**
 * Makes the real null provider available to `terraform init`; the path of the CLI configuration file
 * to set as TF_CLI_CONFIG_FILE.
 *
 * Taken from the Terraform registry where that answers, else built by `go install`, which takes about
 * two minutes. Either is kept in a folder of the user's cache, from which later runs take it.
 */
export function nullProvider(): Promise<string> {
  return (found ??= find());
}

/** The programs that `nullProvider` needs here and now; for `describeWith`. */
export function nullProviderPrograms(): string[] {
  if (!hasProgram(TERRAFORM)) return [TERRAFORM];
  const isAtHand = existsSync(places().built) || isFetched();
  return isAtHand ? [TERRAFORM] : [TERRAFORM, "go"];
}

async function find(): Promise<string> {
  const { fetched, built } = places();
  if (isFetched()) return settingsIn(fetched);
  if (!existsSync(built)) await build(built);
  return settingsIn(built);
}

/** The provider as a synthesised configuration asks for it. */
function wanted(): { source: string; version: string } {
  const stack = new TerraformStack(Testing.app(), "wanted");
  new provider.NullProvider(stack, "null");
  return JSON.parse(Testing.synth(stack)).terraform.required_providers.null;
}

let providerAddress: string | undefined;

function address(): string {
  return (providerAddress ??= addressOf({ null: wanted() }));
}

/** A provider's full address, as Terraform completes it: the folder of a mirror is named after it. */
export function addressOf(required: { [name: string]: object }): string {
  const folder = temporaryFolder("address");
  const content = { terraform: { required_providers: required } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(content));
  const { stdout } = runNow(TERRAFORM, ["providers", "-no-color"], {
    cwd: folder,
    env: ENVIRONMENT,
  });
  const full = /provider\[([^\]]+)\]/.exec(stdout)?.[1];
  if (full === undefined) throw new Error(`terraform names no provider:\n${stdout}`);
  return full;
}

let known: { cache: string; fetched: string; built: string; platform: string } | undefined;

function places() {
  if (known) return known;
  const version = runNow(TERRAFORM, ["version", "-json"], { env: ENVIRONMENT }).stdout;
  const platform: string = JSON.parse(version).platform;
  const given = process.env["XDG_CACHE_HOME"] ?? "";
  const cache = join(
    isAbsolute(given) ? given : join(homedir(), ".cache"),
    "cdktf-backups",
    // Another binary has another registry, and asks a mirror by its name.
    `${basename(TERRAFORM)}-provider-null-${wanted().version}-${platform}`,
  );
  return (known = {
    cache,
    fetched: join(cache, "registry"),
    built: join(cache, "built"),
    platform,
  });
}

let isProbed = false;

/** Whether it is there as the registry has it; asks the registry, once. */
function isFetched(): boolean {
  const { fetched } = places();
  if (existsSync(fetched)) return true;
  if (isProbed) return false;
  isProbed = true;
  const staging = newStaging();
  writeFileSync(
    join(staging, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { null: wanted() } } }),
  );
  const init = runNow(TERRAFORM, ["init", "-input=false", "-no-color"], {
    cwd: staging,
    env: { ...ENVIRONMENT, ...machineVariables(INTERNET) },
    timeout: PROBE_MS,
  });
  // What init installs has the layout of a mirror.
  const installed = join(staging, ".terraform", "providers");
  if (init.code === 0) publish(installed, staging, fetched);
  else rmSync(staging, { recursive: true, force: true });
  return init.code === 0;
}

async function build(target: string): Promise<void> {
  const { platform } = places();
  const [os = "", architecture = ""] = platform.split("_");
  const staging = newStaging();
  process.stderr.write(
    "The Terraform registry does not answer: building the null provider with `go install`.\n" +
      `This takes about two minutes, once; it is kept in ${target}\n`,
  );
  const bin = join(staging, "bin");
  const go = await run("go", ["install", SOURCE], {
    cwd: staging,
    env: { ...goEnvironment(), GOBIN: bin, GOOS: os, GOARCH: architecture },
  });
  if (go.code !== 0) {
    rmSync(staging, { recursive: true, force: true });
    throw new Error(`go install ${SOURCE} failed:\n${go.stdout}${go.stderr}`);
  }
  const { version } = wanted();
  const mirror = join(staging, "providers");
  const folder = join(mirror, address(), version, platform);
  const suffix = os === "windows" ? ".exe" : "";
  const program = join(folder, `terraform-provider-null_v${version}${suffix}`);
  mkdirSync(folder, { recursive: true });
  renameSync(join(bin, `terraform-provider-null${suffix}`), program);
  chmodSync(program, 0o755);
  publish(mirror, staging, target);
}

/** What `go` builds with, here and as a user of this machine. */
export function goEnvironment(): Environment {
  return {
    ...ENVIRONMENT,
    ...machineVariables(INTERNET),
    // Where Go keeps its modules and asks for them is this machine's to say.
    ...machineVariables(GO),
    // How this one is built is not.
    GOFLAGS: "-trimpath",
    GO111MODULE: "on",
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

/** A folder beside the final ones, so that a rename brings it there. */
function newStaging(): string {
  const { cache } = places();
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith("staging-"))) {
    const path = join(cache, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    // Left by a process that was ended halfway.
    if (age > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
  return mkdtempSync(join(cache, "staging-"));
}

/** Puts the mirror into its place whole, or not at all: others may be looking, or doing the same. */
function publish(mirror: string, staging: string, target: string): void {
  const whole = join(staging, "whole");
  mkdirSync(whole);
  renameSync(mirror, join(whole, "mirror"));
  writeFileSync(settingsIn(whole), settings(join(target, "mirror")));
  try {
    renameSync(whole, target);
  } catch (error) {
    // Another process was first, and its mirror is as good.
    if (!existsSync(target)) throw error;
  }
  rmSync(staging, { recursive: true, force: true });
}

function settingsIn(folder: string): string {
  return join(folder, "terraform.tfrc");
}

function settings(mirror: string): string {
  return settingsOf([{ mirror, address: address() }]);
}

/** A provider's full address, and the folder that serves it in place of its registry. */
export interface Mirror {
  readonly address: string;
  readonly mirror: string;
}

/** Where `nullProvider` has put it. */
export async function nullProviderMirror(): Promise<Mirror> {
  return { address: address(), mirror: join(dirname(await nullProvider()), "mirror") };
}

/** A CLI configuration by which `terraform init` takes these providers from their folders. */
export function settingsOf(mirrors: readonly Mirror[]): string {
  const from = mirrors.map(
    ({ mirror, address: provider }) => `  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${JSON.stringify([provider])}
  }
`,
  );
  const all = JSON.stringify(mirrors.map(({ address: provider }) => provider));
  return `provider_installation {\n${from.join("")}  direct {\n    exclude = ${all}\n  }\n}\n`;
}
