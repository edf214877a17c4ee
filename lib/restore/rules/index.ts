import { BackupsUsageError } from "../../model/errors";
import { excerpt } from "../../model/text";
import { automatedOnly } from "./automated-only";
import { count } from "./count";
import { coverage } from "./coverage";
import { engineVersion } from "./engine-version";
import { failures } from "./failures";
import { gap } from "./gap";
import { rpo } from "./rpo";
import { Rule, RuleFinding, RuleLevel, RuleObservation, RuleSubject } from "./rule";
import { serviceFlag } from "./service-flag";
import { applySettings, checkRuleId, RuleSettings, SetRule } from "./settings";
import { size } from "./size";
import { stuck } from "./stuck";
import { RuleSuppression, SortedFindings, suppress } from "./suppressions";
import { windowGap } from "./window-gap";

export { Rule, RuleFinding, RuleLevel, RuleObservation, RuleSubject } from "./rule";
export { RuleSetting, RuleSettings } from "./settings";
export { RuleSuppression, SortedFindings, SuppressedFinding } from "./suppressions";

/** All rules, in the order in which their findings are told. */
export const RULES: readonly Rule<any>[] = [
  rpo,
  failures,
  gap,
  count,
  coverage,
  windowGap,
  stuck,
  size,
  automatedOnly,
  serviceFlag,
  engineVersion,
];

/**
 * What the rules find wrong: subject by subject as given, each in the order of the rules. Settings
 * that can't be are refused before any rule runs.
 */
export function runRules(
  subjects: readonly RuleSubject[],
  settings: RuleSettings,
  asOf: Date,
  rules: readonly Rule<any>[] = RULES,
): RuleFinding[] {
  const set = applySettings(rules, settings).filter(({ level }) => level !== RuleLevel.OFF);
  if (!(asOf instanceof Date) || Number.isNaN(asOf.getTime())) {
    throw new BackupsUsageError({
      code: "INVALID_TIME",
      what: "the rules got no valid Date to count back from",
      advice: 'Allowed is a Date, such as new Date("2026-01-31T04:00:00Z").',
    });
  }
  return subjects.flatMap((subject) => set.flatMap((each) => findingsOf(each, subject, asOf)));
}

/** Takes out the findings that are suppressed; each suppression needs a rule that is, and a reason. */
export function applySuppressions(
  findings: readonly RuleFinding[],
  suppressions: readonly RuleSuppression[],
): SortedFindings {
  const known = [...RULES, ...findings.map(({ rule }) => ({ id: rule }))];
  for (const { rule } of suppressions) checkRuleId(rule, known);
  return suppress(findings, suppressions);
}

function findingsOf(set: SetRule, subject: RuleSubject, asOf: Date): RuleFinding[] {
  return observe(set, subject, asOf).map(({ evidence, advice }) => ({
    rule: set.rule.id,
    level: set.level,
    subject: subject.path,
    evidence: `${subject.label}: ${evidence}`,
    advice,
  }));
}

/** A rule that throws has not said that all is well: that is a finding too. */
function observe({ rule, parameters }: SetRule, subject: RuleSubject, asOf: Date) {
  try {
    return rule.check(subject, parameters, asOf);
  } catch (error) {
    const thrown: RuleObservation = {
      evidence: `the rule ${rule.id} threw instead of judging: ${excerpt(String(error))}`,
      advice: `Please report it as a defect of this library; until it is mended, suppress ${rule.id} with that reason and look at the backups yourself.`,
    };
    return [thrown];
  }
}
