// Orders, ledger and sessions belong together: which newest backups of the three are close enough in time? And how
// are they restored as one?
import { App, TerraformStack } from "cdktf";
import {
  ConsistencyGroup,
  DcsBackups,
  Duration,
  GaussDbBackups,
  RdsBackups,
  RestoreTrigger,
  RestoreWindows,
} from "cdktf-backups";

const env = (name: string) => ({ instanceId: process.env[name] ?? "" });
const app = new App();
const stack = new TerraformStack(app, "disaster");

const orders = new RdsBackups(stack, "orders", env("ORDERS_ID"));
const group = new ConsistencyGroup(stack, "shop", {
  members: [
    { name: "orders", backups: orders },
    { name: "ledger", backups: new GaussDbBackups(stack, "ledger", env("LEDGER_ID")) },
    { name: "sessions", backups: new DcsBackups(stack, "sessions", env("SESSIONS_ID")) },
  ],
  maxSpread: Duration.hours(2),
  maxAge: Duration.days(2),
  // Raised by a person: the three then move together, or none does.
  pin: { epoch: 1 },
});
for (const { member, backup, moment } of group.picks) {
  console.log(`${member}: ${backup?.id} of ${moment.toISOString()}`);
}
console.log(group.reason);
for (const target of group.targets) {
  const id = `restore-${target.node.id}`;
  const command = `./restore.sh ${target.node.id}`;
  new RestoreTrigger(stack, id, { target, command, workingDirectory: "../../.." });
}

// To which other moments could the orders go back?
const windows = new RestoreWindows(stack, "windows", { backups: orders });
for (const { start, end } of windows.gaps) {
  console.log(`not between ${start.toISOString()} and ${end.toISOString()}`);
}
console.log(`up to ${windows.latest?.toISOString()}`);

app.synth();
