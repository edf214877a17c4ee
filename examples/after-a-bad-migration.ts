// Point-in-time recovery: the migration ran at BAD_MIGRATION, so the orders go back to a minute before.
import { App, TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Duration, InPlaceRestore, RdsBackups, RestoreTarget, Selection } from "cdktf-backups";

// Stands for the provider of your generated bindings.
class HuaweicloudProvider extends TerraformProvider {
  constructor(scope: Construct) {
    super(scope, "huaweicloud", {
      terraformResourceType: "huaweicloud",
      terraformGeneratorMetadata: { providerName: "huaweicloud" },
    });
  }
}

const instanceId = process.env["ORDERS_ID"] ?? "";
const migration = new Date(process.env["BAD_MIGRATION"] ?? "");
const app = new App();
const stack = new TerraformStack(app, "recovery");
new HuaweicloudProvider(stack);

const target = new RestoreTarget(stack, "before-the-migration", {
  backups: new RdsBackups(stack, "orders", { instanceId }),
  selection: Selection.pointInTime(new Date(migration.getTime() - 60_000)),
  pin: { epoch: 1 },
});
new InPlaceRestore(stack, "restore", {
  target,
  targetInstanceId: instanceId,
  confirmOverwriteOf: instanceId,
  createTimeout: Duration.hours(3),
});

app.synth();
console.log(target.decision.toText());
