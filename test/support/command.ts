import { join } from "node:path";
import { ENVIRONMENT, Environment, run } from "./programs";

const COMMAND = join(__dirname, "..", "..", "build", "cli", "bin.js");

/** Runs the command as it is shipped: `npm run build` makes it. */
export async function runCommand(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Environment },
) {
  const { code, stderr, stdout } = await run(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env },
  });
  return { exit: code, stdout, stderr };
}
