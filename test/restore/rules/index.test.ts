import fc from "fast-check";
import { BackupsUsageError } from "../../../lib/model/errors";
import { heldRules, Rule, RuleId, RuleLevel, RULES, runRules } from "../../../lib/restore/rules";
import { anySubject, backup, NOW, subject } from "./support";

const throwing = Rule._of(
  {
    ...{ id: "throwing" as RuleId, title: "Throws.", level: RuleLevel.WARNING, parameters: {} },
    check: () => {
      throw new TypeError("no such thing\nat all");
    },
  },
  {},
);
const usual = heldRules([]);
/** Those that hold only where they are given as well. */
const all = heldRules([Rule.windowGap(), Rule.engineVersion("5.7")]);

describe("the rules", () => {
  test("have ids of their own in kebab-case, a title of one sentence, and defaults that are allowed", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, title, isOptIn, parameters } of RULES) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z][^.]*\.$/);
      for (const { usual, is } of Object.values(parameters)) {
        expect(is(usual)).toBe(usual !== undefined);
        if (!isOptIn) expect(usual).toBeDefined();
      }
    }
  });

  test("find nothing wrong with an instance that is backed up well", () => {
    const daily = [10, 34, 58, 82, 106, 130, 154, 178].map((hours) => backup(`b${hours}`, hours));
    const manual = backup("m", 300, { kind: "manual" as never });
    expect(runRules([subject([...daily, manual])], usual, NOW)).toEqual([]);
  });

  test("tell the rule, its level, the construct, what was seen and what to do", () => {
    const [first] = runRules([subject([])], usual, NOW);
    expect(first).toEqual({
      rule: "rpo",
      level: RuleLevel.ERROR,
      subject: "recovery/orders",
      evidence: "RDS backups of instance a48e: the list of backups is empty",
      advice: expect.stringMatching(/\.$/),
    });
  });

  test("are told subject by subject as given, each in the order of the list", () => {
    const subjects = ["b", "a"].map((path) => subject([], { path }));
    const told = runRules(subjects, usual, NOW).map((each) => `${each.subject} ${each.rule}`);
    expect(told).toEqual(["b rpo", "b count", "b coverage", "a rpo", "a count", "a coverage"]);
  });

  test("that throw are a finding of their own level, and keep no other from running", () => {
    const rules = [throwing.withLevel(RuleLevel.ERROR), ...usual];
    const found = runRules([subject([])], rules, NOW);
    expect(found.map(({ rule }) => rule)).toEqual(["throwing", "rpo", "count", "coverage"]);
    expect(found[0]).toMatchObject({
      level: RuleLevel.ERROR,
      subject: "recovery/orders",
      evidence:
        "RDS backups of instance a48e: the rule throwing threw instead of judging: TypeError: no such thing at all",
      advice: expect.stringContaining("report it as a defect of this library"),
    });
    expect(runRules([subject([])], [throwing], NOW)[0]?.level).toBe(RuleLevel.WARNING);
    const off = throwing.withLevel(RuleLevel.OFF);
    expect(runRules([subject([])], [off], NOW)).toEqual([]);
  });

  test("want a moment to count back from", () => {
    for (const bad of [new Date(NaN), "2026-01-31T12:00:00Z" as unknown as Date]) {
      expect(() => runRules([], usual, bad)).toThrow(BackupsUsageError);
      expect(() => runRules([], usual, bad)).toThrow(
        "INVALID_TIME: the rules got no valid Date to count back from. Allowed is a Date",
      );
    }
  });

  test("never throw, and find the same whatever the order of the list", () => {
    fc.assert(
      fc.property(anySubject, fc.nat(), (on, seed) => {
        const findings = runRules([on], all, NOW);
        const { backups, windows } = on;
        const turned = <T>(list: readonly T[]) => {
          const at = seed % (list.length + 1);
          return [...list.slice(at), ...list.slice(0, at)].reverse();
        };
        const other = { ...on, backups: turned(backups), windows: windows && turned(windows) };
        expect(runRules([other], all, NOW)).toEqual(findings);
        for (const { evidence, advice } of findings) {
          expect(evidence).not.toMatch(/ threw |NaN|undefined|null|Infinity|\[object/);
          expect(advice).toMatch(/\.$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("change nothing of what they are given", () => {
    fc.assert(
      fc.property(anySubject, (on) => {
        Object.freeze(on.backups);
        for (const each of on.backups) Object.freeze(each);
        if (on.windows) Object.freeze(on.windows);
        for (const { evidence } of runRules([on], all, NOW))
          expect(evidence).not.toContain("threw");
      }),
    );
  });
});
