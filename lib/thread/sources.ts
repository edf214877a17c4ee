/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * What the library needs where it runs from its sources, in its repository. In the package it is
 * undefined: `bundle.mjs` puts that in the place of this file, so what ships knows neither tool.
 *
 * Not decided by which files exist: a stale build would win.
 */
export const SOURCES = __filename.endsWith(".ts")
  ? {
      /** What a thread requires before its file, which is TypeScript. */
      loader: () => require.resolve("tsx/cjs"),
      /** One file out of all that it imports. */
      bundle: (file: string, platform: "node" | "browser"): string => {
        const esbuild = require("esbuild") as typeof import("esbuild");
        const { outputFiles } = esbuild.buildSync({
          entryPoints: [file],
          bundle: true,
          write: false,
          platform,
          target: platform === "node" ? "node20" : "es2020",
          format: platform === "node" ? "cjs" : "iife",
          minify: platform === "browser",
        });
        return outputFiles[0]!.text;
      },
    }
  : undefined;
