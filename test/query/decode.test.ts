import fc from "fast-check";
import { BackupKind } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { decodeRecords } from "../services/support";

const at = (id: string, begin_time: unknown, more: object = {}) => ({
  id,
  begin_time,
  type: "auto",
  ...more,
});

describe("what the service filtered is filtered again", () => {
  const records = [
    at("before", "2026-01-01T00:00:00+0000"),
    at("begin", "2026-01-02T00:00:00+0000"),
    at("end", "2026-01-03T00:00:00+0000"),
    at("unknown", null),
  ];

  test("the window takes its begin and leaves its end; what has no time stays", () => {
    const { backups } = decodeRecords(BackupService.RDS, records, {
      beginTime: new Date("2026-01-02T00:00:00Z"),
      endTime: new Date("2026-01-03T00:00:00Z"),
    });
    expect(backups.map(({ id }) => id)).toEqual(["begin", "unknown"]);
  });

  test("by id and by kind, also where the API has no such filter; an unreadable kind stays", () => {
    const dcs = [
      { backup_id: "a", backup_type: "auto" },
      { backup_id: "m", backup_type: "manual" },
      { backup_id: "x", backup_type: "snapshot" },
    ];
    const ids = (query: object) =>
      decodeRecords(BackupService.DCS, dcs, query).backups.map(({ id }) => id);
    expect(ids({ backupType: BackupKind.MANUAL })).toEqual(["m", "x"]);
    expect(ids({ backupId: "a" })).toEqual(["a"]);
  });

  test("warnings of what was left out are left out", () => {
    const dcs = [{ backup_id: "a", backup_type: "auto", size: "large" }];
    expect(decodeRecords(BackupService.DCS, dcs, { backupId: "b" }).warnings).toEqual([]);
  });

  test("a record of another instance is left out, with a warning", () => {
    const records = [at("a", null, { instance_id: "other" })];
    const { backups, warnings } = decodeRecords(BackupService.RDS, records, { instanceId: "mine" });
    expect(backups).toEqual([]);
    expect(warnings).toEqual([
      "RDS backup a is of instance other, not mine, which was asked for: it is left out",
    ]);
  });
});

describe("the list", () => {
  test("is newest first by the time that was meant, not by its text or position", () => {
    const { backups } = decodeRecords(BackupService.RDS, [
      at("b", "2026-01-01T10:00:00+0800"),
      at("c", null),
      at("a", "2026-01-01T03:00:00+0000"),
      at("d", "2026-01-01T02:30:00+0000"),
    ]);
    expect(backups.map(({ id }) => id)).toEqual(["a", "d", "b", "c"]);
  });

  test("can't be changed by one who reads it", () => {
    const { backups } = decodeRecords(BackupService.RDS, [at("a", null)]);
    expect(() => backups.pop()).toThrow(TypeError);
  });

  test("is the same whatever the order of the answer", () => {
    const record = fc.record({
      id: fc.uuid(),
      begin_time: fc.constantFrom(null, "20260101000000", "20260102000000"),
    });
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: ({ id }) => id }), (records) => {
        const ids = (list: typeof records) =>
          decodeRecords(BackupService.RDS, list).backups.map(({ id }) => id);
        expect(ids([...records].reverse())).toEqual(ids(records));
      }),
    );
  });
});
