import { stringify } from "csv-stringify/sync";
import { printable, printableJson } from "../model/text";

/** A row as machines read it: flat or not, with stable keys. */
export type Row = { readonly [key: string]: unknown };

export function json(value: unknown): string {
  return printableJson(JSON.stringify(value, null, 2));
}

/** An object a line. */
export function ndjson(rows: readonly Row[]): string {
  return rows.map((row) => `${printableJson(JSON.stringify(row))}\n`).join("");
}

/** What a spreadsheet would run as a formula has a quote before it: texts, no numbers. Nested values are JSON. */
export function csv(rows: readonly Row[], columns: readonly string[]): string {
  const cells = rows.map((row) => columns.map((column) => plain(row[column])));
  return stringify([[...columns], ...cells], { escape_formulas: true });
}

function plain(value: unknown): string | number {
  if (typeof value === "number") return value;
  if (value === undefined || value === null) return "";
  return printable(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** A table of a merge request: nothing in a cell is markup. */
export function markdownTable(rows: readonly (readonly string[])[], titles: readonly string[]) {
  const line = (cells: readonly string[]) => `| ${cells.map(markdown).join(" | ")} |`;
  return [line(titles), `|${" --- |".repeat(titles.length)}`, ...rows.map(line)].join("\n");
}

// What GitHub and GitLab link without any markup, and after it has become HTML, which an entity alone does not
// prevent: mentions, numbers of issues and of what else has some, bare addresses.
const LINKED = /[@#]|[!~$%&](?=\S)|:(?=\/\/)|www(?=\.)|GH-(?=\d)/gi;
// At the begin of a line: an item of a list, a heading of the line before.
const OPENING = /^(\s*)([-=])|^(\s*\d+)(\.(?=\s|$))/;
// Of no width; `printable` has left none of the text's own.
const BREAK = "\u200b";

/** A text in which nothing is markup, a link, a mention or HTML. */
export function markdown(text: string): string {
  return printable(text)
    .replace(LINKED, `$&${BREAK}`)
    .replace(/[&<>]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[each]!)
    .replace(/[\\`*_{}[\]()#+!|~$]/g, "\\$&")
    .replace(OPENING, "$1$3\\$2$4")
    .replaceAll(BREAK, "&#8203;");
}
