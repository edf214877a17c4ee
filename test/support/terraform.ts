import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Environment, ENVIRONMENT, Finished, run, TERRAFORM } from "./programs";

export { nullProvider, nullProviderPrograms } from "./null-provider";
export {
  describeWith,
  type Environment,
  ENVIRONMENT,
  type Finished,
  run,
  temporaryFolder,
  TERRAFORM,
} from "./programs";

const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");

/**
 * Runs the real `terraform` in a folder.
 *
 * It sees no settings of this machine. A configuration that needs the null provider gets it by
 * `{ TF_CLI_CONFIG_FILE: await nullProvider() }`.
 */
export function terraform(
  cwd: string,
  args: readonly string[],
  env: Environment = {},
): Promise<Finished> {
  return run(TERRAFORM, args, { cwd, env: { ...ENVIRONMENT, ...env } });
}

/** Runs the real `cdktf` in a project of its own, whose program is started by `app`. */
export function cdktf(
  folder: string,
  app: string,
  args: readonly string[],
  env: Environment,
): Promise<Finished> {
  const project = { language: "typescript", app, sendCrashReports: "false" };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(project));
  // Without these two the terminal would show moving pictures in colour.
  const plain = { CI: "1", FORCE_COLOR: "0", TERRAFORM_BINARY_NAME: TERRAFORM };
  return run(process.execPath, [CDKTF, ...args], {
    cwd: folder,
    env: { ...ENVIRONMENT, ...plain, ...env },
  });
}

/** What it did, or an error that shows what it printed where it failed. */
export function succeeded(finished: Finished): Finished {
  if (finished.code === 0) return finished;
  throw new Error(`exit code ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
}
