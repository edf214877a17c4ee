import { BackupStatus } from "../../../lib/model/backup";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const count = Rule.count();

describe("count", () => {
  test("tells fewer usable backups than wanted", () => {
    const failed = backup("f", 1, { status: BackupStatus.FAILED });
    expect(evidenceOf(count, subject([failed, backup("b", 3)]))).toEqual([
      "1 usable backup as of 2026-01-31T12:00:00Z, fewer than 2; the newest is b begun 2026-01-31T09:00:00Z",
    ]);
  });

  test("accepts exactly as many as wanted", () => {
    const list = [backup("a", 1), backup("b", 2), backup("c", 3)];
    expect(evidenceOf(Rule.count(3), subject(list))).toEqual([]);
    expect(evidenceOf(Rule.count(4), subject(list))).toHaveLength(1);
  });

  test("tells an empty list, and one without times", () => {
    expect(evidenceOf(count, subject([]))).toEqual([
      "0 usable backups as of 2026-01-31T12:00:00Z, fewer than 2; the list of backups is empty",
    ]);
    const unread = [backup("a", undefined), backup("b", undefined)];
    expect(evidenceOf(count, subject(unread))[0]).toContain('2 × "has no begin time');
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(Rule.count(9), TAURUS)).toEqual([]);
  });
});
