// A user's program, as it is run by each of the ways in runners.test.ts. The library is found where
// LIBRARY says: its sources or its build. With EMULATOR=thread the emulator lives in this process.
import { App, TerraformStack } from "cdktf";
import type * as Library from "../../lib";

// eslint-disable-next-line @typescript-eslint/no-require-imports
const library = require(process.env["LIBRARY"] as string) as typeof Library;
const { BackupEmulator, BackupProvider, BackupService, Cloud, RdsBackups } = library;

const app = new App();
if (process.env["EMULATOR"] === "thread") {
  const { endpoints, credentials, region } = BackupEmulator.start();
  new BackupProvider(app, "provider", { cloud: Cloud.custom(endpoints), credentials, region });
}

class Recovery extends TerraformStack {
  constructor(id: string) {
    super(app, id);
    const [instanceId = ""] = BackupEmulator.sampleInstances(BackupService.RDS);
    const orders = new RdsBackups(this, "orders", { instanceId });
    // A value in an ordinary constructor, in an ordinary condition.
    if (orders.all.length > 0) console.log(`latest: ${orders.latest?.id}`);
  }
}
new Recovery("recovery");
app.synth();
console.log("synthesised");
