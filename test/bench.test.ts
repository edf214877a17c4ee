import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

// That they run and what they count; how fast, only a machine without anything else to do can tell.
test("all that is claimed about speed is measured by programs that run", () => {
  const output = execFileSync(
    process.execPath,
    ["--require", "tsx/cjs", join(ROOT, "bench", "run.ts"), "--quick", "--json"],
    { cwd: ROOT, encoding: "utf8" },
  );
  const lines = JSON.parse(output) as { what: string; oursMs: number; floorMs: number }[];
  expect(lines.map(({ what }) => what)).toEqual([
    "importing the library, beside cdktf",
    "five lookups of 3 records, beside the app alone",
    "five lookups of 3 records over TLS, beside the app alone",
    "the same five, FROZEN, beside an app without the library",
    "5 lists × 150 records at 50 ms",
    "5 lists × 300 records at 50 ms",
    "20 lists × 200 records at 20 ms",
    "the same, FROZEN",
    "1,000 records, asked",
    "1,000 records, FROZEN",
    "4,000 records, asked",
    "4,000 records, FROZEN",
    "2 stacks with a lookup each, FROZEN",
    "4 stacks with a lookup each, FROZEN",
    "a lock of 1000 records: read",
    "a lock of 1000 records: write",
    "cdktf-backups --version, beside node -e 0",
    "cdktf-backups --help, beside node -e 0",
    "cdktf-backups complete -- list '', beside node -e 0",
  ]);
  for (const { floorMs, oursMs } of lines) expect(Math.min(oursMs, floorMs)).toBeGreaterThan(0);
});
