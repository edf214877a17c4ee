import { declareFor } from "../../lookup/caller";
import { byStart, requireWindows, searchMoment, searchNewest } from "../../lookup/moments";
import { RestoreWindow } from "../../model/window";
import { refusal } from "../../model/errors";
import { Days, windowsOf } from "../../query/question";
import { RestoreDecision } from "../../restore/decision";
import { Selection, SelectionFilter } from "../../restore/selection";
import { MomentSearch } from "../../restore/moment";
import { listOf } from "../../services/registry";
import { durationIn, kindIn, listIn, timeIn } from "../arguments";
import { CloudOptions, Enquiry } from "../enquiry";
import { exitOf, ExitCode, NothingKnown } from "../exit";
import { json } from "../formats";
import { instanceIn, InstanceQuery } from "../gather";
import { Told } from "../output";
import { coloured, decisionMarkdown } from "../told-decision";
import { Terminal } from "../terminal";

export interface DecideOptions extends CloudOptions {
  readonly instance?: string;
  readonly name?: string;
  readonly before?: string;
  readonly at?: string;
  readonly newestMoment?: boolean;
  readonly id?: string;
  readonly kind?: string;
  readonly nameGlob?: string;
  readonly maxAge?: string;
}

/** Which backup, or which moment, would be restored, and why not the others? */
export async function decide(
  service: string,
  options: DecideOptions,
  terminal: Terminal,
): Promise<Told> {
  if (service === "all") {
    throw refusal("INVALID_ARGUMENT", "a restore is of one service", "Name one.");
  }
  const which = listIn(service);
  const one = instanceIn(options);
  if (!one) {
    throw refusal(
      "INVALID_ARGUMENT",
      "no instance is given",
      "Give --instance with its id, or --name.",
    );
  }
  const selection = selectionIn(options, listOf(which).hasFullBackups);
  const maxAgeMs = options.maxAge === undefined ? undefined : durationIn(options.maxAge);
  const moment = selection._moment();
  if (moment) requireWindows(which.service);
  const enquiry = new Enquiry(options, [which.service]);
  const query = new InstanceQuery(enquiry, which, one);
  await enquiry.load();
  const { value: result, problem } = query.outcome();
  if (!result) throw new NothingKnown([problem!]);
  const { asOf } = enquiry;
  const instanceId = query.query.instanceId!;
  const decision = RestoreDecision._of({
    subject: one.name ?? instanceId,
    backups: result.backups,
    selection,
    asOf,
    instanceId,
    maxAgeMs: maxAgeMs?.toMilliseconds(),
    moment: moment && momentOf(enquiry, which.service, instanceId, moment.time),
  });
  return {
    exit: exitOf([], decision.isMet ? ExitCode.MET : ExitCode.FINDINGS),
    notes: result.warnings,
    as: {
      text: () => coloured(decision.toText(), decision.isMet, terminal),
      json: () => json(decision.toJson()),
      markdown: () => decisionMarkdown(decision.toJson()),
    },
  };
}

function momentOf(
  enquiry: Enquiry,
  service: Parameters<typeof windowsOf>[0],
  instanceId: string,
  time: Date | undefined,
): MomentSearch {
  const windows = (days: readonly Days[]): RestoreWindow[] => {
    const lookups = days.map((day) => declareFor(enquiry, windowsOf(service, instanceId, day)!));
    const outcomes = lookups.map((lookup) => enquiry.session.settle(lookup));
    const problems = outcomes.flatMap(({ problem }) => problem ?? []);
    if (problems.length > 0) throw new NothingKnown(problems);
    return outcomes.flatMap(({ required }) => required).sort(byStart);
  };
  return time ? searchMoment(windows, time, enquiry.asOf) : searchNewest(windows, enquiry.asOf);
}

/** What is wanted: the newest, where nothing is said. */
function selectionIn(options: DecideOptions, hasFullBackups: boolean): Selection {
  const { at, before, id, kind, nameGlob, newestMoment } = options;
  const given = Object.entries({ at, before, id, "newest-moment": newestMoment || undefined });
  const ways = given.flatMap(([name, value]) => (value === undefined ? [] : `--${name}`));
  if (ways.length > 1) {
    throw refusal(
      "INVALID_ARGUMENT",
      `${ways.join(" and ")} stand beside each other`,
      "Give one of them; none is the newest backup.",
    );
  }
  const filter: SelectionFilter = {
    kinds: kind === undefined ? undefined : [kindIn(kind)],
    nameGlob,
  };
  const isFiltered = kind !== undefined || nameGlob !== undefined;
  if (isFiltered && ways.length > 0 && before === undefined) {
    throw refusal(
      "INVALID_ARGUMENT",
      `${ways[0]} stands beside a filter`,
      "--kind and --name-glob are of backups, of the newest or of the newest --before.",
    );
  }
  if (at !== undefined) return Selection.pointInTime(timeIn(at));
  if (before !== undefined) return Selection.latestBefore(timeIn(before), filter);
  if (id !== undefined) return Selection.byId(id);
  return newestMoment || !hasFullBackups ? Selection.newestMoment() : Selection.latest(filter);
}
