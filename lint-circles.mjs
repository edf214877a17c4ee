// Says which files of a folder import each other in a circle, types included: `node lint-circles.mjs lib`.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

const [root = "lib"] = process.argv.slice(2);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(root, name));

function importsOf(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => normalize(join(dirname(file), fileName)))
    .flatMap((path) =>
      [`${path}.ts`, join(path, "index.ts")].filter((each) => files.includes(each)),
    );
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const done = new Set();
const circles = [];

function walk(file, path) {
  const start = path.indexOf(file);
  if (start >= 0) circles.push([...path.slice(start), file].join(" → "));
  if (start >= 0 || done.has(file)) return;
  for (const next of imports.get(file)) walk(next, [...path, file]);
  done.add(file);
}

for (const file of files) walk(file, []);
for (const circle of circles) console.error(`imports in a circle: ${circle}`);
process.exitCode = circles.length > 0 ? 1 : 0;
