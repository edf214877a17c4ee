import { createHash } from "node:crypto";
import { Lock, whoseIs } from "../lock/format";
import { HeldBackups, HeldSubject } from "../lock/held";
import { Rule } from "../restore/rules";
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
  const held = new HeldBackups(lock);
  const whose = [...lock.entries.values()].map(({ answered }) =>
    whoseIs({ ...answered, as_of: undefined }),
  );
  const subjects = held.all.flatMap((each) => held.subjectsOf(each));
  return judgedModel({
    title: name,
    asOf: held.asOf,
    subjects: subjects.map((each) => subjectOf(each, held)),
    rules,
    provenance: provenanceOf(held.asOf, whose, [
      { name, value: `sha256-${createHash("sha256").update(bytes).digest("hex")}` },
    ]),
  });
}

function subjectOf({ held, id, name, subject }: HeldSubject, lock: HeldBackups): ReportSubject {
  const { service } = held.query;
  const windows = id === undefined ? undefined : lock.windowsOf(held, id);
  return { ...subject, windows, service, name, instanceId: id };
}
