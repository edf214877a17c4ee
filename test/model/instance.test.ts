import { Backup, BackupAttributes, BackupKind, BackupStatus } from "../../lib/model/backup";
import { AutomatedBackups, Instance, InstanceStatus } from "../../lib/model/instance";
import { BackupService } from "../../lib/model/service";

const backup = (more: Partial<BackupAttributes> = {}) =>
  Backup.of({
    ...{ service: BackupService.RDS, id: "b1", instanceId: "orders", databases: [] },
    ...{ kind: BackupKind.AUTOMATIC, status: BackupStatus.COMPLETED, isRestorable: true },
    ...{ endTime: new Date("2026-01-31T04:00:00Z"), ...more },
  });
const instance = (automatedBackups?: AutomatedBackups) =>
  Instance.of({
    ...{ service: BackupService.RDS, id: "orders", status: InstanceStatus.AVAILABLE },
    automatedBackups,
  });
const WEEK = { isOn: true, keepDays: 7 };

describe("until when an instance keeps a backup", () => {
  test("is told by its policy, counted from the backup's end", () => {
    expect(instance(WEEK).expiresAt(backup())).toEqual(new Date("2026-02-07T04:00:00Z"));
    const incremental = backup({ kind: BackupKind.INCREMENTAL, instanceId: undefined });
    expect(instance(WEEK).expiresAt(incremental)).toEqual(new Date("2026-02-07T04:00:00Z"));
  });

  test.each([
    ["of a manual one", WEEK, { kind: BackupKind.MANUAL }],
    ["of one that has not ended", WEEK, { endTime: undefined }],
    ["where the policy is off", { isOn: false, keepDays: 7 }, {}],
    ["where the policy doesn't say", { isOn: true }, {}],
    ["where no policy is known", undefined, {}],
  ])("is not known %s", (_which, policy, more) => {
    expect(instance(policy).expiresAt(backup(more))).toBeUndefined();
  });

  test.each([
    ["instance", { instanceId: "users" }, "users of rds"],
    ["service", { service: BackupService.DDS }, "orders of dds"],
  ])("is not told of a backup of another %s", (_what, more, of) => {
    expect(() => instance(WEEK).expiresAt(backup(more))).toThrow(
      `INVALID_PROPERTY: Instance.expiresAt: backup b1 is of the instance ${of}, not of orders of rds. Ask the instance`,
    );
  });
});
