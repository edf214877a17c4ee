// What is shipped, out of what jsii has compiled: the library and each program of its own as one file,
// with what they need of other packages in it. A file of each class costs a process that loads it 0.3 ms,
// and there are more than a hundred.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// Where the library is one file, what it loads lies beside it.
const LIBRARY = "build/library";
// What the addon is built for, and Node runs on.
const SYSTEMS = ["darwin", "linux", "win32"].flatMap((os) => [`${os}-arm64`, `${os}-x64`]);

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
  metafile: true,
};

const withoutSources = {
  name: "without what runs the library from its sources",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]thread[/\\]sources\.[jt]s$/ }, () => ({
      contents: "exports.SOURCES = undefined;",
    }));
  },
};

/** @param library Where that lies, as the file that is built sees it. */
const besideTheLibrary = (library) => ({
  name: "loaded where it is needed, from beside the library",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^yaml$/ }, () => ({ path: `${library}/yaml.js`, external: true }));
    // As the package itself finds it, which has none for Alpine's libc.
    onLoad({ filter: /[/\\]fs-native-extensions[/\\]binding\.js$/ }, () => ({
      contents: `const isAlpine = require("node:fs").existsSync("/etc/alpine-release");
        const system = process.platform + "-" + process.arch + (isAlpine ? "-musl" : "");
        module.exports = require(require("node:path").join(__dirname, "${library}/addons", system + ".node"));`,
    }));
  },
});

const besideTheCommand = {
  name: "a command with the HTTP client in it, which the others leave to the thread",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\/doctor$/ }, ({ path }) => ({
      path: `${path}.js`,
      external: true,
    }));
  },
};

// What runs apart from the library: two threads, and the command of a preflight, which needs no map.
const threads = await build({
  ...common,
  entryPoints: ["lib/wire/worker.ts", "lib/emulator/thread.ts"],
  outbase: "lib",
  outdir: "build",
  plugins: [withoutSources],
});
const preflight = await build({
  ...common,
  entryPoints: ["lib/preflight/main.ts"],
  outbase: "lib",
  outdir: "build",
  sourcemap: false,
  plugins: [withoutSources],
});

// What the pages of reports run, in a browser.
const zoom = await build({
  ...common,
  entryPoints: ["lib/report/zoom.ts"],
  outbase: "lib",
  outdir: "build",
  platform: "browser",
  target: "es2020",
  format: "iife",
  minify: true,
  lineLimit: undefined,
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

rmSync(LIBRARY, { recursive: true, force: true });
// A class is loaded when a program names it. The line on top tells ES modules what they can import.
const library = await build({
  ...common,
  stdin: {
    resolveDir: "build",
    contents: `const loaders = { ${loaders.join(", ")} };
      for (const [name, load] of Object.entries(loaders)) {
        Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
      }`,
  },
  outfile: `${LIBRARY}/index.js`,
  banner: { js: `0 && (module.exports = { ${names.join(", ")} });` },
  external: ["cdktf", "cdktn", "constructs", "@cdktf/*"],
  plugins: [withoutSources, besideTheLibrary(".")],
});
// The command, which knows no framework: what it does is loaded when it is called.
const command = await build({
  ...common,
  entryPoints: ["lib/cli/bin.ts", "lib/cli/commands/doctor.ts"],
  outbase: "lib",
  outdir: "build",
  banner: { js: "#!/usr/bin/env node" },
  plugins: [withoutSources, besideTheLibrary("../library"), besideTheCommand],
});
chmodSync("build/cli/bin.js", 0o755);
const yaml = await build({
  ...common,
  entryPoints: ["yaml"],
  outfile: `${LIBRARY}/yaml.js`,
  sourcemap: false,
});
const addon = dirname(fileURLToPath(import.meta.resolve("fs-native-extensions")));
mkdirSync(`${LIBRARY}/addons`);
for (const system of SYSTEMS) {
  copyFileSync(
    `${addon}/prebuilds/${system}/fs-native-extensions.node`,
    `${LIBRARY}/addons/${system}.node`,
  );
}

// Which packages are in these files: for whoever looks for a version, and because their licences ask for it.
const inputs = [threads, preflight, zoom, library, command, yaml].flatMap(({ metafile }) =>
  Object.keys(metafile.inputs),
);
const packages = new Set(inputs.flatMap((file) => /^node_modules\/[^/]+/.exec(file) ?? []));
const notices = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = readFileSync(join(folder, file), "utf8").trim();
  return `${name}@${version} (${license})\n\n${text}\n`;
});
writeFileSync("build/THIRD-PARTY.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
