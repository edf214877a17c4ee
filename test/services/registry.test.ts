import { BackupService } from "../../lib/model/service";
import { SERVICES } from "../../lib/services/registry";
import { Restored } from "../../lib/services/restore";

const taurus = ["gaussdb:backup:list", "gaussdbformysql:backup:list"];

describe("a service", () => {
  test.each<[string, string, [noun: string, actions: string[]][]]>([
    ["GaussDB", "gaussDb", [["backups", ["gaussdb:backup:list", "gaussdb:backup:listAll"]]]],
    ["RDS", "rds", [["backups", ["rds:backup:list"]]]],
    ["GeminiDB", "geminiDb", [["backups", ["nosql:backup:list", "gaussdbfornosql:backup:list"]]]],
    ["DCS", "dcs", [["backups", ["dcs:instance:getDataBackupLog"]]]],
    [
      "TaurusDB",
      "taurusDb",
      [
        ["backups", taurus],
        ["full backups", taurus],
      ],
    ],
    ["DDS", "dds", [["backups", ["dds:backup:list"]]]],
  ])("%s is known by its names, and says what a user must be allowed", (label, endpoint, lists) => {
    const found = Object.values(SERVICES).find((each) => each.label === label);
    expect(found?.endpoint).toBe(endpoint);
    const told = Object.values(found?.lists ?? {}).map(({ noun, actions }) => [noun, actions]);
    expect(told).toEqual(lists);
  });

  test.each(Object.values(BackupService))("%s is found by its word", (service) => {
    expect(SERVICES[service].service).toBe(service);
  });
});

describe("what Terraform restores", () => {
  const restored: Restored = {
    ...{ isMoment: false, backupId: "b", instanceId: "source", targetInstanceId: "target" },
    ...{ momentText: "1000", momentNumber: 1000, description: "drill" },
    databaseName: { old: "new" },
  };
  const ids = { target_instance_id: "target", source_instance_id: "source" };
  const ofBackup = { ...ids, type: "backup", backup_id: "b" };
  const ofMoment = { ...ids, type: "timestamp", restore_time: 1000 };
  const rds = { database_name: { old: "new" }, enable_force_new: "true" };
  const dds = { source_id: "source", target_id: "target" };
  const dcs = { instance_id: "target", backup_id: "b", description: "drill" };

  test.each<[string, string | undefined, object?, object?]>([
    ["rds", "huaweicloud_rds_restore", { ...ofBackup, ...rds }, { ...ofMoment, ...rds }],
    ["taurusdb", "huaweicloud_taurusdb_restore", ofBackup, ofMoment],
    ["gaussdb", "huaweicloud_gaussdb_restore", ofBackup, { ...ofMoment, restore_time: "1000" }],
    [
      "dds",
      "huaweicloud_dds_instance_restore",
      { ...dds, backup_id: "b" },
      { ...dds, restore_time: "1000" },
    ],
    ["dcs", "huaweicloud_dcs_instance_restore", dcs, dcs],
    ["geminidb", undefined],
  ])("of %s is the provider's %s, from a backup or to a moment", (service, resource, ...wanted) => {
    const { restore } = SERVICES[service as BackupService];
    expect(restore?.resource).toBe(resource);
    const made = [false, true].map((isMoment) => restore?.attributes({ ...restored, isMoment }));
    expect(made).toEqual(resource ? wanted : [undefined, undefined]);
    expect(restore?.canMakeInstance ?? false).toBe(service === "rds");
  });
});
