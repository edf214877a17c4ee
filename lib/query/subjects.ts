import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { Instance, InstanceStatus } from "../model/instance";
import { RestoreWindow } from "../model/window";
import { RuleSubject } from "../restore/rules";
import { Query } from "../services/query";
import { fullListOf, listOf, SERVICES } from "../services/registry";
import { describe } from "./query";

/** An instance and its backups, newest first. */
export interface InstanceBackups {
  readonly instance: Instance;
  readonly backups: Backup[];
}

/** What the rules see of a query's answer. */
export function subjectOfQuery(
  query: Query,
  path: string,
  backups: readonly Backup[],
  asOf: Date,
  windows?: readonly RestoreWindow[],
): RuleSubject {
  const { hasFullBackups, hasVersions } = listOf(query);
  const since = sinceOf(query, asOf);
  return {
    path,
    label: describe(query),
    backups,
    hasFullBackups,
    hasVersions,
    windows,
    since,
  };
}

/**
 * The same, where it is of several instances each of them for itself: the newest of one says nothing of
 * another. What never had a backup is not among them.
 */
export function subjectsOfQuery(
  query: Query,
  path: string,
  backups: readonly Backup[],
  asOf: Date,
  windows?: readonly RestoreWindow[],
): SubjectOfOne[] {
  const whole = subjectOfQuery(query, path, backups, asOf, windows);
  const groups = byInstance(backups);
  const nameIn = (own: readonly Backup[] = []) =>
    own.find((each) => each.instanceName)?.instanceName;
  if (query.instanceId !== undefined || groups.size <= 1) {
    const instanceId = query.instanceId ?? [...groups.keys()][0];
    return [{ subject: whole, instanceId, name: nameIn(groups.get(instanceId)) }];
  }
  return [...groups.keys()].sort().map((instanceId) => {
    const own = groups.get(instanceId)!;
    const name = nameIn(own);
    const which =
      instanceId === undefined ? "of an unknown instance" : `instance ${named(instanceId, name)}`;
    const subject = {
      ...whole,
      backups: own,
      path: `${path}/${instanceId ?? "unknown"}`,
      label: `${whole.label}, ${which}`,
    };
    return { subject, instanceId, name };
  });
}

/** What the rules see, and of which instance it is, as far as that is known. */
export interface SubjectOfOne {
  readonly subject: RuleSubject;
  readonly instanceId?: string;
  readonly name?: string;
}

/** By the id of their instance, each in their order; undefined where they name none. */
export function byInstance(backups: readonly Backup[]): Map<string | undefined, Backup[]> {
  const groups = new Map<string | undefined, Backup[]>();
  for (const backup of backups) {
    const own = groups.get(backup.instanceId);
    if (own) own.push(backup);
    else groups.set(backup.instanceId, [backup]);
  }
  return groups;
}

/** Whether it should have a backup: it can be backed up, and is not being created. */
export function isJudged({ canBeBackedUp, status }: Instance): boolean {
  return canBeBackedUp && status !== InstanceStatus.CREATING;
}

/** What the rules see of an instance of a project. */
export function subjectOfInstance(
  { backups, instance }: InstanceBackups,
  path: string,
  within: Duration | undefined,
  asOf: Date,
): RuleSubject {
  const { service } = instance;
  const { hasFullBackups, hasVersions } = listOf({ service, list: fullListOf(service) });
  const label = labelOf(instance);
  return {
    path,
    label: within ? `${label}, backups within ${within.toString()}` : label,
    backups,
    hasFullBackups,
    hasVersions,
    instance,
    since: sinceOf({ within }, asOf),
  };
}

/** The moment from which on backups are asked for. */
function sinceOf({ beginTime, within }: Pick<Query, "beginTime" | "within">, asOf: Date) {
  return within ? new Date(asOf.getTime() - within.toMilliseconds()) : beginTime;
}

/** "RDS instance orders (a48e…)". */
export function labelOf({ id, name, service }: Instance): string {
  return `${SERVICES[service].label} instance ${named(id, name)}`;
}

function named(id: string, name: string | undefined): string {
  return name === undefined ? id : `${name} (${id})`;
}
