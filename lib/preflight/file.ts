import { ownProgram } from "../thread/own-file";

export const PREFLIGHT_FILE = "cdktf-backups-preflight.js";

/** The preflight as one file that needs nothing but Node. */
export function preflightFile(): string {
  return ownProgram("preflight/main");
}
