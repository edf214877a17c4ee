import { Command, CommanderError } from "commander";
import { tellTo } from "../cloud/notice";
import { BackupsError } from "../model/errors";
import { printable } from "../model/text";
import { progressOnTerminalsAlone } from "../wire/progress";
import { forCommand } from "./advice";
import { ExitCode, exitOf, NothingKnown } from "./exit";
import { notWritten, targetsOf, Told, write } from "./output";
import { programOf, Run } from "./program";
import { terminalOf } from "./terminal";

/** Does what the command line says; how the process is to end. */
export async function main(args: readonly string[], version: string): Promise<number> {
  // Whoever reads has seen enough: no reason to say so.
  process.stdout.on("error", endUnwritten);
  // Where nothing can be told, how it ends tells it.
  process.stderr.on("error", () => undefined);
  // Standard output is data, and what it waits for concerns whoever looks on.
  tellTo((line) => void (process.stderr.isTTY && toStandardError(line)));
  progressOnTerminalsAlone();
  process.on("SIGINT", () => process.exit(ExitCode.INTERRUPTED));
  let exit: number = ExitCode.MET;
  const run: Run = async (work, formats, options) => {
    const targets = targetsOf(options.format, options.out ?? [], formats);
    const told = await work(terminalOf(process.stdout, process.env));
    write(told, targets);
    tellOf(told);
    exit = told.exit;
  };
  const program = programOf(version, run);
  throwInsteadOfExiting(program);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return failed(error);
  }
  return exit;
}

function throwInsteadOfExiting(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExiting);
}

function tellOf({ notes = [], problems = [] }: Told): void {
  for (const note of notes.slice(0, MOST_NOTES)) toStandardError(`note: ${note}`);
  const more = notes.length - MOST_NOTES;
  if (more > 0) toStandardError(`note: … and ${more} more`);
  for (const problem of problems) tellProblem(problem);
}

// One for each record would drown what was asked for.
const MOST_NOTES = 10;
// Of which there is more to be told.
const OF_CONNECTION: readonly string[] = ["NO_CLOUD", "NO_REGION", "NO_CREDENTIALS"];

/** Told on standard error; how the process is to end. */
function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.MET : ExitCode.WRONG;
  if (error instanceof NothingKnown) {
    error.problems.forEach(tellProblem);
    return exitOf(error.problems);
  }
  if (!BackupsError.isBackupsError(error)) throw error;
  tellProblem(error);
  if (OF_CONNECTION.includes(error.code)) {
    toStandardError("`cdktf-backups doctor` tells what was found of the environment.");
  }
  return error.code === "INTERRUPTED" ? ExitCode.INTERRUPTED : ExitCode.WRONG;
}

function tellProblem(problem: BackupsError): void {
  if (problem.code === "INTERRUPTED") return;
  // A list in it stands on lines of its own.
  forCommand(problem).message.split("\n").forEach(toStandardError);
}

function toStandardError(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

function endUnwritten({ code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  tellProblem(notWritten("standard output", code));
  process.exit(ExitCode.WRONG);
}
