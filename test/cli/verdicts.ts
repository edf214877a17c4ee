import { Judged, Verdict } from "../../lib/cli/verdict";
import { refusal } from "../../lib/model/errors";
import { Rule, RuleFinding, RuleLevel } from "../../lib/restore/rules";

export const AS_OF = new Date("2026-11-21T03:00:00Z");

/** A finding, as the rules make them. */
export function findingOf(label: string, rule: Rule, evidence = "it is so"): RuleFinding {
  return {
    ...{ rule: rule.id, level: rule.level, subject: "rds/1" },
    ...{ evidence: `${label}: ${evidence}`, advice: "Do something." },
  };
}

/** An instance with an error, a warning, and a finding that is suppressed. */
export function judgedOf(name = "orders", given: Partial<Judged> = {}): Judged {
  const label = `RDS instance ${name} (1)`;
  const rules = [Rule.rpo(), Rule.gap(), Rule.count(), Rule.stuck()];
  return {
    ...{ word: "rds", id: "1", name, label, rules, unjudged: [] },
    kept: [findingOf(label, rules[0]!, 'too <old> & "worn"'), findingOf(label, rules[1]!)],
    suppressed: [{ ...findingOf(label, rules[2]!), reason: "two are enough" }],
    newest: new Date("2026-11-20T00:00:00Z"),
    place: { file: "backups.policy.yaml", line: 7 },
    ...given,
  };
}

/** One that nothing is known of. */
export function unknownOf(name = "ledger"): Judged {
  const label = `GaussDB instance ${name}`;
  return {
    ...{ word: "gaussdb", id: undefined, name, label },
    ...{ rules: [], unjudged: [], kept: [], suppressed: [] },
    problem: refusal("NOT_PERMITTED", "the user may not", "Ask."),
    place: { file: "backups.policy.yaml", line: 9 },
  };
}

export function verdictOf(judged: readonly Judged[], given: Partial<Verdict> = {}): Verdict {
  const place = { file: "backups.policy.yaml", line: 3 };
  return {
    ...{ asOf: AS_OF, failOn: RuleLevel.ERROR, judged, notes: [] },
    services: [{ word: "rds", place }],
    ...given,
  };
}
