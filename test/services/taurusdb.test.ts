import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { listOf } from "../../lib/services/registry";
import { taurusDb } from "../../lib/services/taurusdb";
import { decodeOne, queryFor, sample } from "./support";

describe("TaurusDB", () => {
  test("decodes the published sample whole; it sends no status, which is no warning", () => {
    const { backups, warnings, total } = sample(BackupService.TAURUSDB, "taurusdb");
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: BackupService.TAURUSDB,
        id: "f0d2aea28d26t4848b8c84ed3fea1822fbr07",
        name: "GaussDBforMySQL--20230728181555006",
        instanceId: "61a4ea66210545909d74a05c27a7179ein07",
        kind: BackupKind.INCREMENTAL,
        status: BackupStatus.UNKNOWN,
        isRestorable: false,
        sizeBytes: 112,
        beginTime: new Date("2022-07-07T04:41:14Z"),
        endTime: new Date("2022-07-08T04:45:14Z"),
        engine: undefined,
        databases: [],
      },
    ]);
  });

  test("reads a status all the same where one is sent", () => {
    const record = { id: "a", status: "FAILED" };
    const { backup, warnings } = decodeOne(BackupService.TAURUSDB, record);
    expect(backup.status).toBe(BackupStatus.FAILED);
    expect(warnings).toEqual([]);
  });

  test("asks with the parameters of its page: pages of 50, the instance in the path", () => {
    const query = queryFor(BackupService.TAURUSDB, { instanceId: "i" });
    expect(taurusDb.lists.backups.requests(query, { begin: 0, end: 1000 })).toEqual([
      {
        path: "/v3/{project}/instances/i/incremental-backups",
        query: { begin_time: "1970-01-01T00:00:00+0000", end_time: "1970-01-01T00:00:01+0000" },
      },
    ]);
    expect(taurusDb.lists.backups.paging).toMatchObject({
      parameter: "offset",
      first: 0,
      size: 50,
    });
  });
});

describe("TaurusDB, full backups", () => {
  test("reads the page's sample: sizes in MB", () => {
    const { backups, warnings } = sample(
      BackupService.TAURUSDB,
      "taurusdb-full-backups",
      "full-backups",
    );
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: "taurusdb",
        id: "c0c9f155c7b7423a9d30f0175998b63bbr01",
        name: "TaurusDB-e747-20200705185048266",
        instanceId: "c0c9f155c7b7423a9d30f0175998b63bbr01",
        kind: "automatic",
        status: "completed",
        isRestorable: true,
        sizeBytes: 2803 * 1024 * 1024,
        beginTime: new Date("2020-07-06T02:41:14Z"),
        endTime: new Date("2020-07-16T02:41:14Z"),
        engine: "gaussdb-mysql",
        engineVersion: "8.0",
      },
    ]);
  });

  test.each([
    ["AVAILABLE", "completed", true],
    ["COMPLETED", "completed", true],
    ["BUILDING", "building", false],
    ["FAILED", "failed", false],
  ])("takes %s for %s", (status, expected, isRestorable) => {
    const record = { id: "a", type: "manual", status };
    const { backup, warnings } = decodeOne(BackupService.TAURUSDB, record, "full-backups");
    expect(backup).toMatchObject({ status: expected, isRestorable });
    expect(warnings).toEqual([]);
  });

  test("asks with the parameters of its page: pages of 100, the instance in the query if at all", () => {
    const { requests, paging } = listOf({ service: BackupService.TAURUSDB, list: "full-backups" });
    const query = queryFor(BackupService.TAURUSDB, {
      ...{ instanceId: "i", backupId: "b", backupType: BackupKind.MANUAL },
    });
    expect(requests(query, { begin: 0, end: 1000 })).toEqual([
      {
        path: "/v3/{project}/backups",
        query: {
          instance_id: "i",
          backup_id: "b",
          backup_type: "manual",
          begin_time: "1970-01-01T00:00:00+0000",
          end_time: "1970-01-01T00:00:01+0000",
        },
      },
    ]);
    expect(requests(queryFor(BackupService.TAURUSDB))[0]?.query).toEqual({});
    expect(paging).toMatchObject({ parameter: "offset", first: 0, size: 100 });
  });
});
