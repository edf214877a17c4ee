import { excerpt, printable } from "../../model/text";
import { decisionText } from "../../restore/decision";
import { RuleLevel } from "../../restore/rules";
import { levelIn } from "../arguments";
import { ExitCode } from "../exit";
import { json, markdown, markdownTable } from "../formats";
import { Told } from "../output";
import { outputFolder } from "../project";
import { Explained, Finding, Pinned, synthesised, SynthesisedStack, ToldGroup } from "../synthesis";
import { painted, Terminal } from "../terminal";
import { coloured, decisionMarkdown } from "../told-decision";

export interface ExplainOptions {
  readonly outputDir?: string;
  readonly failOn?: string;
}

/** What did a synthesised stack decide, and why? */
export function explain(
  stack: string | undefined,
  options: ExplainOptions,
  terminal: Terminal,
): Told {
  const { outputDir = outputFolder() } = options;
  const failOn = levelIn(options.failOn ?? RuleLevel.ERROR);
  const stacks = synthesised(outputDir, stack);
  return {
    exit: exitOf(
      stacks.flatMap(({ explained }) => explained),
      failOn,
    ),
    as: {
      text: () => stacks.map((each) => textOf(each, terminal)).join("\n\n") || NONE,
      json: () => jsonOf(outputDir, stacks),
      markdown: () => stacks.map(markdownOf).join("\n\n") || NONE,
    },
  };
}

const NONE = "No stacks.";

/** Where a lookup failed, what else there is tells too little. */
function exitOf(explained: readonly Explained[], failOn: RuleLevel): ExitCode {
  if (explained.some(({ kind }) => kind === "unknown")) return ExitCode.UNKNOWN;
  const isFinding = (each: Explained) => {
    if (each.kind === "decision") return !each.decision.isMet;
    if (each.kind === "group") return !each.group.is_met;
    if (each.kind !== "policy") return false;
    return each.kept.some(({ level }) => level === "error" || level === failOn);
  };
  return explained.some(isFinding) ? ExitCode.FINDINGS : ExitCode.MET;
}

function textOf({ explained, name }: SynthesisedStack, terminal: Terminal): string {
  if (explained.length === 0) return `${excerpt(name)}: decides nothing`;
  return explained.map((each) => explainedText(each, terminal)).join("\n\n");
}

function explainedText(each: Explained, terminal: Terminal): string {
  const path = excerpt(each.path);
  switch (each.kind) {
    case "decision": {
      const text = coloured(decisionText(each.decision), each.decision.isMet, terminal);
      return each.pinned ? `${text}\n  pinned   ${pinText(each.pinned)}` : text;
    }
    case "group":
      return coloured(groupText(path, each.group), each.group.is_met, terminal);
    case "policy":
      return policyText(path, each.kept, each.suppressed, terminal);
    case "unknown":
      return `${path}: ${painted("UNKNOWN", "red", terminal)}\n  because  ${FAILED}`;
  }
}

const FAILED = "a lookup failed when it was synthesised";

function pinText({ differs, epoch, first_seen }: Pinned): string {
  const held = `epoch ${epoch} saw ${excerpt(first_seen)} first`;
  return differs ? `${held}, today's choice differs: raise the epoch to take it` : held;
}

function groupText(path: string, { is_met: isMet, ...group }: ToldGroup): string {
  const lines = [`${path}: ${isMet ? "MET" : "UNMET"}`];
  for (const { backup_id: backup, member, moment } of group.picks) {
    lines.push(
      `  ${excerpt(member)}: ${backup ? `backup ${excerpt(backup)}, ` : ""}as of ${moment}`,
    );
  }
  if (group.spread !== null) lines.push(`  apart    ${group.spread}`);
  if (group.worst_age !== null) lines.push(`  oldest   ${group.worst_age} old`);
  if (group.limited_by !== null) lines.push(`  limited  by ${group.limited_by}`);
  lines.push(`  because  ${group.reason}`);
  return lines.map(printable).join("\n");
}

function policyText(
  path: string,
  kept: readonly Finding[],
  suppressed: readonly Finding[],
  terminal: Terminal,
): string {
  const line = ({ advice, evidence, level, rule, subject }: Finding) =>
    `  ${painted(level, level === "error" ? "red" : "yellow", terminal)}  ${printable(`${rule}: [${subject}] ${evidence}. ${advice}`)}`;
  const accepted = ({ evidence, reason = "", rule, subject }: Finding) =>
    printable(`  accepted  ${rule}: [${subject}] ${evidence}. Reason: ${reason}`);
  const head = kept.length === 0 ? "no findings" : counted(kept.length);
  const others = suppressed.length > 0 ? `, ${suppressed.length} accepted` : "";
  return [`${path}: ${head}${others}`, ...kept.map(line), ...suppressed.map(accepted)].join("\n");
}

function counted(count: number): string {
  return count === 1 ? "1 finding" : `${count} findings`;
}

function jsonOf(folder: string, stacks: readonly SynthesisedStack[]): string {
  return json({
    output: folder,
    stacks: stacks.map(({ explained, name }) => ({
      stack: name,
      explained: explained.map(({ json: content, kind, path }) => ({ path, kind, content })),
    })),
  });
}

function markdownOf({ explained, name }: SynthesisedStack): string {
  const parts = explained.map(explainedMarkdown);
  const told = parts.length > 0 ? parts.join("\n\n") : "Decides nothing.";
  return `### ${markdown(excerpt(name))}\n\n${told}`;
}

function explainedMarkdown(each: Explained): string {
  const path = markdown(excerpt(each.path));
  switch (each.kind) {
    case "decision": {
      const text = decisionMarkdown(each.json);
      return each.pinned ? `${text}\n\nPinned: ${markdown(pinText(each.pinned))}.` : text;
    }
    case "group": {
      const { is_met: isMet, picks, reason } = each.group;
      const rows = picks.map(({ backup_id: backup, member, moment }) => {
        return [member, backup ?? "none", moment];
      });
      const head = `**${path}: ${isMet ? "met" : "not met"}**\n\nBecause ${markdown(reason)}.`;
      if (rows.length === 0) return head;
      return `${head}\n\n${markdownTable(rows, ["Member", "Backup", "As of"])}`;
    }
    case "policy": {
      const { kept, suppressed } = each;
      const rows = [...kept, ...suppressed].map((finding) => [
        finding.reason === undefined ? finding.level : `accepted: ${finding.reason}`,
        finding.rule,
        finding.subject,
        `${finding.evidence}. ${finding.advice}`,
      ]);
      const head = `**${path}: ${kept.length === 0 ? "no findings" : counted(kept.length)}**`;
      if (rows.length === 0) return head;
      return `${head}\n\n${markdownTable(rows, ["Level", "Rule", "Of", "Finding"])}`;
    }
    case "unknown":
      return `**${path}: unknown**\n\nBecause ${FAILED}.`;
  }
}
