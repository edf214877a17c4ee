import { execFileSync } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import { BackupsError, refusal } from "../model/errors";
import { shown } from "../model/text";

// That of a lock file.
const MAX_BYTES = 1024 ** 3;

/** A file as it is in a revision of the git repository that it lies in: its bytes, as they were committed. */
export function fileAt(revision: string, file: string): Buffer {
  // A commit first, by its hash: from then on nothing that was given is read as anything else.
  const hash = commitOf(revision, file);
  return git(file, ["cat-file", "blob", `${hash}:./${basename(file)}`], (said) => {
    if (/maxBuffer|ENOBUFS/.test(said)) return [`${file} of ${shown(revision)} is too large`, ""];
    return [
      `the revision ${shown(revision)} has no ${file}`,
      "Give a revision in which it was committed, by this name, or another file by --file.",
    ];
  });
}

function commitOf(revision: string, file: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/^[^-^\0-\x1f\x7f][^\0-\x1f\x7f]*$/.test(revision)) {
    throw refusal(
      "INVALID_ARGUMENT",
      `${shown(revision)} is neither a file nor a revision`,
      "Allowed is the path of a lock file, or a revision of git such as HEAD~1, main or v1.2.",
    );
  }
  const resolved = (name: string) =>
    git(file, ["rev-parse", "--verify", name], (said) => explained(said, revision, file))
      .toString()
      .trim();
  // In two steps: of a search, `:/text`, all that follows is the text.
  return resolved(`${resolved(revision)}^{commit}`);
}

function explained(said: string, revision: string, file: string): [what: string, advice: string] {
  if (/not a git repository/i.test(said)) {
    return [
      `${shown(revision)} is no file, and ${shown(dirname(resolve(file)))} is in no git repository`,
      "Run it in a working tree, or give the paths of two lock files.",
    ];
  }
  return [
    `${shown(revision)} is neither a file nor a revision of the git repository`,
    "Allowed is such as HEAD~1, main or v1.2; in a shallow clone (`git fetch --unshallow`) there may be none of them.",
  ];
}

/** What git says, of the repository that the file lies in. */
function git(
  file: string,
  args: readonly string[],
  explain: (said: string) => [what: string, advice: string],
): Buffer {
  const cwd = dirname(resolve(file));
  try {
    return execFileSync("git", args, {
      cwd,
      maxBuffer: MAX_BYTES,
      stdio: ["ignore", "pipe", "pipe"],
      // What it says is read.
      env: { ...process.env, LC_ALL: "C", LANGUAGE: "C" },
      windowsHide: true,
    });
  } catch (error) {
    throw failure(error as NodeJS.ErrnoException & { stderr?: Buffer }, explain);
  }
}

function failure(
  { code, message, stderr }: NodeJS.ErrnoException & { stderr?: Buffer },
  explain: (said: string) => [what: string, advice: string],
): BackupsError {
  if (code === "ENOENT") {
    return refusal(
      "REVISION_UNREADABLE",
      "git can't be run there: it is not installed, or the folder of the lock is not there",
      "Install it, check the path, or give the paths of two lock files.",
    );
  }
  const said = stderr?.toString() ?? "";
  if (/dubious ownership/.test(said)) {
    return refusal(
      "REVISION_UNREADABLE",
      "git refuses the repository, which belongs to another user",
      "Allow it: `git config --global --add safe.directory <folder>`.",
    );
  }
  return refusal("REVISION_UNREADABLE", ...explain(`${code} ${message} ${said}`));
}
