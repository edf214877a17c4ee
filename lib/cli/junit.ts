import { printable } from "../model/text";
import { toRfc3339 } from "../model/time";
import { RuleFinding, RuleLevel } from "../restore/rules";
import { Judged, JudgedService, nameOf, seenIn, toldApart, Verdict } from "./verdict";

/** A test case, and what of it is not passed. */
interface Case {
  readonly name: string;
  readonly classname: string;
  readonly outcome?: "failure" | "error" | "skipped";
  readonly type?: string;
  readonly message?: string;
  readonly detail?: string;
}

/**
 * As pipelines read it: a suite for each service, a case for each instance and rule. What breaks the policy is
 * a failure, what weighs less stands in the case's output, what is suppressed is skipped; what is unknown is
 * an error.
 */
export function junit(verdict: Verdict): string {
  const { asOf, judged, services } = verdict;
  const words = [...new Set([...services, ...judged].map(({ word }) => word))];
  const suites = words.map((word) => ({
    word,
    cases: [
      ...services.filter((each) => each.word === word).flatMap(ofService),
      ...casesIn(
        judged.filter((each) => each.word === word),
        verdict,
      ),
    ],
  }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cdktf-backups" tests="${all.length}" failures="${countOf(all, "failure")}" errors="${countOf(all, "error")}">`,
    ...suites.flatMap(({ cases, word }) => [
      `  <testsuite name="${xml(word)}" tests="${cases.length}" failures="${countOf(cases, "failure")}" errors="${countOf(cases, "error")}" skipped="${countOf(cases, "skipped")}" timestamp="${toRfc3339(asOf).replace(/(\.\d+)?Z$/, "")}">`,
      ...cases.map(written),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function ofService({ problem, word }: JudgedService): Case[] {
  if (!problem) return [];
  const { code, message } = problem;
  return [{ name: "lookup", classname: word, outcome: "error", type: code, message }];
}

/** Named by their names; where several have the same, by their ids, and by their order at the last. */
function casesIn(judged: readonly Judged[], verdict: Verdict): Case[] {
  const counts = new Map<string, number>();
  for (const each of judged) counts.set(nameOf(each), (counts.get(nameOf(each)) ?? 0) + 1);
  const names = judged.map((each) => {
    const name = nameOf(each);
    return `${each.word}.${counts.get(name) === 1 ? name : (each.id ?? name)}`;
  });
  return toldApart(names).flatMap((name, i) => casesOf(judged[i]!, name, verdict));
}

function casesOf(each: Judged, classname: string, { failOn }: Verdict): Case[] {
  const { kept, problem, rules, suppressed } = each;
  if (problem) {
    const { code: type, message } = problem;
    return [{ name: "lookup", classname, outcome: "error", type, message }];
  }
  return rules.map(({ id: name, level }): Case => {
    const found = kept.filter(({ rule }) => rule === name);
    const lived = suppressed.filter(({ rule }) => rule === name);
    const breaks = level === RuleLevel.ERROR || level === failOn;
    if (found.length > 0) {
      const told = { detail: found.map((finding) => toldOf(finding, each)).join("\n") };
      if (!breaks) return { name, classname, ...told };
      const message = found.map((finding) => seenIn(finding, each)).join("; ");
      return { name, classname, outcome: "failure", type: level, message, ...told };
    }
    const [first] = lived;
    if (!first) return { name, classname };
    return { name, classname, outcome: "skipped", message: `suppressed: ${first.reason}` };
  });
}

function toldOf(finding: RuleFinding, each: Judged): string {
  return `${finding.level}: ${seenIn(finding, each)}. ${finding.advice}`;
}

function countOf(cases: readonly Case[], outcome: Case["outcome"]): number {
  return cases.filter((each) => each.outcome === outcome).length;
}

function written({ classname, detail, message, name, outcome, type }: Case): string {
  const open = `    <testcase name="${xml(name)}" classname="${xml(classname)}"`;
  if (outcome) {
    const attributes = [
      ...(type === undefined ? [] : [` type="${xml(type)}"`]),
      ` message="${xml(message ?? "")}"`,
    ].join("");
    return `${open}><${outcome}${attributes}>${xml(detail ?? "")}</${outcome}></testcase>`;
  }
  if (detail === undefined) return `${open}/>`;
  return `${open}><system-out>${xml(detail)}</system-out></testcase>`;
}

const ENTITIES: { readonly [sign: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A text that is no markup, in which nothing stands that XML 1.0 forbids. */
export function xml(text: string): string {
  return text
    .split("\n")
    .map(printable)
    .join("\n")
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}
