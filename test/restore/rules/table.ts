import { RuleKind } from "../../../lib/restore/rules";
import { markdownTable } from "../../support/markdown-table";

const HEAD = ["rule", "made by", "finds", "level", "needs", "defaults, and what each may be"];

const NEEDS = {
  hasFullBackups: "full backups",
  hasVersions: "versions",
  instance: "an instance of a project",
};

/** RULES.md, laid out as prettier wants it. */
export function rulesTable(rules: readonly RuleKind<any>[]): string {
  return [
    "# The rules of a recovery policy",
    "",
    "Generated from `RULES` (`lib/restore/rules/rule.ts`) by `UPDATE_RULES=1 npx jest test/restore/rules/table.test.ts`; not to be edited.",
    "",
    "All hold with these defaults, but for those that hold only where they are given. A policy names what is to differ, `rules: [Rule.count(3), Rule.stuck().withLevel(RuleLevel.OFF)]`; on a list that has not what a rule needs (TaurusDB's of incremental backups has no full ones, that of DCS names no versions; only `projects` of a policy know the instance) it is not run. The levels are `ERROR` (the synthesis fails), `WARNING` (people are told) and `OFF`.",
    "",
    ...markdownTable(HEAD, rules.map(cells)),
    "",
  ].join("\n");
}

function cells({ id, title, level, isOptIn, needs, parameters }: RuleKind<any>): string[] {
  const names = Object.keys(parameters);
  const given = names.length > 1 ? `{ ${names.join(", ")} }` : names.join();
  const each = Object.entries(parameters).map(
    ([name, { usual, text }]) => `\`${name}\`: ${usual ?? "not given"} (${text})`,
  );
  return [
    `\`${id}\``,
    `\`Rule.${functionOf(id)}(${given})\``,
    title,
    `${level}${isOptIn ? ", where given" : ""}`,
    needs ? NEEDS[needs] : "",
    each.join("; ") || "none",
  ];
}

/** The function that makes it. */
export function functionOf(id: string): string {
  return id.replace(/-./g, (text) => text.slice(1).toUpperCase());
}
