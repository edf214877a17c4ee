import { BackupStatus } from "../../../lib/model/backup";
import { Duration } from "../../../lib/model/duration";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const coverage = Rule.coverage();

describe("coverage", () => {
  test("tells backups that reach back less far than wanted", () => {
    const failed = backup("f", 900, { status: BackupStatus.FAILED });
    expect(evidenceOf(coverage, subject([backup("a", 1), backup("b", 50), failed]))).toEqual([
      "the usable backups reach back 2 days 2 h as of 2026-01-31T12:00:00Z, less than 6 days; the oldest is b begun 2026-01-29T10:00:00Z",
    ]);
  });

  test("accepts an oldest one exactly so many days old, and not a second less", () => {
    expect(evidenceOf(Rule.coverage(Duration.days(2)), subject([backup("b", 48)]))).toEqual([]);
    expect(
      evidenceOf(Rule.coverage(Duration.days(2)), subject([backup("b", 48 - 0.5 / 3600)]))[0],
    ).toContain("reach back 1 day 23 h 59 min 59 s");
  });

  test("tells an empty list, and one without times", () => {
    expect(evidenceOf(coverage, subject([]))).toEqual([
      "the usable backups reach back 0 s as of 2026-01-31T12:00:00Z, less than 6 days; the list of backups is empty",
    ]);
    expect(evidenceOf(coverage, subject([backup("a", undefined)]))).toHaveLength(1);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(Rule.coverage(Duration.days(900)), TAURUS)).toEqual([]);
  });
});
