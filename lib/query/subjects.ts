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
  const { label } = SERVICES[service];
  return name === undefined ? `${label} instance ${id}` : `${label} instance ${name} (${id})`;
}
