import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv";
import fc from "fast-check";
import { sarif } from "../../lib/cli/sarif";
import { RULES } from "../../lib/restore/rules";
import { findingOf, judgedOf, unknownOf, verdictOf } from "./verdicts";

const FOLDER = dirname(require.resolve("@microsoft/jest-sarif"));
const FILE = join(FOLDER, "schemas", "sarif-2.1.0-rtm.5.json");
const schema = JSON.parse(readFileSync(FILE, "utf8"));
// Of draft 4, whose keywords that it has mean the same.
delete schema.$schema;
delete schema.id;
const lenient = { strict: false, validateFormats: false, unicodeRegExp: false };
const validate = new Ajv(lenient).compile(schema);

function logOf(...args: Parameters<typeof verdictOf>) {
  const log = JSON.parse(sarif(verdictOf(...args), "1.2.3"));
  validate(log);
  expect(validate.errors).toBeNull();
  return log.runs[0];
}

describe("a verdict as SARIF", () => {
  test("points at the line, and says what is wrong and what to do", () => {
    const { results, tool } = logOf([judgedOf()]);
    expect(tool.driver).toMatchObject({ name: "cdktf-backups", version: "1.2.3" });
    expect(results).toHaveLength(3);
    expect(results[0]).toEqual({
      ...{ ruleId: "rpo", ruleIndex: 0, level: "error" },
      message: { text: 'RDS instance orders (1): too <old> & "worn". Do something.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "backups.policy.yaml" },
            region: { startLine: 7 },
          },
          logicalLocations: [{ fullyQualifiedName: "rds/orders", kind: "resource" }],
        },
      ],
      partialFingerprints: { "instanceAndRule/v1": expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(results[1]).toMatchObject({ ruleId: "gap", level: "warning" });
    expect(results[2]).toMatchObject({
      ruleId: "count",
      suppressions: [{ kind: "external", justification: "two are enough" }],
    });
  });

  test("has all rules, each under its index, with its title and defaults", () => {
    const { results, tool } = logOf([judgedOf()]);
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(
      RULES.map(({ id }) => id),
    );
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    }
    expect(tool.driver.rules[0]).toMatchObject({
      shortDescription: { text: RULES[0]!.title },
      help: { text: expect.stringContaining("maxAge: 26 hours") },
      defaultConfiguration: { level: "error" },
    });
  });

  test("tells a lookup that failed as a notification of a run that did not succeed", () => {
    expect(logOf([judgedOf()]).invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ]);
    const [invocation] = logOf([judgedOf(), unknownOf()]).invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications).toEqual([
      expect.objectContaining({
        ...{ level: "error", descriptor: { id: "NOT_PERMITTED" } },
        message: { text: "NOT_PERMITTED: the user may not. Ask." },
      }),
    ]);
  });

  test("has the same fingerprints as long as the instance and the rule are the same", () => {
    const prints = (...args: Parameters<typeof judgedOf>) =>
      logOf([judgedOf(...args)]).results.map((each: any) => each.partialFingerprints);
    const before = prints("orders");
    const place = { file: "other.yaml", line: 70 };
    expect(prints("renamed", { place })).toEqual(before);
    expect(prints("orders", { id: "2" })).not.toEqual(before);
    const [rule] = judgedOf().rules;
    const kept = ["automatic", "manual"].map((each) => findingOf("x", rule!, each));
    const [one, other] = prints("orders", { kept });
    expect(one).not.toEqual(other);
    const { results } = logOf([judgedOf(), judgedOf()]);
    const all = results.map((each: any) => Object.values(each.partialFingerprints).join());
    expect(new Set(all).size).toBe(6);
  });

  test("names a file from the current folder, and one elsewhere by its whole address", () => {
    const uri = (file: string) =>
      logOf([judgedOf("a", { place: { file, line: 1 } })]).results[0].locations[0].physicalLocation
        .artifactLocation.uri;
    expect(uri(join(process.cwd(), "ops", "a policy#1.yaml"))).toBe("ops/a%20policy%231.yaml");
    expect(uri("../x.yaml")).toBe(pathToFileURL(join(process.cwd(), "..", "x.yaml")).href);
  });

  test("is valid, and without links, whatever an instance is called", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constant("[click](https://example.org)"),
    );
    fc.assert(
      fc.property(name, (each) => {
        const label = `RDS instance ${each} (1)`;
        const kept = [findingOf(label, judgedOf().rules[0]!)];
        const { results } = logOf([judgedOf(each, { label, kept }), unknownOf(each)]);
        for (const { message } of results) expect(message.text).not.toContain("](");
      }),
      { numRuns: 30 },
    );
  });
});
