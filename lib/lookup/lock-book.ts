import { BackupsEnvironmentError, BackupsError } from "../model/errors";
import { excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { humanTime } from "../restore/decision";
import { identityOf, keyOf } from "./identity";
import {
  Answered,
  CLOCK_SKEW_MS,
  EMPTY_LOCK,
  Lock,
  LockEntry,
  Program,
  timeOf,
  UNNAMED,
} from "./lock";
import { ILockStore } from "./lock-store";
import { Read, readLock, writeLock } from "./lock-writer";
import { Answer, Lookup, Place, Source } from "./lookup";
import { LookupMode, MODE_VARIABLE } from "./mode";
import { Question, questionOf } from "./question";

const REFRESH = `\`${MODE_VARIABLE}=LIVE npx cdktf synth\``;

/** What was made of the answers of one synthesis. */
export interface Verdict {
  /** Lookups whose answer broke an expectation, so that the synthesis fails: it is not kept. */
  readonly broken: ReadonlySet<Lookup>;
  /** By construct: what it decided, or undefined where an expectation was broken. */
  readonly decisions: { readonly [construct: string]: string | undefined };
  readonly pruneDays?: number;
}

/** One lock in one synthesis: read once, asked, and written when all is known. */
export class LockBook {
  private readonly asked: Lookup[] = [];
  private readonly askedAhead = new Set<string>();
  private content?: Read;
  private problem?: BackupsError;
  private frozenAsOf?: Date;

  /** `stacks`: the ids of those that have declared a lookup so far. */
  constructor(
    private readonly store: ILockStore,
    private readonly now: Date,
    private readonly stacks: ReadonlySet<string>,
  ) {}

  /** As the user knows it. */
  public get name(): string {
    const name = String(this.store);
    return name.startsWith("[object ") ? UNNAMED : name;
  }

  /** The moment that ages count back from on a frozen run: that of the oldest answer it takes. */
  public get asOf(): Date {
    return (this.frozenAsOf ??= this.oldestUsed() ?? this.now);
  }

  /** Takes note of it; it may have to be known before another one is answered. */
  public ask(lookup: Lookup): void {
    this.asked.push(lookup);
  }

  /**
   * Answers the lookup if its mode has it so; whether it did. An error where the mode is FROZEN and there
   * is no answer; the one of `wanted` names all that have none.
   */
  public answer(lookup: Lookup, asOf: () => Date, wanted?: Lookup): boolean {
    const { source } = lookup.place;
    const entry = this.entryOf(lookup.place);
    if (!entry || !this.mayServe(entry, source)) {
      if (source.mode !== LookupMode.FROZEN) return false;
      throw this.nothingHere(lookup, lookup === wanted);
    }
    lookup.entry = entry;
    lookup.isFromLock = true;
    lookup.conclude(answerIn(entry), asOf());
    return true;
  }

  /** What is here for the lookup, whoever may be served by it. */
  public entryOf({ key, identity }: Place): LockEntry | undefined {
    const entry = this.lock.entries.get(key);
    return entry && JSON.stringify(entry.query) === JSON.stringify(identity) ? entry : undefined;
  }

  /**
   * What this program asked of the source last time and has not declared yet: so that one batch fetches
   * all of it, also where the program reads each value before it declares the next query.
   */
  public expected(source: Source): Question<unknown>[] {
    const asked = new Set(this.asked.map(({ place }) => place.key));
    return lastAsked(this.formerProgram()).flatMap((key) => {
      const entry = this.lock.entries.get(key);
      if (!entry || asked.has(key) || this.askedAhead.has(key)) return [];
      const question = this.mayServe(entry, source) ? undefined : questionOf(entry.query);
      // Of another cloud, region or project: this source must not be asked.
      if (!question || keyOf(identityOf(question, source.settings)) !== key) return [];
      this.askedAhead.add(key);
      return [question];
    });
  }

  /** Holds the answer of the cloud until all is known. */
  public keep(lookup: Lookup, answer: Answer, who: Omit<Answered, "at">): void {
    const { missing, records } = answer;
    const reason = missing && { code: missing.code, service_code: missing.serviceCode };
    lookup.entry = {
      label: lookup.question.label,
      query: lookup.place.identity,
      answered: { at: toRfc3339(this.now), ...known(who) },
      ...(reason && { missing: known(reason) }),
      records,
    };
  }

  /** Writes what was found out. What a reader has to know of it, a line each. */
  public save(verdict: Verdict): string[] {
    if (this.asked.length === 0) return [];
    const lines = [this.write(verdict), this.provenance()];
    return lines.flatMap((line) => (line === undefined ? [] : `${this.name}: ${line}`));
  }

  private write({ broken, decisions, pruneDays }: Verdict): string | undefined {
    // Why it could not be read, the lookups tell.
    if (this.problem || this.asked.every(isFrozen)) return undefined;
    const brokenKeys = new Set([...broken].map(({ place }) => place.key));
    const entries = (isWanted: (lookup: Lookup, isBroken: boolean) => boolean) =>
      new Map(
        this.asked.flatMap((lookup) => {
          const { entry, place } = lookup;
          const isIn = entry && isWanted(lookup, brokenKeys.has(place.key));
          return isIn ? [[place.key, entry] as const] : [];
        }),
      );
    const answers = entries(({ isFromLock }, isBroken) => !isFromLock && !isBroken);
    const refused = entries(({ isFromLock }, isBroken) => isFromLock && isBroken);
    try {
      if (!this.isThere && answers.size === 0) return undefined;
      const findings = { program: this.program(decisions), answers, refused, pruneDays };
      const isNew = writeLock(this.store, this.name, this.read, findings, this.now);
      return isNew ? `written for the first time, with ${lookups(answers.size)}` : undefined;
    } catch (error) {
      const why = excerpt(error instanceof Error ? error.message : String(error), 300);
      return `nothing was written (${why}); the synthesis goes on`;
    }
  }

  /** What the program asked and decided; where an expectation was broken, what it decided before. */
  private program(decisions: Verdict["decisions"]): Program {
    const lookups: { [construct: string]: string[] } = {};
    for (const { constructPath, place } of this.asked) {
      const keys = (lookups[constructPath] ??= []);
      if (!keys.includes(place.key)) keys.push(place.key);
    }
    const former = this.formerProgram()?.decisions ?? {};
    const decided = Object.keys(decisions).flatMap((construct) => {
      const decision = decisions[construct] ?? former[construct];
      return decision === undefined ? [] : [[construct, decision] as const];
    });
    const stacks = [...new Set(this.asked.map(({ constructPath }) => stackIn(constructPath)))];
    return { stacks, lookups, decisions: Object.fromEntries(decided) };
  }

  /** Where the answers come from, if not all from the cloud just now. */
  private provenance(): string | undefined {
    const served = this.asked.filter(({ isFromLock }) => isFromLock);
    if (served.length === 0) return undefined;
    const count = `${served.length} of ${lookups(this.asked.length)}`;
    const oldest = Math.min(...served.map(({ entry }) => timeOf(entry!)));
    if (!served.some(isFrozen)) {
      const age = humanTime(this.now.getTime() - oldest);
      return `${count} answered from it, as of up to ${age} ago; ${REFRESH} asks anew`;
    }
    const whose = new Set(served.map(({ entry }) => whoseIs(entry!.answered)));
    const isDeclared = served.every(({ place }) => place.source.settings.projectId !== undefined);
    return `FROZEN: ${count} as of ${toRfc3339(new Date(oldest))}, answered by ${[...whose].join(" and ")}${isDeclared ? "" : " (the program declares no project id)"}`;
  }

  private mayServe(entry: LockEntry, { mode, settings, maxLockAgeMs }: Source): boolean {
    if (mode !== LookupMode.CACHED) return mode === LookupMode.FROZEN;
    const age = this.now.getTime() - timeOf(entry);
    // Only an id says whose the answer is: every account has a project of the region's name. And an
    // instance that was missing may have been made since.
    const isOurs = settings.projectId !== undefined && entry.missing === undefined;
    return isOurs && age >= -CLOCK_SKEW_MS && age <= maxLockAgeMs;
  }

  /** Of what the program used last time, where that holds all it has asked; else of what it has asked. */
  private oldestUsed(): Date | undefined {
    const asked = this.asked.map(({ place }) => place.key);
    const last = lastAsked(this.formerProgram());
    const used = asked.every((key) => last.includes(key)) ? last : asked;
    const times = used.flatMap((key) => this.lock.entries.get(key) ?? []).map(timeOf);
    return times.length > 0 ? new Date(Math.min(...times)) : undefined;
  }

  private nothingHere(lookup: Lookup, isWanted: boolean): BackupsEnvironmentError {
    const others = isWanted
      ? this.asked.filter(
          (other) => other !== lookup && isFrozen(other) && !this.entryOf(other.place),
        )
      : [];
    const list = others.map((other) => `\n- ${other.constructPath}: ${this.lack(other)}`).join("");
    return new BackupsEnvironmentError({
      code: "LOCK_MISSING",
      what: `${this.lack(lookup)}, and in the mode FROZEN nobody is asked`,
      advice: `Run ${REFRESH} where the cloud can be reached, and commit ${this.name}.${list && ` It will add as well:${list}\n`}`,
    });
  }

  private lack({ constructPath, question: { label } }: Lookup): string {
    if (!this.isThere) return `${this.name} is not there`;
    const asked = new Set(this.asked.map(({ place }) => place.key));
    const keys = this.formerProgram()?.lookups[constructPath] ?? [];
    const former = keys.flatMap((key) =>
      asked.has(key) ? [] : (this.lock.entries.get(key) ?? []),
    );
    return former[0]
      ? `the query has changed: ${this.name} has the answer to "${former[0].label}", not to "${label}"`
      : `${this.name} has no answer to "${label}"`;
  }

  private formerProgram(): Program | undefined {
    return this.lock.programs.find(({ stacks }) => stacks.some((each) => this.stacks.has(each)));
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

/** What stands directly under the App; stacks are synthesised together. */
export function stackIn(constructPath: string): string {
  return constructPath.split("/")[0]!;
}

function lookups(count: number): string {
  return count === 1 ? "1 lookup" : `${count} lookups`;
}

function isFrozen({ place }: Lookup): boolean {
  return place.source.mode === LookupMode.FROZEN;
}

function lastAsked(program: Program | undefined): string[] {
  return [...new Set(Object.values(program?.lookups ?? {}).flat())];
}

function answerIn({ records, missing }: LockEntry): Answer {
  if (!missing) return { records };
  const { code, service_code: serviceCode } = missing;
  const what = "there was no such instance when the lock was written";
  return { records, missing: new BackupsEnvironmentError({ code, serviceCode, what }) };
}

function whoseIs({ cloud, region, project_id: project }: Answered): string {
  return `project ${project ?? "unknown"} (${[cloud, region].filter(Boolean).join(", ")})`;
}

function known<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
