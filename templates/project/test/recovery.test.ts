import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BackupEmulator, BackupProvider, BackupService, BackupStatus } from "cdktf-backups";
import { Duration } from "cdktf-backups";
import { Testing } from "{{framework}}";
import { Recovery } from "../recovery";

const NOW = new Date("2026-01-31T12:00:00Z");
const RPO_HOURS = 26;
const service = BackupService.RDS;

let emulator: BackupEmulator;
before(() => {
  emulator = BackupEmulator.start({ count: 0 });
});
after(() => emulator.close());

/** A backup that began so many hours ago. */
function backup(instanceId: string, hoursAgo: number, status = BackupStatus.COMPLETED): string {
  const id = `${instanceId}-${hoursAgo}h`;
  const beginTime = new Date(NOW.getTime() - hoursAgo * 3_600_000);
  emulator.addBackup({ service, instanceId, id, beginTime, status });
  return id;
}

/** The stack as of NOW; no file is written into this folder. */
function recovery(instanceId: string) {
  const app = Testing.app();
  const stack = new Recovery(app, "recovery", {
    provider: (scope) => BackupProvider.forEmulator(scope, emulator, { asOf: NOW }),
    instanceId,
    rpo: Duration.hours(RPO_HOURS),
  });
  return { stack, synth: () => app.synth() };
}

describe("the recovery", () => {
  test("meets its RPO with the backup of last night", () => {
    backup("orders", 8);
    const { stack, synth } = recovery("orders");
    synth();
    assert.equal(stack.target.isMet, true);
  });

  test("fails the synthesis where the newest backup is older than the RPO", () => {
    backup("neglected", 27);
    assert.throws(recovery("neglected").synth, /BACKUP_NOT_GOOD_ENOUGH/);
  });

  test("fails the synthesis where there is no backup", () => {
    emulator.addInstance({ service, id: "new" });
    assert.throws(recovery("new").synth, /NO_RESTORABLE_BACKUP/);
  });

  test("chooses the newest backup that was completed", () => {
    backup("busy", 32);
    const chosen = backup("busy", 8);
    backup("busy", 1, BackupStatus.FAILED);
    const { stack } = recovery("busy");
    assert.equal(stack.target.backup.id, chosen);
    assert.match(Testing.synth(stack), new RegExp(`"value": "${chosen}"`));
  });
});
