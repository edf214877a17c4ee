import { statSync } from "node:fs";
import { Lock } from "../../lock/format";
import { parseLock } from "../../lock/parse";
import { Difference, differencesBetween } from "../../lock/review";
import { refusal } from "../../model/errors";
import { excerpt, shown } from "../../model/text";
import { ExitCode } from "../exit";
import { json, markdown } from "../formats";
import { lockPath, verify, wholeLock } from "../lock";
import { Told } from "../output";
import { fileAt } from "../revision";

export interface LockDiffOptions {
  readonly file?: string;
  readonly failOn?: string;
}

/** What differs between two locks, each a file or a revision of git; without a second one, to the file as it is. */
export function lockDiff(
  before: string | undefined,
  after: string | undefined,
  options: LockDiffOptions,
): Told {
  const failsOn = failOn(options.failOn);
  const file = lockPath(options.file);
  const [old, now] = [sideOf(before ?? "HEAD", file), sideOf(after ?? file, file)];
  const differences = differencesBetween(old.lock, now.lock);
  return {
    exit: differences.some(failsOn) ? ExitCode.FINDINGS : ExitCode.MET,
    as: {
      text: () =>
        differences.length === 0
          ? `No difference between ${old.name} and ${now.name}.`
          : differences.map(({ sentence }) => sentence).join("\n"),
      json: () =>
        json({
          before: old.name,
          after: now.name,
          differences: differences.map(({ subject, change, isDecision }) => {
            return { subject, change, is_decision: isDecision };
          }),
        }),
      markdown: () => markdownOf(old.name, now.name, differences),
    },
  };
}

/** Which differences end it with 2. */
function failOn(given: string | undefined): (difference: Difference) => boolean {
  if (given === undefined) return () => false;
  if (given === "change") return () => true;
  if (given === "decision") return ({ isDecision }) => isDecision;
  throw refusal(
    "INVALID_ARGUMENT",
    `--fail-on ${shown(given)} is no kind of difference`,
    "Allowed: change, decision.",
  );
}

interface Side {
  readonly name: string;
  readonly lock: Lock;
}

/** A file, where there is one of that name. */
function sideOf(given: string, file: string): Side {
  if (given === file || statSync(given, { throwIfNoEntry: false })?.isFile()) {
    const { name, read } = wholeLock(given);
    return { name: excerpt(name), lock: read.lock };
  }
  const content = fileAt(given, file);
  const name = excerpt(`${given}:${file}`);
  const lock = parseLock(content, name);
  verify(lock);
  return { name, lock };
}

/** For a merge request: by whom it is about, the decisions last. */
function markdownOf(before: string, after: string, differences: readonly Difference[]): string {
  const between = `${markdown(before)} and ${markdown(after)}`;
  if (differences.length === 0) return `No difference between ${between}.`;
  const answers = differences.filter(({ isDecision }) => !isDecision);
  const decisions = differences.filter(({ isDecision }) => isDecision);
  return [
    `Differences between ${between}:`,
    ...grouped(answers).flatMap(([subject, changes]) => [
      "",
      `**${markdown(subject)}**`,
      "",
      ...changes.map((change) => `- ${markdown(change)}`),
    ]),
    ...(decisions.length > 0 ? ["", "**Decisions**", ""] : []),
    ...decisions.map(({ change, subject }) => `- ${markdown(subject)} ${markdown(change)}`),
  ].join("\n");
}

function grouped(differences: readonly Difference[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { change, subject } of differences) {
    groups.set(subject, [...(groups.get(subject) ?? []), change]);
  }
  return [...groups];
}
