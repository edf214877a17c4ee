import { Backup } from "../model/backup";
import { Instance, InstanceStatus } from "../model/instance";

// One that is just being backed up or restarted is fit again before anybody restores onto it.
const UNFIT = [InstanceStatus.CREATING, InstanceStatus.FAILED, InstanceStatus.FROZEN];

/**
 * Why a choice can't be restored onto an instance.
 * @param restorable The ids of the instances that it can be restored onto, where the service tells; else what
 * both lists say is compared.
 */
export function misfitsOf(
  chosen: Backup | undefined,
  onto: Instance,
  restorable: readonly string[] | undefined,
): string[] {
  const name = `${onto.name ?? "the instance"} (${onto.id})`;
  const found = restorable
    ? restorable.includes(onto.id)
      ? []
      : [`the service does not name ${name} among the instances that it can be restored onto`]
    : differencesOf(chosen, onto, name);
  if (onto.isReplica) found.push(`${name} is a read replica, which follows another instance`);
  if (UNFIT.includes(onto.status)) found.push(`${name} is ${onto.status}`);
  return found;
}

function differencesOf(chosen: Backup | undefined, onto: Instance, name: string): string[] {
  if (!chosen) return [];
  const { engine, engineVersion, service, sizeBytes = 0 } = chosen;
  const { volumeSizeBytes = Infinity } = onto;
  if (service !== onto.service) return [`it is of ${service}, ${name} of ${onto.service}`];
  const found: string[] = [];
  if (!isAlike(engine, onto.engine, /[^a-z]/)) {
    found.push(`it is of the engine ${engine}, ${name} of ${onto.engine}`);
  }
  if (!isAlike(engineVersion, onto.engineVersion, /\./)) {
    found.push(`it is of version ${engineVersion}, ${name} of ${onto.engineVersion}`);
  }
  if (sizeBytes > volumeSizeBytes) {
    found.push(`it is ${sizeBytes} bytes, more than the ${volumeSizeBytes} of ${name}`);
  }
  return found;
}

/** Part by part, as far as both have some: "8.0" and "8.0.22", "GaussDB" and "GaussDB(for openGauss)". */
function isAlike(one: string | undefined, other: string | undefined, between: RegExp): boolean {
  if (one === undefined || other === undefined) return true;
  const partsOf = (text: string) => text.toLowerCase().split(between);
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.every((part, i) => b[i] === undefined || b[i] === part);
}
