// What frozen.test.ts synthesises: every kind of lookup and decision. The library is the built one.
import { App, LocalBackend, TerraformProvider, TerraformStack } from "cdktf";
import type * as Library from "../../lib";

// eslint-disable-next-line @typescript-eslint/no-require-imports
const library = require(process.env["LIBRARY"] as string) as typeof Library;
const { BackupEmulator, BackupService, BackupOutputs, Duration, Selection } = library;
const instanceOf = (service: Library.BackupService) =>
  BackupEmulator.sampleInstances(service)[0] as string;

const app = new App();
const stack = new TerraformStack(app, "recovery");
// cdktf's own backend names an absolute path.
new LocalBackend(stack, { path: "terraform.tfstate" });
new (class extends TerraformProvider {})(stack, "huaweicloud", {
  terraformResourceType: "huaweicloud",
  terraformGeneratorMetadata: { providerName: "huaweicloud" },
});
const outputs = BackupOutputs.ALL;
const orders = new library.RdsBackups(stack, "orders", {
  instanceId: instanceOf(BackupService.RDS),
  within: Duration.days(7),
  outputs,
});
const sessions = new library.DcsBackups(stack, "sessions", {
  instanceId: instanceOf(BackupService.DCS),
  outputs,
});
const ledger = new library.TaurusDbIncrementalBackups(stack, "ledger", {
  instanceId: instanceOf(BackupService.TAURUSDB),
  outputs,
});
new library.GaussDbBackups(stack, "gaussdb", { outputs });
new library.GeminiDbBackups(stack, "geminidb", { outputs });
const target = new library.RestoreTarget(stack, "target", {
  backups: orders,
  maxAge: Duration.days(30),
  pin: { epoch: 1 },
});
console.log(target.decision.toText());
new library.RestoreTarget(stack, "moment", { backups: ledger, onUnmet: library.Unmet.WARN });
new library.RestoreTrigger(stack, "restore", { target, command: "./restore.sh", preflight: true });
new library.InPlaceRestore(stack, "in-place", {
  target,
  targetInstanceId: "another",
  confirmOverwriteOf: "another",
  createTimeout: Duration.hours(2),
});
new library.ConsistencyGroup(stack, "group", {
  members: [
    { name: "orders", backups: orders },
    { name: "sessions", backups: sessions, selection: Selection.latest() },
  ],
});
new library.RecoveryPolicy(stack, "policy", { queries: [orders, sessions] });
app.synth();
