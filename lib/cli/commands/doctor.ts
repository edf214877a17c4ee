import { ErrorCode } from "../../model/error-codes";
import { printable } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { FIND_PROJECT, inCustomPolicies, Policy, policyFor } from "../../services/policy";
import { forCommand } from "../advice";
import { listsIn } from "../arguments";
import { CloudOptions, patienceIn, settingsIn } from "../enquiry";
import { Check, examine } from "../examination";
import { exitOf, ExitCode } from "../exit";
import { json, markdown, markdownTable } from "../formats";
import { Told } from "../output";
import { painted, Terminal } from "../terminal";

/**
 * What works, what doesn't, and what to change?
 * @param tell Of what it waits for: it ships in a file of its own, whose own `tell` nobody has redirected.
 */
export async function doctor(
  words: readonly string[],
  options: CloudOptions,
  terminal: Terminal,
  tell: (line: string) => void,
): Promise<Told> {
  const lists = listsIn(words.length === 0 ? ["all"] : words);
  const services = [...new Set(lists.map(({ service }) => service))];
  const settings = settingsIn(options);
  const { checks, isAsked } = await examine(
    settings,
    services,
    patienceIn(options),
    process.env,
    tell,
  );
  const policies = policiesFor(checks);
  const failed = checks.filter(({ verdict }) => verdict === "failed");
  return {
    exit: isAsked ? exitOf(failed.flatMap(({ problem }) => problem ?? [])) : ExitCode.WRONG,
    as: {
      text: () => inText(checks, policies, terminal),
      json: () =>
        json({
          as_of: toRfc3339(new Date()),
          is_ok: failed.length === 0,
          checks: checks.map(row),
          least_policies: policies,
        }),
      markdown: () => inMarkdown(checks, policies),
    },
  };
}

const NO_RIGHT: readonly ErrorCode[] = ["NOT_PERMITTED", "NOT_FOUND_OR_NOT_PERMITTED"];

function adviceOn({ actions = [], problem }: Check): string | undefined {
  if (!problem) return undefined;
  const [own, ...identity] = actions;
  if (own !== undefined && NO_RIGHT.includes(problem.code)) {
    const also = identity.length > 0 ? ` (in identity policies ${identity.join(", ")})` : "";
    return `Allow the user ${own}${also} in this project.`;
  }
  return forCommand(problem).details.advice;
}

/** A policy, and where IAM takes it. */
interface LeastPolicy {
  readonly scope: "global services" | "project-level services";
  readonly policy: Policy;
}

/** What would do for what was refused, and for what could not be asked for that reason. */
function policiesFor(checks: readonly Check[]): LeastPolicy[] {
  const refused = checks.filter(({ problem }) => problem && NO_RIGHT.includes(problem.code));
  const services = refused.map(({ name }) => name.split(" ")[0]);
  const wanting = checks.filter(
    (check) =>
      refused.includes(check) ||
      (check.verdict === "skipped" && services.includes(check.name.split(" ")[0])),
  );
  const actions = wanting.flatMap(({ actions: each }) =>
    each ? inCustomPolicies({ actions: each }) : [],
  );
  const [ofIam, others] = [
    actions.filter((action) => action === FIND_PROJECT),
    actions.filter((action) => action !== FIND_PROJECT),
  ];
  return [
    ...(ofIam.length > 0 ? [{ scope: "global services", policy: policyFor(ofIam) } as const] : []),
    ...(others.length > 0
      ? [{ scope: "project-level services", policy: policyFor(others) } as const]
      : []),
  ];
}

function row(check: Check) {
  const { actions, host, latencyMs, name, problem, verdict, what } = check;
  return {
    name,
    verdict,
    what,
    advice: adviceOn(check) ?? null,
    host: host ?? null,
    latency_ms: latencyMs === undefined ? null : Math.round(latencyMs),
    status: problem?.status ?? (verdict === "ok" && host !== undefined ? 200 : null),
    code: problem?.code ?? null,
    service_code: problem?.serviceCode ?? null,
    request_id: problem?.requestId ?? null,
    actions: actions ?? [],
  };
}

const COLOURS = { ok: "green", failed: "red", skipped: "yellow" } as const;

function inText(
  checks: readonly Check[],
  policies: readonly LeastPolicy[],
  terminal: Terminal,
): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = " ".repeat("skipped  ".length + width + 2);
  const lines = checks.flatMap((check) => {
    const { name, verdict } = check;
    const mark = painted(verdict.padEnd("skipped".length), COLOURS[verdict], terminal);
    const advice = adviceOn(check);
    return [
      `${mark}  ${name.padEnd(width)}  ${printable(said(check))}`,
      ...(advice === undefined ? [] : [`${indent}${printable(advice)}`]),
    ];
  });
  const documents = policies.flatMap(({ policy, scope }) => [
    "",
    `The least policy that would do (${scope}):`,
    json(policy),
  ]);
  return [...lines, ...documents].join("\n");
}

function said({ host, latencyMs, problem, verdict, what }: Check): string {
  const time = latencyMs === undefined ? "" : ` in ${Math.round(latencyMs)} ms`;
  if (verdict === "ok") return host === undefined ? what : `HTTP 200 from ${host}${time}: ${what}`;
  return problem ? `${problem.code}: ${what}` : what;
}

function inMarkdown(checks: readonly Check[], policies: readonly LeastPolicy[]): string {
  const rows = checks.map((check) => [
    check.name,
    check.verdict,
    [said(check), adviceOn(check)].filter(Boolean).join(". "),
  ]);
  const documents = policies.flatMap(({ policy, scope }) => [
    "",
    `The least policy that would do (${markdown(scope)}):`,
    "",
    "```json",
    json(policy),
    "```",
  ]);
  return [markdownTable(rows, ["Check", "Verdict", "What"]), ...documents].join("\n");
}
