import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Duration } from "../../../lib/model/duration";
import { BackupsUsageError } from "../../../lib/model/errors";
import {
  heldRules,
  Rule,
  RuleId,
  RuleLevel,
  RULES,
  runRules,
  valuesIn,
} from "../../../lib/restore/rules";
import { windowGap } from "../../../lib/restore/rules/window-gap";
import { backup, NOW, subject } from "./support";
import { functionOf } from "./table";

/** What a program without types writes. */
const untyped = Rule as any;
const rpoOf = (...rules: Rule[]) =>
  runRules([subject([backup("b", 30)])], heldRules(rules), NOW).find(
    ({ rule }) => rule === RuleId.RPO,
  );

/** What it is refused with. */
function refusal(make: () => unknown): BackupsUsageError {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(BackupsUsageError);
    return error as BackupsUsageError;
  }
  throw new Error("was not refused");
}

describe("a rule", () => {
  test("is made by the function of its name", () => {
    for (const { id } of RULES) {
      expect(untyped[functionOf(id)](id === RuleId.ENGINE_VERSION ? "5.7" : undefined).id).toBe(id);
    }
    expect(RULES.map(({ id }) => id)).toEqual(Object.values(RuleId));
  });

  test("has in its documentation the defaults that it has", () => {
    const folder = join(__dirname, "..", "..", "..", "lib", "restore", "rules");
    const source = (name: string) => readFileSync(join(folder, `${name}.ts`), "utf8");
    for (const { id, parameters } of RULES) {
      for (const [name, { usual }] of Object.entries(parameters)) {
        if (usual === undefined) continue;
        const [, told] =
          new RegExp(`@param ${name} [^@]*Default: \`([\\w.()]+)\``).exec(source("rule")) ??
          new RegExp(`@default ([\\w.()]+)[\\s*/]+readonly ${name}\\?`).exec(source(id)) ??
          [];
        const [, unit, amount] = /^Duration\.(\w+)\((\d+)\)$/.exec(told ?? "") ?? [];
        const value = unit ? (Duration as any)[unit](Number(amount)) : Number(told);
        expect([id, name, value]).toEqual([id, name, usual]);
      }
    }
  });

  test("has its own level and values, or those that it is given", () => {
    expect(rpoOf()?.level).toBe(RuleLevel.ERROR);
    expect(rpoOf(Rule.rpo(undefined))?.level).toBe(RuleLevel.ERROR);
    expect(rpoOf(Rule.rpo().withLevel(RuleLevel.WARNING))?.level).toBe(RuleLevel.WARNING);
    expect(rpoOf(Rule.rpo().withLevel(RuleLevel.OFF))).toBeUndefined();
    expect(rpoOf(Rule.rpo(Duration.hours(30)))).toBeUndefined();
    expect(rpoOf(Rule.gap({ within: undefined, tolerance: Duration.hours(9) }))).toBeDefined();
  });

  test("with another level is another one: the first stays as it is", () => {
    const rule = Rule.rpo(Duration.hours(29));
    expect(rule.withLevel(RuleLevel.WARNING).level).toBe(RuleLevel.WARNING);
    expect(rule.level).toBe(RuleLevel.ERROR);
    expect(rpoOf(rule.withLevel(RuleLevel.WARNING))?.evidence).toMatch(/the RPO is 29 h$/);
  });

  test.each<[string, string, unknown[]]>([
    ["rpo", "maxAge", [26, NaN, Infinity, "26", null, {}]],
    ["stuck", "maxDuration", [6, null]],
    ["coverage", "minReach", [6, "6 days"]],
    ["count", "minBackups", [0, 1.5, "2", NaN, -8.10956221259138e298]],
    ["failures", "attempts", [0, 2.5, null]],
    ["engineVersion", "version", [undefined, "", " ", 8, "${TfToken[TOKEN.1]}"]],
  ])("made by %s is refused with a %s that can't be", (rule, parameter, values) => {
    for (const value of values) {
      const { code, message } = refusal(() => untyped[rule](value));
      expect(code).toBe("INVALID_RULE_PARAMETER");
      expect(message).toContain(`the parameter ${parameter} of the rule `);
      expect(message).toMatch(/ is .+\. Allowed is a .+\.$/);
    }
  });

  test.each<[string, string, unknown[]]>([
    ["gap", "within", [7, Duration.days(0)]],
    ["gap", "schedule", [24, Duration.hours(0)]],
    ["gap", "tolerance", [2, null]],
    ["windowGap", "within", [7, Duration.days(0), Duration.days(366.5)]],
    ["size", "minSamples", [0]],
    ["size", "deviations", [-1, NaN, Infinity, "4"]],
  ])("made by %s is refused with an option %s that can't be", (rule, parameter, values) => {
    for (const value of values) {
      const { code, message } = refusal(() => untyped[rule]({ [parameter]: value }));
      expect(code).toBe("INVALID_RULE_PARAMETER");
      expect(message).toContain(`the parameter ${parameter} of the rule `);
    }
  });

  test("says what it was given, and what is allowed", () => {
    expect(refusal(() => untyped.rpo(26)).message).toBe(
      "INVALID_RULE_PARAMETER: the parameter maxAge of the rule rpo is 26. Allowed is a Duration, such as Duration.hours(26).",
    );
    expect(refusal(() => Rule.windowGap({ within: Duration.days(400) })).message).toContain(
      "is 400 days. Allowed is a Duration longer than nothing, up to 366 days: each costs a request.",
    );
  });

  test("has no option that is none: a program without types may have meant another", () => {
    const { code, message } = refusal(() => untyped.gap({ scheduleHours: 3 }));
    expect(code).toBe("UNKNOWN_RULE_PARAMETER");
    expect(message).toContain(
      "the rule gap has no parameter scheduleHours. Allowed: within, schedule, tolerance.",
    );
    expect(refusal(() => untyped.size({ toString: 3 })).code).toBe("UNKNOWN_RULE_PARAMETER");
  });

  test.each([[null], [7], ["7 days"]])("has an object for its options, not %j", (options) => {
    const { code, message } = refusal(() => untyped.gap(options));
    expect(code).toBe("INVALID_RULE_SETTING");
    expect(message).toMatch(/the parameters of the rule gap are .+\. Allowed is an object\.$/);
  });

  test("has no level that is none", () => {
    const { code, message } = refusal(() => untyped.rpo().withLevel("fatal"));
    expect(code).toBe("INVALID_RULE_LEVEL");
    expect(message).toContain('is "fatal". Allowed are error, warning, off.');
  });
});

describe("what a rule wants", () => {
  test("is said by that rule alone, unless it is off", () => {
    const within = Duration.days(3);
    const rule = Rule.windowGap({ within });
    expect(rule._valuesOf(windowGap)).toEqual({ within, maxGap: Duration.hours(1) });
    expect(rule.withLevel(RuleLevel.OFF)._valuesOf(windowGap)).toBeUndefined();
    expect(Rule.gap({ within })._valuesOf(windowGap)).toBeUndefined();
  });

  test("is what the first of several says that is run", () => {
    const [short, long] = [Duration.days(1), Duration.days(366)].map((within) =>
      Rule.windowGap({ within }),
    ) as [Rule, Rule];
    expect(valuesIn([Rule.rpo(), long, short], windowGap)?.within).toEqual(Duration.days(366));
    expect(valuesIn([long.withLevel(RuleLevel.OFF), short], windowGap)?.within).toEqual(
      Duration.days(1),
    );
    expect(valuesIn([Rule.rpo()], windowGap)).toBeUndefined();
  });
});

describe("the rules that hold", () => {
  test("are all but those that hold only where they are given", () => {
    const optIn = [RuleId.WINDOW_GAP, RuleId.ENGINE_VERSION, RuleId.MISSED_WINDOW];
    const ids = (...given: Rule[]) => heldRules(given).map(({ id }) => id);
    expect(ids()).toEqual(Object.values(RuleId).filter((id) => !optIn.includes(id)));
    const given = [Rule.engineVersion("5.7"), Rule.windowGap(), Rule.missedWindow()];
    expect(ids(...given)).toEqual(Object.values(RuleId));
  });

  test("are each given once: which of two was meant nobody knows", () => {
    const { code, message } = refusal(() => heldRules([Rule.count(3), Rule.rpo(), Rule.count(4)]));
    expect(code).toBe("INVALID_RULE_SETTING");
    expect(message).toContain("`rules` has count 2 times. Give each rule once.");
  });

  test.each([[null], [{ rpo: {} }], ["rpo"], [[Rule.rpo(), "count"]], [[null]]])(
    "are a list of rules, not %j",
    (given) => {
      const { code, constructPath, message } = refusal(() => heldRules(given as never, "a/b"));
      expect([code, constructPath]).toEqual(["INVALID_RULE_SETTING", "a/b"]);
      expect(message).toContain("`rules` is no list of rules. Allowed is such as [Rule.rpo(");
    },
  );
});
