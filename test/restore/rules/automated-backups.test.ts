import { Rule, RuleLevel } from "../../../lib/restore/rules";
import { backup, evidenceOf, instance, subject } from "./support";

const automatedBackups = Rule.automatedBackups();

describe("automated-backups", () => {
  test("tells an instance whose policy is off, whatever backups it has", () => {
    const off = instance({ isOn: false });
    for (const backups of [[], [backup("b", 1)]]) {
      expect(evidenceOf(automatedBackups, subject(backups, { instance: off }))).toEqual([
        "its automated backups are off",
      ]);
    }
    expect(automatedBackups.level).toBe(RuleLevel.WARNING);
  });

  test("accepts one whose policy is on, without a backup as well", () => {
    const on = instance({ isOn: true });
    expect(evidenceOf(automatedBackups, subject([], { instance: on }))).toEqual([]);
  });

  test("has no opinion where the policy, or the instance, is not known", () => {
    expect(evidenceOf(automatedBackups, subject([], { instance: instance() }))).toEqual([]);
    expect(evidenceOf(automatedBackups, subject([]))).toEqual([]);
  });
});
