// A program with everything that writes Terraform. FRAMEWORK is the package that it is written with.
const { App, TerraformOutput, TerraformProvider, TerraformStack } = require(process.env.FRAMEWORK);
const {
  BackupEmulator,
  BackupOutputs,
  BackupProvider,
  BackupService,
  DcsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  InPlaceRestore,
  MemoryLock,
  NewInstanceRestore,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTrigger,
  Rule,
  RuleLevel,
  Selection,
  TaurusDbIncrementalBackups,
} = require("cdktf-backups");

const [rds] = BackupEmulator.sampleInstances(BackupService.RDS);
const [dcs] = BackupEmulator.sampleInstances(BackupService.DCS);
const [taurus] = BackupEmulator.sampleInstances(BackupService.TAURUSDB);

const app = new App();
new BackupProvider(app, "provider", {
  asOf: new Date(process.env.AS_OF),
  lockStore: new MemoryLock(),
});
const stack = new TerraformStack(app, "recovery");
const orders = new RdsBackups(stack, "orders", { instanceId: rds, outputs: BackupOutputs.ALL });
const others = [
  new GaussDbBackups(stack, "gaussdb"),
  new GeminiDbBackups(stack, "geminidb"),
  new DcsBackups(stack, "dcs", { instanceId: dcs }),
  new TaurusDbIncrementalBackups(stack, "taurusdb", { instanceId: taurus }),
];
console.log([orders, ...others].map(({ all }) => all.length).join(" "));
new RecoveryPolicy(stack, "policy", {
  queries: [orders],
  rules: [Rule.rpo(Duration.minutes(1)).withLevel(RuleLevel.WARNING)],
  checks: true,
});
const target = new RestoreTarget(stack, "target", {
  backups: orders,
  maxAge: Duration.hours(30),
  pin: { epoch: 1 },
});
new RestoreTrigger(stack, "trigger", { target, command: "true" });
new RestoreTrigger(stack, "moment", {
  target: new RestoreTarget(stack, "moment-target", {
    backups: orders,
    selection: Selection.newestMoment(),
  }),
});
new NewProvider(stack, "huaweicloud");
new InPlaceRestore(stack, "restore", {
  target,
  targetInstanceId: rds,
  confirmOverwriteOf: rds,
  createTimeout: Duration.hours(2),
});
const block = NewInstanceRestore.huaweicloudRds({ target });
new TerraformOutput(stack, "block", { value: block.restore });
app.synth();

function NewProvider(scope, id) {
  return new TerraformProvider(scope, id, {
    terraformResourceType: id,
    terraformProviderSource: "huaweicloud/huaweicloud",
    terraformGeneratorMetadata: { providerName: id, providerVersion: "1.97.1" },
  });
}
