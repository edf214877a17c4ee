import { refusal } from "../../model/errors";
import { printable } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { RuleFinding, RuleLevel, SuppressedFinding } from "../../restore/rules";
import { levelIn } from "../arguments";
import { CloudOptions, refuseAsking } from "../enquiry";
import { csv, json, markdown, markdownTable, ndjson, Row } from "../formats";
import { judgedByCloud } from "../judging";
import { junit } from "../junit";
import { judgedByLock } from "../locked";
import { Told } from "../output";
import { second } from "../table";
import { DEFAULT_POLICY, findPolicy, Policy, POLICY_FILES } from "../policy";
import { prometheus } from "../prometheus";
import { sarif } from "../sarif";
import { painted, Terminal } from "../terminal";
import { exitOfVerdict, isBroken, Judged, problemsOf, seenIn, sentence, Verdict } from "../verdict";

export interface CheckOptions extends CloudOptions {
  readonly failOn?: string;
  /** A file of answers that are judged in place of the cloud's. */
  readonly lock?: string;
}

/** Do the backups keep the policy? */
export async function check(
  file: string | undefined,
  options: CheckOptions,
  terminal: Terminal,
  version: string,
): Promise<Told> {
  const failOn = levelIn(options.failOn ?? RuleLevel.ERROR);
  if (options.lock !== undefined) refuseAsking(options);
  const policy = findPolicy(file);
  const verdict =
    options.lock === undefined
      ? await judgedByCloud(askable(policy), options, failOn)
      : judgedByLock(policy ?? DEFAULT_POLICY, options.lock, options.asOf, failOn);
  return {
    exit: exitOfVerdict(verdict),
    problems: problemsOf(verdict),
    notes: verdict.notes,
    as: {
      text: () => inText(verdict, terminal),
      json: () => inJson(verdict),
      ndjson: () => ndjson(rowsOf(verdict)),
      csv: () => csv(rowsOf(verdict), KEYS),
      markdown: () => inMarkdown(verdict),
      junit: () => junit(verdict),
      sarif: () => sarif(verdict, version),
      prometheus: () => prometheus(verdict),
    },
  };
}

/** A policy that says whom to judge. */
function askable(policy: Policy | undefined): Policy {
  if (!policy) {
    throw refusal(
      "POLICY_UNREADABLE",
      `there is no policy file here (looked for ${POLICY_FILES.join(", ")})`,
      "Write one, or give its path: cdktf-backups check ops/backups.policy.yaml.",
    );
  }
  if (policy.services.length + policy.instances.length > 0) return policy;
  throw refusal(
    "INVALID_POLICY",
    `${policy.file} has neither services nor instances`,
    "Say what is to be judged, such as services: [rds].",
  );
}

function inText(verdict: Verdict, terminal: Terminal): string {
  const exit = exitOfVerdict(verdict);
  const head = painted(sentence(verdict), exit === 0 ? "green" : "red", terminal);
  const told = verdict.judged.filter(({ kept, problem }) => problem || kept.length > 0);
  return [
    `${head} As of ${toRfc3339(verdict.asOf)}.`,
    ...told.flatMap((each) => ["", printable(each.label), ...linesOf(each, terminal)]),
  ].join("\n");
}

function linesOf(each: Judged, terminal: Terminal): string[] {
  const { kept, problem } = each;
  // What failed stands on standard error.
  if (problem) return [`  ${painted("unknown", "yellow", terminal)}  ${problem.code}`];
  return kept.flatMap((finding) => {
    const { advice, level, rule } = finding;
    const colour = level === RuleLevel.ERROR ? "red" : "yellow";
    return [
      `  ${painted(level.padEnd(7), colour, terminal)}  ${rule}: ${seenIn(finding, each)}`,
      `           ${advice}`,
    ];
  });
}

function inJson(verdict: Verdict): string {
  const { asOf, failOn, judged, services } = verdict;
  return json({
    as_of: second(asOf),
    fail_on: failOn,
    is_met: exitOfVerdict(verdict) === 0,
    verdict: sentence(verdict),
    services: services.map(({ problem, word }) => {
      return { service: word, is_known: !problem, ...problemIn(problem) };
    }),
    instances: judged.map((each) => ({
      ...whoIn(each),
      is_known: !each.problem,
      is_met: isMet(each, failOn),
      newest_time: each.newest ? toRfc3339(each.newest) : null,
      ...problemIn(each.problem),
      findings: each.kept.map((finding) => findingIn(finding, each)),
      suppressed: each.suppressed.map((finding) => findingIn(finding, each)),
    })),
  });
}

const KEYS = [
  ...["service", "instance_id", "instance_name", "is_known", "is_met", "newest_time"],
  ...["rule", "level", "evidence", "advice", "suppressed_because"],
  ...["error_code", "error_message", "as_of"],
];

/** A row for each finding, or for an instance without one: flat, and all of the same keys. */
function rowsOf({ asOf, failOn, judged, services }: Verdict): Row[] {
  const row = (given: Row) =>
    Object.fromEntries(
      KEYS.map((key) => [key, key === "as_of" ? second(asOf) : (given[key] ?? null)]),
    );
  return [
    ...services
      .filter(({ problem }) => problem)
      .map(({ problem, word }) => row({ service: word, is_known: false, ...problemIn(problem) })),
    ...judged.flatMap((each) => {
      const head = {
        ...whoIn(each),
        is_known: !each.problem,
        is_met: isMet(each, failOn),
        newest_time: each.newest && toRfc3339(each.newest),
        ...problemIn(each.problem),
      };
      const findings = [...each.kept, ...each.suppressed];
      if (findings.length === 0) return [row(head)];
      return findings.map((finding) => row({ ...head, ...findingIn(finding, each) }));
    }),
  ];
}

/** Null where it is not known. */
function isMet(each: Judged, failOn: RuleLevel): boolean | null {
  return each.problem ? null : !isBroken(each, failOn);
}

function whoIn({ id, name, word }: Judged) {
  return { service: word, instance_id: id ?? null, instance_name: name ?? null };
}

function problemIn(problem: Judged["problem"]) {
  return { error_code: problem?.code ?? null, error_message: problem?.message ?? null };
}

function findingIn(finding: RuleFinding | SuppressedFinding, each: Judged) {
  const { advice, level, rule } = finding;
  const reason = "reason" in finding ? finding.reason : null;
  return { rule, level, evidence: seenIn(finding, each), advice, suppressed_because: reason };
}

function inMarkdown(verdict: Verdict): string {
  const { asOf, judged, services } = verdict;
  const found = judged.flatMap((each) =>
    each.kept.map((finding) => {
      return [finding.level, finding.rule, each.label, seenIn(finding, each), finding.advice];
    }),
  );
  const unknown = [
    ...services.flatMap(({ problem, word }) => (problem ? [["unknown", "", word, problem]] : [])),
    ...judged.flatMap(({ label, problem }) => (problem ? [["unknown", "", label, problem]] : [])),
  ] as [string, string, string, Error][];
  const rows = [
    ...unknown.map(([level, rule, who, { message }]) => [level, rule, who, message, ""]),
    ...found,
  ];
  const lived = judged.flatMap((each) =>
    each.suppressed.map(({ reason, rule }) => [rule, each.label, reason]),
  );
  return [
    `**${markdown(sentence(verdict))}** As of ${second(asOf)}.`,
    ...(rows.length > 0 ? ["", markdownTable(rows, FOUND)] : []),
    ...(lived.length > 0 ? ["", markdownTable(lived, ["Suppressed", "Instance", "Because"])] : []),
  ].join("\n");
}

const FOUND = ["Level", "Rule", "Instance", "What was seen", "What to do"];
