import { Rule } from "../../../lib/restore/rules";

const HEAD = ["rule", "finds", "level", "parameters, their defaults and what they may be"];

/** RULES.md, laid out as prettier wants it. */
export function rulesTable(rules: readonly Rule<any>[]): string {
  const rows = [HEAD, ...rules.map(cells)].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|")),
  );
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  const line = (row: string[]) => `| ${row.map((c, i) => c.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [
    "# The rules of a recovery policy",
    "",
    "Generated from `RULES` (`index.ts`) by `UPDATE_RULES=1 npx jest test/restore/rules/table.test.ts`; not to be edited.",
    "",
    line(head),
    line(widths.map((width) => "-".repeat(width))),
    ...body.map(line),
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
