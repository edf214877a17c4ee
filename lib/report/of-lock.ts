import { createHash } from "node:crypto";
import { Lock, whoseIs } from "../lock/format";
import { HeldBackups, HeldSubject, Unknown } from "../lock/held";
import { BackupService } from "../model/service";
import { excerpt } from "../model/text";
import { isJudged } from "../query/subjects";
import { Rule } from "../restore/rules";
import { judgedModel, provenanceOf, ReportSubject } from "./judged";
import { ReportModel } from "./model";

/** What a lock is called, its text, and what is in it. */
export interface ReadLock {
  readonly name: string;
  readonly content: string | Buffer;
  readonly lock: Lock;
}

/** What a lock tells of its instances, as of its newest answer. */
export function modelOfLock(
  { content, lock, name }: ReadLock,
  rules: readonly Rule[],
  asOf?: Date,
): ReportModel {
  const held = new HeldBackups(lock, asOf);
  const whose = [...lock.entries.values()].map(({ answered }) =>
    whoseIs({ ...answered, as_of: undefined }),
  );
  const subjects = held.all
    .flatMap((each) => held.subjectsOf(each))
    .filter(({ subject: { instance } }) => !instance || isJudged(instance));
  return judgedModel({
    title: name,
    asOf: held.asOf,
    subjects: [...subjects.map((each) => subjectOf(each, held)), ...held.unknown.map(unknownOf)],
    rules,
    provenance: provenanceOf(whose, [
      { name, value: `sha256-${createHash("sha256").update(content).digest("hex")}` },
    ]),
  });
}

function subjectOf(
  { held, id, isPart, name, subject }: HeldSubject,
  lock: HeldBackups,
): ReportSubject {
  const { service } = held.query;
  const windows = id === undefined ? undefined : lock.windowsOf(held, id);
  return { ...subject, windows, service, name, instanceId: id, isPart };
}

function unknownOf({ label, problem, query }: Unknown, i: number): ReportSubject {
  return {
    path: `unknown/${i}`,
    label: excerpt(label),
    service: query["service"] as BackupService,
    backups: [],
    hasFullBackups: true,
    hasVersions: false,
    problem: problem.message,
  };
}
