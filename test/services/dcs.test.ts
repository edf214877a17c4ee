import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { Duration } from "../../lib/model/duration";
import { whyNotRestorable } from "../../lib/restore/candidates";
import { dcs } from "../../lib/services/dcs";
import { decodeOne, decodeRecords, queryFor, sample } from "./support";

describe("DCS", () => {
  test("decodes the published sample whole", () => {
    const { backups, warnings, total } = sample(BackupService.DCS, "dcs");
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: BackupService.DCS,
        id: "4631832a-14c6-45b0-a0b3-3abd8f591ad1",
        name: "backup_20190510163116",
        description: "001",
        instanceId: "5560df16-cebf-4473-95c4-d1b573c16e79",
        kind: BackupKind.MANUAL,
        status: BackupStatus.COMPLETED,
        isRestorable: true,
        sizeBytes: 880232,
        // execution_at, not created_at: the task was made five seconds before it ran.
        beginTime: new Date("2019-05-10T08:31:21.461Z"),
        endTime: new Date("2019-05-10T08:32:30.546Z"),
        engine: undefined,
        engineVersion: undefined,
        databases: [],
      },
    ]);
  });

  test.each([
    ["TRUE", true, 0],
    ["true", true, 0],
    [true, true, 0],
    [" TRUE ", true, 0],
    ["FALSE", false, 0],
    [false, false, 0],
    ["maybe", false, 1],
    [{}, false, 1],
    // The page has it in every record: what the service does not say is no yes.
    [undefined, false, 1],
    [null, false, 1],
  ])(
    "takes is_support_restore %p for restorable: %p, with %d warnings",
    (flag, expected, count) => {
      const record = {
        backup_id: "a",
        status: "succeed",
        backup_type: "auto",
        is_support_restore: flag,
      };
      const { backup, warnings } = decodeOne(BackupService.DCS, record);
      expect(backup.isRestorable).toBe(expected);
      expect(backup.isSupportRestore).toBe(count === 1 ? undefined : expected);
      expect(warnings).toHaveLength(count);
    },
  );

  test.each([
    ["waiting", BackupStatus.BUILDING],
    ["backuping", BackupStatus.BUILDING],
    ["succeed", BackupStatus.COMPLETED],
    ["failed", BackupStatus.FAILED],
    ["expired", BackupStatus.EXPIRED],
    ["deleted", BackupStatus.DELETED],
  ])(
    "takes the status %s for %s, and updated_at for the end only once it has succeeded",
    (status, expected) => {
      const record = {
        ...{ backup_id: "a", backup_type: "auto", status, is_support_restore: "TRUE" },
        updated_at: "2019-05-10T08:32:30.546Z",
      };
      const { backup, warnings } = decodeOne(BackupService.DCS, record);
      expect(backup.status).toBe(expected);
      expect(backup.endTime !== undefined).toBe(status === "succeed");
      expect(backup.updatedAt).toEqual(new Date("2019-05-10T08:32:30.546Z"));
      expect(warnings).toEqual([]);
    },
  );

  test("types what planners need: why it failed, in the page's words, its format, how far it has come", () => {
    const record = {
      ...{ backup_id: "a", backup_type: "auto", status: "failed", error_code: "dcs.08.0008" },
      ...{ backup_format: "RDB", progress: "42.00", period: "02:00-04:00", execution_at: null },
      ...{ created_at: "2019-05-10T08:31:16.166Z", is_support_restore: "FALSE" },
    };
    const { backup, warnings } = decodeOne(BackupService.DCS, record);
    expect(warnings).toEqual([]);
    expect(backup).toMatchObject({
      ...{ beginTime: undefined, createdAt: new Date("2019-05-10T08:31:16.166Z") },
      ...{ errorCode: "dcs.08.0008", backupFormat: "RDB", progress: "42.00" },
      ...{ period: "02:00-04:00", isSupportRestore: false },
    });
    const { warnings: building } = decodeOne(BackupService.DCS, {
      ...{ backup_id: "a", backup_type: "auto", status: "backuping" },
    });
    expect(building).toEqual([]);
    expect(whyNotRestorable(backup)).toBe(
      "has failed (dcs.08.0008: Automatic backup of the instance cannot start because the instance is running other jobs)",
    );
    const other = decodeOne(BackupService.DCS, { ...record, error_code: "dcs.08.9999" }).backup;
    expect(whyNotRestorable(other)).toBe("has failed (dcs.08.9999)");
  });

  test.each([
    ["0001", "Failed to start the backup and restore tool."],
    ["0002", "Operation timed out."],
    ["0003", "Failed to delete bucket."],
    ["0004", "Failed to obtain AK/SK."],
    ["0005", "Failed to create bucket."],
    ["0006", "Failed to obtain backup file size."],
    ["0007", "Data synchronization failed during instance restoration."],
  ])("says of dcs.08.%s what its page does: %s", (code, message) => {
    const record = { backup_id: "a", backup_type: "auto", status: "failed" };
    const { backup } = decodeOne(BackupService.DCS, { ...record, error_code: `DCS.08.${code}` });
    expect(backup.errorMessage).toBe(message);
  });

  test("has the failures of a day and no others in it, though they never began", () => {
    const failed = (backup_id: string, created_at: string) => ({
      ...{ backup_id, backup_type: "auto", status: "failed", execution_at: null, created_at },
    });
    const records = [
      failed("today", "2026-01-30T12:00:00.000Z"),
      failed("yesterday", "2026-01-29T12:00:00.000Z"),
      failed("long ago", "2020-01-01T00:00:00.000Z"),
    ];
    const { backups } = decodeRecords(BackupService.DCS, records, { within: Duration.days(1) });
    expect(backups.map(({ id }) => id)).toEqual(["today"]);
    const all = decodeRecords(BackupService.DCS, records.reverse()).backups;
    expect(all.map(({ id }) => id)).toEqual(["today", "yesterday", "long ago"]);
  });

  test("asks with the parameters of its page, the instance in the path", () => {
    const window = { begin: Date.UTC(2017, 6, 18, 23, 59, 59), end: Date.UTC(2017, 6, 19) };
    const backupType = BackupKind.MANUAL;
    const query = queryFor(BackupService.DCS, { instanceId: "a b?", backupId: "x", backupType });
    expect(dcs.lists.backups.requests(query, window)).toEqual([
      {
        path: "/v1.0/{project}/instances/a%20b%3F/backups",
        query: { beginTime: "20170718235959", endTime: "20170719000000" },
      },
    ]);
    expect(dcs.lists.backups.paging).toMatchObject({ parameter: "start", first: 1 });
  });
});
