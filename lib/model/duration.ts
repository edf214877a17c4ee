import { refusal } from "./errors";
import { shown } from "./text";
import { DAY_MS } from "./time";

// Beyond it a moment before today may be none that a Date can hold.
const LONGEST_MS = 36_525 * DAY_MS;
const UNITS = { day: DAY_MS, hour: 3_600_000, minute: 60_000, second: 1_000 };

/** A length of time, always with its unit in the name. */
export class Duration {
  /**
   * So many days of 24 hours.
   * @param amount How many, from 0 up to 100 years; a fraction is rounded to whole milliseconds.
   * @throws `INVALID_DURATION` for anything else.
   */
  public static days(amount: number): Duration {
    return Duration.from(amount, "day");
  }

  /**
   * So many hours.
   * @param amount How many, from 0 up to 100 years; a fraction is rounded to whole milliseconds.
   * @throws `INVALID_DURATION` for anything else.
   */
  public static hours(amount: number): Duration {
    return Duration.from(amount, "hour");
  }

  /**
   * So many minutes.
   * @param amount How many, from 0 up to 100 years; a fraction is rounded to whole milliseconds.
   * @throws `INVALID_DURATION` for anything else.
   */
  public static minutes(amount: number): Duration {
    return Duration.from(amount, "minute");
  }

  /**
   * So many seconds.
   * @param amount How many, from 0 up to 100 years; a fraction is rounded to whole milliseconds.
   * @throws `INVALID_DURATION` for anything else.
   */
  public static seconds(amount: number): Duration {
    return Duration.from(amount, "second");
  }

  private static from(amount: number, unit: keyof typeof UNITS): Duration {
    // For programs without types: of what is no number the product may be one.
    const milliseconds = Math.round((typeof amount === "number" ? amount : NaN) * UNITS[unit]);
    if (!(milliseconds >= 0 && milliseconds <= LONGEST_MS)) {
      throw refusal(
        "INVALID_DURATION",
        `a duration of ${typeof amount === "number" ? amount : shown(amount)} ${unit}s is not possible`,
        "Allowed is a number from 0 up to 100 years, known at synthesis, such as Duration.hours(26) or Duration.days(0.5).",
      );
    }
    return new Duration(milliseconds);
  }

  private constructor(private readonly milliseconds: number) {}

  /** Its length in milliseconds. */
  public toMilliseconds(): number {
    return this.milliseconds;
  }

  /** As a person reads it, in the largest unit that fits: "26 hours", "7 days". */
  public toString(): string {
    for (const [unit, length] of Object.entries(UNITS)) {
      if (this.milliseconds % length === 0 && this.milliseconds >= length) {
        const amount = this.milliseconds / length;
        return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
      }
    }
    return `${this.milliseconds} milliseconds`;
  }
}

const SIGNS = { day: "day", hour: "h", minute: "min", second: "s" };

/**
 * A length as a person reads it, "1 day 2 h 0.5 s". All its units stand there, to the millisecond:
 * what is over a limit by little must not read like the limit. For the same reason it is rounded, to
 * whole seconds, only away from the limit: up (`Math.ceil`) where it is too long, down where too short.
 */
export function lengthOf(milliseconds: number, round?: (seconds: number) => number): string {
  const length = Math.abs(milliseconds);
  let rest = round ? round(length / UNITS.second) * UNITS.second : length;
  const parts: string[] = [];
  for (const [unit, each] of Object.entries(UNITS)) {
    const amount = unit === "second" ? rest / each : Math.floor(rest / each);
    rest -= amount * each;
    const sign = SIGNS[unit as keyof typeof UNITS];
    if (amount > 0) parts.push(`${amount} ${unit === "day" && amount > 1 ? "days" : sign}`);
  }
  return (milliseconds < 0 ? "-" : "") + (parts.join(" ") || "0 s");
}
