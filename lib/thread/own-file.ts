import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refusal } from "../model/errors";
import { SOURCES } from "./sources";

/** Where a file of the library lies that runs apart from it: by its room, and without its ending. */
export function ownFile(name: string): string {
  const file = `${name}${SOURCES ? ".ts" : ".js"}`;
  // A program that a bundler has made one ES module of has no such name.
  const folder = typeof __dirname === "string" ? join(__dirname, "..") : undefined;
  const path = folder === undefined ? undefined : join(folder, file);
  if (path !== undefined && existsSync(path)) return path;
  throw refusal(
    "PACKAGE_INCOMPLETE",
    `the library's file ${file} does not lie beside its others (${path ?? "an ES module has no folder"})`,
    'Where a bundler (esbuild, webpack and others) makes one file of the program, keep the package out of it, `external: ["cdktf-backups"]`, and have it installed where the program runs.',
  );
}

/** The text of such a file, which needs nothing beside it: as it was built, or bundled from the sources. */
export function ownProgram(name: string, platform: "node" | "browser" = "node"): string {
  const file = ownFile(name);
  return SOURCES ? SOURCES.bundle(file, platform) : readFileSync(file, "utf8");
}

/** The version of the package, as its package.json has it. */
export function ownVersion(): string {
  // From the sources and from what is built alike, that lies two folders up.
  const file = join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
