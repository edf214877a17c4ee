import { BackupService } from "../../lib/model/service";
import { bytesOf, markup } from "../../lib/report/markup";
import { htmlReport } from "../../lib/report/html";
import { ReportModel } from "../../lib/report/model";
import { RestoreDecision } from "../../lib/restore/decision";
import { RuleLevel } from "../../lib/restore/rules";
import { Selection } from "../../lib/restore/selection";
import { AS_OF, backup, failed, finding, lane, model, projectModel, teamModel } from "./models";

/** A fleet as a report of the cloud has it: what each would be restored from, and what the rules found. */
function fleet(
  instances: number,
  backups: number,
  { everyHours = 24, findings = 2, name = (i: number) => `db-${i % 700}` } = {},
): ReportModel {
  const lanes = Array.from({ length: instances }, (_, i) => {
    const id = `${i.toString(16).padStart(32, "0")}in01`;
    const list = Array.from({ length: backups }, (_, j) => {
      const isFailed = (i * 31 + j * 17) % 23 === 0;
      const more = isFailed ? failed : { sizeBytes: (1 + ((i + j * 13) % 7)) * 1e9 };
      const backupId = `${i}-${j}`.padEnd(36, "0");
      return backup(backupId, j * everyHours + 1 + (i % 20) * 2, { ...more, instanceId: id });
    });
    const label = `RDS instance ${name(i)} (${id})`;
    return lane(id, list, { label, name: name(i), instanceId: id, service: BackupService.RDS });
  });
  return model(lanes, {
    findings: lanes.flatMap(({ label, path }) =>
      Array.from({ length: findings }, (_, i) => {
        const level = i % 2 === 0 ? RuleLevel.ERROR : RuleLevel.WARNING;
        const evidence = `${label}: ${"something was seen here that takes a line or two; ".repeat(4)}`;
        return finding({
          subject: path,
          level,
          evidence,
          advice: "Do something about it. ".repeat(5),
        });
      }),
    ),
    decisions: lanes.map((each) => ({
      path: "of the newest backup",
      lane: each.path,
      decision: RestoreDecision._of({
        ...{ subject: each.label, backups: each.backups, instanceId: each.instanceId },
        ...{ selection: Selection.latest(), asOf: AS_OF },
      }),
      isAssumed: true,
    })),
  });
}

const HOSTILE = (i: number) => `${"&".repeat(60)}${i % 700}`;

describe("the page of a thousand instances", () => {
  test.each([
    ["names that are shared, and a backup a day", 60, {}],
    ["a gap after each backup, and long names", 90, { everyHours: 30, name: HOSTILE }],
    ["some backups each, which have a mark", 40, { everyHours: 30, name: HOSTILE }],
    ["few backups each, of which each tells about itself", 5, { name: HOSTILE }],
    ["thirty findings each", 60, { findings: 30, name: HOSTILE }],
    ["no backups", 0, { name: HOSTILE }],
  ])("has no more than 3 MB with %s", (_, backups, more) => {
    const html = htmlReport(fleet(1_005, backups, more));
    expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
    expect(html.match(/<section class="lane[ "]/g)).toHaveLength(1_005);
    expect(html.match(/NaN|undefined/)).toBeNull();
    // Nothing vanishes silently.
    const { length: listed } = html.match(/<details[^>]*><summary>Age, sizes/g) ?? [];
    const bare = backups === 0 ? 0 : 1_005 - listed;
    const said = /The last (\d+) instances? ha(?:s|ve) nothing below/.exec(html);
    expect(Number(said?.[1] ?? 0)).toBe(bare);
  });

  test("draws the worst, has sentences of the others, and says of how many", () => {
    const html = htmlReport(fleet(1_005, 60));
    const said = /For want of room the last (\d+) instances have no drawings and lists/.exec(html);
    const without = Number(said![1]);
    const parts = html.split(/<section class="lane[ "]/).slice(1);
    const isDrawn = parts.map((part) => part.includes("strip-svg"));
    expect(isDrawn.slice(0, -without).every((each) => each)).toBe(true);
    expect(isDrawn.slice(-without).some((each) => each)).toBe(false);
    expect(without).toBeLessThan(700);
    for (const part of parts.slice(-without)) {
      expect(part).toMatch(/<p>Age of the newest usable backup: \d.*the RPO is 26 h\.<\/p>/);
      expect(part).toContain("Not listed: all 60 candidates.");
    }
  });

  test("lists as many findings as there is room for, the errors first, and says of how many", () => {
    const html = htmlReport(fleet(1_000, 1, { findings: 30, name: HOSTILE }));
    const [, shown] = /What the rules found \((\d+) of 30000\)/.exec(html)!;
    const table = html.slice(html.indexOf('<section id="findings"'));
    expect(table.match(/<tr><td>✗ error/g)).toHaveLength(Number(shown));
    expect(Number(shown)).toBeGreaterThan(100);
    expect(html).toMatch(/<a href="#findings">Findings<\/a>: rpo × 30\./);
  });

  test("leaves nothing out where there is room for all", () => {
    for (const each of [teamModel(), projectModel()]) {
      expect(htmlReport(each)).not.toMatch(/For want of room|nothing below|Not listed/);
    }
  });

  test("counts bytes, not letters", () => {
    expect(bytesOf(markup`${"é&"}`)).toBe(7);
  });
});
