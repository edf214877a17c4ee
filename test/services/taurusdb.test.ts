import { BackupKind, BackupService, BackupStatus } from "../../lib/model/backup";
import { taurusDb } from "../../lib/services/taurusdb";
import { queryFor, sample } from "./support";

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
