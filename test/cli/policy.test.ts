import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import fc from "fast-check";
import { parse } from "yaml";
import { findPolicy, parsePolicy, Policy } from "../../lib/cli/policy";
import { BackupsError } from "../../lib/model/errors";
import { Duration } from "../../lib/model/duration";
import { Rule, RuleLevel, RULES } from "../../lib/restore/rules";
import { temporaryFolder } from "../support/programs";
import { policySchema } from "./policy-schema";

const ROOT = join(__dirname, "..", "..");
const SCHEMA = join(ROOT, "backups.policy.schema.json");
const validate = new Ajv({ strict: true, strictRequired: false }).compile(policySchema());

const FILE = "backups.policy.yaml";
const read = (text: string) => parsePolicy(text, FILE);
const rule = ({ rules }: Pick<Policy, "rules">, id: string) => rules.find((each) => each.id === id);

/** What is said of a text that can't be. */
function problemOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (BackupsError.isBackupsError(error)) return error.message;
    throw error;
  }
  throw new Error("it was read");
}

const WHOLE = `
version: 1
cloud: otc
region: eu-de
projectName: eu-de_shop
within: 30d
rules:
  rpo: { maxAge: 12h, level: warning }
  size: off
  gap: error
  window-gap: { within: 7d, maxGap: 30m }
  count: { minBackups: 3 }
services: [rds, dcs]
instances:
  - { service: rds, name: orders, rules: { rpo: { maxAge: 4h } } }
  - service: taurusdb-incremental
    id: 7a1b
suppress:
  - { rule: count, instance: orders, reason: " two are enough " }
`;

describe("a policy file", () => {
  test("is read with all that it says", () => {
    const policy = read(WHOLE);
    expect(policy.whom).toMatchObject({
      ...{ cloud: "otc", region: "eu-de", projectName: "eu-de_shop", project: undefined },
    });
    expect(policy.within).toEqual(Duration.days(30));
    expect(rule(policy, "rpo")).toEqual(Rule.rpo(Duration.hours(12)).withLevel(RuleLevel.WARNING));
    expect(rule(policy, "size")?.level).toBe("off");
    expect(rule(policy, "gap")).toEqual(Rule.gap().withLevel(RuleLevel.ERROR));
    expect(rule(policy, "window-gap")).toEqual(
      Rule.windowGap({ within: Duration.days(7), maxGap: Duration.minutes(30) }),
    );
    expect(rule(policy, "count")).toEqual(Rule.count(3));
    expect(rule(policy, "stuck")).toEqual(Rule.stuck());
    expect(rule(policy, "missed-window")).toBeUndefined();
    expect(policy.services.map(({ line, word }) => [word, line])).toEqual([
      ["rds", 13],
      ["dcs", 13],
    ]);
    expect(policy.suppressions).toEqual([
      {
        ...{ rule: "count", instance: "orders", word: undefined },
        ...{ reason: "two are enough", line: 19 },
      },
    ]);
  });

  test("has an instance's own rules in place of the others", () => {
    const [orders, incremental] = read(WHOLE).instances;
    expect(orders).toMatchObject({ word: "rds", name: "orders", id: undefined, line: 15 });
    expect(rule(orders!, "rpo")).toEqual(Rule.rpo(Duration.hours(4)));
    expect(rule(orders!, "count")).toEqual(Rule.count(3));
    expect(incremental).toMatchObject({ word: "taurusdb-incremental", id: "7a1b", line: 16 });
    expect(incremental!.which).toEqual({ service: "taurusdb", list: "backups" });
    expect(rule(incremental!, "rpo")).toEqual(rule(read(WHOLE), "rpo"));
  });

  test("may be JSON, whatever its indent", () => {
    const json = (indent: string | number) => JSON.stringify(parse(WHOLE), null, indent);
    for (const indent of [0, 2, "\t"]) {
      const policy = read(json(indent));
      expect(policy.rules).toEqual(read(WHOLE).rules);
      expect(policy.instances.map(({ name }) => name)).toEqual(["orders", undefined]);
    }
  });

  test("switches a rule off that holds only where it is given, its own parameters unsaid", () => {
    const text = `version: 1\nrules: { engine-version: off, window-gap: warning }\ninstances: [{ service: rds, id: a, rules: { window-gap: off } }]`;
    const policy = read(text);
    expect(rule(policy, "engine-version")).toBeUndefined();
    expect(rule(policy, "window-gap")).toEqual(Rule.windowGap());
    expect(rule(policy.instances[0]!, "window-gap")).toBeUndefined();
  });

  test("names all services by one word", () => {
    const { services } = read("version: 1\nservices: [all]");
    expect(services.map(({ word }) => word)).toEqual([
      ...["gaussdb", "rds", "geminidb", "dcs", "taurusdb", "dds"],
    ]);
  });

  test.each([
    ["", "line 1, column 1: the policy is empty"],
    ["- 1", "line 1, column 1: the policy is a list"],
    ["services: [rds]", "line 1, column 1: the policy has no version"],
    ["version: 2", "line 1, column 10: version is 2. Allowed is 1."],
    ['version: "1"', 'line 1, column 10: version is "1"'],
    ["version: 1\nversion: 1", "line 2, column 1: a key stands there twice"],
    ["version: 1\nrules: [", "line 2, column 9: is no YAML"],
    [
      "version: 1\nservice: [rds]",
      "line 2, column 1: the policy has no service. Did you mean services?",
    ],
    ["version: 1\nservices:", "line 2, column 1: the policy has nothing under services"],
    [
      "version: 1\nservices: rds",
      'line 2, column 11: services is "rds". Allowed is a list, such as services: ["rds"].',
    ],
    ["version: 1\nservices:\n\t- rds", "line 3, column 1: is no YAML (TAB_AS_INDENT)."],
    [
      "version: 1\nservices: { rds: 1 }",
      "services is an object. Allowed is a list, each item after a dash.",
    ],
    [
      "version: 1\nservices: [redis]",
      'services[0] is "redis". Did you mean dcs or geminidb? Allowed: gaussdb, rds,',
    ],
    ["version: 1\nservices: [rsd]", 'line 2, column 12: services[0] is "rsd". Did you mean rds?'],
    ["version: 1\nservices: [rds, rds]", "line 2, column 11: services has rds twice"],
    [
      "version: 1\nservices: [taurusdb-incremental]",
      "line 2, column 12: services[0] is taurusdb-incremental, which can only be listed for one instance",
    ],
    ["version: 1\ncloud: ovh", 'line 2, column 8: cloud is "ovh"'],
    ["version: 1\nregion: EU DE", 'line 2, column 9: the region "EU DE" is none'],
    ["version: 1\nproject: a/b", "line 2, column 10: project holds a slash"],
    [
      "version: 1\nproject: 1",
      "line 2, column 10: project is 1. Allowed is a text: write it in quotes.",
    ],
    [
      "version: 1\nproject: a\nprojectName: b",
      "line 3, column 1: projectName stands beside project",
    ],
    ["version: 1\nwithin: 0d", "line 2, column 9: within is 0"],
    ["version: 1\nrules: { rpp: off }", "line 2, column 10: rules has no rpp. Did you mean rpo?"],
    ["version: 1\nrules: { rpo: of }", 'line 2, column 15: rules.rpo is "of"'],
    ["version: 1\nrules: { rpo: false }", "line 2, column 15: rules.rpo is false"],
    ["version: 1\nrules: { rpo: { level: info } }", 'line 2, column 24: rules.rpo.level is "info"'],
    [
      "version: 1\nrules:\n  rpo:\n    max-age: 4h",
      "line 4, column 5: rules.rpo has no max-age. Did you mean maxAge?",
    ],
    [
      "version: 1\nrules: { rpo: { maxAge: 26 } }",
      "line 2, column 25: rules.rpo.maxAge is 26, no duration. Allowed is such as 90m, 26h, 7d",
    ],
    [
      "version: 1\nrules: { rpo: { maxAge: 26 hours } }",
      'line 2, column 25: rules.rpo.maxAge: "26 hours" is no duration',
    ],
    ["version: 1\nrules: { rpo: { maxAge: 99999999d } }", "line 2, column 25: rules.rpo.maxAge: "],
    [
      "version: 1\nrules: { gap: { within: 0h } }",
      'line 2, column 25: rules.gap.within is "0h". Allowed is a duration longer than nothing.',
    ],
    [
      "version: 1\nrules: { count: { minBackups: 1.5 } }",
      "line 2, column 31: rules.count.minBackups is 1.5. Allowed is a whole number from 1.",
    ],
    ['version: 1\nrules: { count: { minBackups: "2" } }', 'rules.count.minBackups is "2"'],
    ["version: 1\nrules: { size: { deviations: .inf } }", "rules.size.deviations is Infinity"],
    ["version: 1\nrules: { engine-version: warning }", "rules.engine-version has no version"],
    [
      "version: 1\nrules: { engine-version: { version: 8.0 } }",
      "line 2, column 37: rules.engine-version.version is 8. Allowed is a text: write it in quotes.",
    ],
    ["version: 1\nrules: { rpo: &a off, gap: *a }", "line 2, column 28: rules.gap is an alias"],
    ["version: 1\nrules: { <<: { rpo: off } }", "line 2, column 10: rules has no "],
    [
      "%YAML 1.1\n---\nversion: 1\nrules: { rpo: off, gap: no }",
      'line 4, column 25: rules.gap is "no"',
    ],
    ["version: 1\ninstances: [rds]", 'line 2, column 13: instances[0] is "rds"'],
    ["version: 1\ninstances: [{ service: rds }]", "instances[0] has neither id nor name"],
    ["version: 1\ninstances: [{ id: a }]", "line 2, column 13: instances[0] has no service"],
    [
      "version: 1\ninstances: [{ service: rds, id: a, name: b }]",
      "instances[0] has both id and name",
    ],
    [
      'version: 1\ninstances: [{ service: rds, name: "*a" }]',
      'line 2, column 35: instances[0].name is "*a"',
    ],
    [
      "version: 1\ninstances:\n  - { service: rds, id: a }\n  - { service: rds, id: a }",
      'line 4: the instance "a" of rds stands in line 3 already',
    ],
    [
      "version: 1\ninstances: [{ service: dcs, id: a, rules: { window-gap: {} } }]",
      "instances[0].rules has window-gap, and dcs restores to no moment",
    ],
    ["version: 1\nsuppress: [{ rule: rpo }]", "suppress[0] has no reason"],
    ['version: 1\nsuppress: [{ rule: rpo, reason: " " }]', "suppress[0].reason is blank"],
    [
      "version: 1\nsuppress: [{ rule: cuont, reason: x }]",
      'suppress[0].rule is "cuont". Did you mean count?',
    ],
  ])("is refused with the place: %j", (text, told) => {
    const problem = problemOf(text);
    expect(problem).toContain("INVALID_POLICY: backups.policy.yaml, line ");
    expect(problem).toContain(told);
  });

  test("is refused where it is nested without end, before a parser falls over it", () => {
    const flow = `version: 1\nrules: ${"[".repeat(100_000)}`;
    expect(problemOf(flow)).toContain("line 2, column 28: is nested too deep");
    expect(problemOf(`version: 1\nrules: ${"- ".repeat(10_000)}`)).toContain("is no YAML");
  });

  test("with very many keys is refused by the first that no policy has, none compared with all", () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1\n`).join("");
    expect(problemOf(`version: 1\n${keys}k1: 1`)).toContain(
      "line 2, column 1: the policy has no (a name of 2 characters)",
    );
    expect(problemOf("version: 1\nrules: { rpo: off, rpo: off }")).toContain(
      "line 2, column 20: a key stands there twice",
    );
  });

  test("shows nothing of a file that is another one", () => {
    const secret = "clouds:\n  shop:\n    auth: { password: hunter2 }\n\t- x";
    expect(problemOf(secret)).not.toContain("hunter2");
    expect(problemOf("hunter2: 1")).not.toContain("hunter2");
  });

  test("is refused, whatever it holds, by an error that says where", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.string().map((each) => `version: 1\nservices: [rds]\n${each}`),
    );
    fc.assert(
      fc.property(text, (each) => {
        try {
          read(each);
        } catch (error) {
          expect((error as Error).message).toMatch(/^INVALID_POLICY: /);
        }
      }),
    );
  });

  test("is found by its usual names, and refused where it is none", () => {
    const folder = temporaryFolder("policy");
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(findPolicy(undefined)).toBeUndefined();
      writeFileSync("backups.policy.json", '{ "version": 1, "services": ["dds"] }');
      expect(findPolicy(undefined)?.file).toBe("backups.policy.json");
      writeFileSync("backups.policy.yaml", "version: 1\nservices: [rds]");
      expect(findPolicy(undefined)?.file).toBe("backups.policy.yaml");
      expect(() => findPolicy("no.yaml")).toThrow(/POLICY_UNREADABLE: no.yaml can't be read/);
      expect(() => findPolicy(folder)).toThrow(/is no file/);
      writeFileSync("large.yaml", "#".repeat(140_000));
      expect(() => findPolicy("large.yaml")).toThrow(/large.yaml has 140000 bytes/);
    } finally {
      process.chdir(before);
    }
  });
});

describe("the schema of a policy file", () => {
  test("is what the rules say; `UPDATE_SCHEMA=1 npx jest test/cli/policy.test.ts` writes it", () => {
    const schema = policySchema();
    // Laid out by `npm run format`.
    if (process.env["UPDATE_SCHEMA"]) writeFileSync(SCHEMA, JSON.stringify(schema, null, 2));
    expect(JSON.parse(readFileSync(SCHEMA, "utf8"))).toEqual(schema);
  });

  test("is part of the package", () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(files).toContain("backups.policy.schema.json");
  });

  test("takes what is read", () => {
    validate(parse(WHOLE));
    expect(validate.errors).toBeNull();
  });

  test.each(RULES.map(({ id }) => id))("takes of %s what the reader takes, and no more", (id) => {
    const values = [
      ...["off", "warning", "error", "OFF", true, {}, [], { level: "off" }, { level: "on" }],
      ...[{ maxAge: "26h" }, { maxAge: 26 }, { attempts: 1 }, { attempts: 0 }, { minBackups: 2 }],
      ...[{ minBackups: 1.5 }, { within: "7d" }, { within: "7 days" }, { schedule: "1d" }],
      ...[{ tolerance: "0h" }, { maxGap: "1h" }, { minReach: "1w" }, { maxDuration: "90min" }],
      ...[{ history: 3 }, { deviations: 0 }, { deviations: 0.5 }, { deviations: -1 }],
      ...[{ floorPercent: 150 }, { minimum: "14d" }, { grace: "3h" }, { version: "8.0" }],
      ...[{ version: "" }, { version: 8 }, { version: "8.0", level: "warning" }, { other: 1 }],
    ];
    for (const value of values) {
      const policy = { version: 1, rules: { [id]: value } };
      const problem = (() => {
        try {
          return void read(JSON.stringify(policy));
        } catch (error) {
          return (error as Error).message;
        }
      })();
      expect([value, validate(policy), problem]).toEqual([
        value,
        problem === undefined,
        problem === undefined ? undefined : expect.any(String),
      ]);
    }
  });
});
