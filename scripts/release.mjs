// Makes a release ready, and publishes nothing: `npm run release -- <version>`. With `--check` in place of
// the version it packs what is built, and only looks at it.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { fileURLToPath, URL } from "node:url";

const VERSION = /^(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/;
const UNRELEASED = /^## .*\(unreleased\)$/m;
// What a release changes; put back where it fails.
const CHANGED = ["package.json", "package-lock.json", "CHANGELOG.md"];

const BIN = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
const settings = () => JSON.parse(readFileSync("package.json", "utf8"));
const run = (program, ...args) => execFileSync(program, args, { stdio: "inherit" });
const read = (program, ...args) => execFileSync(program, args, { encoding: "utf8" });

/** What one of the development dependencies does on the command line. */
const tool = (name, ...args) => run(join(BIN, name), ...args);

function main(argument) {
  if (argument === "--check") {
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    try {
      examine(pack(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
    return;
  }
  refuseUnready(argument);
  const before = CHANGED.map((file) => [file, readFileSync(file)]);
  try {
    run(
      "npm",
      "version",
      argument,
      "--no-git-tag-version",
      "--allow-same-version",
      "--ignore-scripts",
    );
    const today = new Date().toISOString().slice(0, 10);
    const changes = readFileSync("CHANGELOG.md", "utf8");
    writeFileSync("CHANGELOG.md", changes.replace(UNRELEASED, `## ${argument} (${today})`));
    run("npm", "run", "build");
    mkdirSync("dist", { recursive: true });
    const packed = pack("dist");
    examine(packed);
    if (settings().scripts.package) run("npm", "run", "package");
    console.log(`
dist/${packed.filename} is ready, and nothing is published. What is left:

  git commit -am "Version ${argument}" && git tag v${argument}
  git push --follow-tags
  npm publish dist/${packed.filename} --provenance --access public

Provenance is written where a CI that npm trusts publishes (id-token: write); elsewhere: --no-provenance.`);
  } catch (error) {
    for (const [file, text] of before) writeFileSync(file, text);
    throw error;
  }
}

function refuseUnready(version = "") {
  const parts = VERSION.exec(version);
  if (!parts) {
    fail(
      `"${version}" is no version. Run: npm run release -- 1.2.3, or npm run release -- --check`,
    );
  }
  const { version: current } = settings();
  const order = new Intl.Collator("en", { numeric: true });
  if (order.compare(version.split("-")[0], current.split("-")[0]) < 0) {
    fail(`${version} is older than ${current}, which package.json has.`);
  }
  if (!UNRELEASED.test(readFileSync("CHANGELOG.md", "utf8"))) {
    fail('CHANGELOG.md has no section "## … (unreleased)": there is nothing to release.');
  }
  const changed = read("git", "status", "--porcelain").trimEnd();
  if (changed) fail(`The tree is not clean. Commit or remove:\n${changed}`);
}

/** The tarball in that folder, of what is built: npm's list of what is in it. */
function pack(folder) {
  const listed = read("npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [packed] = JSON.parse(listed.slice(listed.indexOf("[")));
  return { ...packed, path: join(folder, packed.filename) };
}

function examine({ path, size, unpackedSize, files }) {
  const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  console.log(`packed ${kB(size)}, unpacked ${kB(unpackedSize)}, ${files.length} files`);
  const folders = new Map();
  for (const file of files) {
    const folder = file.path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";
    folders.set(folder, (folders.get(folder) ?? 0) + file.size);
  }
  for (const [folder, bytes] of [...folders].sort(([, a], [, b]) => b - a)) {
    console.log(`${kB(bytes).padStart(10)}  ${folder}`);
  }
  const broken = brokenLinks(new Set(files.map((file) => file.path)));
  if (broken.length > 0) fail(`Links that lead out of the package:\n${broken.join("\n")}`);
  tool("publint", "run", path, "--strict");
  tool("attw", path, "--no-definitely-typed", "--no-color");
}

/** Links of the packed pages to what is not packed, or to a heading that is not there. */
function brokenLinks(packed) {
  const folders = new Set([...packed].flatMap((path) => above(path)));
  const headings = new Map();
  const headingsOf = (path) => {
    if (!headings.has(path)) headings.set(path, anchors(readFileSync(path, "utf8")));
    return headings.get(path);
  };
  const pages = [...packed].filter((path) => path.endsWith(".md"));
  return pages.flatMap((page) => {
    const text = readFileSync(page, "utf8")
      .replace(/^```[^]*?^```$/gm, "")
      .replace(/`[^`\n]*`/g, "");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    return links.flatMap((link) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path, anchor] = link.split("#");
      const target = path ? posix.join(posix.dirname(page), path).replace(/\/$/, "") : page;
      const isThere = packed.has(target) || folders.has(target);
      const isNamed = !anchor || !target.endsWith(".md") || headingsOf(target).has(anchor);
      return isThere && isNamed ? [] : [`  ${page}: ${link}`];
    });
  });
}

const above = (path) => {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...above(folder)];
};

/** As GitHub and npm name them. */
function anchors(text) {
  const titles = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase());
  return new Set(
    titles.map((title) => title.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")),
  );
}

function fail(what) {
  throw new Error(what);
}

try {
  main(process.argv[2]);
} catch (error) {
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
}
