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

  test("says that it can't be known where backups from so long ago were not asked for", () => {
    const since = new Date("2026-01-24T12:00:00Z");
    const asked = { ...subject([backup("a", 1)]), since };
    expect(evidenceOf(Rule.coverage(Duration.days(30)), asked)).toEqual([
      "whether the usable backups reach back 30 days can't be known: those begun before 2026-01-24T12:00:00Z were not asked for",
    ]);
    expect(evidenceOf(Rule.coverage(Duration.days(7)), asked)[0]).toMatch(/^the usable backups/);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(Rule.coverage(Duration.days(900)), TAURUS)).toEqual([]);
  });
});
