import { latestRestorable } from "../restore/candidates";
import { RestoreDecision } from "../restore/decision";
import { Rule, RuleSubject, runRules, valuesIn } from "../restore/rules";
import { rpo } from "../restore/rules/rpo";
import { size } from "../restore/rules/size";
import { windowGap } from "../restore/rules/window-gap";
import { Selection } from "../restore/selection";
import { BackupService } from "../model/service";
import { ownVersion } from "../thread/own-file";
import { ReportDecision, ReportFact, ReportLane, ReportLimits, ReportModel } from "./model";

/** What the rules look at, and what a report shows of it besides. */
export interface ReportSubject extends RuleSubject {
  readonly service: BackupService;
  readonly name?: string;
  readonly instanceId?: string;
  readonly problem?: string;
  /** Whether it is of a part of the backups, which no rule can be held against. @default false */
  readonly isPart?: boolean;
}

/** Where it is from: by whom it was answered, what it was made of, and by which version. */
export function provenanceOf(
  whose: readonly string[],
  what: readonly ReportFact[] = [],
): ReportFact[] {
  return [
    ...[...new Set(whose)].sort().map((value) => ({ name: "answered by", value })),
    ...what,
    { name: "cdktf-backups", value: ownVersion() },
  ];
}

/** What the rules say of what is drawn; of two that are the same the first. */
export function limitsOf(rules: readonly Rule[]): ReportLimits {
  return {
    rpo: valuesIn(rules, rpo)?.maxAge,
    size: valuesIn(rules, size),
    windowGap: valuesIn(rules, windowGap)?.maxGap,
  };
}

/** The lane of a subject. */
export function laneOf(subject: ReportSubject, limits: ReportLimits): ReportLane {
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
    problem,
    ...limits,
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
  const limits = limitsOf(rules);
  return {
    title,
    asOf,
    lanes: subjects.map((subject) => laneOf(subject, subject.isPart ? {} : limits)),
    findings: runRules(known, rules, asOf),
    decisions: known.flatMap((subject) => newestOf(subject, asOf, limits)),
    provenance,
  };
}

/** Of a list without any backup that a restore starts from there is nothing to decide. */
function newestOf(
  { backups, hasFullBackups, instanceId, label, path }: ReportSubject,
  asOf: Date,
  { rpo }: ReportLimits,
): ReportDecision[] {
  if (!hasFullBackups || instanceId === undefined || !latestRestorable(backups, asOf)) return [];
  const decision = RestoreDecision._of({
    subject: label,
    backups,
    selection: Selection.latest(),
    asOf,
    instanceId,
    maxAgeMs: rpo?.toMilliseconds(),
  });
  return [{ path: "of the newest backup", lane: path, decision, isAssumed: true }];
}
