import { BackupKind } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { dds } from "../../lib/services/dds";
import { decodeOne, queryFor, sample } from "./support";

describe("DDS", () => {
  test("decodes the published sample whole; its times name no zone and are UTC", () => {
    const { backups, warnings } = sample(BackupService.DDS, "dds");
    expect(warnings).toEqual([]);
    expect(backups).toMatchObject([
      {
        service: "dds",
        id: "43e4feaab48f11e89039fa163ebaa7e4br01",
        name: "backup-test",
        description: "backup description",
        instanceId: "43e4feaab48f11e89039fa163ebaa7e4br01",
        instanceName: "cluster-test",
        kind: "automatic",
        status: "completed",
        isRestorable: true,
        sizeBytes: 2803 * 1024,
        beginTime: new Date("2018-08-06T12:41:14Z"),
        endTime: new Date("2018-08-06T12:43:14Z"),
        engine: "DDS-Community",
        engineVersion: "4.0",
      },
    ]);
  });

  test("takes DISABLED for deleting, and nothing restores from it", () => {
    const { backup, warnings } = decodeOne(BackupService.DDS, {
      ...{ id: "a", type: "Manual", status: "DISABLED" },
    });
    expect(backup).toMatchObject({ status: "deleting", isRestorable: false });
    expect(warnings).toEqual([]);
  });

  test("reads a time that names a zone by it, and no time out of what is none", () => {
    const read = (begin_time: string) =>
      decodeOne(BackupService.DDS, { id: "a", type: "Auto", status: "COMPLETED", begin_time });
    expect(read("2018-08-06T12:41:14+0800").backup.beginTime).toEqual(
      new Date("2018-08-06T04:41:14Z"),
    );
    for (const text of ["2018-02-30 12:41:14", "2018-08-06", "12:41:14", "soon"]) {
      const { backup, warnings } = read(text);
      expect(backup.beginTime).toBeUndefined();
      expect(warnings).toEqual([expect.stringContaining("is not a time")]);
    }
  });

  test("has a filter of its own, with the words of its page", () => {
    expect(dds.lists.backups.filters).toEqual({
      mode: { allowed: ["Sharding", "ReplicaSet", "Single"] },
    });
  });

  test("asks with the parameters of its page, its times without a zone", () => {
    const query = queryFor(BackupService.DDS, {
      ...{ instanceId: "i", backupId: "b", backupType: BackupKind.MANUAL },
      filters: { mode: "ReplicaSet" },
    });
    expect(dds.lists.backups.requests(query, { begin: 0, end: 1000 })).toEqual([
      {
        path: "/v3/{project}/backups",
        query: {
          ...{ instance_id: "i", backup_id: "b", backup_type: "Manual", mode: "ReplicaSet" },
          ...{ begin_time: "1970-01-01 00:00:00", end_time: "1970-01-01 00:00:01" },
        },
      },
    ]);
    expect(dds.lists.backups.requests(queryFor(BackupService.DDS))[0]?.query).toEqual({});
  });
});
