import { isJudged, subjectOfInstance, subjectsOfQuery } from "../query/subjects";
import { RestoreWindow } from "../model/window";
import { RuleSubject } from "../restore/rules";
import { BackupQuery } from "./backup-query";
import { ProjectBackups } from "./project-backups";

/** What a query saw, instance by instance. */
export function subjectsOfOne(
  query: BackupQuery,
  windows: RestoreWindow[] | undefined,
): RuleSubject[] {
  const { path } = query.node;
  const subjects = subjectsOfQuery(query._query(), path, query.all, query._asOf(), windows);
  return subjects.map(({ subject }) => subject);
}

/** Each instance of a project that should have a backup. */
export function subjectsOf(project: ProjectBackups): RuleSubject[] {
  const judged = project.instances.filter(({ instance }) => isJudged(instance));
  return judged.map((found) => {
    const path = `${project.node.path}/${found.instance.id}`;
    return subjectOfInstance(found, path, project._within(), project._asOf());
  });
}
