import { markdown, markdownTable } from "./formats";
import { painted, Terminal } from "./terminal";

/** Its first line says the verdict. */
export function coloured(text: string, isMet: boolean, terminal: Terminal): string {
  const [first = "", ...rest] = text.split("\n");
  return [painted(first, isMet ? "green" : "red", terminal), ...rest].join("\n");
}

/** @param decision As `RestoreDecision.toJson` gives it. */
export function decisionMarkdown(decision: any): string {
  const { subject, is_met, chosen, restore_time, reason, shortcomings, rejected } = decision;
  const rows = rejected.map((each: { [key: string]: string | null }) =>
    ["begin_time", "id", "reason"].map((key) => each[key] ?? "unknown"),
  );
  return [
    `**${markdown(subject)}: ${is_met ? "met" : "not met"}**`,
    "",
    `Chosen: ${markdown(restore_time ?? chosen?.id ?? "none")}, because ${markdown(reason)}.`,
    ...shortcomings.map((each: string) => `But ${markdown(each)}.`),
    ...(rows.length > 0 ? ["", markdownTable(rows, ["Begun", "Not chosen", "Why"])] : []),
  ].join("\n");
}
