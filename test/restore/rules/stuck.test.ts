import { BackupStatus } from "../../../lib/model/backup";
import { Duration } from "../../../lib/model/duration";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const stuck = Rule.stuck();

const building = (id: string, hours: number | undefined) =>
  backup(id, hours, { status: BackupStatus.BUILDING });

describe("stuck", () => {
  test("tells each backup that is being made for too long, newest first", () => {
    const list = [building("old", 30), building("new", 7), building("ok", 1), backup("done", 50)];
    expect(evidenceOf(stuck, subject(list))).toEqual([
      "the backup new begun 2026-01-31T05:00:00Z is being made for 7 h as of 2026-01-31T12:00:00Z, longer than 6 h",
      "the backup old begun 2026-01-30T06:00:00Z is being made for 1 day 6 h as of 2026-01-31T12:00:00Z, longer than 6 h",
    ]);
  });

  test("accepts exactly the longest time, and not a second more", () => {
    expect(evidenceOf(stuck, subject([building("b", 6)]))).toEqual([]);
    expect(evidenceOf(stuck, subject([building("b", 6 + 1 / 3600)]))[0]).toContain("for 6 h 1 s");
    expect(evidenceOf(Rule.stuck(Duration.hours(5)), subject([building("b", 6)]))).toHaveLength(1);
  });

  test("finds nothing in an empty list, nor one that has not begun", () => {
    expect(evidenceOf(stuck, subject([]))).toEqual([]);
    expect(evidenceOf(stuck, subject([building("waiting", undefined)]))).toEqual([]);
  });

  test("says nothing of TaurusDB, which sends no state", () => {
    expect(evidenceOf(stuck, TAURUS)).toEqual([]);
  });
});
