import fc from "fast-check";
import { Duration } from "../../lib/model/duration";
import { BackupService } from "../../lib/model/service";
import { htmlReport } from "../../lib/report/html";
import { ReportLane } from "../../lib/report/model";
import { textReport } from "../../lib/report/text";
import { anySubject } from "../restore/rules/support";
import { model } from "./models";

const anyLane: fc.Arbitrary<ReportLane> = fc
  .record({
    subject: anySubject,
    rpoHours: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
    problem: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ subject, rpoHours, problem }) => ({
    path: subject.path,
    label: subject.label,
    service: BackupService.RDS,
    hasFullBackups: subject.hasFullBackups,
    backups: subject.backups,
    windows: subject.windows,
    rpo: rpoHours === undefined ? undefined : Duration.hours(rpoHours),
    problem,
  }));

describe("a report of any backups", () => {
  test("is written, with a number wherever one is drawn", () => {
    fc.assert(
      fc.property(fc.array(anyLane, { maxLength: 4 }), (lanes) => {
        const html = htmlReport(model(lanes));
        const drawn = html.match(/<(path|rect|circle|text) [^>]*>/g) ?? [];
        expect(drawn.filter((each) => /NaN|Infinity|undefined/.test(each))).toEqual([]);
        expect(textReport(model(lanes))).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 300 },
    );
  });
});
