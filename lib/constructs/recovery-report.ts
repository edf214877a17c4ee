import { Construct } from "constructs";
import { createHash } from "node:crypto";
import { entryDigest, whoseIs } from "../lock/format";
import { Lookup } from "../lookup/lookup";
import { subjectsOfQuery } from "../query/subjects";
import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { Check, checkedProps, declareProps, made, TEXT } from "../model/shape";
import { excerpt, shown } from "../model/text";
import { toRfc3339 } from "../model/time";
import { htmlReport } from "../report/html";
import { laneOf, limitsOf, provenanceOf, ReportSubject } from "../report/judged";
import { ReportDecision, ReportFact, ReportFinding, ReportLane } from "../report/model";
import { requireStack } from "../terraform/problems";
import { writeStackFile } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { subjectsOf } from "./policy-subjects";
import { ProjectBackups } from "./project-backups";
import { sessionOf } from "./provider";
import { RecoveryPolicy } from "./recovery-policy";
import { RestoreTarget } from "./restore-target";
import { RestoreWindows } from "./restore-windows";

// By what a class is called: of another copy of the library it is another class.
const QUERIES = made<BackupQuery>("BackupQuery");
const PROJECTS = made<ProjectBackups>("ProjectBackups");
const POLICIES = made<RecoveryPolicy>("RecoveryPolicy");
const TARGETS = made<RestoreTarget>("RestoreTarget");
const WINDOWS = made<RestoreWindows>("RestoreWindows");
const REPORTS = made<RecoveryReport>("RecoveryReport");
const FILE = "recovery-report.html";

/** What the report is called, and where it is written. */
export interface RecoveryReportProps {
  /** What stands at its top. @default - the path of what it stands in */
  readonly title?: string;
  /** The name of the file, beside the stack's cdk.tf.json. @default "recovery-report.html" */
  readonly fileName?: string;
}

/**
 * One HTML file that shows what the stack's lookups found: each instance's backups on a common axis of time,
 * whether they meet their RPO, what each target chose and why not the others, and what the policies found.
 *
 * It shows the queries, projects, restore windows, targets and policies of what it stands in, as a rule the
 * stack. The RPO of a query or project is that of the policy which judges it, else the `maxAge` of a target of
 * it. It is written by each synthesis, also by one that fails for what the report shows, needs no other file
 * and no network, and is the same for the same answers. It holds names and ids of the cloud, and no secret.
 */
export class RecoveryReport extends Construct {
  private readonly fileName: string;

  /**
   * @param props What it is called, and where it is written.
   * @throws `INVALID_PROPERTY` for a property that can't be, or a `fileName` that is a path; `AFTER_SYNTHESIS`,
   * `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(scope: Construct, id: string, props: RecoveryReportProps = {}) {
    super(scope, id);
    const { fileName = FILE, title } = checkedProps(new.target, props, this.node.path);
    requireStack(this, "a report");
    if (!/^[\w][\w.-]{0,99}\.html$/.test(fileName)) {
      throw refusal(
        "INVALID_PROPERTY",
        `fileName is ${shown(fileName)}`,
        `Allowed is the name of a file that ends in .html, of letters, digits, dots and dashes, such as "${FILE}".`,
        { constructPath: this.node.path },
      );
    }
    const twin = this.all(REPORTS).find(
      (each) => each !== this && each.fileName.toLowerCase() === fileName.toLowerCase(),
    );
    if (twin) {
      throw refusal(
        "INVALID_PROPERTY",
        `fileName ${shown(fileName)} is that of ${twin.node.path}`,
        "Give one of the two a `fileName` of its own.",
        { constructPath: this.node.path },
      );
    }
    this.fileName = fileName;
    // All that they list is shown, so none is asked for less.
    for (const query of this.all(QUERIES)) query._need();
    writeStackFile(this, fileName, () => this.html(title ?? scope.node.path));
  }

  private html(title: string): string {
    const queries = this.all(QUERIES);
    const projects = this.all(PROJECTS);
    const policies = this.all(POLICIES);
    const targets = this.all(TARGETS);
    const windows = this.all(WINDOWS);
    const asked = [...queries, ...projects];
    const moments = asked.map((each) => each._asOf().getTime());
    const asOf = asked.length > 0 ? new Date(Math.max(...moments)) : sessionOf(this).now;
    const lanes = [
      ...queries.flatMap((query) =>
        ofQuery(query, policies, targets, windows).map((lane) => asOfOne(query, asOf, lane)),
      ),
      ...projects.flatMap((project) =>
        ofProject(project, policies).map((lane) => asOfOne(project, asOf, lane)),
      ),
    ];
    return htmlReport({
      title,
      asOf,
      lanes,
      findings: policies.flatMap(findingsOf),
      decisions: targets.flatMap(decisionOf),
      provenance: this.provenance(asked),
    });
  }

  /** By whom it was answered, and what: another answer has another digest. */
  private provenance(asked: readonly (BackupQuery | ProjectBackups)[]): ReportFact[] {
    const lookups = new Set<Lookup>(asked.flatMap((each) => each._lookups()));
    const entries = [...lookups].flatMap(
      (lookup) => sessionOf(this).settledOf(lookup)?.entry ?? [],
    );
    const whose = entries.map(({ answered }) => whoseIs({ ...answered, as_of: undefined }));
    const digests = entries.map((entry) => entryDigest("", entry, entry.records)).sort();
    const digest = createHash("sha256").update(digests.join("\n")).digest("hex");
    return provenanceOf(whose, [{ name: "answers", value: `${entries.length}, sha256-${digest}` }]);
  }

  /** Of what it stands in. */
  private all<T>({ is }: Check<T>): T[] {
    return this.node.scope!.node.findAll().filter((each): each is T & typeof each => is(each));
  }
}

function ofQuery(
  query: BackupQuery,
  policies: readonly RecoveryPolicy[],
  targets: readonly RestoreTarget[],
  allWindows: readonly RestoreWindows[],
): ReportLane[] {
  const { problem, value } = query._outcome();
  const { path } = query.node;
  const { instanceName, service } = query._query();
  const ofIt = allWindows.find((each) => each._isOf(query));
  const windows = ofIt && Outcome.of(() => ofIt.all).value;
  const limits = limitsOf(policies.flatMap((policy) => policy._rulesFor(query)));
  const [maxAge] = targets.flatMap((each) => (each._backups === query && each._maxAge) || []);
  const found = subjectsOfQuery(query._query(), path, value?.backups ?? [], query._asOf());
  return found.map(({ instanceId, name, subject }) => {
    const lane: ReportSubject = {
      ...subject,
      windows,
      name: found.length > 1 ? name : (instanceName ?? query.node.id),
      service,
      instanceId: query._instanceId() ?? instanceId,
      problem: problem?.message,
    };
    return laneOf(lane, { ...limits, rpo: limits.rpo ?? maxAge });
  });
}

/** Ages of another moment can't be told beside those of this one. */
function asOfOne(asked: BackupQuery | ProjectBackups, asOf: Date, lane: ReportLane): ReportLane {
  const own = asked._asOf();
  if (own.getTime() === asOf.getTime()) return lane;
  const why = `its provider counts back from ${toRfc3339(own)}, this report from ${toRfc3339(asOf)}`;
  return { ...lane, problem: lane.problem ?? why };
}

function ofProject(project: ProjectBackups, policies: readonly RecoveryPolicy[]): ReportLane[] {
  const { path } = project.node;
  const limits = limitsOf(policies.flatMap((policy) => policy._rulesFor(project)));
  const { problem } = project._outcome();
  if (problem) {
    const unknown = {
      path,
      label: project._label,
      // Whichever it is: nothing is known of any.
      service: project._services[0]!,
      backups: [],
      hasFullBackups: true,
      hasVersions: false,
      problem: problem.message,
    };
    return [laneOf(unknown, limits)];
  }
  return subjectsOf(project).map((subject) => {
    const { id, service } = subject.instance!;
    return laneOf({ ...subject, service, instanceId: id }, limits);
  });
}

function findingsOf(policy: RecoveryPolicy): ReportFinding[] {
  const { kept = [], suppressed = [] } = policy._outcome().value ?? {};
  return [...kept, ...suppressed];
}

function decisionOf(target: RestoreTarget): ReportDecision[] {
  const decision = Outcome.of(() => target.decision).value;
  return decision
    ? [{ path: excerpt(target.node.path), lane: target._backups.node.path, decision }]
    : [];
}

declareProps<RecoveryReportProps>(RecoveryReport, "RecoveryReport", {
  title: TEXT,
  fileName: TEXT,
});
