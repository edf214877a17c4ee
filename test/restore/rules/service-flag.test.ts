import { BackupKind, BackupStatus } from "../../../lib/model/backup";
import { BackupService } from "../../../lib/model/service";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, subject, TAURUS } from "./support";

const serviceFlag = Rule.serviceFlag();

const forbidden = (id: string, hours: number | undefined) =>
  backup(id, hours, { service: BackupService.DCS, isRestorable: false });

describe("service-flag", () => {
  test("tells a newest completed backup that the service forbids, and what is taken instead", () => {
    const list = [forbidden("no", 1), backup("yes", 25)];
    expect(evidenceOf(serviceFlag, subject(list))).toEqual([
      "the newest completed backup no begun 2026-01-31T11:00:00Z can't be restored, the service says; the newest usable one is yes begun 2026-01-30T11:00:00Z",
    ]);
    expect(evidenceOf(serviceFlag, subject([forbidden("no", 1)]))[0]).toMatch(
      /no other is usable$/,
    );
  });

  test("accepts an older one that is forbidden", () => {
    expect(evidenceOf(serviceFlag, subject([backup("yes", 1), forbidden("no", 25)]))).toEqual([]);
  });

  test("looks at completed full backups of the instance alone", () => {
    const list = [
      backup("f", 0.1, { status: BackupStatus.FAILED }),
      backup("i", 0.2, { kind: BackupKind.INCREMENTAL }),
      backup("d", 0.3, { kind: BackupKind.FRAGMENT }),
      backup("t", 0.4, { isRestorable: false, isPartial: true }),
      backup("yes", 1),
    ];
    expect(evidenceOf(serviceFlag, subject(list))).toEqual([]);
  });

  test("finds nothing in an empty list, nor among unknown times", () => {
    expect(evidenceOf(serviceFlag, subject([]))).toEqual([]);
    expect(evidenceOf(serviceFlag, subject([forbidden("no", undefined)]))).toEqual([]);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(serviceFlag, TAURUS)).toEqual([]);
  });
});
