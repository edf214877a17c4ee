import { refusal } from "../../model/errors";
import { shown } from "../../model/text";
import { RuleFinding, RuleId } from "./kind";

/** A finding that people live with, and why. */
export interface RuleSuppression {
  /** The rule. */
  readonly rule: RuleId;
  /** The construct it holds for, and everything below it; "" is the app. */
  readonly path: string;
  /** Why, for those who read it later. */
  readonly reason: string;
}

/** A finding that was suppressed. */
export interface SuppressedFinding extends RuleFinding {
  /** Why. */
  readonly reason: string;
}

/** The findings that stay, and those that were suppressed, each in its order. */
export interface SortedFindings {
  readonly kept: RuleFinding[];
  readonly suppressed: SuppressedFinding[];
}

/** Takes out what is suppressed; where several suppressions fit, the first one's reason is told. */
export function applySuppressions(
  findings: readonly RuleFinding[],
  suppressions: readonly RuleSuppression[],
): SortedFindings {
  for (const suppression of suppressions) checkSuppression(suppression);
  const kept: RuleFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const by = suppressions.find((each) => covers(each, finding));
    if (by) suppressed.push({ ...finding, reason: by.reason.trim() });
    else kept.push(finding);
  }
  return { kept, suppressed };
}

function covers({ rule, path }: RuleSuppression, finding: RuleFinding): boolean {
  const top = path.replace(/\/+$/, "");
  const isBelow = top === "" || finding.subject === top || finding.subject.startsWith(`${top}/`);
  return rule === finding.rule && isBelow;
}

function checkSuppression({ rule, path, reason }: RuleSuppression): void {
  const ids = Object.values(RuleId);
  if (!ids.includes(rule)) {
    throw refusal(
      "UNKNOWN_RULE",
      `there is no rule ${shown(rule)}`,
      `Allowed are ${ids.join(", ")}.`,
    );
  }
  const where = `the suppression of ${rule} at ${JSON.stringify(path)}`;
  if (typeof path !== "string") {
    throw refusal(
      "INVALID_SUPPRESSION",
      `${where} has no path`,
      "Allowed is the path of a construct, such as stack/orders.",
    );
  }
  if (typeof reason === "string" && reason.trim() !== "") return;
  throw refusal(
    "MISSING_REASON",
    `${where} has no reason`,
    "Say in `reason` why the finding is accepted, for those who read it later.",
  );
}
