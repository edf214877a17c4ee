import { Duration, lengthOf } from "../../model/duration";

/** A limit as people set it, "26 h"; what is no whole hours in all its units, "1 h 30 min". */
export function limit(duration: Duration): string {
  const hours = duration.toMilliseconds() / Duration.hours(1).toMilliseconds();
  return Number.isInteger(hours) ? `${hours} h` : lengthOf(duration.toMilliseconds());
}

/** "1 backup", "2 backups". */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** Bytes, and from 1 KiB on the unit that a person would say: "1610612736 bytes (1.5 GiB)". */
export function bytes(amount: number): string {
  const plain = count(Math.round(amount), "byte");
  return amount < 1024 ? plain : `${plain} (${scaledBytes(amount)})`;
}

/** In the unit that a person would say: "1.5 GiB", "12 bytes". */
export function scaledBytes(amount: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(amount, 1)) / 10));
  if (power === 0) return count(Math.round(amount), "byte");
  const scaled = (amount / 1024 ** power).toFixed(1).replace(".0", "");
  return `${scaled} ${["KiB", "MiB", "GiB", "TiB"][power - 1]}`;
}
