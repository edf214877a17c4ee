// Production's newest backup into staging, both by their names. Before it overwrites anything, the id of
// staging has to be spelled out: should the name ever lead elsewhere, the synthesis stops.
import { App, TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  BackupService,
  Duration,
  InPlaceRestore,
  Instances,
  RdsBackups,
  RestoreTarget,
} from "cdktf-backups";

// Stands for the provider of your generated bindings.
class HuaweicloudProvider extends TerraformProvider {
  constructor(scope: Construct) {
    super(scope, "huaweicloud", {
      terraformResourceType: "huaweicloud",
      terraformGeneratorMetadata: { providerName: "huaweicloud" },
    });
  }
}

const app = new App();
const stack = new TerraformStack(app, "staging");
new HuaweicloudProvider(stack);

const production = new RdsBackups(stack, "production", {
  instanceName: process.env["PRODUCTION"] ?? "production",
});
const staging = new Instances(stack, "staging-db", {
  service: BackupService.RDS,
  name: process.env["STAGING"] ?? "staging",
});
const target = new RestoreTarget(stack, "newest", {
  backups: production,
  onto: staging,
  maxAge: Duration.hours(26),
  mustLastFor: Duration.days(1),
  pin: { epoch: 1 },
});
new InPlaceRestore(stack, "clone", {
  target,
  targetInstanceId: staging.only.id,
  confirmOverwriteOf: process.env["STAGING_ID"] ?? "",
  createTimeout: Duration.hours(2),
});
console.log(target.decision.toText());

app.synth();
