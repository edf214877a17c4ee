// Stops a release, at synthesis, while the databases it touches could not be restored well enough.
import { App, TerraformStack } from "cdktf";
import {
  DcsBackups,
  Duration,
  RdsBackups,
  RecoveryPolicy,
  Rule,
  RuleId,
  RuleLevel,
} from "cdktf-backups";

const app = new App();
const stack = new TerraformStack(app, "release");
const orders = new RdsBackups(stack, "orders", { instanceId: process.env["ORDERS_ID"] ?? "" });
const sessions = new DcsBackups(stack, "sessions", {
  instanceId: process.env["SESSIONS_ID"] ?? "",
});

new RecoveryPolicy(stack, "recoverable", {
  queries: [orders, sessions],
  rules: [
    Rule.rpo(Duration.hours(26)),
    Rule.count(2).withLevel(RuleLevel.ERROR),
    Rule.size().withLevel(RuleLevel.OFF),
  ],
});
// Sessions are filled anew in minutes: nobody waits for their backups.
RecoveryPolicy.suppress(sessions, RuleId.RPO, "a cache, filled anew from the orders");

app.synth();
