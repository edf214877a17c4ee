import { LISTS } from "../../lib/cli/arguments";
import { Parameter } from "../../lib/restore/rules/parameter";
import { RuleId, RuleKind, RuleLevel, RULES } from "../../lib/restore/rules";

const DURATION = "^(\\d{1,9}(\\.\\d{1,9})?(min|[smhdw]))+$";

/** The schema of a policy file, out of the table of the rules: backups.policy.schema.json is this. */
export function policySchema() {
  const text = { type: "string", minLength: 1 };
  const words = Object.keys(LISTS);
  const listed = words.filter((word) => word !== "taurusdb-incremental");
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "backups.policy.yaml",
    description: "What has to hold of which backups: read by `cdktf-backups check`.",
    ...object({
      $schema: { type: "string" },
      version: { description: "The version of this format.", const: 1 },
      cloud: { description: "Default: by the environment.", enum: ["otc", "huaweicloud"] },
      region: { ...text, description: "Such as eu-de. Default: by the environment." },
      project: { ...text, description: "Its id. Default: by the environment." },
      projectName: { ...text, description: "In place of its id." },
      within: {
        $ref: "#/$defs/duration",
        description: "How far back backups are asked for. Default: all of them.",
      },
      rules: { $ref: "#/$defs/rules" },
      services: {
        description: "Each of their instances is judged.",
        ...{ type: "array", uniqueItems: true, items: { enum: ["all", ...listed] } },
      },
      instances: {
        description: "Instances by themselves, or with rules of their own.",
        ...{ type: "array", items: { $ref: "#/$defs/instance" } },
      },
      suppress: {
        description: "Findings that are accepted.",
        ...{ type: "array", items: { $ref: "#/$defs/suppression" } },
      },
    }),
    required: ["version"],
    not: { required: ["project", "projectName"] },
    $defs: {
      duration: { type: "string", pattern: DURATION },
      instance: {
        ...object({
          service: { enum: words },
          id: text,
          name: text,
          rules: {
            $ref: "#/$defs/rules",
            description: "Each in place of the policy's, with all of its parameters.",
          },
        }),
        required: ["service"],
        oneOf: [{ required: ["id"] }, { required: ["name"] }],
      },
      suppression: {
        ...object({
          rule: { enum: Object.values(RuleId) },
          service: { description: "Default: all of them.", enum: words },
          instance: { ...text, description: "By its id or its name. Default: all of them." },
          reason: { description: "Why it is accepted.", type: "string", pattern: "\\S" },
        }),
        required: ["rule", "reason"],
      },
      rules: {
        description:
          "The rules that differ from their defaults. A level alone may stand for a rule.",
        ...object(Object.fromEntries(RULES.map((kind) => [kind.id, ruleIn(kind)]))),
      },
    },
  };
}

function object(properties: object) {
  return { type: "object", additionalProperties: false, properties };
}

function ruleIn({ id, isOptIn, level, parameters, title }: RuleKind<any>) {
  const all = Object.entries<Parameter<unknown>>(parameters);
  const needed = all.flatMap(([name, { usual }]) => (usual === undefined ? [name] : []));
  const levels = Object.values(RuleLevel).filter((each) => needed.length === 0 || each === "off");
  const of = Object.fromEntries(all.map(([name, each]) => [name, parameterIn(each)]));
  return {
    description: `${title} Default: ${isOptIn ? `it does not hold; ${level} where it is given` : level}.`,
    anyOf: [
      { enum: levels },
      {
        ...object({ level: { enum: Object.values(RuleLevel) }, ...of }),
        ...(needed.length > 0 ? { required: needed } : {}),
      },
    ],
    $comment: id,
  };
}

/** Of a parameter the table says no type: by its default, and by what it lets pass. */
function parameterIn({ is, text, usual }: Parameter<unknown>) {
  const description = `${usual === undefined ? "No default" : `Default: ${String(usual)}`} (${text}).`;
  if (usual === undefined) return { description, type: "string", pattern: "\\S" };
  if (typeof usual !== "number") return { $ref: "#/$defs/duration", description };
  return { description, type: is(1.5) ? "number" : "integer", minimum: is(0) ? 0 : 1 };
}
