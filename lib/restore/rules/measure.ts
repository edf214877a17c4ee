import { DAY_MS } from "../../model/time";

export const HOUR_MS = 3_600_000;

const SPANS = [
  ["day", DAY_MS],
  ["h", HOUR_MS],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/**
 * A span in whole seconds, "26 h 1 s", "2 days 3 h". All its units stand there: a span that is over
 * a limit by a second must not read like the limit. For the same reason it is rounded away from the
 * limit: up where it is too long, down (`Math.floor`) where it is too short.
 */
export function span(milliseconds: number, round: (x: number) => number = Math.ceil): string {
  let rest = round(milliseconds / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [unit, length] of SPANS) {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    if (amount > 0) parts.push(`${amount} ${unit === "day" ? plural(amount, unit) : unit}`);
  }
  return parts.join(" ") || "0 s";
}

/** "1 backup", "2 backups". */
export function plural(amount: number, noun: string): string {
  return amount === 1 ? noun : `${noun}s`;
}

/** "3 backups". */
export function count(amount: number, noun: string): string {
  return `${amount} ${plural(amount, noun)}`;
}

/** Bytes, and from 1 KiB on the unit that a person would say: "1610612736 bytes (1.5 GiB)". */
export function bytes(amount: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(amount, 1)) / 10));
  const plain = count(Math.round(amount), "byte");
  if (power === 0) return plain;
  const scaled = (amount / 1024 ** power).toFixed(1).replace(/\.0$/, "");
  return `${plain} (${scaled} ${["", "KiB", "MiB", "GiB", "TiB"][power]})`;
}
