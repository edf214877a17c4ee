import { excerpt } from "../model/text";
import { RuleLevel } from "../restore/rules";
import { count } from "../restore/rules/measure";
import { LaneJudgement } from "./judgement";
import { ReportModel } from "./model";

/** How it stands, in words, and with what weight. */
export interface Verdict {
  readonly weight: "bad" | "unknown" | "good";
  /** "4 of 5 instances meet their RPO; orders is 3 h over." */
  readonly sentence: string;
  /** What else there is: findings, restores. */
  readonly rest: readonly string[];
}

// Who is told by name; the others stand right below.
const NAMED = 3;

/** Of lanes that are judged, worst first. */
export function verdictOf(model: ReportModel, lanes: readonly LaneJudgement[]): Verdict {
  const of = (...states: string[]) => lanes.filter(({ state }) => states.includes(state));
  const [missed, unknown, unset, met] = [of("none", "over"), of("unknown"), of("unset"), of("met")];
  const bare = unset.filter(({ points }) => points.length === 0);
  const called = namesOf(lanes);
  const clauses = [
    ...claims(met.length, missed, called),
    ...(unset.length > 0 ? [noRpo(unset.length, bare.length, lanes.length)] : []),
    ...(unknown.length > 0 ? [nothingKnown(unknown, lanes.length, called)] : []),
  ];
  const sentence = clauses.length > 0 ? clauses.join("; ") : "there are no instances to show";
  const kept = model.findings.filter(({ reason }) => reason === undefined);
  const errors = kept.filter(({ level }) => level === RuleLevel.ERROR).length;
  const decided = model.decisions.filter(({ isAssumed }) => !isAssumed);
  const unmet = decided.filter(({ decision }) => !decision.isMet).length;
  const isBad = missed.length > 0 || bare.length > 0 || errors > 0 || unmet > 0;
  const isUnknown = unknown.length > 0 || lanes.length === 0;
  return {
    weight: isBad ? "bad" : isUnknown ? "unknown" : "good",
    sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    rest: [
      findings(errors, kept.length - errors, model.findings.length - kept.length),
      ...restores(decided.length, unmet),
    ],
  };
}

type Called = (judgement: LaneJudgement) => string;

/** Each by its name, where no other has the same, else by its label. */
function namesOf(lanes: readonly LaneJudgement[]): Called {
  const counts = new Map<string, number>();
  for (const { lane } of lanes) {
    if (lane.name !== undefined) counts.set(lane.name, (counts.get(lane.name) ?? 0) + 1);
  }
  return ({ lane: { label, name = "" } }) => excerpt(counts.get(name) === 1 ? name : label, 60);
}

function claims(met: number, missed: readonly LaneJudgement[], called: Called): string[] {
  const all = met + missed.length;
  if (all === 0) return [];
  const each = missed.slice(0, NAMED).map((one) => {
    return `${called(one)} ${one.state === "none" ? "has" : "is"} ${one.words}`;
  });
  const others = missed.length - each.length;
  const more = others > 0 ? [`${others} more ${others === 1 ? "misses" : "miss"} theirs`] : [];
  if (all === 1 && missed.length === 1) return [`the RPO is missed: ${each.join("")}`];
  if (missed.length > 0) return [`${met} of ${instances(all)} ${meet(met)}`, ...each, ...more];
  return [all === 1 ? "the instance meets its RPO" : `all ${instances(all)} meet their RPO`];
}

const instances = (amount: number) => count(amount, "instance");

function meet(amount: number): string {
  return amount === 1 ? "meets its RPO" : "meet their RPO";
}

function noRpo(amount: number, bare: number, all: number): string {
  const whole = all === 1 ? "the instance" : `any of the ${all} instances`;
  const of = amount === all ? whole : `${amount}`;
  if (bare === 0) return `no RPO is set for ${of}`;
  const which = amount === 1 ? "which has" : `${bare} of which ${bare === 1 ? "has" : "have"}`;
  return `no RPO is set for ${of}, ${which} no usable backup`;
}

function nothingKnown(unknown: readonly LaneJudgement[], all: number, called: Called): string {
  const { length } = unknown;
  const which = length <= NAMED ? `: ${unknown.map(called).join(", ")}` : "";
  return `nothing is known of ${length === all ? `${all === 1 ? "the instance" : `any of ${all}`}` : length}${which}`;
}

function findings(errors: number, warnings: number, suppressed: number): string {
  const parts = [
    errors > 0 ? count(errors, "error") : "",
    warnings > 0 ? count(warnings, "warning") : "",
  ].filter((part) => part !== "");
  const open = `Findings: ${parts.length > 0 ? parts.join(", ") : "none"}`;
  return `${open}${suppressed > 0 ? `; ${suppressed} suppressed` : ""}.`;
}

function restores(all: number, unmet: number): string[] {
  if (all === 0) return [];
  if (all === 1) return [`The one restore ${unmet === 0 ? "has" : "does not have"} what it wants.`];
  if (unmet === 0) return [`Of ${all} restores each has what it wants.`];
  const these =
    unmet === 1 ? "1 does not have what it wants" : `${unmet} do not have what they want`;
  return [`Of ${all} restores ${these}.`];
}
