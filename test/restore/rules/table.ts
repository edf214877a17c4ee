import { Rule } from "../../../lib/restore/rules";
import { markdownTable } from "../../support/markdown-table";

const HEAD = ["rule", "finds", "level", "parameters, their defaults and what they may be"];

/** RULES.md, laid out as prettier wants it. */
export function rulesTable(rules: readonly Rule<any>[]): string {
  return [
    "# The rules of a recovery policy",
    "",
    "Generated from `RULES` (`index.ts`) by `UPDATE_RULES=1 npx jest test/restore/rules/table.test.ts`; not to be edited.",
    "",
    ...markdownTable(HEAD, rules.map(cells)),
    "",
  ].join("\n");
}

function cells({ id, title, level, parameters, allowed }: Rule<any>): string[] {
  const each = Object.entries(parameters as object).map(([name, value]) => {
    const shown = value === undefined ? "not given" : `\`${JSON.stringify(value)}\``;
    return `\`${name}\`: ${shown} (${allowed?.[name]?.text ?? typeof value})`;
  });
  return [`\`${id}\``, title, level, each.join("; ") || "none"];
}
