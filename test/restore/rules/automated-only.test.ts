import { BackupKind, BackupStatus } from "../../../lib/model/backup";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const automatedOnly = Rule.automatedOnly();

describe("automated-only", () => {
  test("tells a list whose usable backups all die with their instance", () => {
    const list = [
      backup("a", 1),
      backup("b", 25),
      backup("m", 2, { kind: BackupKind.MANUAL, status: BackupStatus.FAILED }),
    ];
    expect(evidenceOf(automatedOnly, subject(list))).toEqual([
      "no usable backup is manual: the list has 2 automated ones, the newest a begun 2026-01-31T11:00:00Z",
    ]);
  });

  test("accepts a single manual one, however old", () => {
    const manual = backup("m", 9000, { kind: BackupKind.MANUAL });
    expect(evidenceOf(automatedOnly, subject([backup("a", 1), manual]))).toEqual([]);
  });

  test("leaves it to other rules that nothing is usable", () => {
    expect(evidenceOf(automatedOnly, subject([]))).toEqual([]);
    expect(evidenceOf(automatedOnly, subject([backup("a", undefined)]))).toEqual([]);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(automatedOnly, TAURUS)).toEqual([]);
  });
});
