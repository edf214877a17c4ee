// What the command costs before it does anything, beside Node itself.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Line, main, medians, Run } from "./support/measure";

const COMMAND = join(__dirname, "..", "build", "cli", "bin.js");

async function node(...args: string[]): Promise<Run> {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return { ms: performance.now() - began, mb: 0, modules: 0 };
}

void main(async ({ rounds }) => {
  const { floor, ...ours } = await medians(rounds * 3, {
    floor: () => node("-e", "0"),
    "--version": () => node(COMMAND, "--version"),
    "--help": () => node(COMMAND, "--help"),
    "complete -- list ''": () => node(COMMAND, "complete", "--", "list", ""),
  });
  return Object.entries(ours).map(([args, { ms }]): Line => ({
    what: `cdktf-backups ${args}, beside node -e 0`,
    floorMs: floor.ms,
    oursMs: ms,
    wanted: {},
  }));
});
