import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import {
  ANY_TEXT,
  by,
  checkedProps,
  declareProps,
  DURATION,
  FLAG,
  made,
  mapOf,
  OWN_CHECK,
  required,
} from "../model/shape";
import { isKnownOnlyAtDeploy, shown } from "../model/text";
import { RestoreApi } from "../services/restore";
import { SERVICES } from "../services/registry";
import { requireStack } from "../terraform/problems";
import { hasProvider, isProvider, referenceOf, writeRestore } from "../terraform/restore-resource";
import { gateOf } from "./preflight";
import { RestoreTarget } from "./restore-target";

const PROVIDER = "huaweicloud";

/** What is restored onto which instance. */
export interface InPlaceRestoreProps {
  /** What to restore: its backup, or its moment. Asks for a pin, or for `onEveryNewBackup`. */
  readonly target: RestoreTarget;
  /** The instance whose data is overwritten. */
  readonly targetInstanceId: string;
  /** The same id again, spelled out: this instance's data will be gone. */
  readonly confirmOverwriteOf: string;
  /**
   * How long the restore may take. One that takes longer is tainted, and runs again at the next apply.
   */
  readonly createTimeout: Duration;
  /** RDS: which databases to restore, old name to new name. @default - all */
  readonly databaseName?: { readonly [name: string]: string };
  /** DCS: what to call the restore. @default - none */
  readonly description?: string;
  /**
   * Whether the apply asks for the backup again by its id, or for the windows around the moment, right
   * before the restore, and stops it where the backup has gone, failed or can't be restored any more.
   * Needs `node` where Terraform runs, and credentials in its environment. @default false
   */
  readonly preflight?: boolean;
  /** That a restore is to run whenever another backup is the newest, an older one where that has gone too. @default false */
  readonly onEveryNewBackup?: boolean;
  /** The huaweicloud provider, where it has an alias. @default - the default one of the stack */
  readonly provider?: Construct;
}

/**
 * Restores onto an existing instance, by the resource of the user's huaweicloud provider.
 *
 * The resource performs the restore when it is created: once for a choice and a target instance (and
 * its `databaseName`), whatever the provider reads back of it later. Raising the pin's epoch with the
 * same backup does not restore again; a change of `description` or `createTimeout` waits for the next
 * choice. A restore that failed, or that Terraform has tainted because it outlived `createTimeout`,
 * runs again at the next apply, and its gate does not look again. Of a `targetInstanceId` that is only
 * known at deploy its reference counts, not its value.
 *
 * The stack has to have the huaweicloud provider: without it the synthesis fails (`NO_TERRAFORM_PROVIDER`).
 *
 * There is a resource for RDS, GaussDB, TaurusDB, DDS and DCS on Huawei Cloud, and none for GeminiDB or on
 * Open Telekom Cloud. Whether the two ids name the same instance is only known here if both are plain
 * strings.
 */
export class InPlaceRestore extends Construct {
  /**
   * @param props What is restored onto which instance.
   * @throws `INVALID_DURATION`, `INVALID_ID`, `INVALID_PROPERTY` or `OVERWRITE_NOT_CONFIRMED` for a
   * property that can't be; `NO_RESTORE_RESOURCE` where none restores the service in place; `NOT_PINNED`
   * where it would restore again at every newer backup; with a preflight `PREFLIGHT_CREDENTIALS` where
   * the program holds the credentials, `INVALID_MODE` or `SEVERAL_PROVIDERS` where nothing says whom to
   * ask; `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(scope: Construct, id: string, props: InPlaceRestoreProps) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "an InPlaceRestore");
    const { target, targetInstanceId, createTimeout, description } = props;
    const databaseName = sorted(props.databaseName);
    const { service } = target._backups._query();
    const restore = this.checked(props, service);
    target._choice.requirePin("the restore", props.onEveryNewBackup);
    target._choice.requireMet(this);
    // Not before: the program may still add it.
    this.node.addValidation({ validate: () => this.missingProvider()?.message.split("\n") ?? [] });
    // Of an id that Terraform fills in at deploy its reference: what is restored has to be known at plan.
    const onto = [
      referenceOf(this, targetInstanceId),
      ...Object.entries(databaseName ?? {}).flat(),
    ];
    writeRestore(
      this,
      restore,
      { isMoment: target._isMoment, targetInstanceId, databaseName, description },
      {
        gate: gateOf(this, props, onto),
        createTimeout: `${Math.ceil(createTimeout.toMilliseconds() / 60_000)}m`,
        provider: props.provider,
      },
    );
  }

  /** Says more than cdktf's own error, which can't know where the provider comes from. */
  private missingProvider(): BackupsError | undefined {
    if (hasProvider(this, PROVIDER)) return undefined;
    return refusal(
      "NO_TERRAFORM_PROVIDER",
      `the stack has no ${PROVIDER} provider, whose resource does the restore`,
      `Add huaweicloud/${PROVIDER} to the \`terraformProviders\` of cdktf.json, run \`npx cdktf get\`, and make its HuaweicloudProvider in the stack.`,
      { constructPath: this.node.path },
    );
  }

  /** What restores the service, where the properties can be. */
  private checked(props: InPlaceRestoreProps, service: BackupService): RestoreApi {
    const { targetInstanceId, confirmOverwriteOf, createTimeout, provider } = props;
    const at = { constructPath: this.node.path };
    const { restore } = SERVICES[service];
    if (!restore) {
      throw refusal(
        "NO_RESTORE_RESOURCE",
        `no Terraform resource restores a ${service} instance`,
        "Restore it in the console or by its API; a RestoreTrigger with a `command` can call that.",
        at,
      );
    }
    if (props.target._cloudName === "otc") {
      throw refusal(
        "NO_RESTORE_RESOURCE",
        "Open Telekom Cloud's provider has no resource that restores in place",
        "It can restore RDS to a new instance: NewInstanceRestore.openTelekomCloudRds. For the rest there is a RestoreTrigger with a `command`.",
        at,
      );
    }
    if (targetInstanceId.trim() === "") {
      throw refusal(
        "INVALID_ID",
        "targetInstanceId is empty",
        "Give the instance to overwrite.",
        at,
      );
    }
    if (confirmOverwriteOf !== targetInstanceId) {
      const spelled = isKnownOnlyAtDeploy(targetInstanceId)
        ? "the same reference"
        : targetInstanceId;
      throw refusal(
        "OVERWRITE_NOT_CONFIRMED",
        `confirmOverwriteOf is ${shown(confirmOverwriteOf)}, not the instance that would be overwritten`,
        `Spell it out: confirmOverwriteOf: ${JSON.stringify(spelled)}.`,
        at,
      );
    }
    if (createTimeout.toMilliseconds() === 0) {
      throw refusal(
        "INVALID_DURATION",
        "createTimeout is 0",
        "Say how long the restore may take: one that outlives it runs again at the next apply.",
        at,
      );
    }
    if (provider !== undefined && !isProvider(this, provider)) {
      throw refusal(
        "INVALID_PROPERTY",
        "provider is no TerraformProvider",
        "Give the provider construct with the alias.",
        at,
      );
    }
    return restore;
  }
}

/** In the order of the names: another order is no other restore, and no names are like no map. */
function sorted(
  databases: InPlaceRestoreProps["databaseName"],
): InPlaceRestoreProps["databaseName"] {
  const names = Object.keys(databases ?? {}).sort();
  return names.length === 0
    ? undefined
    : Object.fromEntries(names.map((name) => [name, databases![name]!]));
}

declareProps<InPlaceRestoreProps>(InPlaceRestore, "InPlaceRestore", {
  target: required(made("RestoreTarget")),
  targetInstanceId: required(by("INVALID_ID", ANY_TEXT)),
  confirmOverwriteOf: required(by("OVERWRITE_NOT_CONFIRMED", ANY_TEXT)),
  createTimeout: required(DURATION),
  databaseName: mapOf(ANY_TEXT),
  description: ANY_TEXT,
  preflight: FLAG,
  onEveryNewBackup: FLAG,
  provider: OWN_CHECK,
});
