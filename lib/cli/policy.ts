/* eslint-disable @typescript-eslint/no-require-imports */
import { existsSync, readFileSync, statSync } from "node:fs";
import type { LineCounter, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { checkedRegion } from "../cloud/environment";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { checkedId, checkedName } from "../model/ids";
import { adviceOn, lengthMs, shownName } from "../model/shape";
import { excerpt, nearest, shown } from "../model/text";
import { heldRules, Rule, RuleId, RuleKind, RuleLevel, RULES } from "../restore/rules";
import { Parameter } from "../restore/rules/parameter";
import { windowGap } from "../restore/rules/window-gap";
import { WhichList } from "../services/query";
import { fullListOf, SERVICES } from "../services/registry";
import { lengthIn, listAdvice, LISTS, listsIn } from "./arguments";
import { CloudOptions } from "./enquiry";

/** Looked for in this order. */
export const POLICY_FILES = ["backups.policy.yaml", "backups.policy.yml", "backups.policy.json"];

// Thousands of instances by name; the parser is slow where much is wrong.
const MAX_BYTES = 128 * 1024;
// A rule of an instance stands in the fifth; a parser may fall over what is nested without end.
const MAX_DEPTH = 20;

/** What has to hold of which instances. */
export interface Policy {
  /** As the user knows it. @default - there is none: all rules hold with their defaults */
  readonly file?: string;
  readonly whom: Pick<CloudOptions, "cloud" | "region" | "project" | "projectName">;
  /** How far back backups are asked for. @default - all are */
  readonly within?: Duration;
  readonly rules: readonly Rule[];
  /** Those that the file has, by what it says of them. */
  readonly given: ReadonlySet<RuleId>;
  /** All of whose instances are judged. */
  readonly services: readonly PolicyService[];
  readonly instances: readonly PolicyInstance[];
  readonly suppressions: readonly PolicySuppression[];
}

/** A list, by the command's word for it, and where the file has it. */
export interface PolicyService {
  readonly word: string;
  readonly which: WhichList;
  readonly line: number;
}

/** An instance of its own, by its id or its name. */
export interface PolicyInstance extends PolicyService {
  readonly id?: string;
  readonly name?: string;
  /** Its own in place of the policy's. */
  readonly rules: readonly Rule[];
  readonly given: ReadonlySet<RuleId>;
}

/** Findings that people live with. */
export interface PolicySuppression {
  readonly rule: RuleId;
  /** @default - of all services */
  readonly word?: string;
  /** By id or name. @default - of all instances */
  readonly instance?: string;
  readonly reason: string;
  readonly line: number;
}

/** A policy of defaults, for all that there is. */
export const DEFAULT_POLICY: Policy = {
  whom: {},
  rules: heldRules([]),
  given: new Set(),
  services: [],
  instances: [],
  suppressions: [],
};

/** The policy file that is given, else the one that lies here; undefined where none is given and none lies here. */
export function findPolicy(given: string | undefined): Policy | undefined {
  const file = given ?? POLICY_FILES.find((each) => existsSync(each));
  return file === undefined ? undefined : parsePolicy(textOf(file), file);
}

function textOf(file: string): string {
  let problem: string;
  try {
    const stat = statSync(file);
    if (stat.isFile() && stat.size <= MAX_BYTES) return readFileSync(file, "utf8");
    problem = stat.isFile()
      ? `has ${stat.size} bytes, and a policy at most ${MAX_BYTES}`
      : "is no file";
  } catch (error) {
    problem = `can't be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`;
  }
  throw refusal(
    "POLICY_UNREADABLE",
    `${excerpt(file)} ${problem}`,
    "Give the path of a policy file: cdktf-backups check backups.policy.yaml.",
  );
}

/** Where two of a policy are the same instance, by its name and by its id: only one's rules would hold. */
export function refuseTwice(
  { file }: Pick<Policy, "file">,
  before: PolicyInstance,
  { id, line, name, word }: PolicyInstance,
): never {
  const as = [before.id ?? before.name, id ?? name].map(shown);
  const where = `line ${before.line} already${as[0] === as[1] ? "" : `, as ${as[0]}`}`;
  throw refusal(
    "INVALID_POLICY",
    `${excerpt(file ?? "")}, line ${line}: the instance ${as[1]} of ${word} stands in ${where}`,
    "Give each once, with all of its rules.",
  );
}

/** The policy of a text in YAML or JSON, all of it checked. */
export function parsePolicy(text: string, file: string): Policy {
  return new Reader(text, file).policy();
}

/** Its settings, by the rule: undefined where it is off and holds only where it is given. */
type Settings = ReadonlyMap<RuleId, Rule | undefined>;

/** An object of the file: each value with its key. */
type Fields = ReadonlyMap<string, { readonly key: Node; readonly value: Node }>;

const TOP = [
  ...["$schema", "version", "cloud", "region", "project", "projectName", "within"],
  ...["rules", "services", "instances", "suppress"],
];

class Reader {
  private readonly yaml = require("yaml") as typeof import("yaml");
  private readonly lines: LineCounter = new this.yaml.LineCounter();

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  public policy(): Policy {
    const top = this.object(this.parsed(), "the policy", TOP, ["version"]);
    const version = top.get("version")!.value;
    if (this.scalar(version) !== 1) {
      throw this.wrong(version, `version is ${this.shown(version)}`, "Allowed is 1.");
    }
    const settings = this.settings(top);
    const rules = rulesOf(settings);
    const services = this.services(top);
    const instances = this.items(top, "instances").map((node, i) =>
      this.instance(node, `instances[${i}]`, settings),
    );
    this.refuseTwice(instances);
    return {
      file: this.file,
      whom: this.whom(top),
      within: this.within(top),
      rules,
      given: givenIn(settings),
      services,
      instances,
      suppressions: this.items(top, "suppress").map((node, i) =>
        this.suppression(node, `suppress[${i}]`),
      ),
    };
  }

  /** Nothing of the text is shown: somebody may have named a file with secrets. */
  private parsed(): Node {
    this.refuseDepth();
    const document = this.yaml.parseDocument(this.text, {
      // Whatever version the file says: in 1.1 "off" is no text.
      schema: "core",
      merge: false,
      // It would compare each key with all others; what stands twice is refused by `object`.
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: this.lines,
      logLevel: "error",
    });
    const [error] = document.errors;
    if (error) throw this.wrong(error.pos[0], `is no YAML (${error.code})`, "Mend the file there.");
    if (document.contents) return document.contents as Node;
    throw this.wrong(0, "the policy is empty", "The least is `version: 1` and `services: [all]`.");
  }

  private refuseDepth(): void {
    let depth = 0;
    for (const { 0: bracket, index } of this.text.matchAll(/[[\]{}]/g)) {
      depth = "[{".includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
      if (depth > MAX_DEPTH) throw this.wrong(index, "is nested too deep", "No policy is so deep.");
    }
  }

  private whom(top: Fields): Policy["whom"] {
    const cloud = this.optional(top, "cloud", (node) => this.oneOf(node, "cloud", CLOUDS));
    const checked = (name: string, check: (text: string) => unknown) =>
      this.optional(top, name, (node) => {
        const text = this.textIn(node, name);
        this.guarded(node, () => check(text));
        return text;
      });
    const project = checked("project", (text) => checkedId("project", text, ""));
    const projectName = checked("projectName", (text) => checkedId("projectName", text, ""));
    if (project !== undefined && projectName !== undefined) {
      const what = "projectName stands beside project";
      throw this.wrong(top.get("projectName")!.key, what, "Give one of the two.");
    }
    return { cloud, region: checked("region", checkedRegion), project, projectName };
  }

  private within(top: Fields): Duration | undefined {
    return this.optional(top, "within", (node) => {
      const within = this.duration(node, "within");
      if (within.toMilliseconds() > 0) return within;
      throw this.wrong(node, "within is 0", "Allowed is a duration longer than nothing.");
    });
  }

  private services(top: Fields): PolicyService[] {
    const found = this.items(top, "services").flatMap((node, i): PolicyService[] => {
      const where = `services[${i}]`;
      const word = this.textIn(node, where);
      if (word === "all") {
        const line = this.lineOf(node);
        return listsIn(["all"]).map((which) => ({ word: which.service, which, line }));
      }
      const { which } = this.list(node, where);
      if (which.list === fullListOf(which.service)) {
        return [{ word, which, line: this.lineOf(node) }];
      }
      throw this.wrong(
        node,
        `${where} is ${word}, which can only be listed for one instance`,
        `Name each under instances: { service: ${word}, name: … }.`,
      );
    });
    const words = found.map(({ word }) => word);
    const twice = found.find(({ word }, i) => words.indexOf(word) !== i);
    if (!twice) return found;
    const node = top.get("services")!.value;
    throw this.wrong(node, `services has ${twice.word} twice`, "Give each once.");
  }

  private instance(node: Node, where: string, general: Settings): PolicyInstance {
    const fields = this.object(node, where, ["service", "id", "name", "rules"], ["service"]);
    const { word, which } = this.list(fields.get("service")!.value, `${where}.service`);
    const identified = (key: string, check: typeof checkedId) =>
      this.optional(fields, key, (value) => {
        const text = this.textIn(value, `${where}.${key}`);
        return this.guarded(value, () => check(`${where}.${key}`, text, ""));
      });
    const [id, name] = [identified("id", checkedId), identified("name", checkedName)];
    if ((id === undefined) === (name === undefined)) {
      const has = id === undefined ? "has neither id nor name" : "has both id and name";
      throw this.wrong(node, `${where} ${has}`, "Give one of the two.");
    }
    const own = this.settings(fields, `${where}.`);
    const given = givenIn(own);
    if (own.get(RuleId.WINDOW_GAP)?._valuesOf(windowGap) && !SERVICES[which.service].windows) {
      const at = fields.get("rules")!.value;
      throw this.wrong(
        at,
        `${where}.rules has window-gap, and ${word} restores to no moment`,
        "Leave it out there.",
      );
    }
    const rules = rulesOf(new Map([...general, ...own]));
    return { word, which, id, name, rules, given, line: this.lineOf(node) };
  }

  private refuseTwice(instances: readonly PolicyInstance[]): void {
    const seen = new Map<string, PolicyInstance>();
    for (const each of instances) {
      const key = JSON.stringify([each.word, each.id, each.name]);
      const before = seen.get(key);
      if (before) refuseTwice({ file: this.file }, before, each);
      seen.set(key, each);
    }
  }

  private suppression(node: Node, where: string): PolicySuppression {
    const keys = ["rule", "service", "instance", "reason"];
    const fields = this.object(node, where, keys, ["rule", "reason"]);
    const rule = this.oneOf(fields.get("rule")!.value, `${where}.rule`, Object.values(RuleId));
    const word = this.optional(fields, "service", (value) => {
      return this.list(value, `${where}.service`).word;
    });
    const instance = this.optional(fields, "instance", (value) => {
      const text = this.textIn(value, `${where}.instance`);
      return this.guarded(value, () => checkedId(`${where}.instance`, text, ""));
    });
    const said = fields.get("reason")!.value;
    const reason = this.textIn(said, `${where}.reason`).trim();
    if (reason !== "") return { rule, word, instance, reason, line: this.lineOf(node) };
    const advice = "Say why the finding is accepted, for those who read it later.";
    throw this.wrong(said, `${where}.reason is blank`, advice);
  }

  private settings(fields: Fields, prefix = ""): Settings {
    const node = fields.get("rules")?.value;
    const ids = Object.values(RuleId);
    const given: Fields = node ? this.object(node, `${prefix}rules`, ids) : new Map();
    return new Map(
      [...given].map(([id, { value }]) => {
        const kind = RULES.find((each) => each.id === id)!;
        return [kind.id, this.rule(value, `${prefix}rules.${id}`, kind)];
      }),
    );
  }

  /** `off`, another level, or its parameters. */
  private rule(node: Node, where: string, kind: RuleKind<any>): Rule | undefined {
    const levels = Object.values(RuleLevel);
    if (!this.yaml.isMap(node)) {
      const allowed = "off, warning, error, or an object of its parameters";
      const level = this.oneOf(node, where, levels, allowed);
      if (level === RuleLevel.OFF && kind.isOptIn) return undefined;
      return this.made(node, where, kind, level, {});
    }
    const names = Object.keys(kind.parameters);
    const fields = this.object(node, where, ["level", ...names]);
    const level = this.optional(fields, "level", (value) =>
      this.oneOf(value, `${where}.level`, levels),
    );
    const values = names.map((name) => [
      name,
      this.optional(fields, name, (value) =>
        this.parameter(value, `${where}.${name}`, kind.parameters[name]!),
      ),
    ]);
    return this.made(node, where, kind, level ?? kind.level, Object.fromEntries(values));
  }

  private made(
    node: Node,
    where: string,
    kind: RuleKind<any>,
    level: RuleLevel,
    values: { readonly [name: string]: unknown },
  ): Rule {
    const missing = Object.entries<Parameter<unknown>>(kind.parameters).find(
      ([name, { usual }]) => usual === undefined && values[name] === undefined,
    );
    if (!missing) return Rule._of(kind, values).withLevel(level);
    const [name] = missing;
    throw this.wrong(node, `${where} has no ${name}`, "It has no default.");
  }

  private parameter(node: Node, where: string, { is, text, usual }: Parameter<unknown>): unknown {
    const value =
      lengthMs(usual) >= 0
        ? this.duration(node, where)
        : typeof usual === "number"
          ? this.scalar(node)
          : this.textIn(node, where);
    if (is(value)) return value;
    throw this.wrong(node, `${where} is ${this.shown(node)}`, `Allowed is ${inFile(text)}.`);
  }

  private list(node: Node, where: string): { word: string; which: WhichList } {
    const word = this.scalar(node);
    const which = typeof word === "string" && Object.hasOwn(LISTS, word) ? LISTS[word] : undefined;
    if (which) return { word: word as string, which };
    throw this.wrong(node, `${where} is ${this.shown(node)}`, listAdvice(String(word)));
  }

  private duration(node: Node, where: string): Duration {
    const value = this.scalar(node);
    if (typeof value === "string") {
      return this.guarded(node, () => lengthIn(value), `${where}: `);
    }
    const advice = "Allowed is such as 90m, 26h, 7d or 1d12h.";
    throw this.wrong(node, `${where} is ${this.shown(node)}, no duration`, advice);
  }

  private oneOf<T extends string>(
    node: Node,
    where: string,
    all: readonly T[],
    allowed?: string,
  ): T {
    const value = this.scalar(node);
    const known = all.find((each) => each === value);
    if (known !== undefined) return known;
    const [near] = nearest(String(value), all, 2);
    const meant = near === undefined ? "" : `Did you mean ${near}? `;
    const advice = `${meant}Allowed: ${allowed ?? all.join(", ")}.`;
    throw this.wrong(node, `${where} is ${this.shown(node)}`, advice);
  }

  private textIn(node: Node, where: string): string {
    const value = this.scalar(node);
    if (typeof value === "string") return value;
    const advice = ["number", "boolean"].includes(typeof value)
      ? "Allowed is a text: write it in quotes."
      : "Allowed is a text.";
    throw this.wrong(node, `${where} is ${this.shown(node)}`, advice);
  }

  private optional<T>(fields: Fields, name: string, read: (node: Node) => T): T | undefined {
    const field = fields.get(name);
    return field && read(field.value);
  }

  private items(fields: Fields, name: string): Node[] {
    const node = fields.get(name)?.value;
    if (!node) return [];
    if (this.yaml.isSeq(node)) return (node as YAMLSeq<Node>).items;
    throw this.wrong(
      node,
      `${name} is ${this.shown(node)}`,
      `Allowed is a list, ${this.yaml.isScalar(node) ? `such as ${name}: [${this.shown(node)}]` : "each item after a dash"}.`,
    );
  }

  private object(
    node: Node,
    where: string,
    names: readonly string[],
    needed: readonly string[] = [],
  ): Fields {
    if (!this.yaml.isMap(node)) {
      const advice = `Allowed is an object with ${names.join(", ")}.`;
      throw this.wrong(node, `${where} is ${this.shown(node)}`, advice);
    }
    const fields = new Map<string, { key: Node; value: Node }>();
    for (const { key, value } of (node as YAMLMap<Node, Node>).items as Pair<Node, Node>[]) {
      const name = this.scalar(key);
      if (typeof name !== "string" || !names.includes(name)) {
        const what = `${where} has no ${shownName(String(name))}`;
        throw this.wrong(key, what, adviceOn(String(name), names));
      }
      if (fields.has(name)) {
        throw this.wrong(key, "a key stands there twice", "Mend the file there.");
      }
      if (!value || this.scalar(value) === null) {
        throw this.wrong(
          key,
          `${where} has nothing under ${name}`,
          "Give it a value, or leave it out.",
        );
      }
      fields.set(name, { key, value });
    }
    const missing = needed.find((name) => !fields.has(name));
    if (missing === undefined) return fields;
    throw this.wrong(node, `${where} has no ${missing}`, `It needs ${needed.join(" and ")}.`);
  }

  /** What stands there by itself; undefined for a list, an object or an alias. */
  private scalar(node: Node): unknown {
    return this.yaml.isScalar(node) ? (node as Scalar).value : undefined;
  }

  private shown(node: Node): string {
    if (this.yaml.isAlias(node)) return "an alias, which no policy may have";
    if (this.yaml.isMap(node)) return "an object";
    if (this.yaml.isSeq(node)) return "a list";
    return shown(this.scalar(node));
  }

  /** What another check throws, with the place. */
  private guarded<T>(node: Node, act: () => T, prefix = ""): T {
    try {
      return act();
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      const { advice, what } = error.details;
      throw this.wrong(node, prefix + what, advice ?? "");
    }
  }

  private lineOf(node: Node): number {
    return this.lines.linePos(node.range?.[0] ?? 0).line;
  }

  private get told(): string {
    return excerpt(this.file);
  }

  private wrong(at: Node | number, what: string, advice: string): BackupsError {
    const offset = typeof at === "number" ? at : (at.range?.[0] ?? 0);
    const before = this.text.slice(0, offset).split("\n");
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    return refusal("INVALID_POLICY", `${this.told}, ${place}: ${what}`, advice);
  }
}

const CLOUDS = ["otc", "huaweicloud"];

function rulesOf(settings: Settings): Rule[] {
  return heldRules([...settings.values()].flatMap((rule) => rule ?? []));
}

/** Those that somebody wants to be run. */
function givenIn(settings: Settings): Set<RuleId> {
  const isOn = (rule: Rule | undefined) => rule !== undefined && rule.level !== RuleLevel.OFF;
  return new Set([...settings].flatMap(([id, rule]) => (isOn(rule) ? id : [])));
}

/** What a parameter may be, in the words of a file. */
function inFile(text: string): string {
  return text
    .replace("Duration.hours(26)", "26h")
    .replace("a Duration", "a duration")
    .replace(" and known at synthesis", "");
}
