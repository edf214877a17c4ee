import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { humanTime } from "../restore/decision";
import { Lock, LockEntry, timeOf, whoseIs } from "../lock/format";
import { Change, Changes } from "../lock/merge";
import { Identity } from "../query/identity";
import { instancesOf } from "../query/question";
import { Records } from "../services/records";
import { Decisions, stackIn, stackRecords } from "../lock/stacks";
import { Asked, isFrozen, putByKey, Run, Settled } from "./lookup";
import { doubtAmong, REFRESH } from "./plan";

/** A question and what became of it, where anything has by the end of the synthesis. */
export interface Ended extends Asked, Partial<Settled> {
  /** Whether its answer broke an expectation, so that the synthesis fails: it is not kept. */
  readonly isBroken: boolean;
}

/** By key: why nothing tells whose the answers are. */
export function doubtsIn(ended: readonly Ended[]): Map<string, string> {
  const sameKey = new Map<string, Ended[]>();
  for (const each of ended) putByKey(sameKey, each);
  const doubts = new Map<string, string>();
  for (const [key, same] of sameKey) {
    const doubt = doubtAmong(same);
    if (doubt !== undefined) doubts.set(key, doubt);
  }
  return doubts;
}

/** What the synthesis changes in its lock; of two answers to one question the last one counts. */
export function changesBy(
  ended: readonly Ended[],
  doubts: ReadonlyMap<string, string>,
  decisions: Decisions,
  { lock, now }: Run,
): Changes {
  const notFrozen = ended.filter((each) => !isFrozen(each));
  const refuted = notFrozen.filter(isRefuted).map(({ key }) => key);
  const refused = new Set([...refuted, ...doubts.keys()]);
  const answers = new Map<string, LockEntry>();
  for (const { entry, isFromLock, key } of notFrozen) {
    if (entry && !isFromLock && !refused.has(key)) answers.set(key, entry);
  }
  const stacks = stackRecords(ended, decisions, lock, answers.size === 0);
  return { stacks, answers, refused, began: now.getTime() };
}

/** A service that knows no such instance any more refutes what it said of it before. */
function isRefuted({ isBroken, outcome }: Ended): boolean {
  return isBroken || outcome?.problem?.code === "INSTANCE_NOT_FOUND";
}

/** Where the answers come from, if not all from the cloud just now. */
export function provenance(ended: readonly Ended[], run: Run): string[] {
  const served = ended.filter(({ isFromLock }) => isFromLock);
  if (!served[0]) return [];
  const entries = served.map(({ entry }) => entry!);
  const count = `${served.length} of ${lookups(ended.length)}`;
  const oldest = new Date(Math.min(...entries.map(timeOf)));
  if (!served.some(isFrozen)) {
    const age = humanTime(run.now.getTime() - oldest.getTime());
    const hosts = new Set(entries.map(({ answered }) => excerpt(answered.host, 80)));
    const from = `${[...hosts].join(" and ")}, the oldest ${age} old`;
    return [`${count} answered from it, as told by ${from}; ${REFRESH} asks anew`];
  }
  const newest = run.asOfFor(served[0].source);
  const since = oldest < newest ? `, the oldest answer of ${toRfc3339(oldest)}` : "";
  const whose = new Set(entries.map(({ answered }) => whoseIs(answered)));
  const isDeclared = served.every(({ source }) => source.settings.projectId !== undefined);
  return [
    `FROZEN: ${count} as of ${toRfc3339(newest)}${since}, answered by ${[...whose].join(" and ")}${isDeclared ? "" : " (the program declares no project id)"}`,
  ];
}

/** Where a frozen run decides otherwise than the run whose decisions were reviewed. */
export function deviations(ended: readonly Ended[], decisions: Decisions, { lock }: Run): string[] {
  if (!ended.every(isFrozen)) return [];
  return Object.entries(decisions).flatMap(([construct, is]) => {
    const was = lock.stacks.get(stackIn(construct))?.decisions[construct];
    if (is === undefined || was === undefined || was === is) return [];
    return `${construct} decides ${excerpt(is)}, where it records ${excerpt(was)}`;
  });
}

/** What a run that asked for everything anew has changed in a lock that was there. */
export function renewedLines({ after, before, isNew }: Change): string[] {
  const keys = [...after.entries.keys()];
  const added = keys.filter((key) => !before.entries.has(key)).length;
  const gone = [...before.entries.keys()].filter((key) => !after.entries.has(key)).length;
  const renewed = keys.flatMap((key) => {
    const [was, is] = [before.entries.get(key), after.entries.get(key)!];
    return was && was !== is ? [[was, is] as const] : [];
  });
  const changed = renewed.filter(([was, is]) => !isSameAnswer(was, is)).length;
  if (isNew || renewed.length + added + gone === 0) return [];
  return [`${renewed.length} renewed (${changed} with changes), ${added} new, ${gone} gone`];
}

function isSameAnswer(was: LockEntry, is: LockEntry): boolean {
  // What was edited since is not what was answered.
  const former = Outcome.of(() => was.records).value;
  if (former?.byteLength !== is.records.byteLength || !was.missing !== !is.missing) return false;
  return former.joined().equals(is.records.joined());
}

/** What was written of these changes to a lock of before. */
export function writtenLines(
  { answers, refused }: Changes,
  before: Lock,
  isNew: boolean,
): string[] {
  const news = `written for the first time, with ${lookups(answers.size)}`;
  const gone = [...refused].filter((key) => before.entries.has(key)).length;
  const loss = `${lookups(gone)} taken out of it, whose answers did not hold; the next run asks again`;
  return [...(isNew ? [news] : []), ...(gone > 0 ? [loss] : []), ...renamed(answers, before)];
}

/** Where a name leads to another instance than it did: whoever took its place was not reviewed. */
function renamed(answers: Changes["answers"], before: Lock): string[] {
  return [...answers].flatMap(([key, { label, query, records }]) => {
    if (query["list"] !== "instances" || query["name"] === undefined) return [];
    // What was edited since tells nothing.
    const former = Outcome.of(() => before.entries.get(key)?.records).value;
    const [was, is] = [former, records].map((each) => each && idsIn(each, query));
    if (was === undefined || was === is) return [];
    return `${excerpt(label, 120)}: ${is}, where it was ${was}; a pin holds what it held`;
  });
}

function idsIn(records: Records, { name, service }: Identity): string {
  const question = instancesOf(service as BackupService, String(name));
  const { instances } = question.resultOf(records, new Date(), []);
  const ids = instances.map(({ id }) => excerpt(id, 60));
  return ids.length === 0 ? "none" : ids.sort().join(" and ");
}

export function lookups(count: number): string {
  return count === 1 ? "1 lookup" : `${count} lookups`;
}
