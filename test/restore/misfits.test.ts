import { Backup, BackupKind, BackupStatus } from "../../lib/model/backup";
import { Instance, InstanceAttributes, InstanceStatus } from "../../lib/model/instance";
import { BackupService } from "../../lib/model/service";
import { misfitsOf } from "../../lib/restore/misfits";

const chosen = Backup.of({
  ...{ service: BackupService.RDS, id: "b1", databases: [], isRestorable: true },
  ...{ kind: BackupKind.AUTOMATIC, status: BackupStatus.COMPLETED },
  ...{ engine: "MySQL", engineVersion: "8.0", sizeBytes: 40 },
});
const staging = (more: Partial<InstanceAttributes> = {}) =>
  Instance.of({
    ...{ service: BackupService.RDS, id: "s1", name: "staging", status: InstanceStatus.AVAILABLE },
    ...{ engine: "MySQL", engineVersion: "8.0.22", volumeSizeBytes: 40 },
    ...more,
  });

describe("a backup", () => {
  test("fits onto an instance that is like it", () => {
    expect(misfitsOf(chosen, staging(), undefined)).toEqual([]);
    expect(misfitsOf(chosen, staging({ engine: undefined }), ["s1"])).toEqual([]);
  });

  test.each<[Partial<InstanceAttributes>, string]>([
    [{ isReplica: true }, "staging (s1) is a read replica, which follows another instance"],
    [{ status: InstanceStatus.FROZEN }, "staging (s1) is frozen"],
    [{ engine: "PostgreSQL" }, "it is of the engine MySQL, staging (s1) of PostgreSQL"],
    [{ engineVersion: "5.7" }, "it is of version 8.0, staging (s1) of 5.7"],
    [{ volumeSizeBytes: 39 }, "it is 40 bytes, more than the 39 of staging (s1)"],
  ])("does not fit onto one with %j", (more, misfit) => {
    expect(misfitsOf(chosen, staging(more), undefined)).toEqual([misfit]);
  });

  test("does not fit where the service names others, nor onto a replica that it names", () => {
    expect(misfitsOf(chosen, staging(), ["other"])).toEqual([
      "the service does not name staging (s1) among the instances that it can be restored onto",
    ]);
    expect(misfitsOf(chosen, staging({ isReplica: true }), ["s1"])).toHaveLength(1);
  });
});
