import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { rds } from "../../lib/services/rds";
import { decodeOne, queryFor, sample } from "./support";

describe("RDS", () => {
  test("decodes the published MySQL sample whole", () => {
    const { backups, warnings, total } = sample(BackupService.RDS, "rds-mysql");
    expect(total).toBe(1);
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: BackupService.RDS,
        id: "43e4feaab48f11e89039fa163ebaa7e4br01",
        name: "xxxx.xxx",
        description: undefined,
        instanceId: "a48e43ff268f4c0e879652d65e63d0fbin01",
        kind: BackupKind.AUTOMATIC,
        status: BackupStatus.COMPLETED,
        isRestorable: true,
        sizeBytes: 2803 * 1024,
        beginTime: new Date("2018-08-06T04:41:14Z"),
        endTime: new Date("2018-08-06T04:43:14Z"),
        engine: "MySQL",
        engineVersion: "5.6",
        databases: [],
      },
    ]);
  });

  test("decodes the published PostgreSQL sample, whose instance id has a space at its end", () => {
    const { backups, warnings } = sample(BackupService.RDS, "rds-postgresql");
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        id: "43e4feaab48f11e89039fa163ebaa7e4br03",
        instanceId: "a48e43ff268f4c0e879652d65e63d0fbin03",
        kind: BackupKind.INCREMENTAL,
        isRestorable: false,
        engine: "PostgreSQL",
        engineVersion: "9.6",
        raw: { instance_id: "a48e43ff268f4c0e879652d65e63d0fbin03 " },
      },
    ]);
  });

  test("decodes the published SQL Server sample, whose key of the id has a space at its end", () => {
    const { backups, ids, warnings } = sample(BackupService.RDS, "rds-sqlserver");
    expect(ids).toEqual(["43e4feaab48f11e89039fa163ebaa7e4br04"]);
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        id: "43e4feaab48f11e89039fa163ebaa7e4br04",
        isPartial: true,
        kind: BackupKind.MANUAL,
        isRestorable: false,
        engine: "SQLServer",
        engineVersion: "2014_WEB",
        databases: [
          { name: "user01", tables: [] },
          { name: "user02", tables: [] },
        ],
      },
    ]);
  });

  test.each([
    ["auto", "COMPLETED", true],
    ["manual", "COMPLETED", true],
    ["incremental", "COMPLETED", false],
    ["fragment", "COMPLETED", false],
    ["auto", "BUILDING", false],
    ["auto", "FAILED", false],
    ["auto", "DELETING", false],
    ["snapshot", "COMPLETED", false],
  ])("calls a %s backup that is %s restorable: %s", (type, status, expected) => {
    const { backup } = decodeOne(BackupService.RDS, { id: "a", type, status });
    expect(backup.isRestorable).toBe(expected);
  });

  test.each([
    ["manual", [{ name: "shop" }], true],
    ["manual", [{}], true],
    ["manual", [], false],
    ["manual", null, false],
    ["auto", [{ name: "shop" }], false],
  ])(
    "takes a %s backup that names the databases %j for a partial one: %s",
    (type, databases, is) => {
      const record = { id: "a", type, status: "COMPLETED", databases };
      const { backup } = decodeOne(BackupService.RDS, record);
      expect(backup.isPartial).toBe(is);
      expect(backup.isRestorable).toBe(!is);
    },
  );

  test("is told apart by its DDM flag, and has no end while it is being made, whatever is sent", () => {
    const record = {
      ...{ id: "a", type: "auto", status: "BUILDING", associated_with_ddm: true },
      ...{ begin_time: "2018-08-06T12:41:14+0800", end_time: "2018-08-06T12:43:14+0800" },
    };
    const { backup, warnings } = decodeOne(BackupService.RDS, record);
    expect(warnings).toEqual([]);
    expect(backup).toMatchObject({ endTime: undefined, isAssociatedWithDdm: true });
  });

  test("asks with the parameters of its page", () => {
    const query = queryFor(BackupService.RDS, {
      instanceId: "i",
      backupType: BackupKind.FRAGMENT,
    });
    expect(rds.lists.backups.requests(query, { begin: 0, end: 1000 })).toEqual([
      {
        path: "/v3/{project}/backups",
        query: {
          instance_id: "i",
          backup_type: "fragment",
          begin_time: "1970-01-01T00:00:00+0000",
          end_time: "1970-01-01T00:00:01+0000",
        },
      },
    ]);
    expect(rds.lists.backups.paging).toMatchObject({ parameter: "offset", first: 0, size: 100 });
  });
});
