import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressOf, goEnvironment, Mirror, nullProviderMirror, settingsOf } from "./null-provider";
import { ENVIRONMENT, run, runNow, temporaryFolder, TERRAFORM } from "./programs";

const SOURCE = join(__dirname, "stand-in-provider");

/** The provider as a stack asks for it. */
export const STAND_IN = { source: "huaweicloud/huaweicloud", version: "1.97.1" };

let settings: Promise<string> | undefined;

/**
 * Builds the stand-in for the vendor's provider; the path of the CLI configuration file to set as
 * TF_CLI_CONFIG_FILE, by which `terraform init` finds it and the null provider. Go keeps what it built.
 */
export function standIn(): Promise<string> {
  return (settings ??= build());
}

async function build(): Promise<string> {
  const folder = temporaryFolder("stand-in");
  const { platform } = JSON.parse(
    runNow(TERRAFORM, ["version", "-json"], { env: ENVIRONMENT }).stdout,
  );
  const address = addressOf({ asked: STAND_IN });
  const mirror = join(folder, "mirror");
  const target = join(mirror, address, STAND_IN.version, platform);
  mkdirSync(target, { recursive: true });
  const program = join(target, `terraform-provider-huaweicloud_v${STAND_IN.version}`);
  const go = await run("go", ["build", "-o", program, "."], { cwd: SOURCE, env: goEnvironment() });
  if (go.code !== 0) throw new Error(`go build of the stand-in failed:\n${go.stderr}`);
  const all: Mirror[] = [{ address, mirror }, await nullProviderMirror()];
  const file = join(folder, "terraform.tfrc");
  writeFileSync(file, settingsOf(all));
  return file;
}
