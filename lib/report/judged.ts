import { latestRestorable } from "../restore/candidates";
import { RestoreDecision } from "../restore/decision";
import { Rule, RuleSubject, runRules } from "../restore/rules";
import { Selection } from "../restore/selection";
import { BackupService } from "../model/service";
import { toRfc3339 } from "../model/time";
import { ownVersion } from "../thread/own-file";
import { ReportDecision, ReportFact, ReportLane, ReportModel } from "./model";

/** What the rules look at, and what a report shows of it besides. */
export interface ReportSubject extends RuleSubject {
  readonly service: BackupService;
  readonly name?: string;
  readonly instanceId?: string;
  readonly problem?: string;
  /** Whether it is of a part of the backups, which no rule can be held against. @default false */
  readonly isPart?: boolean;
}

/** Where it is from: as of when, by whom it was answered, what it was made of, and by which version. */
export function provenanceOf(
  asOf: Date,
  whose: readonly string[],
  what: readonly ReportFact[] = [],
): ReportFact[] {
  return [
    { name: "as of", value: toRfc3339(asOf) },
    ...[...new Set(whose)].sort().map((value) => ({ name: "answered by", value })),
    ...what,
    { name: "cdktf-backups", value: ownVersion() },
  ];
}

/** The lane of a subject. */
export function laneOf(subject: ReportSubject, rpo: ReportLane["rpo"]): ReportLane {
  const { path, label, service, instance, instanceId, backups, windows } = subject;
  const { name = instance?.name, since, hasFullBackups, problem } = subject;
  return {
    path,
    label,
    name,
    service,
    instanceId,
    backups,
    windows,
    since,
    hasFullBackups,
    rpo,
    problem,
  };
}

/** A report outside of any program: all subjects are held to the same rules, and the newest backup is chosen. */
export function judgedModel(
  given: Pick<ReportModel, "title" | "asOf"> & {
    readonly provenance: readonly ReportFact[];
    readonly subjects: readonly ReportSubject[];
    readonly rules: readonly Rule[];
  },
): ReportModel {
  const { asOf, provenance, rules, subjects, title } = given;
  const known = subjects.filter(({ isPart, problem }) => !isPart && problem === undefined);
  const [rpo] = rules.flatMap((rule) => rule._rpo() ?? []);
  return {
    title,
    asOf,
    lanes: subjects.map((subject) => laneOf(subject, subject.isPart ? undefined : rpo)),
    findings: runRules(known, rules, asOf),
    decisions: known.flatMap((subject) => newestOf(subject, asOf)),
    provenance,
  };
}

/** Of a list without any backup that a restore starts from there is nothing to decide. */
function newestOf(
  { backups, hasFullBackups, instanceId, label, path }: ReportSubject,
  asOf: Date,
): ReportDecision[] {
  if (!hasFullBackups || instanceId === undefined || !latestRestorable(backups, asOf)) return [];
  const decision = RestoreDecision._of({
    subject: label,
    backups,
    selection: Selection.latest(),
    asOf,
    instanceId,
  });
  return [{ path: "of the newest backup", lane: path, decision, isAssumed: true }];
}
