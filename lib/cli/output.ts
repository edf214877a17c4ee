import { randomUUID } from "node:crypto";
import { existsSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { ExitCode } from "./exit";

/** In what something is written. */
export type Format =
  "text" | "json" | "ndjson" | "csv" | "markdown" | "junit" | "sarif" | "prometheus" | "html";

/** What a command has to tell. */
export interface Told {
  readonly exit: ExitCode;
  /** In each format that makes sense, made when it is wanted. */
  readonly as: { readonly [F in Format]?: () => string };
  /** What failed, and what a person has to know besides: on standard error. */
  readonly problems?: readonly BackupsError[];
  readonly notes?: readonly string[];
}

/** Where a format goes: to standard output, or into a file. */
export interface Target {
  readonly format: Format;
  readonly file?: string;
}

/** `--format text --out junit=results.xml`: what goes to standard output, then the files; each of `allowed`. */
export function targetsOf(
  format: string | undefined,
  outs: readonly string[],
  allowed: readonly Format[],
): Target[] {
  const files = outs.map((out): Target => {
    const [, name = "", file] = /^([^=]*)=(.+)$/s.exec(out) ?? [];
    if (file === undefined) {
      throw refusal(
        "INVALID_ARGUMENT",
        `--out ${excerpt(out, 80)} names no file`,
        "Allowed is a format and a file, such as --out json=backups.json.",
      );
    }
    // Before anything is asked.
    if (!existsSync(dirname(resolve(file)))) throw notWritten(file, "ENOENT");
    return { format: checkedFormat(name, allowed, "--out"), file };
  });
  return [{ format: checkedFormat(format ?? allowed[0]!, allowed, "--format") }, ...files];
}

function checkedFormat(name: string, allowed: readonly Format[], option: string): Format {
  const known = allowed.find((each) => each === name);
  if (known !== undefined) return known;
  throw refusal(
    "INVALID_ARGUMENT",
    `${option} ${JSON.stringify(excerpt(name, 40))} is no format of this command`,
    `Allowed: ${allowed.join(", ")}.`,
  );
}

/** The files first: who reads standard output knows that they are there. */
export function write({ as }: Told, targets: readonly Target[]): void {
  for (const { file, format } of [...targets].reverse()) {
    const text = ended(as[format]!());
    if (file === undefined) process.stdout.write(text);
    else {
      try {
        writeWhole(file, text);
      } catch (error) {
        throw notWritten(file, (error as NodeJS.ErrnoException).code);
      }
    }
  }
}

/** Beside it, and then in its place: whoever reads has the former one, or this. */
function writeWhole(file: string, text: string): void {
  const former = statSync(file, { throwIfNoEntry: false });
  // A pipe or a device is what it is; a link stays a link.
  if (former && !(former.isFile() && lstatSync(file).isFile())) return writeFileSync(file, text);
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(beside, text, { flag: "wx", mode: former?.mode });
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

export function notWritten(file: string, code = "unknown"): BackupsError {
  return refusal(
    "OUTPUT_NOT_WRITTEN",
    `${excerpt(file)} can't be written (${code})`,
    "Check that there is room, and that you may write there.",
  );
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
