import { ErrorCode } from "../../model/error-codes";
import { BackupsUsageError } from "../../model/errors";
import { excerpt } from "../../model/text";
import { Rule, RuleLevel } from "./rule";

/** What a policy says about one rule. */
export interface RuleSetting {
  /** Its level. @default - the rule's own */
  readonly level?: RuleLevel;
  /** Parameters by name. @default - the rule's own, each for itself */
  readonly parameters?: object;
}

/** What a policy says about its rules, by their ids. */
export interface RuleSettings {
  readonly [ruleId: string]: RuleSetting | undefined;
}

/** A rule with the level and the parameters that hold. */
export interface SetRule {
  readonly rule: Rule<any>;
  readonly level: RuleLevel;
  readonly parameters: object;
}

/** The rules as the settings want them; what is not a rule, a parameter or a value of it is refused. */
export function applySettings(rules: readonly Rule<any>[], settings: RuleSettings): SetRule[] {
  const given = entriesOf("the settings of the rules", settings);
  for (const [id] of given) checkRuleId(id, rules);
  return rules.map((rule) => {
    const setting = given.find(([id]) => id === rule.id)?.[1];
    return applySetting(rule, setting === undefined ? {} : setting);
  });
}

/** Refuses what is the id of no rule. */
export function checkRuleId(id: unknown, rules: readonly { readonly id: string }[]): void {
  if (rules.some((rule) => rule.id === id)) return;
  const ids = rules.map((rule) => rule.id).join(", ");
  throw refusal("UNKNOWN_RULE", `there is no rule ${shown(id)}`, `Allowed are ${ids}.`);
}

function applySetting(rule: Rule<any>, setting: unknown): SetRule {
  const members = Object.fromEntries(entriesOf(`the setting of the rule ${rule.id}`, setting));
  for (const key of Object.keys(members)) {
    if (key === "level" || key === "parameters") continue;
    throw refusal(
      "INVALID_RULE_SETTING",
      `the setting of the rule ${rule.id} has ${shown(key)}`,
      "Allowed are level and parameters; the rule's own values belong into parameters.",
    );
  }
  const level = members["level"] ?? rule.level;
  if (!Object.values(RuleLevel).includes(level as RuleLevel)) {
    throw refusal(
      "INVALID_RULE_LEVEL",
      `the level of the rule ${rule.id} is ${shown(level)}`,
      `Allowed are ${Object.values(RuleLevel).join(", ")}.`,
    );
  }
  const parameters = parametersOf(rule, members["parameters"] ?? {});
  return { rule, level: level as RuleLevel, parameters };
}

function parametersOf(rule: Rule<any>, given: unknown): object {
  const parameters = { ...rule.parameters };
  const names = Object.keys(parameters);
  for (const [name, value] of entriesOf(`parameters of the rule ${rule.id}`, given)) {
    if (!names.includes(name)) {
      throw refusal(
        "UNKNOWN_RULE_PARAMETER",
        `the rule ${rule.id} has no parameter ${shown(name)}`,
        names.length > 0 ? `Allowed are ${names.join(", ")}.` : "It has no parameters.",
      );
    }
    // As with every property: undefined means the default.
    if (value === undefined) continue;
    const allowed = rule.allowed?.[name] ?? sameType(rule.parameters[name]);
    if (!allowed.is(value)) {
      throw refusal(
        "INVALID_RULE_PARAMETER",
        `the parameter ${name} of the rule ${rule.id} is ${shown(value)}`,
        `Allowed is ${allowed.text}.`,
      );
    }
    parameters[name] = value;
  }
  return parameters;
}

function sameType(sample: unknown) {
  return { text: `a ${typeof sample}`, is: (value: unknown) => typeof value === typeof sample };
}

function entriesOf(what: string, value: unknown): [string, unknown][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw refusal("INVALID_RULE_SETTING", `${what} are ${shown(value)}`, "Allowed is an object.");
}

function shown(value: unknown): string {
  return excerpt(typeof value === "string" ? JSON.stringify(value) : String(value), 80);
}

function refusal(code: ErrorCode, what: string, advice: string): BackupsUsageError {
  return new BackupsUsageError({ code, what, advice });
}
