// The packages for other languages, out of what is built: `node package.mjs [--outdir dist] [target …]`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { outdir: { type: "string", default: "dist" } },
});
const outdir = resolve(values.outdir);
const targets = positionals.length > 0 ? positionals : ["python"];

const staging = mkdtempSync(join(tmpdir(), "cdktf-backups-package-"));
const run = (program, args, cwd) =>
  execFileSync(program, args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
const edit = (file, change) => {
  const path = join(staging, "package", file);
  const content = JSON.parse(readFileSync(path, "utf8"));
  change(content);
  writeFileSync(path, JSON.stringify(content));
};

try {
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", staging];
  const archive = run("npm", pack, root).trim().split("\n").at(-1);
  run("tar", ["-xzf", archive], staging);

  const { peerDependenciesMeta = {} } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const isOptional = (name) => peerDependenciesMeta[name]?.optional === true;
  const required = (dependencies = {}) =>
    Object.fromEntries(Object.entries(dependencies).filter(([name]) => !isOptional(name)));

  // jsii knows no optional dependency: a wheel would require both frameworks. No public type is theirs, and
  // the library finds the one that the program has loaded.
  edit(".jsii", (assembly) => {
    assembly.dependencies = required(assembly.dependencies);
    assembly.dependencyClosure = required(assembly.dependencyClosure);
  });
  edit("package.json", (manifest) => {
    manifest.peerDependencies = required(manifest.peerDependencies);
    delete manifest.peerDependenciesMeta;
    delete manifest.devDependencies;
    // Packing it anew must not build it anew.
    delete manifest.scripts;
  });
  // Where jsii-pacmak reads what they are called in the other languages.
  symlinkSync(join(root, "node_modules"), join(staging, "node_modules"));

  const pacmak = createRequire(import.meta.url).resolve("jsii-pacmak/bin/jsii-pacmak");
  run(
    process.execPath,
    [pacmak, "--no-npmignore", "--force", "--outdir", outdir, "--targets", ...targets, "--", "."],
    join(staging, "package"),
  );
  process.stdout.write(`${targets.join(", ")}: ${outdir}\n`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
