import { INSTANCE_NOT_FOUND } from "../cloud/api-errors";
import { withoutUndefined } from "../model/defined";
import { ErrorCode } from "../model/error-codes";
import { BackupsEnvironmentError, BackupsError, BackupsUsageError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { timeOf as dateOf, toRfc3339 } from "../model/time";
import { MAX_CLOCK_SKEW_MS } from "../restore/candidates";
import { humanTime } from "../restore/decision";
import { Identity, identityOf, keyOf } from "../query/identity";
import {
  Answered,
  builtAt,
  EMPTY_LOCK,
  Lock,
  LockEntry,
  timeOf,
  UNNAMED,
  whoseIs,
} from "../lock/format";
import { Doubts, newAnswers } from "./lock-findings";
import { Decisions, formerKeys, stackIn, stackRecords } from "../lock/stacks";
import { ILockStore } from "../lock/store";
import { Read, readLock, writeLock } from "../lock/merge";
import { Answer, Book, Lookup, Place, Source } from "./lookup";
import { LookupMode, MODE_VARIABLE } from "./mode";
import { Question, questionOf } from "../query/question";

const REFRESH = `\`${MODE_VARIABLE}=LIVE npx cdktf synth\``;

/** What was made of the answers of one synthesis. */
export interface Verdict {
  /** Lookups whose answer broke an expectation, so that the synthesis fails: it is not kept. */
  readonly broken: ReadonlySet<Lookup>;
  readonly decisions: Decisions;
  readonly pruneDays?: number;
}

/** One lock in one synthesis: read once, asked, and written when all is known. */
export class LockBook implements Book {
  private readonly asked: Lookup[] = [];
  private readonly doubts = new Doubts();
  private readonly askedAhead = new Set<string>();
  private content?: Read;
  private problem?: BackupsError;
  private frozenAsOf?: Date;

  /** `stacks`: the ids of those that have declared a lookup so far. */
  constructor(
    private readonly store: ILockStore,
    private readonly now: Date,
    private readonly stacks: ReadonlySet<string>,
    /** Where a source asks, as far as the environment says. */
    private readonly hostOf: (source: Source, question: Question<unknown>) => string | undefined,
  ) {}

  /** As the user knows it. */
  public get name(): string {
    const name = String(this.store);
    return name.startsWith("[object ") ? UNNAMED : name;
  }

  /**
   * The moment that ages count back from on a frozen run: that of the newest answer that its stacks took
   * last time, which is when they were synthesised; where they ask for something else by now, of the
   * newest answer they take. An older answer is as old then as it was.
   */
  public get asOf(): Date {
    const known = (this.frozenAsOf ??= this.newestUsed());
    if (known) return known;
    if (this.lock.entries.size === 0) return this.now;
    throw new BackupsUsageError({
      code: "AS_OF_UNKNOWN",
      what: `${this.name} has answers of several moments, and nothing tells yet which stacks are synthesised`,
      advice: "In the mode FROZEN read `asOf` after the first value of a query, or give `asOf`.",
    });
  }

  /** Takes note of it; it has to be known before another one is answered. */
  public ask(lookup: Lookup): void {
    this.doubts.add(lookup);
    this.asked.push(lookup);
  }

  /**
   * Answers the lookup if its mode has it so; whether it did. An error where the mode is FROZEN and there
   * is no answer; the one of `wanted` names all that have none.
   */
  public answer(lookup: Lookup, wanted: Lookup | undefined): boolean {
    const entry = this.servingEntry(lookup);
    if (!entry) {
      if (!isFrozen(lookup)) return false;
      throw this.nothingHere(lookup, lookup === wanted);
    }
    if (isFrozen(lookup)) this.checkFrozen(lookup, entry);
    lookup.entry = entry;
    lookup.isFromLock = true;
    lookup.conclude(answerIn(entry), this.asOfFor(lookup.place.source));
    return true;
  }

  /** The moment that the ages of a source's answers count back from. */
  public asOfFor({ asOf, mode }: Source): Date {
    return asOf ?? (mode === LookupMode.FROZEN ? this.asOf : this.now);
  }

  /** The answer that is here for the lookup, if it may serve as one. */
  public servingEntry({ place, question }: Lookup): LockEntry | undefined {
    const entry = this.entryOf(place);
    if (!entry || !this.mayServe(entry, place.source, question)) return undefined;
    const isCached = place.source.mode === LookupMode.CACHED;
    if (isCached && this.doubts.found.has(place.key)) return undefined;
    if (!question.countsBack) return entry;
    const answered = dateOf(timeOf(entry));
    return question.holds(builtAt(entry), answered, this.asOfFor(place.source)) ? entry : undefined;
  }

  /**
   * What these stacks asked of the source last time and have not declared yet: so that one batch fetches
   * all of it, also where the program reads each value before it declares the next query.
   */
  public expected(source: Source): Question<unknown>[] {
    return formerKeys(this.lock, this.stacks).flatMap((key) => {
      const entry = this.lock.entries.get(key);
      if (!entry || this.doubts.hasSeen(key) || this.askedAhead.has(key)) return [];
      const question = questionOf(entry.query);
      if (!question || this.mayServe(entry, source, question)) return [];
      // Of another cloud, region or project: this source must not be asked.
      if (keyOf(identityOf(question, source.settings)) !== key) return [];
      this.askedAhead.add(key);
      return [question];
    });
  }

  /** Holds the answer of the cloud until all is known. */
  public keep(lookup: Lookup, answer: Answer, who: Omit<Answered, "at">): void {
    const { missing, records } = answer;
    const { label, countsBack } = lookup.question;
    const reason = missing && { code: missing.code, service_code: missing.serviceCode };
    const [at, asOf] = [this.now, this.asOfFor(lookup.place.source)].map(toRfc3339) as [
      string,
      string,
    ];
    lookup.entry = {
      label,
      query: lookup.place.identity,
      answered: { at, ...(countsBack && asOf !== at && { as_of: asOf }), ...withoutUndefined(who) },
      ...(reason && { missing: withoutUndefined(reason) }),
      records,
    };
  }

  /** Writes what was found out. What a reader has to know of it, a line each. */
  public save(verdict: Verdict): string[] {
    // Why it could not be read, the lookups tell.
    if (this.asked.length === 0 || this.problem) return [];
    const lines = [...this.write(verdict), ...this.provenance(), ...this.deviations(verdict)];
    return lines.map((line) => `${this.name}: ${line}`);
  }

  private write({ broken, decisions, pruneDays }: Verdict): string[] {
    if (this.asked.every(isFrozen)) return [];
    // Anew: by now it is known who answered.
    const conflicts = Doubts.of(this.asked).found;
    const notFrozen = this.asked.filter((lookup) => !isFrozen(lookup));
    // A service that knows no such instance any more refutes what it said of it before.
    const refuted = notFrozen.filter(
      (lookup) => broken.has(lookup) || lookup.error?.code === INSTANCE_NOT_FOUND,
    );
    const refused = new Set([...refuted.map(({ place }) => place.key), ...conflicts.keys()]);
    const answers = newAnswers(notFrozen);
    for (const key of refused) answers.delete(key);
    try {
      if (!this.isThere && answers.size === 0) return told(conflicts);
      const isAsBefore = answers.size === 0;
      const asked = this.asked.map(({ constructPath, place: { key } }) => ({ constructPath, key }));
      const stacks = stackRecords(asked, decisions, this.lock, isAsBefore);
      const began = this.now.getTime();
      const changes = { stacks, answers, refused, began, pruneDays };
      const isNew = writeLock(this.store, this.name, this.read, changes);
      const news = `written for the first time, with ${lookups(answers.size)}`;
      const gone = [...refused].filter((key) => this.lock.entries.has(key)).length;
      const loss = `${lookups(gone)} taken out of it, whose answers did not hold; the next run asks again`;
      return [...(isNew ? [news] : []), ...(gone > 0 ? [loss] : []), ...told(conflicts)];
    } catch (error) {
      const why = excerpt(error instanceof Error ? error.message : String(error), 300);
      return [`nothing was written (${why}); the synthesis goes on`];
    }
  }

  /** Where the answers come from, if not all from the cloud just now. */
  private provenance(): string[] {
    const served = this.asked.filter(({ isFromLock }) => isFromLock);
    if (served.length === 0) return [];
    const count = `${served.length} of ${lookups(this.asked.length)}`;
    const oldest = new Date(Math.min(...served.map(({ entry }) => timeOf(entry!))));
    if (!served.some(isFrozen)) {
      const age = humanTime(this.now.getTime() - oldest.getTime());
      const hosts = new Set(served.map(({ entry }) => excerpt(String(entry!.answered.host), 80)));
      const from = `${[...hosts].join(" and ")}, the oldest ${age} old`;
      return [`${count} answered from it, as told by ${from}; ${REFRESH} asks anew`];
    }
    const newest = this.asOfFor(served[0]!.place.source);
    const since = oldest < newest ? `, the oldest answer of ${toRfc3339(oldest)}` : "";
    const whose = new Set(served.map(({ entry }) => whoseIs(entry!.answered)));
    const isDeclared = served.every(({ place }) => place.source.settings.projectId !== undefined);
    return [
      `FROZEN: ${count} as of ${toRfc3339(newest)}${since}, answered by ${[...whose].join(" and ")}${isDeclared ? "" : " (the program declares no project id)"}`,
    ];
  }

  /** Where a frozen run decides otherwise than the run whose decisions were reviewed. */
  private deviations({ decisions }: Verdict): string[] {
    if (!this.asked.every(isFrozen)) return [];
    return Object.entries(decisions).flatMap(([construct, is]) => {
      const was = this.lock.stacks.get(stackIn(construct))?.decisions[construct];
      if (is === undefined || was === undefined || was === is) return [];
      return `${construct} decides ${excerpt(is)}, where it records ${excerpt(was)}`;
    });
  }

  private entryOf({ key, identity }: Place): LockEntry | undefined {
    const entry = this.lock.entries.get(key);
    return entry && JSON.stringify(entry.query) === JSON.stringify(identity) ? entry : undefined;
  }

  private mayServe(entry: LockEntry, source: Source, question: Question<unknown>): boolean {
    const { mode, settings, maxLockAgeMs } = source;
    if (mode !== LookupMode.CACHED) return mode === LookupMode.FROZEN;
    const age = this.now.getTime() - timeOf(entry);
    // Only an id says whose the answer is: every account has a project of the region's name. And an
    // instance that was missing may have been made since.
    const isOurs = settings.projectId !== undefined && entry.missing === undefined;
    // An answer from further in the future is from a wrong clock.
    if (!isOurs || age < -MAX_CLOCK_SKEW_MS || age > maxLockAgeMs) return false;
    return this.otherHost(entry, source, question) === undefined;
  }

  /**
   * The host that would be asked today, if it is another one than has answered: the environment may
   * have said, or say now, that somebody else answers for the cloud.
   */
  private otherHost(
    { answered }: LockEntry,
    source: Source,
    question: Question<unknown>,
  ): string | undefined {
    const host = this.hostOf(source, question);
    return host === answered.host ? undefined : host;
  }

  private newestUsed(): Date | undefined {
    const asked = this.asked.filter(isFrozen).map(({ place }) => place.key);
    const former = new Set(formerKeys(this.lock, this.stacks));
    // The same stack may ask for something else: of another stage, of another version.
    const used = asked.every((key) => former.has(key)) ? [...former] : asked;
    const times = used.flatMap((key) => this.lock.entries.get(key) ?? []).map(timeOf);
    return times.length > 0 ? dateOf(Math.max(...times)) : undefined;
  }

  /** What a frozen run must not take silently. */
  private checkFrozen({ place, question }: Lookup, entry: LockEntry): void {
    const conflict = this.doubts.found.get(place.key);
    const host = this.otherHost(entry, place.source, question);
    if (host !== undefined) {
      throw new BackupsEnvironmentError({
        code: "LOCK_OF_ANOTHER_HOST",
        what: `${this.name} has an answer to "${question.label}" of ${excerpt(String(entry.answered.host), 80)}, but by the program and the environment ${host} is the one to ask`,
        advice: `Set the environment as it was for that run (CDKTF_BACKUPS_ENDPOINTS, HW_CLOUD, OS_AUTH_URL, the region), or run ${REFRESH} and commit ${this.name}.`,
      });
    }
    const isLater = place.source.asOf === undefined && timeOf(entry) > this.asOf.getTime();
    if (conflict === undefined && !isLater) return;
    throw new BackupsEnvironmentError({
      code: "LOCK_AMBIGUOUS",
      what:
        conflict ??
        `${this.name} answers "${question.label}" as of ${entry.answered.at}, but what was read before is as of ${toRfc3339(this.asOf)}`,
      advice: conflict
        ? "In the mode FROZEN nothing tells whose answer the lock has."
        : `These were never synthesised together. Run ${REFRESH} where the cloud can be reached.`,
    });
  }

  private nothingHere(lookup: Lookup, isWanted: boolean): BackupsEnvironmentError {
    const others = isWanted
      ? this.asked.filter(
          (other) => other !== lookup && isFrozen(other) && !this.servingEntry(other),
        )
      : [];
    const list = others.map((other) => `\n- ${other.constructPath}: ${this.lack(other)}`).join("");
    return new BackupsEnvironmentError({
      code: "LOCK_MISSING",
      what: `${this.lack(lookup)}, and in the mode FROZEN nobody is asked`,
      advice: `Run ${REFRESH} where the cloud can be reached, and commit ${this.name}.${list && ` It will add as well:${list}\n`}`,
    });
  }

  private lack({ constructPath, place, question: { label } }: Lookup): string {
    if (!this.isThere) return `${this.name} is not there`;
    const entry = this.entryOf(place);
    if (entry) {
      const { as_of: asOf, at } = entry.answered;
      return `${this.name} has an answer to "${label}" that counts back from ${asOf ?? at}, which does not reach what is asked as of ${toRfc3339(this.asOfFor(place.source))}`;
    }
    const keys = this.lock.stacks.get(stackIn(constructPath))?.lookups[constructPath] ?? [];
    const former = keys.flatMap((key) =>
      this.doubts.hasSeen(key) ? [] : (this.lock.entries.get(key) ?? []),
    );
    if (!former[0]) return `${this.name} has no answer to "${label}"`;
    const differs = differences(former[0].query, place.identity).join(", ");
    return `the query has changed (${differs}): ${this.name} has the answer to "${excerpt(former[0].label)}", not to "${label}"`;
  }

  private get isThere(): boolean {
    return this.lock !== EMPTY_LOCK;
  }

  private get lock(): Lock {
    return this.read.lock;
  }

  /** An error where it can't be read, the same one each time. */
  private get read(): Read {
    if (this.problem) throw this.problem;
    try {
      return (this.content ??= readLock(this.store, this.name));
    } catch (error) {
      if (BackupsError.isBackupsError(error)) this.problem = error;
      throw error;
    }
  }
}

/** The names of what differs. */
function differences(one: Identity, two: Identity): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(two)])];
  const isOther = (name: string) => JSON.stringify(one[name]) !== JSON.stringify(two[name]);
  return names.filter(isOther).map((name) => excerpt(name, 40));
}

function told(conflicts: ReadonlyMap<string, string>): string[] {
  return [...conflicts.values()].map((conflict) => `no answer is kept where ${conflict}`);
}

function lookups(count: number): string {
  return count === 1 ? "1 lookup" : `${count} lookups`;
}

function isFrozen({ place }: Lookup): boolean {
  return place.source.mode === LookupMode.FROZEN;
}

function answerIn({ records, missing }: LockEntry): Answer {
  if (!missing) return { records };
  const { code, service_code: serviceCode } = missing;
  const what = "there was no such instance when the lock was written";
  return { records, missing: refusal(code as ErrorCode, what, undefined, { serviceCode }) };
}
