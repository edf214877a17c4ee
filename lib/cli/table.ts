import stringWidth from "string-width";
import { printable } from "../model/text";
import { toRfc3339 } from "../model/time";
import { humanTime } from "../restore/decision";

/** A column of a table. */
export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly isNumber?: boolean;
  /** What it is cut to, at the least, where the terminal is narrow. @default - it is never cut */
  readonly least?: number;
}

const GAP = "  ";

/** As a person reads it; cut to so many columns of a terminal, whole where it is none. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], width = Infinity) {
  const cells = rows.map((row) => columns.map(({ text }) => printable(text(row))));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => stringWidth(line[i]!))));
  let excess = widths.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1)) - width;
  // The widest gives first.
  while (excess > 0) {
    const widest = columns
      .map(({ least = Infinity }, i) => ({ i, width: widths[i]!, spare: widths[i]! - least }))
      .filter(({ spare }) => spare > 0)
      .sort((a, b) => b.width - a.width)[0];
    if (!widest) break;
    widths[widest.i]!--;
    excess--;
  }
  return lines
    .map((line) =>
      line
        .map((cell, i) => fitted(cell, widths[i]!, columns[i]!.isNumber))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Filled up with spaces, or cut. */
function fitted(text: string, width: number, isNumber = false): string {
  const missing = width - stringWidth(text);
  if (missing >= 0) return isNumber ? " ".repeat(missing) + text : text + " ".repeat(missing);
  let cut = "";
  for (const letter of text) {
    if (stringWidth(cut + letter) > width - 1) break;
    cut += letter;
  }
  return `${cut}…${" ".repeat(width - 1 - stringWidth(cut))}`;
}

/** A time in a cell, to the minute and in UTC. */
export function minute(time: Date | undefined): string {
  return time ? toRfc3339(time).slice(0, 16).replace("T", " ") : "unknown";
}

export function age(time: Date | undefined, asOf: Date): string {
  return time ? humanTime(asOf.getTime() - time.getTime()) : "unknown";
}

/** To the second: what lies behind it is noise, and not every reader takes it for a time. */
export function second(time: Date): string {
  return toRfc3339(new Date(Math.floor(time.getTime() / 1_000) * 1_000));
}
