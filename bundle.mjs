// What is shipped, out of what jsii has compiled: the library and each program of its own as one file. A
// file of each class costs a process that loads it 0.3 ms, and there are more than a hundred.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  allowOverwrite: true,
  minifyWhitespace: true,
  // Node prints the line of an error that nobody catches.
  lineLimit: 120,
  sourcemap: true,
  // Traces name the line; the sources are in the repository.
  sourcesContent: false,
  logLevel: "warning",
};

// What runs apart from the library: two threads, and the command of a preflight, which needs no map.
await build({
  ...common,
  entryPoints: ["lib/wire/worker.ts", "lib/emulator/thread.ts"],
  outbase: "lib",
  outdir: "build",
});
await build({
  ...common,
  entryPoints: ["lib/preflight/main.ts"],
  outbase: "lib",
  outdir: "build",
  sourcemap: false,
});

// By what is exported: the file that has it, as jsii has written it.
const index = readFileSync("build/index.js", "utf8");
const files = new Map(
  [...index.matchAll(/^var (\w+) = require\("(.*)"\);$/gm)].map(([, ...pair]) => pair),
);
const exported = [...index.matchAll(/^Object.*\(exports, "(\w+)", .* return (\w+)\.\1; } }\);$/gm)];
if (exported.length === 0 || exported.length !== index.match(/^Object/gm).length - 1) {
  throw new Error("build/index.js is not as jsii used to write it");
}
const names = exported.map(([, name]) => name);
const loaders = exported.map(([, name, file]) => `${name}: () => require("${files.get(file)}")`);

// A class is loaded when a program names it. The line on top tells ES modules what they can import.
await build({
  ...common,
  stdin: {
    resolveDir: "build",
    contents: `const loaders = { ${loaders.join(", ")} };
      for (const [name, load] of Object.entries(loaders)) {
        Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
      }`,
  },
  outfile: "build/library/index.js",
  banner: { js: `0 && (module.exports = { ${names.join(", ")} });` },
  // Peers, what is loaded where it is needed, and what only the sources need.
  external: ["cdktf", "constructs", "@cdktf/*", "fs-native-extensions", "yaml", "esbuild", "tsx"],
});
