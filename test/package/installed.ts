// The package as its users get it: packed, and installed by a package manager into a project of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  Environment,
  ENVIRONMENT,
  Finished,
  machineVariables,
  run,
  runNow,
  temporaryFolder,
} from "../support/programs";
import { succeeded } from "../support/terraform";

const ROOT = join(__dirname, "..", "..");
// Where packages come from, and how they are reached, is this machine's to say.
const INTERNET =
  /^(npm_config_\w+|https?_proxy|no_proxy|all_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|HOME|XDG_\w+)$/i;

let packing: Promise<string> | undefined;

/** The tarball, made of what `npm run build` has left. */
export function tarball(): Promise<string> {
  return (packing ??= pack());
}

async function pack(): Promise<string> {
  const folder = temporaryFolder("packed");
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = succeeded(await packageManager("npm", args, ROOT));
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  return join(folder, filename);
}

/** Runs npm, or what `npx` brings, with what it needs to reach its registry. */
export function packageManager(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<Finished> {
  return run(program, args, { cwd, env: { ...ENVIRONMENT, ...machineVariables(INTERNET) } });
}

/** Why nothing can be installed here; undefined where it can. */
export function unreachable(): string | undefined {
  const args = ["view", "constructs", "version", "--fetch-retries=0"];
  const env = { ...ENVIRONMENT, ...machineVariables(INTERNET) };
  const { code } = runNow("npm", args, { env, timeout: 30_000 });
  return code === 0 ? undefined : "the registry of npm can't be reached";
}

/** What a project has besides the package. */
export interface Project {
  readonly dependencies: { readonly [name: string]: string };
  readonly overrides?: { readonly [name: string]: string };
  readonly files?: { readonly [name: string]: string };
  /** Installs what package.json of the folder names; without it npm does. */
  readonly install?: (folder: string) => Promise<Finished>;
}

/** A project that has it, installed; what the package manager had to say is in `finished`. */
export async function project(
  title: string,
  { dependencies, overrides, files = {}, install = npmInstall }: Project,
): Promise<{ folder: string; finished: Finished }> {
  const folder = temporaryFolder(title);
  const all = { ...dependencies, "cdktf-backups": `file:${await tarball()}` };
  write(folder, {
    "package.json": JSON.stringify({
      private: true,
      dependencies: all,
      overrides,
      // What npm calls overrides has another name with the others.
      resolutions: overrides,
    }),
    ...files,
  });
  return { folder, finished: await install(folder) };
}

/** Installs what package.json of the folder names. */
export function npmInstall(folder: string): Promise<Finished> {
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund"];
  return packageManager("npm", args, folder);
}

/** Puts files into the folder, by their paths. */
export function write(folder: string, files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Runs a file of the project by this Node. */
export function node(folder: string, args: readonly string[], env: Environment): Promise<Finished> {
  return run(process.execPath, args, { cwd: folder, env: { ...ENVIRONMENT, ...env } });
}
