import { BackupsError, refusal } from "../model/errors";
import { excerpt, printable, shown } from "../model/text";
import {
  applySuppressions,
  Rule,
  RuleFinding,
  RuleId,
  RuleLevel,
  runRules,
  RuleSubject,
  SuppressedFinding,
} from "../restore/rules";
import { recoveryPoints } from "../restore/rules/rpo";
import { forCommand } from "./advice";
import { ExitCode, exitOf } from "./exit";
import { Lack, lackOf } from "./grounds";
import { Policy, PolicyInstance } from "./policy";

/** Where something stands that people can change. */
export interface Place {
  readonly file?: string;
  readonly line: number;
}

/** An instance, and what the rules say of it. */
export interface Judged {
  /** The list, by the command's word for it. */
  readonly word: string;
  /** Undefined where it was looked for by its name in vain, or for a query of several. */
  readonly id?: string;
  readonly name?: string;
  /** "RDS instance orders (a48e…)". */
  readonly label: string;
  /** Those that had something to judge; none of level OFF. */
  readonly rules: readonly Rule[];
  /** Of those that the policy file has, the ones that had nothing to judge. */
  readonly unjudged: readonly { readonly rule: RuleId; readonly lack: Lack }[];
  readonly kept: readonly RuleFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Up to when a restore now would have everything. @default - there is no usable backup, or nothing is known */
  readonly newest?: Date;
  /** Why nothing is known of it. */
  readonly problem?: BackupsError;
  readonly place: Place;
}

/** A service all of whose instances were to be judged. */
export interface JudgedService {
  readonly word: string;
  /** Why not even its instances are known. */
  readonly problem?: BackupsError;
  readonly place: Place;
}

/** What came of a policy. */
export interface Verdict {
  readonly asOf: Date;
  /** From which level on a finding breaks the policy. */
  readonly failOn: RuleLevel;
  readonly services: readonly JudgedService[];
  readonly judged: readonly Judged[];
  readonly notes: readonly string[];
}

/** Who an instance is. */
export type Who = Pick<Judged, "word" | "id" | "name" | "label" | "place">;

/** @param wanted Which rules, and which of them the policy says of the instance alone. */
export function judgedOf(
  who: Who,
  subject: RuleSubject,
  wanted: Pick<PolicyInstance, "given" | "rules">,
  { given, suppressions }: Policy,
  asOf: Date,
): Judged {
  const rules = wanted.rules.filter(({ level }) => level !== RuleLevel.OFF);
  const findings = runRules([subject], rules, asOf);
  const own = suppressions.filter((each) => fits(each, who));
  const { kept, suppressed } = applySuppressions(
    findings,
    own.map(({ reason, rule }) => ({ path: "", reason, rule })),
  );
  const time = recoveryPoints(subject, asOf)[0]?.time;
  const newest = time === undefined ? undefined : new Date(time);
  const lacks = new Map(rules.map((rule) => [rule, lackOf(rule, subject, who.word, asOf)]));
  const judging = rules.filter((rule) => lacks.get(rule) === undefined);
  const unjudged = [...lacks].flatMap(([{ id }, lack]) => {
    const isSaid = given.has(id) || wanted.given.has(id);
    return lack !== undefined && isSaid ? [{ rule: id, lack }] : [];
  });
  return { ...who, label: subject.label, rules: judging, unjudged, kept, suppressed, newest };
}

export function unknownOf(who: Who, problem: BackupsError): Judged {
  const nothing = { rules: [], unjudged: [], kept: [], suppressed: [] };
  return { ...who, ...nothing, problem: forCommand(problem) };
}

function fits(
  { instance, word }: Policy["suppressions"][number],
  who: Pick<Judged, "word" | "id" | "name">,
): boolean {
  const isOfService = word === undefined || word === who.word;
  return isOfService && (instance === undefined || [who.id, who.name].includes(instance));
}

/** Suppressions that are of nobody: a name may have changed. Not said where somebody is unknown. */
export function strayNotes(policy: Policy, { judged, services }: Omit<Verdict, "notes">): string[] {
  if ([...judged, ...services].some(({ problem }) => problem)) return [];
  return policy.suppressions
    .filter((each) => !judged.some((who) => fits(each, who)))
    .map(({ line, rule }) => {
      return `${policy.file}, line ${line}: the suppression of ${rule} is of no instance that was judged`;
    });
}

/** A suppression by a name that several of a service have: which of them was looked at, nobody knows. */
export function refuseSeveral({ file, suppressions }: Policy, judged: readonly Judged[]): void {
  for (const each of suppressions) {
    const { instance, line, rule } = each;
    if (instance === undefined) continue;
    const meant = judged.filter((who) => fits(each, who));
    for (const word of new Set(meant.map((who) => who.word))) {
      const ids = new Set(meant.flatMap(({ id, ...who }) => (who.word === word && id) || []));
      if (ids.size < 2) continue;
      throw refusal(
        "INVALID_POLICY",
        `${excerpt(file ?? "")}, line ${line}: the suppression of ${rule} is of ${ids.size} instances of ${word}: each is ${shown(instance)}`,
        "Give the id of the one that is meant:",
        { list: [...ids].map((id) => shown(id)) },
      );
    }
  }
}

export function isBroken({ kept }: Judged, failOn: RuleLevel): boolean {
  return kept.some(({ level }) => level === RuleLevel.ERROR || level === failOn);
}

/** Each error once, however many instances it befell. */
export function problemsOf({ judged, services }: Verdict): BackupsError[] {
  const all = [...services, ...judged].flatMap(({ problem }) => problem ?? []);
  return [...new Map(all.map((each) => [each.message, each])).values()];
}

export function exitOfVerdict(verdict: Verdict): ExitCode {
  const isMet = !verdict.judged.some((each) => isBroken(each, verdict.failOn));
  return exitOf(problemsOf(verdict), isMet ? ExitCode.MET : ExitCode.FINDINGS);
}

/** What was seen, without whose it is. */
export function seenIn({ evidence }: RuleFinding, { label }: Judged): string {
  const whose = printable(`${label}: `);
  return evidence.startsWith(whose) ? evidence.slice(whose.length) : evidence;
}

/** As the policy or the cloud calls it. */
export function nameOf({ id, label, name }: Judged): string {
  return name ?? id ?? label;
}

/** The same texts, each once: what stands there already gets an ordinal, "orders (2)". */
export function toldApart(texts: readonly string[]): string[] {
  const taken = new Map<string, number>();
  return texts.map((text) => {
    let own = text;
    let ordinal = taken.get(text) ?? 0;
    while (taken.has(own)) own = `${text} (${++ordinal})`;
    taken.set(text, Math.max(ordinal, 1));
    if (own !== text) taken.set(own, 1);
    return own;
  });
}

/** What all of it comes to: "4 of 5 instances meet the policy: 1 error, 2 warnings." */
export function sentence(verdict: Verdict): string {
  const { failOn, judged, services } = verdict;
  const unknown = judged.filter(({ problem }) => problem);
  const broken = judged.filter((each) => isBroken(each, failOn));
  const met = judged.length - unknown.length - broken.length;
  const levelled = (level: RuleLevel) =>
    judged.flatMap(({ kept }) => kept.filter((each) => each.level === level)).length;
  const suppressed = judged.flatMap((each) => each.suppressed).length;
  const found = [
    ...counted(levelled(RuleLevel.ERROR), "error"),
    ...counted(levelled(RuleLevel.WARNING), "warning"),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown`] : []),
    ...services.flatMap(({ problem, word }) => (problem ? [`${word} unknown`] : [])),
  ];
  const of = `${met} of ${judged.length} ${judged.length === 1 ? "instance meets" : "instances meet"}`;
  return `${of} the policy${found.length > 0 ? `: ${found.join(", ")}` : ""}.`;
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];
}
