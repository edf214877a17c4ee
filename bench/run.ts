// All that is claimed, one program after the other: `npm run bench`, with `--json` for programs and
// `--quick` to see that they run. What is wanted is told beside what is, and fails nothing.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Line, toText } from "./support/measure";

const PROGRAMS = ["import", "small", "frozen", "lists", "fleet", "growth", "lock", "command"];
const flags = process.argv.slice(2);
const lines = PROGRAMS.flatMap((name) => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--require", "tsx/cjs", join(__dirname, `${name}.ts`), "--json", ...flags],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  if (status !== 0) throw new Error(`bench/${name}.ts ended with ${status}`);
  const measured = JSON.parse(stdout) as Line[];
  if (!flags.includes("--json")) for (const line of measured) console.log(toText(line));
  return measured;
});
if (flags.includes("--json")) console.log(JSON.stringify(lines, undefined, 2));
