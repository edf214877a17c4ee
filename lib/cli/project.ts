import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { isRecord } from "../services/record";

// Windows has none.
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;
const SETTINGS = "cdktf.json";
const MAX_SETTINGS_BYTES = 1024 ** 2;

/** Where a synthesis runs: the nearest folder upward that has a cdktf.json, else the current one. */
export function projectFolder(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, SETTINGS))) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}

/** A file of the project, by a path as it is known from the current folder. */
export function inProject(name: string): string {
  return relative("", resolve(projectFolder(), name)) || ".";
}

/** The folder that a synthesis writes into, by a path from the current one. */
export function outputFolder(): string {
  const given = process.env["CDKTF_OUTDIR"];
  if (given) return given;
  let output: unknown;
  try {
    const settings: unknown = JSON.parse(
      textIn(join(projectFolder(), SETTINGS), MAX_SETTINGS_BYTES),
    );
    output = isRecord(settings) ? settings["output"] : undefined;
  } catch {
    // Whatever is wrong with it, cdktf says it.
  }
  return inProject(typeof output === "string" && output !== "" ? output : "cdktf.out");
}

/** The text of a file; throws for what is none, and for one that is too large. Waits for nobody. */
export function textIn(file: string, maxBytes: number): string {
  const handle = openSync(file, constants.O_RDONLY | O_NONBLOCK);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw new Error("it is no file");
    if (stats.size > maxBytes) {
      throw new Error(`it has ${stats.size} bytes, and at most ${maxBytes} are read`);
    }
    return readFileSync(handle, "utf8");
  } finally {
    closeSync(handle);
  }
}
