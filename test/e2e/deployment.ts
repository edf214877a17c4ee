import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../../lib";
import {
  cdktf,
  Environment,
  Finished,
  nullProvider,
  succeeded,
  temporaryFolder,
  terraform,
} from "../support/terraform";

const REPOSITORY = join(__dirname, "..", "..");
const { app } = JSON.parse(readFileSync(join(REPOSITORY, "cdktf.json"), "utf8"));
const APP = (app as string)
  .replace("npx tsx", join(REPOSITORY, "node_modules", ".bin", "tsx"))
  .replace("main.ts", join(REPOSITORY, "main.ts"));

/** What a plan would do, as far as these tests look. */
export interface Plan {
  /** 0: nothing at all; 2: something, if only outputs. */
  readonly code: number | null;
  readonly resources: {
    readonly address: string;
    readonly actions: string[];
    readonly before: any;
    readonly after: any;
  }[];
  /** The values that outputs would have. */
  readonly outputs: { readonly [name: string]: any };
}

/** The variables with which the example asks this emulator, about the instances of the samples. */
export function environmentOf(emulator: BackupEmulator): Environment {
  const instances = (service: BackupService) => BackupEmulator.sampleInstances(service).join(",");
  return {
    ...emulator.environment,
    RDS_INSTANCE_IDS: instances(BackupService.RDS),
    DCS_INSTANCE_IDS: instances(BackupService.DCS),
    TAURUSDB_INSTANCE_IDS: instances(BackupService.TAURUSDB),
  };
}

/**
 * The repository's example in an output folder of its own, as a user has it: each step is the real
 * command in a process of its own.
 */
export class Deployment {
  /** All that a step leaves behind is in here. */
  public readonly folder = temporaryFolder("deployment");
  private readonly project = join(this.folder, "project");
  private readonly output = join(this.folder, "output");
  private readonly stack = join(this.output, "stacks", "recovery");
  // Where cdktf's local backend would put the state is the project's folder.
  private readonly backend = `-backend-config=path=${join(this.folder, "terraform.tfstate")}`;
  private readonly finished: Finished[] = [];

  /** `environment` is what the user has set. */
  constructor(private readonly environment: Environment = {}) {}

  /** `cdktf synth`. */
  public synth(): Promise<Finished> {
    return this.cdktf(["synth", "--output", this.output], {});
  }

  /** `cdktf deploy`, which synthesises and runs `terraform init` by itself. */
  public async deploy(): Promise<Finished> {
    // `terraform providers lock`, which it would run as well, asks the registry whatever the mirrors.
    const args = ["deploy", "--auto-approve", "--skip-provider-lock", "--output", this.output];
    return this.cdktf(args, {
      TF_CLI_CONFIG_FILE: await nullProvider(),
      TF_CLI_ARGS_init: `'${this.backend}'`,
    });
  }

  /** `terraform` in the folder of the stack. */
  public async terraform(...args: string[]): Promise<Finished> {
    const env = { TF_CLI_CONFIG_FILE: await nullProvider() };
    return this.noted(await terraform(this.stack, args, env));
  }

  public async init(): Promise<void> {
    succeeded(await this.terraform("init", "-input=false", "-no-color", this.backend));
  }

  public async plan(): Promise<Plan> {
    const options = ["-input=false", "-no-color", "-detailed-exitcode", "-out=plan.tfplan"];
    const finished = await this.terraform("plan", ...options);
    if (finished.code !== 2) succeeded(finished);
    const shown = JSON.parse(
      succeeded(await this.terraform("show", "-json", "plan.tfplan")).stdout,
    );
    const changes: any[] = shown.resource_changes ?? [];
    const outputs: [string, any][] = Object.entries(shown.planned_values.outputs ?? {});
    return {
      code: finished.code,
      resources: changes
        .map(({ address, change }) => ({ address, ...change }))
        .filter(({ actions }) => actions.join() !== "no-op"),
      outputs: Object.fromEntries(outputs.map(([name, { value }]) => [name, value])),
    };
  }

  /** Applies the last plan. */
  public async apply(): Promise<void> {
    succeeded(await this.terraform("apply", "-input=false", "-no-color", "plan.tfplan"));
  }

  /** From nothing to applied. */
  public async deployed(): Promise<this> {
    succeeded(await this.synth());
    await this.init();
    await this.plan();
    await this.apply();
    return this;
  }

  public async outputs(): Promise<{ [name: string]: any }> {
    const { stdout } = succeeded(await this.terraform("output", "-json"));
    const outputs: [string, any][] = Object.entries(JSON.parse(stdout));
    return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
  }

  /** The bytes that the last synthesis wrote. */
  public configuration(): string {
    return readFileSync(join(this.stack, "cdk.tf.json"), "utf8");
  }

  /** The places that hold a text: "terminal", or a file. Links are left: they lead to providers. */
  public placesOf(text: string): string[] {
    const isSaid = this.finished.some((step) => (step.stdout + step.stderr).includes(text));
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return [
      ...(isSaid ? ["terminal"] : []),
      ...files
        .filter((file) => readFileSync(file).includes(text))
        .map((file) => file.slice(this.folder.length + 1)),
    ].sort();
  }

  private async cdktf(args: string[], env: Environment): Promise<Finished> {
    // The repository's program in a project of its own, so that its lock file is its own as well.
    return this.noted(await cdktf(this.project, APP, args, { ...this.environment, ...env }));
  }

  private noted(finished: Finished): Finished {
    this.finished.push(finished);
    return finished;
  }
}
