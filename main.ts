import { existsSync } from "node:fs";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  BackupEmulator,
  BackupOutputs,
  BackupProvider,
  BackupQuery,
  BackupsError,
  BackupService,
  Cloud,
  DcsBackups,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  RdsBackups,
  RestoreTarget,
  RestoreTrigger,
  TaurusDbIncrementalBackups,
} from "./lib";

const GIB = 1024 ** 3;

// With credentials in the environment, or a lock file from when there were, that cloud is asked; with none
// the embedded emulator.
const isReal = BackupProvider.isConfiguredByEnvironment() || existsSync("backups.lock.json");
const emulator = isReal ? undefined : BackupEmulator.start();

/** The instances to ask about: the emulator's, or those that the variable names. */
function instancesOf(service: BackupService, variable: string): string[] {
  if (emulator) return BackupEmulator.sampleInstances(service);
  const ids = (process.env[variable] ?? "").split(",").filter(Boolean);
  if (ids.length === 0)
    console.log(`${variable} is not set: no ${service} instance is asked about.`);
  return ids;
}

/** "rds", "rds-2", "rds-3": the construct's id is the name of its output. */
function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index + 1}`;
}

class Recovery extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const outputs = BackupOutputs.ALL;

    // A service each, an API each. Nothing is sent yet: these are only declared.
    const rds = instancesOf(BackupService.RDS, "RDS_INSTANCE_IDS").map(
      (instanceId, i) => new RdsBackups(this, numbered("rds", i), { instanceId, outputs }),
    );
    const queries: BackupQuery[] = [
      new GaussDbBackups(this, "gaussdb", { outputs }),
      ...rds,
      new GeminiDbBackups(this, "geminidb", { type: GeminiDbBackupType.ALL, outputs }),
      ...instancesOf(BackupService.DCS, "DCS_INSTANCE_IDS").map(
        (instanceId, i) => new DcsBackups(this, numbered("dcs", i), { instanceId, outputs }),
      ),
      ...instancesOf(BackupService.TAURUSDB, "TAURUSDB_INSTANCE_IDS").map(
        (instanceId, i) =>
          new TaurusDbIncrementalBackups(this, numbered("taurusdb", i), { instanceId, outputs }),
      ),
    ];

    // The first value that is read sends all of them, side by side.
    for (const query of queries) console.log(summary(query));

    // A decision in plain TypeScript: these are values, not tokens.
    const [orders] = rds;
    if (orders) {
      const target = new RestoreTarget(this, "orders-target", { backups: orders });
      if (target.isMet) {
        const size = target.backup.sizeBytes ?? 0;
        new TerraformOutput(this, "restore_volume", {
          value: { gb: Math.max(40, Math.ceil((size * 1.2) / GIB)), from: target.backup.id },
          description:
            "The volume that the newest restorable backup of the first RDS instance needs",
        });
      }
      // Replaced when, and only when, the choice changes.
      new RestoreTrigger(this, "restore", { target });
    }

    new TerraformOutput(this, "source", { value: emulator ? "emulator" : "cloud" });
  }
}

function summary(query: BackupQuery): string {
  const count = `${query.all.length} backups`.padStart(12);
  const newest = query.latest;
  const latest = newest
    ? `newest restorable ${newest.beginTime?.toISOString()} ${newest.kind}, ${newest.sizeBytes} bytes`
    : "none of them restorable by itself";
  return `  ${query.node.id.padEnd(9)} ${count}, ${latest}`;
}

const app = new App();
try {
  if (emulator) {
    console.log("No credentials in the environment: asking the embedded emulator.");
    console.log("What follows is SAMPLE DATA, not your backups.");
    const { region, credentials, endpoints } = emulator;
    new BackupProvider(app, "emulator", {
      ...{ cloud: Cloud.custom(endpoints), region, credentials },
      // Sample data has no place in the lock file that people commit.
      lockFile: "sample-data.lock.json",
    });
  }
  new Recovery(app, "recovery");
  app.synth();
} catch (error) {
  // The message says what happened and what to do; a stack trace would only hide it.
  if (!BackupsError.isBackupsError(error)) throw error;
  console.error(error.message);
  process.exit(1);
}
