import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { BackupsError } from "../model/errors";
import { escapeUri } from "../model/text";
import { toRfc3339 } from "../model/time";
import { RuleFinding, RuleLevel, RULES, SuppressedFinding } from "../restore/rules";
import { json } from "./formats";
import { Judged, nameOf, Place, sentence, toldApart, Verdict } from "./verdict";

const HOME = "https://github.com/cdktf-backups/cdktf-backups";

/** SARIF 2.1.0, as code hosts read it. A lookup that failed is a notification of a run that did not succeed. */
export function sarif(verdict: Verdict, version: string): string {
  const { asOf, judged, services } = verdict;
  const whose = toldApart(judged.map((each) => `${each.word}/${each.id ?? nameOf(each)}`));
  const unknown = [...services, ...judged].filter(({ problem }) => problem);
  return json({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "cdktf-backups", version, informationUri: HOME, rules: rules() } },
        invocations: [
          {
            executionSuccessful: unknown.length === 0,
            toolExecutionNotifications: unknown.map(({ place, problem }) =>
              notification(problem!, place),
            ),
          },
        ],
        properties: { asOf: toRfc3339(asOf), verdict: sentence(verdict) },
        results: judged.flatMap((each, i) => [
          ...each.kept.map((finding) => resultOf(finding, each, whose[i]!, each.kept)),
          ...each.suppressed.map((finding) => suppressedOf(finding, each, whose[i]!)),
        ]),
      },
    ],
  });
}

function rules() {
  return RULES.map(({ id, level, parameters, title }) => {
    const each = Object.entries<{ usual?: unknown; text: string }>(parameters).map(
      ([name, { text, usual }]) => `${name}: ${usual ?? "not given"} (${text})`,
    );
    return {
      id,
      shortDescription: { text: title },
      help: { text: [title, ...each].join("\n") },
      helpUri: `${HOME}/blob/main/RULES.md`,
      defaultConfiguration: { level },
    };
  });
}

function notification({ code, message }: BackupsError, place: Place) {
  return {
    level: "error",
    message: { text: plain(message) },
    descriptor: { id: code },
    locations: locations(place),
  };
}

/**
 * @param whose The instance, by what no other one is.
 * @param all Those among which it is: a rule may find several things.
 */
function resultOf(finding: RuleFinding, each: Judged, whose: string, all: readonly RuleFinding[]) {
  const { advice, evidence, level, rule } = finding;
  const which = all.filter((other) => other.rule === rule).indexOf(finding);
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: level === RuleLevel.ERROR ? "error" : "warning",
    message: { text: plain(`${evidence}. ${advice}`) },
    locations: locations(each.place, each),
    // Of what stays the same from run to run: ages and lines don't.
    partialFingerprints: {
      "instanceAndRule/v1": digest([whose, rule, which]),
    },
  };
}

function suppressedOf(finding: SuppressedFinding, each: Judged, whose: string) {
  const suppressions = [{ kind: "external", justification: finding.reason }];
  return { ...resultOf(finding, each, whose, each.suppressed), suppressions };
}

function locations({ file, line }: Place, each?: Judged) {
  const name = each && `${each.word}/${nameOf(each)}`;
  const logicalLocations = name && [{ fullyQualifiedName: name, kind: "resource" }];
  if (file === undefined) return logicalLocations ? [{ logicalLocations }] : [];
  const artifactLocation = { uri: uriOf(file) };
  return [
    { physicalLocation: { artifactLocation, region: { startLine: line } }, logicalLocations },
  ];
}

/** From the current folder, as a code host wants it; by its whole address where it lies elsewhere. */
function uriOf(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  const isElsewhere = isAbsolute(path) || path.split(sep)[0] === "..";
  if (isElsewhere) return pathToFileURL(file).href;
  return path.split(sep).map(escapeUri).join("/");
}

/** A text without a link: what stands in brackets before parentheses would be one. */
function plain(text: string): string {
  return text.replaceAll("](", "] (");
}

function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
