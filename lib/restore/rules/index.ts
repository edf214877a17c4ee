import { refusal } from "../../model/errors";
import { excerpt, printable } from "../../model/text";
import { RuleFinding, RuleKind, RuleLevel, RuleObservation, RuleSubject } from "./kind";
import { Rule, RULES } from "./rule";

export { GapRuleOptions } from "./gap";
export { RuleFinding, RuleId, RuleKind, RuleLevel, RuleObservation, RuleSubject } from "./kind";
export { Rule, RULES } from "./rule";
export { SizeRuleOptions } from "./size";
export {
  applySuppressions,
  RuleSuppression,
  SortedFindings,
  SuppressedFinding,
} from "./suppressions";
export { WindowGapRuleOptions } from "./window-gap";

/** The rules that hold: each as given, else with its defaults. */
export function heldRules(given: readonly Rule[], constructPath?: string): Rule[] {
  const refuse = (what: string, advice: string) => {
    throw refusal("INVALID_RULE_SETTING", what, advice, { constructPath });
  };
  // For programs without types.
  if (!Array.isArray(given) || !given.every((each) => typeof each?._check === "function")) {
    refuse("`rules` is no list of rules", "Allowed is such as [Rule.rpo(Duration.hours(26))].");
  }
  return RULES.flatMap((kind) => {
    const own = given.filter(({ id }) => id === kind.id);
    if (own.length > 1)
      refuse(`\`rules\` has ${kind.id} ${own.length} times`, "Give each rule once.");
    return own.length > 0 || kind.isOptIn ? own : Rule._of(kind, {});
  });
}

/** What the rule of that kind wants, where it is run; of several the first. */
export function valuesIn<P>(rules: readonly Rule[], kind: RuleKind<P>): P | undefined {
  return rules.flatMap((rule) => rule._valuesOf(kind) ?? [])[0];
}

/** What the rules find wrong: subject by subject as given, each in the order of the rules. */
export function runRules(
  subjects: readonly RuleSubject[],
  rules: readonly Rule[],
  asOf: Date,
): RuleFinding[] {
  if (!(asOf instanceof Date) || Number.isNaN(asOf.getTime())) {
    throw refusal(
      "INVALID_TIME",
      "the rules got no valid Date to count back from",
      'Allowed is a Date, such as new Date("2026-01-31T04:00:00Z").',
    );
  }
  const on = rules.filter(({ level }) => level !== RuleLevel.OFF);
  return subjects.flatMap((subject) => on.flatMap((rule) => findingsOf(rule, subject, asOf)));
}

function findingsOf(rule: Rule, subject: RuleSubject, asOf: Date): RuleFinding[] {
  return observe(rule, subject, asOf).map(({ evidence, advice }) => ({
    rule: rule.id,
    level: rule.level,
    subject: subject.path,
    evidence: printable(`${subject.label}: ${evidence}`),
    advice: printable(advice),
  }));
}

/** A rule that throws has not said that all is well: that is a finding too. */
function observe(rule: Rule, subject: RuleSubject, asOf: Date): RuleObservation[] {
  try {
    return rule._check(subject, asOf);
  } catch (error) {
    const thrown: RuleObservation = {
      evidence: `the rule ${rule.id} threw instead of judging: ${excerpt(String(error))}`,
      advice: `Please report it as a defect of this library; until it is mended, suppress ${rule.id} with that reason and look at the backups yourself.`,
    };
    return [thrown];
  }
}
