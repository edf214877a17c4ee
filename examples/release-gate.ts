// Stops a release, at synthesis, while the databases it touches could not be restored well enough.
import { App, TerraformStack } from "cdktf";
import { DcsBackups, RdsBackups, RecoveryPolicy, RuleLevel } from "cdktf-backups";

const app = new App();
const stack = new TerraformStack(app, "release");
const orders = new RdsBackups(stack, "orders", { instanceId: process.env["ORDERS_ID"] ?? "" });
const sessions = new DcsBackups(stack, "sessions", {
  instanceId: process.env["SESSIONS_ID"] ?? "",
});

new RecoveryPolicy(stack, "recoverable", {
  queries: [orders, sessions],
  rules: {
    rpo: { level: RuleLevel.ERROR, parameters: { rpoHours: 26 } },
    count: { level: RuleLevel.ERROR },
    size: { level: RuleLevel.OFF },
  },
});
// Sessions are filled anew in minutes: nobody waits for their backups.
RecoveryPolicy.suppress(sessions, "rpo", "a cache, filled anew from the orders");

app.synth();
