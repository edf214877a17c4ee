// Orders, ledger and sessions belong together: which backups of the three are closest in time?
import { App, TerraformStack } from "cdktf";
import { ConsistencyGroup, DcsBackups, Duration, GaussDbBackups, RdsBackups } from "cdktf-backups";

const env = (name: string) => ({ instanceId: process.env[name] ?? "" });
const app = new App();
const stack = new TerraformStack(app, "disaster");

const group = new ConsistencyGroup(stack, "shop", {
  members: [
    { name: "orders", backups: new RdsBackups(stack, "orders", env("ORDERS_ID")) },
    { name: "ledger", backups: new GaussDbBackups(stack, "ledger", env("LEDGER_ID")) },
    { name: "sessions", backups: new DcsBackups(stack, "sessions", env("SESSIONS_ID")) },
  ],
  maxSpread: Duration.hours(2),
  maxAge: Duration.days(2),
});
for (const { member, backup, moment } of group.picks) {
  console.log(`${member}: ${backup?.id} of ${moment.toISOString()}`);
}
console.log(group.reason);

app.synth();
