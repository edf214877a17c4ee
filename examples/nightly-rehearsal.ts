// Restores last night's backup to a new instance. A pipeline raises REHEARSAL each night: that moves
// the pin, and with it the instance; whatever runs in between leaves both alone.
import { App, TerraformResource, TerraformStack } from "cdktf";
import { Duration, NewInstanceRestore, RdsBackups, RestoreTarget } from "cdktf-backups";

const app = new App();
const stack = new TerraformStack(app, "rehearsal");
const orders = new RdsBackups(stack, "orders", { instanceId: process.env["ORDERS_ID"] ?? "" });

const target = new RestoreTarget(stack, "orders-target", {
  backups: orders,
  maxAge: Duration.hours(26),
  pin: { epoch: Number(process.env["REHEARSAL"] ?? "1") },
});

// The rehearsal is thrown away afterwards, so it may be replaced. With the generated bindings this is
// `new RdsInstance(stack, "rehearsal", { ...block, name, flavor, … })`.
const block = NewInstanceRestore.huaweicloudRds({ target, allowReplacement: true });
const rehearsal = new TerraformResource(stack, "rehearsal", {
  terraformResourceType: "huaweicloud_rds_instance",
  lifecycle: block.lifecycle,
});
rehearsal.addOverride("restore", {
  instance_id: block.restore.instanceId,
  backup_id: block.restore.backupId,
});
rehearsal.addOverride("name", "orders-rehearsal");

app.synth();
console.log(target.decision.toText());
