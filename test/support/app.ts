import { App, TerraformStack } from "cdktf";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupProviderProps,
  BackupService,
  Cloud,
  MemoryLock,
} from "../../lib";

/** The first instance of the emulator's default data. */
export const SAMPLE = Object.fromEntries(
  Object.values(BackupService).map((service) => [
    service,
    BackupEmulator.sampleInstances(service)[0] as string,
  ]),
) as Record<BackupService, string>;

/** What points a provider at an emulator. */
export function settingsFor(emulator: BackupEmulator): BackupProviderProps {
  return {
    cloud: Cloud.custom(emulator.endpoints),
    region: emulator.region,
    credentials: emulator.credentials,
    lockStore: new MemoryLock(),
  };
}

/** An app with one stack, whose queries ask the emulator. */
export function appOn(
  emulator: BackupEmulator,
  props: BackupProviderProps = {},
  more: { readonly outdir?: string; readonly skipValidation?: boolean } = {},
) {
  const outdir = more.outdir ?? mkdtempSync(join(tmpdir(), "cdktf-backups-"));
  const app = new App({ ...more, outdir });
  const { lockStore, ...others } = settingsFor(emulator);
  const kept = props.lockFile === undefined ? { lockStore } : {};
  const settings = { ...others, ...kept, ...props };
  const provider = new BackupProvider(app, "provider", settings);
  const stack = new TerraformStack(app, "stack");
  const synth = () => {
    app.synth();
    return JSON.parse(readFileSync(join(outdir, "stacks", "stack", "cdk.tf.json"), "utf8"));
  };
  return { app, stack, provider, outdir, synth };
}
