import { LockFile } from "../lock/file";
import { Held, HeldBackups, HeldSubject, partAlone } from "../lock/held";
import { parseLock } from "../lock/parse";
import { BackupsError, refusal } from "../model/errors";
import { excerpt, shown } from "../model/text";
import { RestoreWindow } from "../model/window";
import { isJudged } from "../query/subjects";
import { Rule, RuleLevel, valuesIn } from "../restore/rules";
import { windowGap } from "../restore/rules/window-gap";
import { SERVICES } from "../services/registry";
import { timeIn, wordFor } from "./arguments";
import { refuseEmpty } from "./lock";
import { lackNotes, LeftOut, leftOutNotes } from "./notes";
import { Policy, PolicyInstance, refuseTwice } from "./policy";
import { Judged, judgedOf, refuseSeveral, strayNotes, unknownOf, Verdict, Who } from "./verdict";

interface JudgedHere {
  readonly who: Who;
  /** @default - it should have no backup */
  readonly judged?: Judged;
  /** What the policy says of it by itself. */
  readonly given?: PolicyInstance;
  /** The same by its name, beside what it says of it by its id. */
  readonly named?: PolicyInstance;
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
  private readonly lock: HeldBackups;
  private readonly lines: ReadonlyMap<string, number>;
  private readonly notes: string[] = [];
  private readonly leftOut: LeftOut[] = [];

  constructor(
    private readonly policy: Policy,
    private readonly file: string,
    bytes: Buffer,
    asOf: Date | undefined,
  ) {
    this.lock = new HeldBackups(parseLock(bytes, file), asOf);
    refuseEmpty(this.lock, file, "judge");
    this.lines = linesOf(
      bytes,
      [...this.lock.all, ...this.lock.unknown].map(({ key }) => key),
    );
  }

  public verdict(failOn: RuleLevel): Verdict {
    const { lock, policy } = this;
    const found = lock.all.flatMap((held) => {
      const warnings: string[] = [];
      const of = lock.subjectsOf(held, warnings).flatMap((each) => this.judged(each));
      if (of.length > 0) this.notes.push(...warnings);
      return of;
    });
    const here = [...found, ...this.unknown()];
    const several = this.severalIn(here);
    const judged = [
      ...here.flatMap(({ given, judged, who }) => {
        const problem = given && several.get(given);
        if (problem) return [unknownOf(who, problem)];
        return judged ?? [];
      }),
      ...this.missing(here, several),
    ];
    refuseSeveral(policy, judged);
    const all = { asOf: lock.asOf, failOn, services: [], judged };
    const asked = [
      ...lock.all.map(({ entry }) => entry.query),
      ...lock.unknown.map(({ query }) => query),
    ];
    const words = new Set(asked.map(({ list, service }) => wordFor(service, list)));
    for (const { word } of policy.services) {
      if (!words.has(word)) this.notes.push(`${this.file} holds no lookup of ${word}`);
    }
    // Warnings last: the command tells a few notes, and of the others how many there are.
    const notes = [
      ...lackNotes(policy, judged, {
        instance: `${excerpt(this.file)} holds no list that tells the backup policy`,
        windows: `${excerpt(this.file)} holds no restore windows`,
      }),
      ...leftOutNotes(policy, this.leftOut, lock.asOf),
      ...strayNotes(policy, all),
      ...this.notes,
    ];
    return { ...all, notes: [...new Set(notes)] };
  }

  private judged({ held, id, isPart, name, subject }: HeldSubject): JudgedHere[] {
    const { asOf } = this.lock;
    const word = wordFor(held.query.service, held.query.list)!;
    const fitting = this.policy.instances.filter((each) => isOf(each, word, { id, name }));
    const named = fitting.find((each) => each.id === undefined);
    const given = fitting.find((each) => each !== named) ?? named;
    if (!given && !this.isSelected(word)) return [];
    const place = this.placeOf(held.key);
    const who = { word, id, name, label: subject.label, place };
    if (isPart) {
      return [{ who, judged: unknownOf(who, partAlone(held.entry.label)), given, named }];
    }
    const { instance } = subject;
    if (instance && !isJudged(instance)) {
      this.leftOut.push({ word, instance, given });
      return [{ who, given, named }];
    }
    const wanted = given ?? this.policy;
    const windows = id === undefined ? undefined : this.windowsOf(held, id, wanted.rules);
    const judged = judgedOf(who, { ...subject, windows }, wanted, this.policy, asOf);
    return [{ who, judged, given, named }];
  }

  /** The names that several have, and why nothing is known of them; another that is given twice is refused. */
  private severalIn(here: readonly JudgedHere[]): Map<PolicyInstance, BackupsError> {
    const several = new Map<PolicyInstance, BackupsError>();
    for (const named of this.policy.instances) {
      const own = here.filter((each) => each.named === named);
      const labels = new Map(own.map(({ who: { id, label } }) => [id, label]));
      const twin = own.find(({ given }) => given !== named)?.given;
      if (labels.size > 1) {
        const what = `${SERVICES[named.which.service].label} instances named ${shown(named.name)}`;
        const problem = refusal(
          "SEVERAL_INSTANCES",
          `${excerpt(this.file)} holds backups of ${labels.size} ${what}`,
          "Give the id of one of them:",
          { list: [...labels].map(([id, label]) => `${shown(id)}: ${label}`) },
        );
        several.set(named, problem);
      } else if (twin) {
        const [before, after] = this.policy.instances.filter((each) =>
          [named, twin].includes(each),
        );
        refuseTwice(this.policy, before!, after!);
      }
    }
    return several;
  }

  /** What a stack asks for, of the services and instances that are meant, and nothing tells of. */
  private unknown(): JudgedHere[] {
    return this.lock.unknown.flatMap(({ key, label, problem, query }) => {
      const { instance_id: id, list, service } = query;
      const word = wordFor(service, list) ?? String(service);
      const who = { word, id: id === undefined ? undefined : String(id) };
      const given = this.policy.instances.find((each) => isOf(each, word, who));
      if (!given && !this.isSelected(word)) return [];
      const told = { ...who, label: excerpt(label), place: this.placeOf(key) };
      return [{ who: told, judged: unknownOf(told, problem), given }];
    });
  }

  private placeOf(key: string) {
    return { file: this.file, line: this.lines.get(key) ?? 1 };
  }

  /** All, where the policy names nobody. */
  private isSelected(word: string): boolean {
    const { instances, services } = this.policy;
    if (services.length + instances.length === 0) return true;
    return services.some((each) => each.word === word);
  }

  private missing(
    found: readonly JudgedHere[],
    several: ReadonlyMap<PolicyInstance, BackupsError>,
  ): Judged[] {
    const seen = new Set(found.map(({ given }) => given));
    return this.policy.instances
      .filter((given) => !seen.has(given))
      .map((given) => {
        const { id, line, name, which, word } = given;
        const label = `${SERVICES[which.service].label} instance ${name ?? id}`;
        const missing = refusal(
          "LOCK_MISSING",
          `${excerpt(this.file)} holds no backups of ${label}`,
          "Check its id or name, or synthesise the program that looks it up.",
        );
        const place = { file: this.policy.file, line };
        const problem = several.get(given) ?? missing;
        return unknownOf({ word, id, name, label, place }, problem);
      });
  }

  private windowsOf(held: Held, id: string, rules: readonly Rule[]): RestoreWindow[] | undefined {
    const within = valuesIn(rules, windowGap)?.within;
    if (!within || !SERVICES[held.query.service].windows) return undefined;
    return this.lock.windowsOf(held, id, within);
  }
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
      // Where there is no answer, where a stack asks for it.
      return { key, at: Math.max(...at) < 0 ? bytes.indexOf(text) : Math.max(...at) };
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
