import { BackupKind, BackupStatus } from "../../../lib/model/backup";
import { BackupService } from "../../../lib/model/service";
import { Rule } from "../../../lib/restore/rules";
import { ago, backup, evidenceOf, incremental, NO_FULL_ONES, subject } from "./support";

const failures = Rule.failures();

const failed = (id: string, hours: number | undefined, kind = BackupKind.AUTOMATIC) =>
  backup(id, hours, { status: BackupStatus.FAILED, kind });

describe("failures", () => {
  test("tells how many of the last attempts failed", () => {
    const list = [failed("a", 1), failed("b", 25, BackupKind.MANUAL), failed("c", 49)];
    expect(evidenceOf(failures, subject([...list, backup("good", 73)]))).toEqual([
      "the last 3 attempts failed: from c begun 2026-01-29T11:00:00Z to a begun 2026-01-31T11:00:00Z; 2 in a row are reported",
    ]);
  });

  test("finds exactly as many as are reported, and not one less", () => {
    const list = subject([failed("a", 1), failed("b", 25), backup("good", 49)]);
    expect(evidenceOf(Rule.failures(2), list)).toHaveLength(1);
    expect(evidenceOf(Rule.failures(3), list)).toEqual([]);
    expect(evidenceOf(Rule.failures(1), subject([failed("a", 1)]))).toEqual([
      "the last 1 attempt failed: a begun 2026-01-31T11:00:00Z; 1 in a row are reported",
    ]);
  });

  test("tells of those that failed before they began (DCS), by when they were created", () => {
    const list = Array.from({ length: 13 }, (_, i) =>
      backup(`f${i}`, undefined, {
        ...{ service: BackupService.DCS, status: BackupStatus.FAILED, createdAt: ago(i + 1) },
      }),
    );
    const good = backup("good", 73, { service: BackupService.DCS });
    expect(evidenceOf(failures, subject([...list, good]))).toEqual([
      "the last 13 attempts failed: from f12 created 2026-01-30T23:00:00Z to f0 created 2026-01-31T11:00:00Z; 2 in a row are reported",
    ]);
  });

  test("is over with a success, whatever failed before", () => {
    const list = [backup("good", 1), failed("a", 25), failed("b", 49)];
    expect(evidenceOf(failures, subject(list))).toEqual([]);
  });

  test("passes over one that is being made", () => {
    const building = backup("x", 0, { status: BackupStatus.BUILDING });
    expect(evidenceOf(failures, subject([building, failed("a", 1), failed("b", 25)]))).toHaveLength(
      1,
    );
  });

  test.each([BackupStatus.DELETED, BackupStatus.EXPIRED, BackupStatus.UNKNOWN])(
    "does not take one that is %s for a failure",
    (status) => {
      const between = backup("x", 13, { status });
      expect(evidenceOf(failures, subject([failed("a", 1), between, failed("b", 25)]))).toEqual([]);
    },
  );

  test("is not hidden by an incremental backup or one of single tables", () => {
    const done = { isPartial: true, isRestorable: false };
    const list = [
      backup("i", 0.1, { kind: BackupKind.INCREMENTAL }),
      backup("t", 0.2, { ...done, service: BackupService.GEMINIDB }),
      failed("a", 1),
      failed("b", 25),
    ];
    expect(evidenceOf(failures, subject(list))).toHaveLength(1);
  });

  test("finds nothing in an empty list, nor among unknown times", () => {
    expect(evidenceOf(failures, subject([]))).toEqual([]);
    const unread = [failed("a", undefined), failed("b", undefined)];
    expect(evidenceOf(failures, subject(unread))).toEqual([]);
  });

  test("says nothing of TaurusDB", () => {
    const list = [failed("a", 1), failed("b", 2), incremental("c", 3)];
    expect(evidenceOf(failures, subject(list, NO_FULL_ONES))).toEqual([]);
  });
});
