import { Environment, ENVIRONMENT, Finished, run } from "./programs";

export { nullProvider, nullProviderPrograms } from "./null-provider";
export {
  describeWith,
  type Environment,
  ENVIRONMENT,
  type Finished,
  run,
  temporaryFolder,
} from "./programs";

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
  return run("terraform", args, { cwd, env: { ...ENVIRONMENT, ...env } });
}

/** What it did, or an error that shows what it printed where it failed. */
export function succeeded(finished: Finished): Finished {
  if (finished.code === 0) return finished;
  throw new Error(`exit code ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
}
