import { createHash } from "node:crypto";
import { builtAt, Lock, LockEntry, timeOf, whoseIs } from "../lock/format";
import { Backup, newestFirst } from "../model/backup";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { RestoreWindow } from "../model/window";
import { InstancesResult, questionOf } from "../query/question";
import { Result } from "../query/result";
import { Rule } from "../restore/rules";
import { fullListOf, listOf, SERVICES } from "../services/registry";
import { judgedModel, provenanceOf, ReportSubject } from "./judged";
import { ReportModel } from "./model";

/** What a lock is called, its text, and what is in it. */
export interface ReadLock {
  readonly name: string;
  readonly bytes: Buffer;
  readonly lock: Lock;
}

/** What a lock tells of its instances, as of its newest answer. */
export function modelOfLock({ bytes, lock, name }: ReadLock, rules: readonly Rule[]): ReportModel {
  const entries = [...lock.entries.values()];
  const asOf = new Date(Math.max(0, ...entries.map(timeOf)));
  const whose = entries.map(({ answered }) => whoseIs({ ...answered, as_of: undefined }));
  return judgedModel({
    title: name,
    asOf,
    subjects: subjectsIn(entries, asOf),
    rules,
    provenance: provenanceOf(asOf, whose, [
      { name, value: `sha256-${createHash("sha256").update(bytes).digest("hex")}` },
    ]),
  });
}

/** One for each instance and list; what several queries asked of it is joined. */
class Gathered {
  public readonly backups = new Map<string, Backup>();
  public readonly windows: RestoreWindow[] = [];
  public instance?: Instance;
  /** From when on all are known; undefined: all are. */
  public since?: Date | null = null;
  public problem?: string;

  constructor(
    public readonly service: BackupService,
    public readonly list: string,
    public readonly instanceId: string,
  ) {}
}

function subjectsIn(entries: readonly LockEntry[], asOf: Date): ReportSubject[] {
  const all = new Map<string, Gathered>();
  const of = (service: BackupService, list: string, instanceId: string) => {
    const key = `${service}/${list}/${instanceId}`;
    const known = all.get(key) ?? new Gathered(service, list, instanceId);
    all.set(key, known);
    return known;
  };
  for (const entry of entries) gather(entry, of);
  return [...all.keys()].sort().flatMap((key) => {
    const each = all.get(key)!;
    // Of which only the windows or the policy were asked for: nothing tells of its backups.
    return each.since === null && !each.instance && !each.problem
      ? []
      : [subjectOf(key, each, asOf)];
  });
}

type Of = (service: BackupService, list: string, instanceId: string) => Gathered;

function gather(entry: LockEntry, of: Of): void {
  const question = questionOf(entry.query);
  if (!question) return;
  const { service } = question;
  const list = String(entry.query["list"]);
  const { instance_id: asked, backup_id: backupId } = entry.query;
  const read = Outcome.of(() => question.resultOf(entry.records, builtAt(entry), []));
  const isOfBackups = Object.hasOwn(SERVICES[service].lists, list);
  if (list === "instances") {
    const { instances = [] } = (read.value ?? {}) as Partial<InstancesResult>;
    for (const instance of instances) {
      if (instance.canBeBackedUp) of(service, fullListOf(service), instance.id).instance = instance;
    }
  } else if (list === "windows") {
    const windows = (read.value ?? []) as RestoreWindow[];
    of(service, fullListOf(service), String(asked)).windows.push(...windows);
  } else if (isOfBackups && backupId === undefined) {
    const found = Outcome.of(() => (read.required as Result).backups);
    if (asked !== undefined) {
      const own = of(service, list, String(asked));
      own.problem = found.problem?.message;
      own.since = earlier(own.since, entry);
    }
    for (const backup of found.value ?? []) {
      if (backup.instanceId === undefined && asked === undefined) continue;
      const own = of(service, list, backup.instanceId ?? String(asked));
      own.backups.set(backup.id, backup);
      if (asked === undefined) own.since = earlier(own.since, entry);
    }
  }
}

/** The answer that reaches back further counts. */
function earlier(since: Date | undefined | null, entry: LockEntry): Date | undefined {
  const { within_ms: within, begin_time: begin } = entry.query;
  const from =
    within !== undefined
      ? new Date(builtAt(entry).getTime() - Number(within))
      : begin !== undefined
        ? new Date(String(begin))
        : undefined;
  if (since === null) return from;
  return since && from && (since < from ? since : from);
}

function subjectOf(path: string, gathered: Gathered, asOf: Date): ReportSubject {
  const { instance, instanceId, list, problem, service, since, windows } = gathered;
  const backups = [...gathered.backups.values()]
    .filter(({ beginTime }) => !beginTime || beginTime <= asOf)
    .sort(newestFirst);
  const { hasFullBackups, hasVersions, noun } = listOf({ service, list });
  const name = instance?.name ?? backups.find((each) => each.instanceName)?.instanceName;
  const { label } = SERVICES[service];
  const of = name === undefined ? instanceId : `${name} (${instanceId})`;
  return {
    path,
    label: noun === "backups" ? `${label} instance ${of}` : `${label} ${noun} of ${of}`,
    name,
    service,
    instanceId,
    backups,
    hasFullBackups,
    hasVersions,
    windows: windows.length > 0 ? windows : undefined,
    since: since ?? undefined,
    instance,
    problem,
  };
}
