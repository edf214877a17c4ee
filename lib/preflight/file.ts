import { readFileSync } from "node:fs";
import { ownFile } from "../thread/own-file";
import { SOURCES } from "../thread/sources";

export const PREFLIGHT_FILE = "cdktf-backups-preflight.js";

/** The preflight as one file that needs nothing but Node: as it was built, or bundled from the sources. */
export function preflightFile(): string {
  const main = ownFile("preflight/main");
  return SOURCES ? SOURCES.bundle(main) : readFileSync(main, "utf8");
}
