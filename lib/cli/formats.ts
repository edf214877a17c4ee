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

/** What a spreadsheet would run as a formula has a quote before it. Nested values are JSON. */
export function csv(rows: readonly Row[], columns: readonly string[]): string {
  const cells = rows.map((row) => columns.map((column) => plain(row[column])));
  return stringify([[...columns], ...cells], { escape_formulas: true });
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return "";
  return printable(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** A table of a merge request: nothing in a cell is markup. */
export function markdownTable(rows: readonly (readonly string[])[], titles: readonly string[]) {
  const line = (cells: readonly string[]) => `| ${cells.map(markdown).join(" | ")} |`;
  return [line(titles), `|${" --- |".repeat(titles.length)}`, ...rows.map(line)].join("\n");
}

/** A text in which nothing is markup, a link, a mention or HTML. */
export function markdown(text: string): string {
  return printable(text)
    .replace(/[&<>]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[each]!)
    .replace(/[\\`*_{}[\]()#+!|~]/g, "\\$&")
    .replace(/@/g, "&#64;");
}
