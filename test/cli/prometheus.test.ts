import fc from "fast-check";
import { prometheus } from "../../lib/cli/prometheus";
import { judgedOf, unknownOf, verdictOf } from "./verdicts";

const SAMPLE =
  /^(?<name>[a-z_]+)(\{(?<labels>([a-z_]+="([^"\\\n]|\\[\\"n])*",?)*)\})? (?<value>-?[\d.e+-]+)$/;

/** Its samples, each line held against the grammar of the text exposition format. */
function samplesOf(text: string) {
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.slice(0, -1).split("\n");
  return lines.flatMap((line) => {
    if (/^# (HELP|TYPE) cdktf_backups_[a-z_]+ \S/.test(line)) return [];
    const sample = SAMPLE.exec(line);
    expect([line, sample !== null]).toEqual([line, true]);
    return [sample!.groups!];
  });
}

describe("a verdict as metrics", () => {
  test("has the age of the newest backup, the findings, and whose lookups failed", () => {
    const text = prometheus(verdictOf([judgedOf(), unknownOf()]));
    const lines = text.split("\n").filter((line) => !line.startsWith("#"));
    expect(lines).toEqual([
      'cdktf_backups_newest_age_seconds{service="rds",instance="1",name="orders"} 97200',
      'cdktf_backups_instance_known{service="rds",instance="1",name="orders"} 1',
      'cdktf_backups_instance_known{service="gaussdb",instance="",name="ledger"} 0',
      'cdktf_backups_service_known{service="rds"} 1',
      'cdktf_backups_instance_findings{service="rds",instance="1",name="orders",level="error"} 1',
      'cdktf_backups_instance_findings{service="rds",instance="1",name="orders",level="warning"} 1',
      'cdktf_backups_findings{rule="rpo",level="error"} 1',
      'cdktf_backups_findings{rule="gap",level="warning"} 1',
      'cdktf_backups_findings{rule="count",level="warning"} 0',
      'cdktf_backups_findings{rule="stuck",level="warning"} 0',
      "cdktf_backups_suppressed_findings 1",
      "cdktf_backups_as_of_timestamp_seconds 1795230000",
      "",
    ]);
  });

  test("says of each metric once what it is, before its samples", () => {
    const lines = prometheus(verdictOf([judgedOf(), judgedOf("b", { id: "2" })])).split("\n");
    const seen: string[] = [];
    for (const line of lines.filter((each) => each !== "")) {
      const name = /cdktf_backups_[a-z_]+/.exec(line)![0];
      if (line.startsWith("# HELP")) {
        expect(seen).not.toContain(name);
        seen.push(name);
      }
      expect(seen.at(-1)).toBe(name);
    }
  });

  test("has the worst of instances that have the same labels, whichever comes first", () => {
    const calm = judgedOf("orders", { kept: [], newest: new Date("2026-11-21T00:00:00Z") });
    const { problem } = unknownOf();
    const unknown = judgedOf("orders", { kept: [], rules: [], newest: undefined, problem });
    const all = [judgedOf(), judgedOf(), calm, unknown];
    const who = 'service="rds",instance="1",name="orders"';
    for (const judged of [all, [...all].reverse()]) {
      expect(prometheus(verdictOf(judged)).split("\n")).toEqual(
        expect.arrayContaining([
          `cdktf_backups_newest_age_seconds{${who}} 97200`,
          `cdktf_backups_instance_known{${who}} 0`,
          `cdktf_backups_instance_findings{${who},level="error"} 2`,
          'cdktf_backups_findings{rule="rpo",level="error"} 2',
        ]),
      );
    }
  });

  test("is read, and has each sample once, whatever instances are called", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...'\\"\n\r{}=, \u2028\ud800') }),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        const judged = [judgedOf(one, { id: other }), judgedOf(one, { id: other }), unknownOf(one)];
        const keys = samplesOf(prometheus(verdictOf(judged))).map(({ labels, name: metric }) =>
          JSON.stringify([metric, labels]),
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
