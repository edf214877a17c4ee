import { BackupsError } from "../model/errors";

/** How the command ends: a contract with pipelines. docs/cli.md tells it. */
export enum ExitCode {
  /** All that was asked for is there, or holds. */
  MET = 0,
  /** Wrong use, or an environment in which nothing can be asked. */
  WRONG = 1,
  /** Something was found, at or above the level that was given. */
  FINDINGS = 2,
  /** A lookup failed, so nothing is known: that is not the same as nothing found. */
  UNKNOWN = 3,
  /** The command itself has failed. */
  DEFECT = 70,
  /** Ctrl-C. */
  INTERRUPTED = 130,
}

/** Thrown where lookups failed that all else depends on. */
export class NothingKnown extends Error {
  constructor(public readonly problems: readonly BackupsError[]) {
    super("nothing is known");
  }
}

/** How it ends where these lookups failed. */
export function exitOf(problems: readonly BackupsError[], otherwise = ExitCode.MET): ExitCode {
  if (problems.some(({ code }) => code === "INTERRUPTED")) return ExitCode.INTERRUPTED;
  return problems.length > 0 ? ExitCode.UNKNOWN : otherwise;
}
