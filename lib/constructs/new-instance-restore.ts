import { Construct } from "constructs";
import { BackupKind } from "../model/backup";
import { refusal } from "../model/errors";
import { ANY_TEXT, checkedOptions, FLAG, made, required, Shape, TEXT } from "../model/shape";
import { SERVICES } from "../services/registry";
import { asNumber, Choice } from "../terraform/choice";
import { gateOf } from "./preflight";
import { RestoreTarget } from "./restore-target";

/** What a new instance is restored from. */
export interface NewInstanceRestoreProps {
  /** What to restore; of RDS. Asks for a pin, or for `onEveryNewBackup`. */
  readonly target: RestoreTarget;
  /**
   * The instance that the resource manages today, where it manages one: a block that names it as its
   * own source would delete it, and its automated backups with it. @default - a new resource
   */
  readonly managedInstanceId?: string;
  /**
   * That Terraform may replace the instance to restore anew: the new one is made first, and the old one
   * destroyed when it is there. @default false
   */
  readonly allowReplacement?: boolean;
  /** A name for the block, where one target has several. @default "block" */
  readonly id?: string;
  /**
   * Whether the apply asks for the backup again by its id, or for the windows around the moment, right
   * before the restore, and stops it where the backup has gone, failed or can't be restored any more.
   * Needs `node` where Terraform runs, and credentials in its environment. @default false
   */
  readonly preflight?: boolean;
  /** That the block is to change whenever another backup is the newest. @default false */
  readonly onEveryNewBackup?: boolean;
}

/**
 * The block that makes a new RDS instance from a backup, together with the `lifecycle` that keeps a
 * changed block from replacing the instance: a value to spread into the user's own resource.
 *
 * `new RdsInstance(this, "rehearsal", { ...NewInstanceRestore.huaweicloudRds({ target }), … })`.
 * The ids that Terraform fills in at deploy can't be compared here: whether the resource manages the
 * backup's own instance is only known where `managedInstanceId` is a plain string.
 */
export class NewInstanceRestore {
  /**
   * For `huaweicloud_rds_instance`: `{ restore, lifecycle }`. From a backup only.
   *
   * `restore` has `instanceId` and `backupId`; `lifecycle` has `preventDestroy: true` and
   * `ignoreChanges: ["restore"]`, with `allowReplacement` `preventDestroy: false` and
   * `createBeforeDestroy: true`.
   * @param props What it is restored from.
   * @throws `NO_RESTORE_RESOURCE` for another service than RDS; `WRONG_CLOUD` for a query of the other
   * cloud; `RESTORES_ITSELF` where `managedInstanceId` is the backup's own (or what the target's
   * `decision` throws, which is read then); `NOT_PINNED` where the block would change at every newer
   * backup; `NO_POINT_IN_TIME` for a moment; `INVALID_PROPERTY` for a property that
   * can't be, or is none, and where the target has a block of that `id`;
   * with a preflight `PREFLIGHT_CREDENTIALS` where the program holds the credentials, `INVALID_MODE` or
   * `SEVERAL_PROVIDERS` where nothing says whom to ask.
   */
  public static huaweicloudRds(props: NewInstanceRestoreProps): any {
    check(props, "otc", "huaweicloud_rds_instance");
    if (props.target._isMoment) {
      throw refusal(
        "NO_POINT_IN_TIME",
        "huaweicloud_rds_instance restores a new instance from a backup only, not to a moment",
        "Choose a backup (Selection.latest, latestBefore), or restore in place.",
        { constructPath: props.target.node.path },
      );
    }
    const { instance_id, backup_id } = passed(props);
    return {
      restore: { instanceId: instance_id, backupId: backup_id },
      lifecycle: lifecycle(props, "restore"),
    };
  }

  /**
   * For `opentelekomcloud_rds_instance_v3`: `{ restorePoint, lifecycle }`.
   *
   * `restorePoint` has `instanceId`, and `backupId` or, of a moment, `restoreTime` in epoch
   * milliseconds; `lifecycle` is that of `huaweicloudRds`, with `restore_point` for `restore`.
   * @param props What it is restored from.
   * @throws What `huaweicloudRds` throws, but for `NO_POINT_IN_TIME`.
   */
  public static openTelekomCloudRds(props: NewInstanceRestoreProps): any {
    check(props, "huaweicloud", "opentelekomcloud_rds_instance_v3");
    const { instance_id, backup_id, restore_time_ms } = passed(props);
    const point = props.target._isMoment
      ? { restoreTime: asNumber(props.target, restore_time_ms) }
      : { backupId: backup_id };
    return {
      restorePoint: { instanceId: instance_id, ...point },
      lifecycle: lifecycle(props, "restore_point"),
    };
  }

  private constructor() {}
}

const PROPS: Shape<NewInstanceRestoreProps> = {
  target: required(made("RestoreTarget")),
  managedInstanceId: ANY_TEXT,
  allowReplacement: FLAG,
  id: TEXT,
  preflight: FLAG,
  onEveryNewBackup: FLAG,
};

/** What the block's gate has let through: a block can't be without it. */
function passed(props: NewInstanceRestoreProps): Choice {
  const { target, id = "block" } = props;
  if (target.node.tryFindChild(id)) {
    throw refusal(
      "INVALID_PROPERTY",
      `the target has a block named ${JSON.stringify(id)} already`,
      "Give each block of a target its own `id`.",
      { constructPath: target.node.path },
    );
  }
  const block = new Construct(target, id);
  const gate = gateOf(block, props);
  gate.warnWhereDueAndStale();
  return gate.choice;
}

function lifecycle({ allowReplacement }: NewInstanceRestoreProps, block: string) {
  return allowReplacement
    ? // A gate that refuses must not find the old instance destroyed.
      { preventDestroy: false, createBeforeDestroy: true }
    : { preventDestroy: true, ignoreChanges: [block] };
}

function check(props: NewInstanceRestoreProps, otherCloud: string, resource: string): void {
  checkedOptions("NewInstanceRestore", props, PROPS);
  const { target, managedInstanceId } = props;
  const at = { constructPath: target.node.path };
  const { service } = target._backups._query();
  if (!SERVICES[service].restore?.canMakeInstance) {
    throw refusal(
      "NO_RESTORE_RESOURCE",
      `no Terraform resource restores a new ${service} instance`,
      "Only RDS has one. Restore in place (InPlaceRestore), or by a RestoreTrigger with a `command`.",
      at,
    );
  }
  if (target._cloudName === otherCloud) {
    throw refusal(
      "WRONG_CLOUD",
      `${resource} is of the other cloud's provider`,
      "Take the block of the cloud that is asked.",
      at,
    );
  }
  const source = () => target._backups._instanceId() ?? target.decision.chosen?.instanceId;
  if (managedInstanceId !== undefined && managedInstanceId === source()) {
    const isLost = target.decision.chosen?.kind === BackupKind.AUTOMATIC;
    throw refusal(
      "RESTORES_ITSELF",
      `the block would restore ${managedInstanceId} from a backup of itself, and replace it for that${isLost ? ", which deletes the automated backup it needs" : ""}`,
      "Make a second resource for the new instance, or restore in place.",
      at,
    );
  }
  target._choice.requirePin("the block", props.onEveryNewBackup);
  target._choice.requireMet(target);
}
