import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { BackupsError, refusal } from "../model/errors";
import { shown } from "../model/text";
import { ownVersion } from "../thread/own-file";

// From lib/cli as from build/cli.
const TEMPLATES = join(__dirname, "..", "..", "templates");
const PROJECT = join(TEMPLATES, "project");

// The cdktn command itself wants a newer Node than cdktn and this library.
const FRAMEWORKS = {
  cdktf: { version: "0.21.0", node: "20.19.0" },
  cdktn: { version: "0.24.0", node: "22.19.0" },
};
const PIPELINES = {
  github: { file: ".github/workflows/backups.yml", of: "GitHub Actions" },
  gitlab: { file: ".gitlab-ci.yml", of: "GitLab CI" },
};
// As npm wants the name of a package; 214 letters at the most.
const NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;

/** What a new project is to be. */
export interface InitOptions {
  /** A folder that is empty but for `.git`, or not there yet; from the current one. The project has its name. */
  readonly folder: string;
  /** What its program is written with. */
  readonly framework: "cdktf" | "cdktn";
  /** Whose pipeline it gets. */
  readonly pipeline: "github" | "gitlab" | "none";
  /** Of this package, as package.json is to have it. @default - this version or newer: "^1.2.3" */
  readonly version?: string;
}

/**
 * Writes a new project: a stack, its tests, a pipeline and an empty lock file.
 * @returns The files, by their paths in the folder; the lines to tell, of what was made and what to run next.
 * @throws `INVALID_PROJECT_NAME`, `FOLDER_NOT_EMPTY` or `FOLDER_NOT_WRITABLE`; nothing is left of the project then.
 */
export function initProject(options: InitOptions): { files: string[]; next: string[] } {
  const folder = resolve(options.folder);
  const name = basename(folder);
  checkName(options.folder, name);
  const isThere = checkEmpty(folder);
  const { version: frameworkVersion, node } = FRAMEWORKS[options.framework];
  const values = new Map([
    ["name", name],
    ["node", node],
    ["framework", options.framework],
    ["frameworkVersion", frameworkVersion],
    ["version", options.version ?? `^${ownVersion()}`],
  ]);
  const texts = templatesFor(options.pipeline).map(
    ([path, text]) => [path, filled(text, values)] as const,
  );
  place(texts, folder, isThere);
  return { files: texts.map(([path]) => path).sort(), next: linesFor(options, folder, node) };
}

function checkName(given: string, name: string): void {
  if (given.trim() !== "" && NAME.test(name) && name !== "node_modules") return;
  throw refusal(
    "INVALID_PROJECT_NAME",
    `the folder is ${shown(given)}, and ${shown(name)} can't be the name of a package`,
    "Give a folder whose name has small letters, digits, `-`, `_` and `.` alone, and begins with a letter or a digit, such as orders-recovery.",
  );
}

/** Whether the folder is there. */
function checkEmpty(folder: string): boolean {
  let held: string[];
  try {
    held = readdirSync(folder).filter((each) => each !== ".git");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw notWritable(folder, error);
  }
  if (held.length === 0) return true;
  const more = held.length > 3 ? `, and ${held.length - 3} more` : "";
  throw refusal(
    "FOLDER_NOT_EMPTY",
    `the folder ${shown(folder)} holds ${held.slice(0, 3).map(shown).join(", ")}${more}`,
    "Give one that is empty (`.git` may be in it) or not there yet; nothing was written.",
  );
}

function notWritable(folder: string, cause: unknown): BackupsError {
  return refusal(
    "FOLDER_NOT_WRITABLE",
    `the project can't be written to ${shown(folder)} (${(cause as Error).message})`,
    "Give a folder that you may write to; nothing is left of the project.",
    { cause },
  );
}

/** By the path in the project: the text of its template. */
function templatesFor(pipeline: InitOptions["pipeline"]): [path: string, text: string][] {
  const files = readdirSync(PROJECT, { recursive: true, encoding: "utf8" })
    .map((file) => ({ file: join(PROJECT, file), path: file.split(sep).join("/") }))
    .filter(({ file }) => statSync(file).isFile())
    // npm would leave a .gitignore out of the package, and do what it says.
    .map(({ file, path }) => ({ file, path: path === "gitignore" ? ".gitignore" : path }));
  if (pipeline !== "none") {
    const file = join(TEMPLATES, "pipelines", `${pipeline}.yml`);
    files.push({ file, path: PIPELINES[pipeline].file });
  }
  return files.map(({ file, path }) => [path, readFileSync(file, "utf8")]);
}

/** With its value in the place of each `{{name}}`; `${{ name }}` is the pipeline's own. */
function filled(text: string, values: ReadonlyMap<string, string>): string {
  // A path of Windows has to be escaped where it stands in JSON; no other value changes by it.
  return text.replace(/\{\{(\w+)\}\}/g, (_, name) => JSON.stringify(values.get(name)).slice(1, -1));
}

/** Written beside its place and renamed, so that a run that is stopped leaves no half of a project. */
function place(
  texts: readonly (readonly [string, string])[],
  folder: string,
  isThere: boolean,
): void {
  // A folder that is there may be a file system of its own, and somebody's current folder: it stays.
  const beside = join(isThere ? folder : dirname(folder), `.cdktf-backups.${randomUUID()}.tmp`);
  const placed = [beside];
  try {
    // Where a folder refuses new ones as /proc does, Node would try for ever to make all on the way.
    if (!existsSync(dirname(beside))) mkdirSync(dirname(beside), { recursive: true });
    mkdirSync(beside);
    for (const [path, text] of texts) {
      mkdirSync(dirname(join(beside, path)), { recursive: true });
      writeFileSync(join(beside, path), text);
    }
    if (!isThere) return renameSync(beside, folder);
    for (const name of readdirSync(beside)) {
      renameSync(join(beside, name), join(folder, name));
      placed.push(join(folder, name));
    }
    rmdirSync(beside);
  } catch (error) {
    for (const each of placed) rmSync(each, { recursive: true, force: true });
    throw notWritable(folder, error);
  }
}

function linesFor(
  { folder: given, framework, pipeline }: InitOptions,
  folder: string,
  node: string,
): string[] {
  const made = pipeline === "none" ? "" : ` a pipeline for ${PIPELINES[pipeline].of},`;
  const lines = [
    `Made ${folder}: a stack of ${framework}, its tests,${made} and a lock file that is empty yet.`,
    `Run next, with Node ${node} or newer:`,
  ];
  const plain = /^[\w./-]+$/.test(given) ? given : `'${given.replaceAll("'", "'\\''")}'`;
  if (folder !== process.cwd()) lines.push(`  cd ${plain}`);
  return [
    ...lines,
    "  npm install      # commit the package-lock.json that it leaves",
    "  npm test         # against the emulator",
    "  npm run synth    # sample data, until main.ts names your instance",
    "README.md says how to go on to your own instance.",
  ];
}
