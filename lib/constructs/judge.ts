import { Construct } from "constructs";
import { Lookup } from "../lookup/lookup";
import { LookupMode } from "../lookup/mode";
import { tell } from "../cloud/notice";
import { Outcome } from "../model/outcome";
import { toRfc3339 } from "../model/time";
import { Problem, Report, reportProblems } from "../terraform/problems";
import { BackupQuery } from "./backup-query";
import { ProjectBackups } from "./project-backups";
import { sessionOf } from "./provider";
import { RestoreChoice } from "./restore-choice";
import { isFatal, Unmet } from "./unmet";

/** What a judgement is made from. */
export interface Grounds {
  /** Whether the backups are there; a query's or a project's failed lookup is its own to report. */
  readonly isKnown: () => boolean;
  /** As far as they were needed. */
  readonly lookups: () => Lookup[];
}

/** All backups of these queries and projects, and lookups of its own. */
export function groundsOf(
  queries: readonly BackupQuery[],
  windows: () => readonly Lookup[],
  projects: readonly ProjectBackups[] = [],
): Grounds {
  for (const query of queries) query._need();
  return {
    isKnown: () => [...queries, ...projects].every((each) => each._outcome().isKnown),
    lookups: () => [...[...queries, ...projects].flatMap((each) => each._lookups()), ...windows()],
  };
}

/**
 * Reports what the construct found out from these lookups. Where it is an error, the answers broke an
 * expectation, and no lock keeps them: the next run is to ask again. `decision` is what it decided, for
 * those who review a lock.
 */
export function judge(
  construct: Construct,
  { isKnown, lookups }: Grounds,
  find: () => Problem,
  decision?: () => string | undefined,
): Report {
  const findOwn = () => (isKnown() ? find() : { warnings: [] });
  sessionOf(construct).addJudge({
    constructPath: construct.node.path,
    lookups,
    isBroken: () => findOwn().error !== undefined,
    decision,
  });
  return reportProblems(construct, findOwn);
}

/**
 * What is wrong with it: a warning where `onUnmet` says so and nothing acts on any of these choices, else an
 * error. Told here alone, once for all that act.
 */
export function unmetProblem(
  { problem }: Outcome<unknown>,
  onUnmet: Unmet | undefined,
  choices: readonly RestoreChoice[],
): Problem {
  if (!problem) return { warnings: [] };
  if (isFatal(onUnmet)) return { error: problem.message, warnings: [] };
  const acting = [...new Set(choices.flatMap(({ neededBy }) => neededBy))];
  if (acting.length === 0) return { warnings: [problem.message] };
  const needed = `What acts has to have it met, whatever onUnmet says: ${acting.join(", ")}.`;
  return { error: `${problem.message} ${needed}`, warnings: [] };
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
  tell(
    `${construct.node.path}: the lock is older than \`maxAge\` allows: what was decided as of ${toRfc3339(backups._asOf())} was fresh until ${toRfc3339(freshUntil)}. No action that is due on it passes its gate; CDKTF_BACKUPS_MODE=LIVE asks anew.`,
  );
}
