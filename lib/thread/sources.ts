/* eslint-disable @typescript-eslint/no-require-imports */

import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const CACHE = join(__dirname, "..", "..", "node_modules", ".cache", "cdktf-backups");

/**
 * What the library needs where it runs from its sources, in its repository. In the package it is
 * undefined: `bundle.mjs` puts that in the place of this file, so what ships does not know the bundler.
 *
 * Not decided by which files exist: a stale build would win.
 */
export const SOURCES = __filename.endsWith(".ts")
  ? {
      /** A thread's file, and all that it imports, as one: made anew where any of them has changed. */
      thread: (file: string): string => {
        const name = createHash("sha256").update(file).digest("hex").slice(0, 16);
        const made = join(CACHE, `thread-${name}.js`);
        if (isCurrent(made)) return made;
        const { inputs, text } = bundled(file, "node");
        mkdirSync(CACHE, { recursive: true });
        const beside = `${made}.${randomUUID()}`;
        writeFileSync(beside, `// ${JSON.stringify(inputs)}\n${text}`);
        renameSync(beside, made);
        return made;
      },
      /** One file out of all that it imports. */
      bundle: (file: string, platform: "node" | "browser"): string => bundled(file, platform).text,
    }
  : undefined;

/** When each file that it was made of was written. */
type Inputs = { readonly [file: string]: number };

function isCurrent(made: string): boolean {
  try {
    const [head = ""] = readFileSync(made, "utf8").split("\n", 1);
    const inputs = JSON.parse(head.slice(3)) as Inputs;
    return Object.keys(inputs).every((file) => statSync(file).mtimeMs === inputs[file]);
  } catch {
    return false;
  }
}

function bundled(file: string, platform: "node" | "browser"): { inputs: Inputs; text: string } {
  const esbuild = require("esbuild") as typeof import("esbuild");
  const { metafile, outputFiles } = esbuild.buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    platform,
    target: platform === "node" ? "node20" : "es2020",
    format: platform === "node" ? "cjs" : "iife",
    minify: platform === "browser",
  });
  const files = Object.keys(metafile.inputs).map((each) => resolve(each));
  const inputs = Object.fromEntries(files.map((each) => [each, statSync(each).mtimeMs]));
  return { inputs, text: outputFiles[0]!.text };
}
