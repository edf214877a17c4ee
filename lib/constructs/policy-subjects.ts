import { isJudged, subjectOfInstance, subjectOfQuery } from "../query/subjects";
import { RestoreWindow } from "../model/window";
import { RuleSubject } from "../restore/rules";
import { BackupQuery } from "./backup-query";
import { ProjectBackups } from "./project-backups";

/** What a query saw. */
export function subjectOf(query: BackupQuery, windows: RestoreWindow[] | undefined): RuleSubject {
  return subjectOfQuery(query._query(), query.node.path, query.all, query._asOf(), windows);
}

/** Each instance of a project that should have a backup. */
export function subjectsOf(project: ProjectBackups): RuleSubject[] {
  const judged = project.instances.filter(({ instance }) => isJudged(instance));
  return judged.map((found) => {
    const path = `${project.node.path}/${found.instance.id}`;
    return subjectOfInstance(found, path, project._within(), project._asOf());
  });
}
