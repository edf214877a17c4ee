import { LocalBackend, TerraformOutput, TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupOutputs,
  BackupProviderProps,
  BackupService,
  DcsBackups,
  Duration,
  InPlaceRestore,
  MemoryLock,
  RdsBackups,
  RestoreTarget,
  RestoreTargetProps,
  RestoreTrigger,
} from "../../lib";
import { appOn } from "../support/app";
import { STAND_IN, standIn } from "../support/stand-in";
import { succeeded, temporaryFolder, terraform } from "../support/terraform";

/** What a program says at one moment of a story. */
export interface Program {
  /** The instance that is asked about, and that is overwritten. */
  readonly instanceId?: string;
  readonly target?: Partial<RestoreTargetProps>;
  readonly provider?: BackupProviderProps;
  /** An output that has nothing to do with any of it. */
  readonly note?: string;
  /** Whether a command acts, or something else than the usual one. */
  readonly commands?: readonly string[];
  readonly restores?: boolean;
  readonly overwritten?: string;
  readonly description?: string;
  readonly preflight?: boolean;
  /** More of the stack. */
  readonly more?: (stack: TerraformStack, target: RestoreTarget) => void;
  readonly skipValidation?: boolean;
}

/** How the stand-in behaves; see its source. */
export interface Behaviour {
  readonly create?: "refuse" | "half";
  readonly read?: "gone" | "error";
  readonly readsBack?: { readonly [argument: string]: string | null };
}

/** The vendor's provider, as a stack names it. */
export class StandIn extends TerraformProvider {
  constructor(scope: Construct) {
    super(scope, "huaweicloud", {
      terraformResourceType: "huaweicloud",
      terraformGeneratorMetadata: {
        providerName: "huaweicloud",
        providerVersion: STAND_IN.version,
        providerVersionConstraint: STAND_IN.version,
      },
      terraformProviderSource: STAND_IN.source,
    });
  }
}

/** One state, one cloud, and whatever program people write for them; what was performed, and how often. */
export class Story {
  public readonly lockStore = new MemoryLock();
  private readonly folder = temporaryFolder("story");
  private outdir?: string;
  private cwd = "";

  constructor(
    public readonly emulator: BackupEmulator,
    private readonly service: BackupService.RDS | BackupService.DCS,
  ) {}

  /** Synthesises, into the folder of the time before unless that is gone. */
  public synth(program: Program = {}): this {
    const { instanceId = "orders", target = {}, preflight } = program;
    const { lockStore } = this;
    const credentials = preflight ? { credentials: undefined } : {};
    const settings = { ...credentials, lockStore, ...program.provider };
    const { app, stack, outdir } = appOn(this.emulator, settings, {
      outdir: this.outdir,
      skipValidation: program.skipValidation,
    });
    this.outdir = outdir;
    new LocalBackend(stack, { path: join(this.folder, "terraform.tfstate") });
    new StandIn(stack);
    const outputs = BackupOutputs.NONE;
    const Backups = this.service === BackupService.RDS ? RdsBackups : DcsBackups;
    const backups = new Backups(stack, "backups", { instanceId, outputs });
    const chosen = new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 }, ...target });
    const onEveryNewBackup = "pin" in target && target.pin === undefined;
    for (const id of program.commands ?? ["trigger"]) {
      const command = `echo "${id} $RESTORE_INSTANCE_ID $RESTORE_BACKUP_ID$RESTORE_TIME" >> ${this.path("commands")}; test ! -e ${this.path("failing")}`;
      new RestoreTrigger(stack, id, { target: chosen, command, onEveryNewBackup, preflight });
    }
    if (program.restores ?? true) {
      const targetInstanceId = program.overwritten ?? instanceId;
      new InPlaceRestore(stack, "restore", {
        ...{ target: chosen, targetInstanceId, confirmOverwriteOf: targetInstanceId },
        ...{ createTimeout: Duration.hours(1), description: program.description },
        ...{ onEveryNewBackup, preflight },
      });
    }
    if (program.note) new TerraformOutput(stack, "note", { value: program.note });
    program.more?.(stack, chosen);
    const before = { ...process.env };
    Object.assign(process.env, this.emulator.environment);
    try {
      app.synth();
    } finally {
      process.env = before;
    }
    this.cwd = join(outdir, "stacks", "stack");
    return this;
  }

  /** The next synthesis writes to another folder, as on another machine. */
  public elsewhere(): this {
    this.outdir = undefined;
    return this;
  }

  public behave(behaviour: Behaviour): this {
    writeFileSync(this.path("behaviour.json"), JSON.stringify(behaviour));
    return this;
  }

  public failCommands(isFailing: boolean): this {
    if (isFailing) writeFileSync(this.path("failing"), "");
    else rmSync(this.path("failing"), { force: true });
    return this;
  }

  public async terraform(...args: string[]) {
    const env = {
      ...this.emulator.environment,
      TF_CLI_CONFIG_FILE: await standIn(),
      STAND_IN_FOLDER: this.folder,
    };
    if (!existsSync(join(this.cwd, ".terraform"))) {
      succeeded(await terraform(this.cwd, ["init", "-input=false"], env));
    }
    return terraform(this.cwd, [...args, "-no-color"], env);
  }

  public apply(...args: string[]) {
    return this.terraform("apply", "-auto-approve", ...args);
  }

  /** The plan's exit code: 0 nothing, 1 an error, 2 changes. */
  public plan(...args: string[]) {
    return this.terraform("plan", "-detailed-exitcode", ...args);
  }

  /** Each line that a command has written: its id, the instance, the backup or the moment. */
  public get commands(): string[] {
    return this.lines("commands");
  }

  /** What the stand-in has performed: the instance and the backup of each, in order. */
  public get performed(): string[] {
    return this.lines("performed").map((line) => {
      const { target_instance_id, instance_id, backup_id, name } = JSON.parse(line);
      return `${target_instance_id ?? instance_id ?? name} ${backup_id}`;
    });
  }

  private lines(name: string): string[] {
    return existsSync(this.path(name))
      ? readFileSync(this.path(name), "utf8").trim().split("\n")
      : [];
  }

  public path(name: string): string {
    return join(this.folder, name);
  }
}
