import { Instance } from "../model/instance";
import { Rule, RuleId, RULES, runRules, RuleSubject } from "../restore/rules";
import { SERVICES } from "../services/registry";
import { LISTS } from "./arguments";

/** What a rule would need to be judged of an instance; without it silence is no "met". */
export type Lack =
  | "hasFullBackups"
  | "hasVersions"
  | "states"
  | "instance"
  | "policy"
  | "isOn"
  | "keepDays"
  | "window"
  | "before"
  | "windows"
  | "moments";

/** Why it can't be judged, where it doesn't depend on who was asked. */
export const LACKS: { readonly [lack in Exclude<Lack, "instance" | "windows">]: string } = {
  hasFullBackups: "the list has no full backups",
  hasVersions: "the list names no versions",
  states: "the list has no states of backups",
  policy: "no backup policy is known",
  isOn: "automated backups are off",
  keepDays: "the backup policy has no days that can be read",
  window: "the backup policy has no window that can be read",
  before: "backups from before the last window were not asked for",
  moments: "the service restores to no moment",
};

/** Those that can depend on who was asked: the cloud or a lock. */
export type AskedLacks = { readonly [lack in "instance" | "windows"]: string };

/** What the rule lacks to find anything; undefined where it has grounds. */
export function lackOf(
  rule: Rule,
  subject: RuleSubject,
  word: string,
  asOf: Date,
): Lack | undefined {
  const { needs } = RULES.find(({ id }) => id === rule.id)!;
  if (needs && !subject[needs]) return needs;
  // TaurusDB sends none of its incremental backups.
  if (rule.id === RuleId.STUCK && !subject.hasFullBackups) return "states";
  if (rule.id === RuleId.WINDOW_GAP && !subject.windows) {
    const which = Object.hasOwn(LISTS, word) ? LISTS[word] : undefined;
    return which && !SERVICES[which.service].windows ? "moments" : "windows";
  }
  return needs === "instance" ? lackInPolicy(rule, subject, asOf) : undefined;
}

function lackInPolicy(rule: Rule, subject: RuleSubject, asOf: Date): Lack | undefined {
  const { automatedBackups } = subject.instance!;
  if (!automatedBackups) return "policy";
  if (rule.id === RuleId.AUTOMATED_BACKUPS) return undefined;
  if (!automatedBackups.isOn) return "isOn";
  if (rule.id === RuleId.RETENTION) {
    return automatedBackups.keepDays === undefined ? "keepDays" : undefined;
  }
  return lackOfWindow(rule, subject, asOf);
}

/** As the rule itself tells: of an instance that was always there and never backed up it has to find something. */
function lackOfWindow(rule: Rule, subject: RuleSubject, asOf: Date): Lack | undefined {
  const instance = Instance._of({ ...subject.instance!, createdAt: undefined });
  const bare = { ...subject, instance, backups: [] };
  const finds = (of: RuleSubject) => runRules([of], [rule], asOf).length > 0;
  if (!finds({ ...bare, since: undefined })) return "window";
  return finds(bare) ? undefined : "before";
}
