import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { junit, xml } from "../../lib/cli/junit";
import { refusal } from "../../lib/model/errors";
import { RuleLevel } from "../../lib/restore/rules";
import { describeWith, ENVIRONMENT, runNow, temporaryFolder } from "../support/programs";
import { judgedOf, unknownOf, verdictOf } from "./verdicts";

describe("a verdict as JUnit", () => {
  test("has a suite for each service, and a case for each instance and rule", () => {
    expect(junit(verdictOf([judgedOf(), unknownOf()]))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdktf-backups" tests="5" failures="1" errors="1">
  <testsuite name="rds" tests="4" failures="1" errors="0" skipped="1" timestamp="2026-11-21T03:00:00">
    <testcase name="rpo" classname="rds.orders"><failure type="error" message="too &lt;old&gt; &amp; &quot;worn&quot;">error: too &lt;old&gt; &amp; &quot;worn&quot;. Do something.</failure></testcase>
    <testcase name="gap" classname="rds.orders"><system-out>warning: it is so. Do something.</system-out></testcase>
    <testcase name="count" classname="rds.orders"><skipped message="suppressed: two are enough"></skipped></testcase>
    <testcase name="stuck" classname="rds.orders"/>
  </testsuite>
  <testsuite name="gaussdb" tests="1" failures="0" errors="1" skipped="0" timestamp="2026-11-21T03:00:00">
    <testcase name="lookup" classname="gaussdb.ledger"><error type="NOT_PERMITTED" message="NOT_PERMITTED: the user may not. Ask."></error></testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  test("has a warning for a failure where warnings break the policy", () => {
    const text = junit(verdictOf([judgedOf()], { failOn: RuleLevel.WARNING }));
    expect(text).toContain('failures="2"');
    expect(text).toContain('<failure type="warning" message="it is so">');
  });

  test("tells instances of the same name apart by their ids", () => {
    const judged = [judgedOf("orders"), judgedOf("orders", { id: "2" }), judgedOf("ledger")];
    const names = junit(verdictOf(judged)).matchAll(/name="rpo" classname="([^"]*)"/g);
    expect([...names].map(([, name]) => name)).toEqual(["rds.1", "rds.2", "rds.ledger"]);
  });

  test("tells instances of the same name and id apart by their order", () => {
    const judged = [judgedOf("orders"), judgedOf("orders"), judgedOf("1 (2)", { id: "3" })];
    const names = junit(verdictOf(judged)).matchAll(/name="rpo" classname="([^"]*)"/g);
    expect([...names].map(([, name]) => name)).toEqual(["rds.1", "rds.1 (2)", "rds.1 (2) (2)"]);
  });

  test("has an error for a service whose instances are not known", () => {
    const problem = refusal("NOT_PERMITTED", "the user may not");
    const services = [{ word: "dcs", problem, place: { line: 1 } }];
    expect(junit(verdictOf([], { services }))).toContain(
      '<testcase name="lookup" classname="dcs"><error type="NOT_PERMITTED"',
    );
  });
});

// Reads all that it is given, one text a line of JSON, and says how often a parser refused.
const PARSE = `
import json, sys
import xml.etree.ElementTree as tree
allowed = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "timestamp", "time", "id", "hostname", "package"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set()), "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()), "system-out": (set(), set()),
}
for line in open(sys.argv[1], encoding="ascii"):
    text, name = json.loads(line)
    root = tree.fromstring(text.encode("utf-8"))
    for each in root.iter():
        attributes, children = allowed[each.tag]
        assert set(each.attrib) <= attributes, each.attrib
        assert {child.tag for child in each} <= children, each.tag
    found = root.find("testsuite/testcase").get("classname")
    assert found == name, (found, name)
print("read")
`;

describeWith(["python3"], "a strict parser", () => {
  test("reads it whatever an instance is called, with nothing but what the common schema has", () => {
    const folder = temporaryFolder("junit");
    const lines: string[] = [];
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."<>&\"'\0\x01\x0b\ufffe\uffff\ud800\u2028]]>") }),
    );
    fc.assert(
      fc.property(name, (each) => {
        const text = junit(verdictOf([judgedOf(each), unknownOf(each)]));
        // As an attribute is read: without what XML can't hold.
        const ascii = JSON.stringify([text, nameIn(each)]).replace(
          /[\u007f-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
        lines.push(ascii);
      }),
    );
    const file = join(folder, "texts");
    writeFileSync(file, lines.join("\n"));
    const done = runNow("python3", ["-c", PARSE, file], { env: ENVIRONMENT });
    expect(done.stderr).toBe("");
    expect(done.stdout).toBe("read\n");
  });
});

/** What a parser gives for an attribute of that text. */
function nameIn(name: string): string {
  const entities: { [sign: string]: string } = {
    ...{ "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" },
  };
  const text = xml(`rds.${name}`).replace(/\n/g, " ");
  return text.replace(/&\w+;/g, (each) => entities[each]!);
}
