import { LockFile } from "../lock/file";
import { builtAt, Lock, LockEntry, timeOf } from "../lock/format";
import { parseLock } from "../lock/parse";
import { lastDays } from "../lookup/moments";
import { isJudged, subjectOfInstance, subjectOfQuery } from "../lookup/subjects";
import { Backup } from "../model/backup";
import { refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { BackupService } from "../model/service";
import { excerpt } from "../model/text";
import { RestoreWindow } from "../model/window";
import { Identity, queryOf } from "../query/identity";
import { InstancesResult, PolicyResult, questionOf } from "../query/question";
import { Result } from "../query/result";
import { Rule, RuleLevel, RuleSubject } from "../restore/rules";
import { Query } from "../services/query";
import { fullListOf, SERVICES } from "../services/registry";
import { LISTS, timeIn } from "./arguments";
import { Policy, PolicyInstance } from "./policy";
import { Judged, judgedOf, strayNotes, unknownOf, Verdict } from "./verdict";

/** Instances that a lock knows, with their backup policies where it has them. */
interface Instances {
  readonly byId: ReadonlyMap<string, Instance>;
  /** Whether it has the list of all: one may have been asked for by its name. */
  readonly areAll: boolean;
}

interface JudgedHere {
  readonly judged: Judged;
  /** What the policy says of it by itself. */
  readonly given?: PolicyInstance;
}

/** A lookup of backups that a lock holds. */
interface Held {
  readonly key: string;
  readonly entry: LockEntry;
  readonly word: string;
  readonly query: Query;
}

/** What a lock file says of its instances, as of its newest answer; nobody is asked. */
export function judgedByLock(
  policy: Policy,
  file: string,
  asOf: string | undefined,
  failOn: RuleLevel,
): Verdict {
  const bytes = new LockFile(file)._read();
  if (!bytes) {
    const advice = "Give the path of a lock file, such as --lock backups.lock.json.";
    throw refusal("LOCK_MISSING", `there is no ${excerpt(file)}`, advice);
  }
  return new Judging(policy, file, bytes, asOf === undefined ? undefined : timeIn(asOf)).verdict(
    failOn,
  );
}

class Judging {
  private readonly lock: Lock;
  private readonly asOf: Date;
  private readonly held: readonly Held[];
  private readonly lines: ReadonlyMap<string, number>;
  private readonly notes: string[] = [];
  private readonly instances = new Map<string, Instances>();
  /** Of how many instances the lock has no windows to judge. */
  private unwindowed = 0;

  constructor(
    private readonly policy: Policy,
    private readonly file: string,
    bytes: Buffer,
    asOf: Date | undefined,
  ) {
    this.lock = parseLock(bytes, file);
    this.held = widest(heldIn(this.lock));
    if (this.held.length === 0) {
      throw refusal(
        "LOCK_MISSING",
        `${excerpt(file)} holds no lookup of backups`,
        "Synthesise the program that it belongs to, or judge what the cloud has: without --lock.",
      );
    }
    const answers = [...this.lock.entries.values()].map((entry) => builtAt(entry).getTime());
    this.asOf = asOf ?? new Date(answers.reduce((a, b) => Math.max(a, b)));
    const keys = this.held.map(({ key }) => key);
    this.lines = linesOf(bytes, keys);
  }

  public verdict(failOn: RuleLevel): Verdict {
    const { asOf, policy } = this;
    const found = this.held.flatMap((held) => {
      const { of, warnings } = this.judgedOf(held);
      if (of.length > 0) this.notes.push(...warnings);
      return of;
    });
    const judged = [...found.map((each) => each.judged), ...this.missing(found)];
    const all = { asOf, failOn, services: [], judged };
    if (this.unwindowed > 0) {
      const of = this.unwindowed === 1 ? "1 instance" : `${this.unwindowed} instances`;
      this.notes.push(`${this.file} holds no restore windows of ${of} for window-gap to judge`);
    }
    const words = new Set(this.held.map(({ word }) => word));
    for (const { word } of policy.services) {
      if (!words.has(word)) this.notes.push(`${this.file} holds no lookup of ${word}`);
    }
    return { ...all, notes: [...new Set([...this.notes, ...strayNotes(policy, all)])] };
  }

  private judgedOf(held: Held): { of: JudgedHere[]; warnings: readonly string[] } {
    const { entry } = held;
    const { backups, warnings } = questionOf(entry.query)!.resultOf(
      entry.records,
      this.asOf,
      [],
    ) as Result;
    return { of: this.judgedAmong(backups, held), warnings };
  }

  private judgedAmong(backups: Backup[], held: Held): JudgedHere[] {
    const { entry, key, query, word } = held;
    const isFull = query.list === fullListOf(query.service);
    const instances = this.instancesBeside(entry.query);
    const place = { file: this.file, line: this.lines.get(key) ?? 1 };
    const { instanceId: id } = query;
    const judge = (subject: RuleSubject, who: { id?: string; name?: string }) => {
      const given = this.policy.instances.find((each) => isOf(each, word, who));
      if (!given && !this.isSelected(word)) return [];
      const rules = given?.rules ?? this.policy.rules;
      const windows = who.id === undefined ? undefined : this.windowsOf(entry.query, who.id, rules);
      const whole = { word, id: who.id, name: who.name, label: subject.label, place };
      return [
        { judged: judgedOf(whole, { ...subject, windows }, rules, this.policy, this.asOf), given },
      ];
    };
    if (id === undefined && isFull && instances.areAll) {
      return [...instances.byId.values()].filter(isJudged).flatMap((instance) => {
        const own = backups.filter((backup) => backup.instanceId === instance.id);
        const path = `${word}/${instance.id}`;
        const of = { instance, backups: own };
        return judge(subjectOfInstance(of, path, query.within, this.asOf), instance);
      });
    }
    const instance = id === undefined ? undefined : instances.byId.get(id);
    const path = `${word}/${id ?? key}`;
    if (instance && isFull) {
      const of = { instance, backups };
      return judge(subjectOfInstance(of, path, query.within, this.asOf), instance);
    }
    const name = instance?.name ?? backups.find((each) => each.instanceName)?.instanceName;
    const ofOne = id === undefined ? {} : { id, name };
    return judge(subjectOfQuery(query, path, backups, this.asOf), ofOne);
  }

  /** All, where the policy names nobody. */
  private isSelected(word: string): boolean {
    const { instances, services } = this.policy;
    if (services.length + instances.length === 0) return true;
    return services.some((each) => each.word === word);
  }

  private missing(found: readonly JudgedHere[]): Judged[] {
    const seen = new Set(found.map(({ given }) => given));
    return this.policy.instances
      .filter((given) => !seen.has(given))
      .map(({ id, line, name, which, word }) => {
        const label = `${SERVICES[which.service].label} instance ${name ?? id}`;
        const problem = refusal(
          "LOCK_MISSING",
          `${excerpt(this.file)} holds no backups of ${label}`,
          "Check its id or name, or synthesise the program that looks it up.",
        );
        const place = { file: this.policy.file, line };
        return unknownOf({ word, id, name, label, place }, problem);
      });
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

  /** Of exactly the days that the rule looks at: a day that was not asked for looks like a gap. */
  private windowsOf(
    beside: Identity,
    id: string,
    rules: readonly Rule[],
  ): RestoreWindow[] | undefined {
    const [within] = rules.flatMap((rule) => rule._windowsWithin() ?? []);
    const { windows } = SERVICES[beside["service"] as BackupService];
    if (!within || !windows) return undefined;
    const days = JSON.stringify((lastDays(within) as { daysBefore: number[] }).daysBefore);
    const entry = this.besideOf(beside, "windows").find((each) => {
      const { answered, query } = each;
      const isRight = query["instance_id"] === id && JSON.stringify(query["days_before"]) === days;
      return isRight && questionOf(query)!.holds(builtAt(each), new Date(answered.at), this.asOf);
    });
    if (entry) return this.valueOf<RestoreWindow[]>(entry);
    this.unwindowed++;
    return undefined;
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

/** What only asks for a single backup, or for what was there before some time, is no ground to judge. */
function heldIn({ entries }: Lock): Held[] {
  return [...entries].flatMap(([key, entry]): Held[] => {
    const { backup_id: backupId, end_time: endTime, list, service } = entry.query;
    const isPart = backupId !== undefined || endTime !== undefined || entry.missing !== undefined;
    const [word] =
      Object.entries(LISTS).find(([, which]) => which.service === service && which.list === list) ??
      [];
    if (word === undefined || isPart || !questionOf(entry.query)) return [];
    const which = { service: service as BackupService, list: String(list) };
    return [{ key, entry, word, query: queryOf(which, entry.query) }];
  });
}

/** Of several lookups of the same instance the one that asks for most; of those the newest. */
function widest(held: readonly Held[]): Held[] {
  const best = new Map<string, Held>();
  for (const each of held) {
    const of = JSON.stringify([whereOf(each.entry.query), each.word, each.query.instanceId]);
    const before = best.get(of);
    if (!before || narrowness(each) < narrowness(before)) best.set(of, each);
    else if (narrowness(each) === narrowness(before) && timeOf(each.entry) > timeOf(before.entry)) {
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

function isOf(given: PolicyInstance, word: string, who: { id?: string; name?: string }): boolean {
  const { id, name } = given;
  return given.word === word && (id === undefined ? name === who.name : id === who.id);
}

/** The line on which each lookup begins, however the file is laid out. */
function linesOf(bytes: Buffer, keys: readonly string[]): Map<string, number> {
  const starts = keys
    .map((key) => {
      const text = JSON.stringify(key);
      const at = [`${text}: {`, `${text}:{`].map((each) => bytes.indexOf(each));
      return { key, at: Math.max(...at) };
    })
    .sort((a, b) => a.at - b.at);
  const lines = new Map<string, number>();
  let line = 1;
  let position = 0;
  for (const { at, key } of starts) {
    for (;;) {
      const next = bytes.indexOf("\n", position);
      if (next < 0 || next >= at) break;
      line++;
      position = next + 1;
    }
    lines.set(key, line);
  }
  return lines;
}
