import { isJudged, subjectOfInstance } from "../../query/subjects";
import { HeldBackups } from "../../lock/held";
import { Duration } from "../../model/duration";
import { refusal } from "../../model/errors";
import { htmlReport } from "../../report/html";
import { judgedModel, provenanceOf, ReportSubject } from "../../report/judged";
import { ReportModel } from "../../report/model";
import { modelOfLock } from "../../report/of-lock";
import { textReport } from "../../report/text";
import { heldRules, Rule, valuesIn } from "../../restore/rules";
import { limit } from "../../restore/rules/measure";
import { rpo } from "../../restore/rules/rpo";
import { SERVICES } from "../../services/registry";
import { forCommand } from "../advice";
import { durationIn, listsIn, timeIn } from "../arguments";
import { CloudOptions, Enquiry, refuseAsking } from "../enquiry";
import { exitOf } from "../exit";
import { Members, membersOf } from "../gather";
import { refuseEmpty, wholeLock } from "../lock";
import { Told } from "../output";

export interface ReportOptions extends CloudOptions {
  readonly lock?: string;
  readonly rpo?: string;
  readonly within?: string;
  readonly title?: string;
}

/** What there is, to be looked at: of a lock, or of all instances of these services. */
export async function report(services: readonly string[], options: ReportOptions): Promise<Told> {
  const maxAge = options.rpo === undefined ? undefined : durationIn(options.rpo);
  const rules = heldRules([Rule.rpo(maxAge)]);
  const isOfLock = options.lock !== undefined;
  if (isOfLock !== (services.length === 0)) {
    throw refusal(
      "INVALID_ARGUMENT",
      isOfLock ? "both --lock and services are given" : "nothing to report on is given",
      "Give the services that are to be asked, all for all of them, or --lock with the path of a lock file.",
    );
  }
  if (isOfLock) refuseAsking(options);
  return isOfLock ? ofLock(options.lock!, options, rules) : await ofCloud(services, options, rules);
}

function ofLock(file: string, { asOf, title }: ReportOptions, rules: readonly Rule[]): Told {
  const { name, read } = wholeLock(file);
  const lock = { name, content: read.content!, lock: read.lock };
  const moment = asOf === undefined ? undefined : timeIn(asOf);
  const model = modelOfLock(lock, rules, moment);
  if (model.lanes.length === 0) refuseEmpty(new HeldBackups(lock.lock), name, "show");
  return toldOf({ ...model, title: title ?? model.title });
}

async function ofCloud(
  services: readonly string[],
  options: ReportOptions,
  rules: readonly Rule[],
): Promise<Told> {
  const lists = listsIn(services);
  const within = withinIn(options, rules);
  const asked = lists.map(({ service }) => service);
  const enquiry = new Enquiry(options, asked);
  const fleets = lists.map((which) => ({
    which,
    outcome: membersOf(enquiry, which, within, true),
  }));
  await enquiry.load();
  const { asOf } = enquiry;
  const found = fleets.map(({ outcome, which }) => ({ which, ...outcome() }));
  const problems = found.flatMap(({ problem, value }) => [
    ...(problem ? [problem] : []),
    ...(value?.instances ?? []).flatMap(({ backups }) => backups.problem ?? []),
  ]);
  const subjects = found.flatMap(({ problem, value, which: { service } }): ReportSubject[] => {
    if (value) return subjectsOf(value);
    const label = `${SERVICES[service].label}, all instances`;
    const nothing = { backups: [], hasFullBackups: true, hasVersions: false };
    return [{ path: service, label, service, ...nothing, problem: forCommand(problem!).message }];
  });
  const model = judgedModel({
    title: options.title ?? "the project's instances",
    asOf,
    subjects,
    rules,
    provenance: provenanceOf(enquiry.answered),
  });
  return { ...toldOf(model), exit: exitOf(problems), problems };

  function subjectsOf({ instances }: Members): ReportSubject[] {
    return instances
      .filter(({ backups, instance }) => isJudged(instance) || !backups.isKnown)
      .map(({ backups, instance }) => {
        const { id, service } = instance;
        const known = { instance, backups: backups.value ?? [] };
        const subject = subjectOfInstance(known, `${service}/${id}`, within, asOf);
        const problem = backups.problem && forCommand(backups.problem).message;
        return { ...subject, service, instanceId: id, problem };
      });
  }
}

/** Of a stretch that is shorter than the RPO nobody could tell whether that is met. */
function withinIn({ within }: ReportOptions, rules: readonly Rule[]): Duration | undefined {
  if (within === undefined) return undefined;
  const asked = durationIn(within);
  const { maxAge } = valuesIn(rules, rpo)!;
  if (asked.toMilliseconds() >= maxAge.toMilliseconds()) return asked;
  throw refusal(
    "INVALID_ARGUMENT",
    `--within ${within} is shorter than the RPO of ${limit(maxAge)}, which could not be judged`,
    "Ask for backups from as long ago as the RPO, or give a shorter one by --rpo.",
  );
}

function toldOf(model: ReportModel): Told {
  return { exit: 0, as: { text: () => textReport(model), html: () => htmlReport(model) } };
}
