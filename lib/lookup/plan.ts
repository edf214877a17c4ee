import { existsSync } from "node:fs";
import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { timeOf as dateOf, toRfc3339 } from "../model/time";
import { MAX_CLOCK_SKEW_MS } from "../restore/candidates";
import { builtAt, EMPTY_LOCK, LockEntry, timeOf } from "../lock/format";
import { LockFile } from "../lock/file";
import { formerKeys } from "../lock/former";
import { stackIn } from "../lock/stacks";
import { Identity, identityOf, keyOf } from "../query/identity";
import { Question, questionOf } from "../query/question";
import { Asked, entryOf, isFrozen, Run, Source } from "./lookup";
import { LookupMode, MODE_VARIABLE } from "./mode";

/** Asks the cloud for all. */
export const REFRESH = `\`${MODE_VARIABLE}=LIVE npx cdktf synth\``;

/** What is to be done for a question: its answer is in the lock, the cloud is asked, or nobody may be. */
export type Step =
  { readonly serve: LockEntry } | { readonly ask: true } | { readonly refuse: BackupsError };

/** Whether no answer can come from a lock. */
export function isSureToAsk({ mode, store }: Source): boolean {
  if (mode === LookupMode.FROZEN) return false;
  return mode === LookupMode.LIVE || (store instanceof LockFile && !existsSync(store._file));
}

/** `isWanted`: that it is the one that is read; its refusal names all that the lock lacks. */
export function plan(asked: Asked, run: Run, isWanted: boolean): Step {
  const entry = servingEntry(asked, run);
  if (!isFrozen(asked)) return entry ? { serve: entry } : { ask: true };
  if (!entry) return { refuse: missing(asked, run, isWanted) };
  const refuse = whyNotFrozen(asked, entry, run);
  return refuse ? { refuse } : { serve: entry };
}

/** The answer that is in the lock, if it may serve as one. */
export function servingEntry(asked: Asked, run: Run): LockEntry | undefined {
  const { source, question, key } = asked;
  const entry = entryOf(asked, run);
  if (!entry || !maySpeakFor(source, question, entry, run)) return undefined;
  if (source.mode === LookupMode.CACHED && doubtAmong(run.asked.get(key))) return undefined;
  if (!question.countsBack) return entry;
  const answered = dateOf(timeOf(entry));
  return question.holds(builtAt(entry), answered, run.asOfFor(source)) ? entry : undefined;
}

/**
 * Of these keys that were asked last time: what was asked of the source and is not asked yet, by key. So
 * one batch fetches all of it, also where the program reads each value before it declares the next query.
 */
export function askAgain(
  source: Source,
  run: Run,
  former: readonly string[],
): [string, Question<unknown>][] {
  return former.flatMap((key) => {
    const entry = run.lock.entries.get(key);
    const question = entry && !run.asked.has(key) && questionOf(entry.query);
    if (!question || maySpeakFor(source, question, entry, run)) return [];
    // Of another cloud, region or project: this source must not be asked.
    return keyOf(identityOf(question, source.settings)) === key ? [[key, question]] : [];
  });
}

/**
 * The moment that ages count back from on a frozen run: that of the newest answer that its stacks took
 * last time, which is when they were synthesised; where they ask for something else by now, of the
 * newest answer they take. An older answer is as old then as it was.
 */
export function frozenAsOf({ asked, lock, stacks }: Run): Date | undefined {
  const keys = [...asked].flatMap(([key, same]) => (same.some(isFrozen) ? key : []));
  const former = new Set(formerKeys(lock, stacks));
  // The same stack may ask for something else: of another stage, of another version.
  const used = keys.every((key) => former.has(key)) ? [...former] : keys;
  const entries = used.flatMap((key) => lock.entries.get(key) ?? []);
  // Read, and so their digests checked: a time that was edited would move all ages.
  for (const entry of entries) void entry.records;
  const times = entries.map(timeOf);
  return times.length > 0 ? dateOf(Math.max(...times)) : undefined;
}

/** Why questions of one key may be of two accounts; answers that are there by now tell more. */
export function doubtAmong(
  same: readonly (Asked & { readonly entry?: LockEntry })[] = [],
): string | undefined {
  const [one] = same;
  const two = same
    .filter(({ asker, entry }) => asker !== one!.asker || !isAnsweredAlike(entry, one!.entry))
    .at(-1);
  if (!two) return undefined;
  return `"${two.question.label}" is asked of two that nothing declared tells apart (${one!.constructPath}, ${two.constructPath}): give both providers a \`projectId\`, one address, and the same \`asOf\``;
}

function isAnsweredAlike(one: LockEntry | undefined, two: LockEntry | undefined): boolean {
  if (!one || !two) return true;
  const [was, is] = [one, two].map(({ answered }) => JSON.stringify({ ...answered, at: "" }));
  return was === is;
}

/** Whether it says that no instance has a name. */
function isNobodys({ query, records }: LockEntry): boolean {
  return query["list"] === "instances" && "name" in query && records.length === 0;
}

/** Whether its mode takes an answer like that from a lock. */
function maySpeakFor(
  source: Source,
  question: Question<unknown>,
  entry: LockEntry,
  run: Run,
): boolean {
  const { mode, settings, maxLockAgeMs } = source;
  if (mode !== LookupMode.CACHED) return mode === LookupMode.FROZEN;
  const age = run.now.getTime() - timeOf(entry);
  // Only an id says whose the answer is: every account has a project of the region's name. And an
  // instance that was missing may have been made since.
  const isMissing = entry.missing !== undefined || isNobodys(entry);
  const isOurs = settings.projectId !== undefined && !isMissing;
  // An answer from further in the future is from a wrong clock.
  if (!isOurs || age < -MAX_CLOCK_SKEW_MS || age > maxLockAgeMs) return false;
  const host = run.hostOf(source, question.service);
  return host === undefined || host === entry.answered.host;
}

/** What a frozen run must not take silently. */
function whyNotFrozen(asked: Asked, entry: LockEntry, run: Run): BackupsError | undefined {
  const { source, question, key } = asked;
  const { name } = run;
  const { at, host: answered } = entry.answered;
  const host = run.hostOf(source, question.service);
  if (host !== undefined && host !== answered) {
    return refusal(
      "LOCK_OF_ANOTHER_HOST",
      `${name} has an answer to "${question.label}" of ${excerpt(answered, 80)}, but by the program and the environment ${host} is the one to ask`,
      `Set the environment as it was for that run (CDKTF_BACKUPS_ENDPOINTS, HW_CLOUD, OS_AUTH_URL, the region), or run ${REFRESH} and commit ${name}.`,
    );
  }
  const doubt = doubtAmong(run.asked.get(key));
  const isLater = source.asOf === undefined && timeOf(entry) > run.asOfFor(source).getTime();
  if (doubt === undefined && !isLater) return undefined;
  return refusal(
    "LOCK_AMBIGUOUS",
    doubt ??
      `${name} answers "${question.label}" as of ${at}, but what was read before is as of ${toRfc3339(run.asOfFor(source))}`,
    doubt
      ? "In the mode FROZEN nothing tells whose answer the lock has."
      : `These were never synthesised together. Run ${REFRESH} where the cloud can be reached.`,
  );
}

/** Of a frozen run that has no answer; where it is the one that is read, all that the lock lacks. */
function missing(asked: Asked, run: Run, isWanted: boolean): BackupsError {
  const isOther = (other: Asked) => other !== asked && isFrozen(other) && !servingEntry(other, run);
  const others = isWanted ? [...run.asked.values()].flat().filter(isOther) : [];
  const list = others.map((other) => `${other.constructPath}: ${lack(other, run)}`);
  const more = list.length > 0 ? " It will add as well:" : "";
  return refusal(
    "LOCK_MISSING",
    `${lack(asked, run)}, and in the mode FROZEN nobody is asked`,
    `Run ${REFRESH} where the cloud can be reached, and commit ${run.name}.${more}`,
    { list },
  );
}

function lack(asked: Asked, run: Run): string {
  const { name, lock } = run;
  const { constructPath, identity, source } = asked;
  const { label } = asked.question;
  if (lock === EMPTY_LOCK) return `${name} is not there`;
  const entry = entryOf(asked, run);
  if (entry) {
    return `${name} has an answer to "${label}" that counts back from ${toRfc3339(builtAt(entry))}, which does not reach what is asked as of ${toRfc3339(run.asOfFor(source))}`;
  }
  const keys = lock.stacks.get(stackIn(constructPath))?.lookups[constructPath] ?? [];
  const [former] = keys.flatMap((key) => (run.asked.has(key) ? [] : (lock.entries.get(key) ?? [])));
  if (!former) return `${name} has no answer to "${label}"`;
  const differs = differences(former.query, identity).join(", ");
  return `the query has changed (${differs}): ${name} has the answer to "${excerpt(former.label)}", not to "${label}"`;
}

/** The names of what differs. */
function differences(one: Identity, two: Identity): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(two)])];
  const isOther = (name: string) => JSON.stringify(one[name]) !== JSON.stringify(two[name]);
  return names.filter(isOther).map((name) => excerpt(name, 40));
}
