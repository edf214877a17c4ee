import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { gaussDb } from "../../lib/services/gaussdb";
import { decodeOne, queryFor, sample } from "./support";

describe("GaussDB", () => {
  test("decodes the published sample whole", () => {
    const { backups, warnings, total } = sample(BackupService.GAUSSDB, "gaussdb");
    expect(total).toBe(167);
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: BackupService.GAUSSDB,
        id: "a696cd25e4fc453aa503650225cece8bbr14",
        name: "GaussDB-hly-ha-20220509080110906",
        description: undefined,
        instanceId: "164abc6d35114095bb849d007b19db3bin14",
        instanceName: undefined,
        kind: BackupKind.AUTOMATIC,
        status: BackupStatus.FAILED,
        isRestorable: false,
        sizeBytes: 0,
        beginTime: new Date("2022-05-09T08:01:10Z"),
        endTime: new Date("2022-05-09T08:04:31Z"),
        engine: "GaussDB",
        engineVersion: "1.4",
        databases: [],
      },
      {
        id: "5651c62a7f12461c98020dd3abfe24ccbr14",
        beginTime: new Date("2022-05-09T02:26:58Z"),
        endTime: new Date("2022-05-09T02:30:17Z"),
        instanceId: "fd26e3bf26e5467587eec857e4f66ef0in14",
      },
    ]);
    expect(backups[0]?.raw).toMatchObject({ size: 0, description: null, status: "FAILED" });
  });

  test("counts sizes in MB", () => {
    const { backup } = decodeOne(BackupService.GAUSSDB, { id: "a", size: 1.5 });
    expect(backup.sizeBytes).toBe(1.5 * 1024 * 1024);
  });

  test("asks with the parameters of its page", () => {
    const [list, ...others] = gaussDb.lists.backups.requests(
      queryFor(BackupService.GAUSSDB, {
        instanceId: "i",
        backupId: "b",
        backupType: BackupKind.AUTOMATIC,
      }),
      { begin: Date.UTC(2022, 4, 9, 8, 15, 50), end: Date.UTC(2022, 4, 9, 8, 20, 45) },
    );
    expect(others).toEqual([]);
    expect(list).toEqual({
      path: "/v3/{project}/backups",
      query: {
        instance_id: "i",
        backup_id: "b",
        backup_type: "auto",
        begin_time: "2022-05-09T08:15:50+0000",
        end_time: "2022-05-09T08:20:45+0000",
      },
    });
  });

  test("asks for all instances where none is named", () => {
    const all = gaussDb.lists.backups.requests(queryFor(BackupService.GAUSSDB));
    expect(all).toEqual([{ path: "/v3/{project}/backups", query: {} }]);
  });
});
