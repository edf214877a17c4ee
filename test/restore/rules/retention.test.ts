import fc from "fast-check";
import { Duration } from "../../../lib/model/duration";
import { AutomatedBackups } from "../../../lib/model/instance";
import { Rule, RuleLevel } from "../../../lib/restore/rules";
import { evidenceOf, instance, subject } from "./support";

const of = (policy?: AutomatedBackups) => subject([], { instance: instance(policy) });
const keeping = (keepDays?: number) => of({ isOn: true, keepDays });

describe("retention", () => {
  test("tells a policy that keeps backups for less time than wanted, with both", () => {
    expect(evidenceOf(Rule.retention(), keeping(6))).toEqual([
      "its automated backups are kept for 6 days, less than 7 days",
    ]);
    expect(evidenceOf(Rule.retention(Duration.hours(36)), keeping(1))).toEqual([
      "its automated backups are kept for 1 day, less than 36 hours",
    ]);
    expect(Rule.retention().level).toBe(RuleLevel.WARNING);
  });

  test("accepts one that keeps them exactly as long", () => {
    expect(evidenceOf(Rule.retention(), keeping(7))).toEqual([]);
    expect(evidenceOf(Rule.retention(Duration.days(30)), keeping(30))).toEqual([]);
    expect(evidenceOf(Rule.retention(Duration.days(30)), keeping(29))).toHaveLength(1);
  });

  test("leaves a policy that is off to the rule that tells it", () => {
    expect(evidenceOf(Rule.retention(), of({ isOn: false }))).toEqual([]);
    expect(evidenceOf(Rule.retention(), of({ isOn: false, keepDays: 1 }))).toEqual([]);
  });

  test("has no opinion where the policy, its days or the instance are not known", () => {
    expect(evidenceOf(Rule.retention(), keeping(undefined))).toEqual([]);
    expect(evidenceOf(Rule.retention(), of())).toEqual([]);
    expect(evidenceOf(Rule.retention(), subject([]))).toEqual([]);
  });

  test("tells exactly those that keep fewer days", () => {
    const days = fc.nat({ max: 800 });
    fc.assert(
      fc.property(days, days, (kept, wanted) => {
        const found = evidenceOf(Rule.retention(Duration.days(wanted)), keeping(kept));
        expect(found).toHaveLength(kept < wanted ? 1 : 0);
      }),
    );
  });
});
