import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { Instance } from "../model/instance";
import { BackupsError, refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { excerpt } from "../model/text";
import { DAY_MS } from "../model/time";
import { RestoreWindow } from "../model/window";
import { Identity, queryOf } from "../query/identity";
import {
  InstancesResult,
  placeOf,
  PolicyResult,
  questionOf,
  questionUnder,
} from "../query/question";
import { Result } from "../query/result";
import { byInstance, subjectOfInstance, subjectsOfQuery } from "../query/subjects";
import { RuleSubject } from "../restore/rules";
import { Query } from "../services/query";
import { fullListOf, SERVICES } from "../services/registry";
import { builtAt, Lock, LockEntry, timeOf, whoseIs } from "./format";
import { askersOf, unansweredIn } from "./stacks";

/** A lookup of backups that a lock holds. */
export interface Held {
  readonly key: string;
  readonly entry: LockEntry;
  readonly query: Query;
}

/** What it tells of an instance, or of several that nothing tells apart. */
export interface HeldSubject {
  readonly held: Held;
  readonly subject: RuleSubject;
  /** Whether only some of the backups were asked for, by their kind say: what is not there may be elsewhere. */
  readonly isPart: boolean;
  /** The id of the instance, where it is of one. */
  readonly id?: string;
  readonly name?: string;
}

/** A lookup of which nothing is known. */
export interface Unknown {
  readonly key: string;
  readonly label: string;
  /** What it asks for, as far as that is known. */
  readonly query: Identity;
  readonly problem: BackupsError;
}

/** Instances that a lock knows, with their backup policies where it has them. */
interface Instances {
  readonly byId: ReadonlyMap<string, Instance>;
  /** Whether it has the list of all: one may have been asked for by its name. */
  readonly areAll: boolean;
}

/** What a lock tells of instances, whichever programs asked. */
export class HeldBackups {
  /** The moment that ages count back from: of its newest answer, where none is given. */
  public readonly asOf: Date;
  /** Of each instance and list one lookup: of those that a stack asks for the newest, then the widest. */
  public readonly all: readonly Held[];
  /** What a stack asks for, and can't be judged by this. */
  public readonly unknown: readonly Unknown[];
  private readonly instances = new Map<string, Instances>();
  /** By where and whose they are, and of which list. */
  private readonly beside = new Map<string, LockEntry[]>();
  /** By service: where and whose its backups are. */
  private readonly places = new Map<BackupService, Set<string>>();

  constructor(lock: Lock, asOf?: Date) {
    const asked = askersOf(lock);
    const entries = [...lock.entries].filter(([key]) => asked.size === 0 || asked.has(key));
    const held = entries.flatMap(heldIn);
    this.all = best(held);
    const known = new Set(held.map(({ entry }) => subjectIn(entry)));
    this.unknown = [
      ...entries.flatMap(([key, entry]) => unknownIn(key, entry, known)),
      ...unansweredIn(lock).flatMap(({ keys }) =>
        keys.map((key) => unanswered(key, asked.get(key)!)),
      ),
    ];
    for (const entry of lock.entries.values()) {
      if (!questionOf(entry.query)) continue;
      const group = besideKey(entry.query, entry.query["list"]);
      const others = this.beside.get(group);
      if (others) others.push(entry);
      else this.beside.set(group, [entry]);
    }
    for (const { entry, query } of this.all) {
      const of = this.places.get(query.service) ?? new Set();
      this.places.set(query.service, of.add(whereOf(entry.query)));
    }
    const answers = [...lock.entries.values()].map((entry) => builtAt(entry).getTime());
    this.asOf = asOf ?? new Date(answers.reduce((a, b) => Math.max(a, b), 0));
  }

  /**
   * Of a list of the whole project each instance's, where the lock has the list of these as well, whether or
   * not it should have a backup. What could not be understood goes to `warnings`.
   */
  public subjectsOf(held: Held, warnings: string[] = []): HeldSubject[] {
    const result = this.valueOf<Result>(held.entry);
    const { backups } = result;
    warnings.push(...result.warnings);
    const { entry, key, query } = held;
    const { instanceId, service, within } = query;
    const { byId, areAll } = this.instancesBeside(entry.query);
    // What only a part was asked of is no more than what was asked.
    const isPart = isFiltered(query);
    const isWhole = query.list === fullListOf(service) && !isPart;
    const subjectOf = (instance: Instance, own: Backup[]): HeldSubject => {
      const of = { instance, backups: own };
      const subject = subjectOfInstance(of, `${key}/${instance.id}`, within, this.asOf);
      return this.told({ held, subject, isPart: false, id: instance.id, name: instance.name });
    };
    if (instanceId === undefined && isWhole && areAll) {
      const groups = byInstance(backups);
      return [...byId.values()].map((each) => subjectOf(each, groups.get(each.id) ?? []));
    }
    const instance = instanceId === undefined ? undefined : byId.get(instanceId);
    if (instance && isWhole) return [subjectOf(instance, backups)];
    return subjectsOfQuery(query, key, backups, this.asOf).map(({ subject, ...of }) => {
      const { instanceId: id } = of;
      const name = (id === undefined ? undefined : byId.get(id)?.name) ?? of.name;
      return this.told({ held, subject, isPart, id, name });
    });
  }

  /** Where the lock is of several projects, saying of which it is. */
  private told(each: HeldSubject): HeldSubject {
    const { entry, query } = each.held;
    if (this.places.get(query.service)!.size < 2) return each;
    const label = `${each.subject.label}, ${whoseIs({ ...entry.answered, as_of: undefined })}`;
    return { ...each, subject: { ...each.subject, label } };
  }

  /**
   * The restore windows of the days up to today, as many as asked for; undefined where the lock does not hold
   * all of these: a day that was not asked for looks like a gap.
   * @param within As many as it holds, where it is undefined.
   */
  public windowsOf(
    { entry: { query: beside } }: Held,
    instanceId: string,
    within?: Duration,
  ): RestoreWindow[] | undefined {
    const wanted = within && Math.ceil(within.toMilliseconds() / DAY_MS) + 1;
    const [best] = this.besideOf(beside, "windows")
      .filter((entry) => {
        const { answered, query } = entry;
        const days = daysIn(query);
        const isRight = query["instance_id"] === instanceId && days > 0;
        if (!isRight || (wanted !== undefined && days !== wanted)) return false;
        return questionOf(query)!.holds(builtAt(entry), new Date(answered.at), this.asOf);
      })
      .sort((a, b) => daysIn(b.query) - daysIn(a.query));
    return best && Outcome.of(() => this.valueOf<RestoreWindow[]>(best)).value;
  }

  private instancesBeside(beside: Identity): Instances {
    const where = whereOf(beside);
    const known = this.instances.get(where);
    if (known) return known;
    const lists = this.besideOf(beside, "instances");
    const policies = new Map(
      this.besideOf(beside, "policy").map((entry) => {
        const { automatedBackups } = this.valueOf<PolicyResult>(entry);
        return [entry.query["instance_id"], automatedBackups];
      }),
    );
    const all = lists.flatMap((entry) => this.valueOf<InstancesResult>(entry).instances);
    const complete = all.map((instance) => {
      const automatedBackups = instance.automatedBackups ?? policies.get(instance.id);
      return [instance.id, Instance._of({ ...instance, automatedBackups })] as const;
    });
    const areAll = lists.some(({ query }) => query["name"] === undefined);
    const found = { byId: new Map(complete), areAll };
    this.instances.set(where, found);
    return found;
  }

  /** Other lists of the same service and project. */
  private besideOf(beside: Identity, list: string): LockEntry[] {
    return this.beside.get(besideKey(beside, list)) ?? [];
  }

  private valueOf<T>({ query, records }: LockEntry): T {
    return questionOf(query)!.resultOf(records, this.asOf, []) as T;
  }
}

function whereOf(query: Identity): string {
  return JSON.stringify(placeOf(query));
}

function besideKey(query: Identity, list: unknown): string {
  return `${String(list)} ${whereOf(query)}`;
}

/** What tells which backups it is of, whatever of them it asks for. */
function subjectIn({ query }: LockEntry): string {
  return JSON.stringify([besideKey(query, query["list"]), query["instance_id"]]);
}

/** By what a backup is; when it was begun is told by `since`. */
function isFiltered({ backupType, filters }: Query): boolean {
  return backupType !== undefined || Object.keys(filters).length > 0;
}

/** How many days up to today were asked for without a break; none where it is of others. */
function daysIn({ days_before: days }: Identity): number {
  if (!Array.isArray(days)) return 0;
  return days.every((each, i) => each === i) ? days.length : 0;
}

/** What only asks for a single backup, or for what was there before some time, tells nothing of today. */
function heldIn([key, entry]: readonly [string, LockEntry]): Held[] {
  const { backup_id: backupId, end_time: endTime, list, service } = entry.query;
  if (backupId !== undefined || endTime !== undefined || entry.missing) return [];
  if (!isOfBackups(entry) || !questionUnder(key, entry.query)) return [];
  const which = { service: service as BackupService, list: String(list) };
  return [{ key, entry, query: queryOf(which, entry.query) }];
}

/** Undefined of a service that this version does not know. */
function isOfBackups({ query: { list, service } }: LockEntry): boolean | undefined {
  if (!Object.hasOwn(SERVICES, String(service))) return undefined;
  return Object.hasOwn(SERVICES[service as BackupService].lists, String(list));
}

/** Why nothing is known of it, where it asks for backups and no other answer tells of the same. */
function unknownIn(key: string, entry: LockEntry, known: ReadonlySet<string>): Unknown[] {
  const { label, missing, query } = entry;
  const isOfThem = isOfBackups(entry);
  if (isOfThem === false || known.has(subjectIn(entry))) return [];
  const isOurs = questionUnder(key, query) !== undefined;
  const told = excerpt(label);
  const problem = !isOurs
    ? unknownQuestion(label)
    : missing
      ? refusal("INSTANCE_NOT_FOUND", `"${told}": there was no such instance when it was asked`)
      : partAlone(label);
  return [{ key, label, query, problem }];
}

/** What a stack asks and the lock has no answer to: an unmet target, or a lookup that failed, keeps none. */
function unanswered(key: string, askers: readonly string[]): Unknown {
  // What else it asks for stands in its answer alone.
  const service = key.split("/")[0]!;
  const label = `what ${askers[0]} asks of ${Object.hasOwn(SERVICES, service) ? SERVICES[service as BackupService].label : service}`;
  const problem = refusal(
    "LOCK_MISSING",
    `the lock has no answer to ${excerpt(label)}`,
    "It failed, or broke what the program expects of it, when it was asked: synthesise the program.",
  );
  return { key, label, query: { service }, problem };
}

/** Of a question for some of the backups: of the others nothing is known. */
export function partAlone(label: string): BackupsError {
  return refusal(
    "LOCK_MISSING",
    `of "${excerpt(label)}" a part alone was asked for`,
    "What is there today can't be judged by it: look the backups up without a filter, an id or an end.",
  );
}

/** Of a question that this version would put in another way, or not at all. */
export function unknownQuestion(label: string): BackupsError {
  return refusal(
    "LOCK_TOO_NEW",
    `"${excerpt(label)}" is no question that this cdktf-backups knows`,
    "Update cdktf-backups to the version that wrote it, or run the synthesis.",
  );
}

/** Of several lookups of the same instance the one that is of all kinds, then the newest, then the widest. */
function best(held: readonly Held[]): Held[] {
  const best = new Map<string, Held>();
  for (const each of held) {
    const of = subjectIn(each.entry);
    const before = best.get(of);
    if (!before || isBetter(each, before)) best.set(of, each);
  }
  return [...best.values()];
}

function isBetter(one: Held, other: Held): boolean {
  const [a, b] = [one, other].map(({ query }) => Number(isFiltered(query)));
  if (a !== b) return a! < b!;
  const newer = timeOf(one.entry) - timeOf(other.entry);
  return newer !== 0 ? newer > 0 : reachOf(one) < reachOf(other);
}

/** From when on it asks for them. */
function reachOf({ entry, query }: Held): number {
  if (query.within) return builtAt(entry).getTime() - query.within.toMilliseconds();
  return query.beginTime?.getTime() ?? 0;
}
