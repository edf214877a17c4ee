import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { DAY_MS } from "../model/time";
import { RestoreWindow } from "../model/window";
import { Identity, queryOf } from "../query/identity";
import { InstancesResult, PolicyResult, questionOf } from "../query/question";
import { Result } from "../query/result";
import { isJudged, subjectOfInstance, subjectOfQuery } from "../query/subjects";
import { RuleSubject } from "../restore/rules";
import { Query } from "../services/query";
import { fullListOf, SERVICES } from "../services/registry";
import { builtAt, Lock, LockEntry, timeOf } from "./format";

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
  /** The id of the instance, where it is of one. */
  readonly id?: string;
  readonly name?: string;
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
  /** Of each instance and list the lookup that asks for most. */
  public readonly all: readonly Held[];
  private readonly instances = new Map<string, Instances>();

  constructor(
    private readonly lock: Lock,
    asOf?: Date,
  ) {
    this.all = widest(heldIn(lock));
    const answers = [...lock.entries.values()].map((entry) => builtAt(entry).getTime());
    this.asOf = asOf ?? new Date(answers.reduce((a, b) => Math.max(a, b), 0));
  }

  /**
   * Of a list of the whole project each instance's, where the lock has the list of these as well. What
   * could not be understood goes to `warnings`.
   */
  public subjectsOf(held: Held, warnings: string[] = []): HeldSubject[] {
    const result = this.valueOf<Result>(held.entry);
    const { backups } = result;
    warnings.push(...result.warnings);
    const { entry, key, query } = held;
    const { instanceId, service, within } = query;
    const { byId, areAll } = this.instancesBeside(entry.query);
    // What only a part was asked of is no more than what was asked.
    const isWhole = query.list === fullListOf(service) && !isFiltered(query);
    const subjectOf = (instance: Instance, own: Backup[]): HeldSubject => {
      const path = `${service}/${query.list}/${instance.id}`;
      const subject = subjectOfInstance({ instance, backups: own }, path, within, this.asOf);
      return { held, subject, id: instance.id, name: instance.name };
    };
    if (instanceId === undefined && isWhole && areAll) {
      return [...byId.values()].filter(isJudged).map((instance) => {
        const own = backups.filter((backup) => backup.instanceId === instance.id);
        return subjectOf(instance, own);
      });
    }
    const instance = instanceId === undefined ? undefined : byId.get(instanceId);
    if (instance && isWhole) return [subjectOf(instance, backups)];
    const path = `${service}/${query.list}/${instanceId ?? key}`;
    const subject = subjectOfQuery(query, path, backups, this.asOf);
    if (instanceId === undefined) return [{ held, subject }];
    const name = instance?.name ?? backups.find((each) => each.instanceName)?.instanceName;
    return [{ held, subject, id: instanceId, name }];
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
    return [...this.lock.entries.values()].filter(({ query }) => {
      return query["list"] === list && whereOf(query) === whereOf(beside) && questionOf(query);
    });
  }

  private valueOf<T>({ query, records }: LockEntry): T {
    return questionOf(query)!.resultOf(records, this.asOf, []) as T;
  }
}

const WHERE = ["cloud", "endpoint", "region", "project_id", "project_name", "service"];

function whereOf(query: Identity): string {
  return JSON.stringify(WHERE.map((name) => query[name]));
}

function isFiltered({ backupType, beginTime, filters }: Query): boolean {
  return backupType !== undefined || beginTime !== undefined || Object.keys(filters).length > 0;
}

/** How many days up to today were asked for without a break; none where it is of others. */
function daysIn({ days_before: days }: Identity): number {
  if (!Array.isArray(days)) return 0;
  return days.every((each, i) => each === i) ? days.length : 0;
}

/** What only asks for a single backup, or for what was there before some time, tells nothing of today. */
function heldIn({ entries }: Lock): Held[] {
  return [...entries].flatMap(([key, entry]): Held[] => {
    const { backup_id: backupId, end_time: endTime, list, service } = entry.query;
    const isPart = backupId !== undefined || endTime !== undefined || entry.missing !== undefined;
    if (isPart || !questionOf(entry.query)) return [];
    const which = { service: service as BackupService, list: String(list) };
    if (!Object.hasOwn(SERVICES[which.service].lists, which.list)) return [];
    return [{ key, entry, query: queryOf(which, entry.query) }];
  });
}

/** Of several lookups of the same instance the one that asks for most; of those the newest. */
function widest(held: readonly Held[]): Held[] {
  const best = new Map<string, Held>();
  for (const each of held) {
    const { entry, query } = each;
    const of = JSON.stringify([whereOf(entry.query), query.list, query.instanceId]);
    const before = best.get(of);
    if (!before || narrowness(each) < narrowness(before)) best.set(of, each);
    else if (narrowness(each) === narrowness(before) && timeOf(entry) > timeOf(before.entry)) {
      best.set(of, each);
    }
  }
  return [...best.values()];
}

/** How many filters it has; the further back it looks, the less its window counts. */
function narrowness({ entry, query }: Held): number {
  const own = [...WHERE, "list", "instance_id", "within_ms", "begin_time"];
  const filters = Object.keys(entry.query).filter((name) => !own.includes(name)).length;
  const begin = query.within
    ? builtAt(entry).getTime() - query.within.toMilliseconds()
    : (query.beginTime?.getTime() ?? 0);
  // A time is less than 1e15.
  return filters + begin / 1e15;
}
