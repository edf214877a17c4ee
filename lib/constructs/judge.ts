import { Construct } from "constructs";
import { BackupQuery } from "./backup-query";
import { toRfc3339 } from "../model/time";
import { Lookup } from "../lookup/lookup";
import { LookupMode } from "../lookup/mode";
import { BackupsError } from "../model/errors";
import { Problem, Report, reportProblems } from "../terraform/problems";
import { sessionOf } from "./provider";

/**
 * Reports what the construct found out from these lookups. Where it is an error, the answers broke an
 * expectation, and no lock keeps them: the next run is to ask again. `decision` is what it decided, for
 * those who review a lock.
 */
export function judge(
  construct: Construct,
  lookups: () => Lookup[],
  find: () => Problem,
  decision?: () => string | undefined,
): Report {
  const constructPath = construct.node.path;
  const isBroken = () => find().error !== undefined;
  sessionOf(construct).addJudge({ constructPath, lookups, isBroken, decision });
  return reportProblems(construct, find);
}

/** Whether targets may be unmet, so that a person can destroy or repair. */
export function isForgiven(): boolean {
  return process.env["CDKTF_BACKUPS_UNMET"] === "warn";
}

/** What is wrong, as an error where it is fatal, else as a warning. */
export function problemOf(what: string | undefined, isFatal: boolean): Problem {
  if (isFatal) return { error: what, warnings: [] };
  return { warnings: what === undefined ? [] : [what] };
}

/** Undefined where a lookup failed, which is its query's own to report. */
export function unlessFailed<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (BackupsError.isBackupsError(error)) return undefined;
    throw error;
  }
}

/**
 * Says on standard output that what a frozen run decided, as of its lock, is too old by the clock of
 * today: the gate stops the apply of an action that is due on it.
 */
export function tellIfOutdated(
  construct: Construct,
  backups: BackupQuery,
  freshUntil: Date | undefined,
): void {
  const isFrozen = backups._source().mode === LookupMode.FROZEN;
  if (!isFrozen || !freshUntil || sessionOf(construct).now <= freshUntil) return;
  process.stdout.write(
    `${construct.node.path}: the lock is older than \`maxAge\` allows: what was decided as of ${toRfc3339(backups._asOf())} was fresh until ${toRfc3339(freshUntil)}. No action that is due on it passes its gate; CDKTF_BACKUPS_MODE=LIVE asks anew.\n`,
  );
}
