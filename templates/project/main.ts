import { BackupEmulator, BackupProvider, BackupsError, BackupService } from "cdktf-backups";
import { Cloud, Duration } from "cdktf-backups";
import { Construct } from "constructs";
import { App } from "{{framework}}";
import { Recovery } from "./recovery";

// To edit. What is asked stands here and not in the environment, so that everybody asks for the same.
const CLOUD = Cloud.openTelekomCloud(); // or Cloud.huaweiCloud()
const REGION = "eu-de";
const PROJECT_ID: string = "";
/** The RDS instance. While there is none, sample data of the embedded emulator stands in for the cloud. */
const INSTANCE_ID: string = "";
/** How much may be lost at the most. */
const RPO = Duration.hours(26);

/** Its credentials come from the environment: OS_ACCESS_KEY and OS_SECRET_KEY, on Huawei Cloud HW_…. */
function cloud(stack: Construct): BackupProvider {
  return new BackupProvider(stack, "cloud", {
    cloud: CLOUD,
    region: REGION,
    projectId: PROJECT_ID,
  });
}

function sampleData(stack: Construct): BackupProvider {
  // LIVE and FROZEN ask for what a cloud has answered: sample data must not pass for that.
  const { CDKTF_BACKUPS_MODE: mode } = process.env;
  if (mode) {
    console.error(`CDKTF_BACKUPS_MODE is ${mode}: first name your instance in main.ts.`);
    process.exit(1);
  }
  console.log("No instance is named in main.ts: what follows is SAMPLE DATA of the emulator.");
  return BackupProvider.forEmulator(stack, BackupEmulator.start());
}

try {
  const app = new App();
  const [sampleId] = BackupEmulator.sampleInstances(BackupService.RDS);
  const { target } = new Recovery(app, "recovery", {
    provider: INSTANCE_ID ? cloud : sampleData,
    instanceId: INSTANCE_ID || sampleId!,
    rpo: RPO,
  });
  console.log(target.decision.toText());
  app.synth();
} catch (error) {
  // The message says what happened and what to do; a stack trace would only hide it.
  if (!BackupsError.isBackupsError(error)) throw error;
  console.error(error.message);
  process.exit(1);
}
