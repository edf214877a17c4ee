import { Instance, InstanceStatus } from "../model/instance";
import { RestoreWindow } from "../model/window";
import { RuleSubject } from "../restore/rules";
import { fullListOf, listOf, SERVICES } from "../services/registry";
import { BackupQuery } from "./backup-query";
import { ProjectBackups } from "./project-backups";

/** What a query saw. */
export function subjectOf(query: BackupQuery, windows: RestoreWindow[] | undefined): RuleSubject {
  const { hasFullBackups, hasVersions } = listOf(query._query());
  return {
    path: query.node.path,
    label: query._label(),
    backups: query.all,
    hasFullBackups,
    hasVersions,
    windows,
    since: sinceOf(query),
  };
}

/** The moment from which on it asks for backups. */
function sinceOf(query: BackupQuery): Date | undefined {
  const { beginTime, within } = query._query();
  return within ? new Date(query._asOf().getTime() - within.toMilliseconds()) : beginTime;
}

/** Each instance of a project that should have a backup: it can be backed up, and is not being created. */
export function subjectsOf(project: ProjectBackups): RuleSubject[] {
  const judged = project.instances.filter(({ instance }) => {
    return instance.canBeBackedUp && instance.status !== InstanceStatus.CREATING;
  });
  const within = project._within();
  return judged.map(({ backups, instance }) => {
    const { id, service } = instance;
    const { hasFullBackups, hasVersions } = listOf({ service, list: fullListOf(service) });
    const label = labelOf(instance);
    return {
      path: `${project.node.path}/${id}`,
      label: within ? `${label}, backups within ${within.toString()}` : label,
      backups,
      hasFullBackups,
      hasVersions,
      instance,
      since: within && new Date(project._asOf().getTime() - within.toMilliseconds()),
    };
  });
}

/** "RDS instance orders (a48e…)". */
function labelOf({ id, name, service }: Instance): string {
  const { label } = SERVICES[service];
  return name === undefined ? `${label} instance ${id}` : `${label} instance ${name} (${id})`;
}
