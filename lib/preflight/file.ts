import { readFileSync } from "node:fs";
import { join } from "node:path";

export const PREFLIGHT_FILE = "cdktf-backups-preflight.js";

/** The preflight as one file that needs nothing but Node: as it was built, or bundled from the sources. */
export function preflightFile(): string {
  // By its room: where the library is one file, that lies beside it.
  const main = join(__dirname, "..", "preflight", "main");
  if (!__filename.endsWith(".ts")) return readFileSync(`${main}.js`, "utf8");
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const esbuild = require("esbuild") as typeof import("esbuild");
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [`${main}.ts`],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
  });
  return outputFiles[0]!.text;
}
