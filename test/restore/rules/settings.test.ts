import { BackupsUsageError } from "../../../lib/model/errors";
import { RuleLevel, RULES, RuleSettings, runRules } from "../../../lib/restore/rules";
import { backup, NOW, subject } from "./support";

const run = (settings: unknown) =>
  runRules([subject([backup("b", 30)])], settings as RuleSettings, NOW);

/** What the settings are refused with. */
function refusal(settings: unknown): BackupsUsageError {
  try {
    run(settings);
  } catch (error) {
    expect(error).toBeInstanceOf(BackupsUsageError);
    return error as BackupsUsageError;
  }
  throw new Error("was not refused");
}

describe("the settings of the rules", () => {
  test("change a level, a parameter, or neither", () => {
    const levelOf = (settings: unknown) => run(settings).find(({ rule }) => rule === "rpo")?.level;
    expect(levelOf({})).toBe(RuleLevel.ERROR);
    expect(levelOf({ rpo: undefined })).toBe(RuleLevel.ERROR);
    expect(levelOf({ rpo: { level: undefined, parameters: { rpoHours: undefined } } })).toBe(
      RuleLevel.ERROR,
    );
    expect(levelOf({ rpo: { level: "warning" } })).toBe(RuleLevel.WARNING);
    expect(levelOf({ rpo: { level: RuleLevel.OFF } })).toBeUndefined();
    expect(levelOf({ rpo: { parameters: { rpoHours: 30 } } })).toBeUndefined();
  });

  test("leave the defaults as they are", () => {
    const before = JSON.stringify(RULES);
    run({ rpo: { parameters: { rpoHours: 31 } }, gap: { parameters: { days: 3 } } });
    expect(JSON.stringify(RULES)).toBe(before);
  });

  test("name no rule that is not", () => {
    const { code, message } = refusal({ rto: {} });
    expect(code).toBe("UNKNOWN_RULE");
    expect(message).toContain('there is no rule "rto"');
    expect(message).toContain("Allowed are rpo, failures, ");
    expect(refusal({ constructor: {} }).code).toBe("UNKNOWN_RULE");
  });

  test("name no parameter that is not", () => {
    const { code, message } = refusal({ rpo: { parameters: { hours: 3 } } });
    expect(code).toBe("UNKNOWN_RULE_PARAMETER");
    expect(message).toContain('the rule rpo has no parameter "hours". Allowed are rpoHours.');
    expect(refusal({ rpo: { parameters: { toString: 3 } } }).code).toBe("UNKNOWN_RULE_PARAMETER");
    expect(refusal({ "automated-only": { parameters: { x: 1 } } }).message).toContain(
      "It has no parameters.",
    );
  });

  test.each([
    ["rpo", "rpoHours", [-1, NaN, Infinity, "26", null, {}]],
    ["gap", "days", [0, -7]],
    ["gap", "toleranceHours", [-1]],
    ["count", "minBackups", [0, 1.5, "2"]],
    ["failures", "attempts", [0, 2.5]],
    ["size", "minSamples", [0]],
    ["engine-version", "engineVersion", ["", " ", 8, "${TfToken[TOKEN.1]}"]],
  ])("refuse a value that %s's %s can't have", (rule, parameter, values) => {
    for (const value of values) {
      const { code, message } = refusal({ [rule]: { parameters: { [parameter]: value } } });
      expect(code).toBe("INVALID_RULE_PARAMETER");
      expect(message).toContain(`the parameter ${parameter} of the rule ${rule} is `);
      expect(message).toMatch(/Allowed is a .+\.$/);
    }
  });

  test("refuse a level that is none", () => {
    const { code, message } = refusal({ rpo: { level: "fatal" } });
    expect(code).toBe("INVALID_RULE_LEVEL");
    expect(message).toContain('is "fatal". Allowed are error, warning, off.');
  });

  test("refuse a parameter that stands outside of parameters", () => {
    expect(refusal({ rpo: { rpoHours: 3 } }).code).toBe("INVALID_RULE_SETTING");
  });

  test.each([[null], [[]], ["rpo"], [{ rpo: null }], [{ rpo: 3 }], [{ rpo: { parameters: [1] } }]])(
    "refuse %j",
    (settings) => {
      expect(refusal(settings).code).toBe("INVALID_RULE_SETTING");
    },
  );

  test("are refused even where the rule is off, and before any rule ran", () => {
    expect(refusal({ rpo: { level: "off", parameters: { rpoHours: -1 } } }).code).toBe(
      "INVALID_RULE_PARAMETER",
    );
    const check = jest.fn(() => []);
    const rule = { id: "probe", title: "…", level: RuleLevel.ERROR, parameters: { n: 1 }, check };
    const bad = { probe: { parameters: { n: "1" } } };
    expect(() => runRules([subject([])], bad, NOW, [rule])).toThrow("Allowed is a number.");
    expect(check).not.toHaveBeenCalled();
  });
});
