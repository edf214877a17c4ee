import { Duration } from "../../model/duration";
import { lengthMs } from "../../model/shape";
import { DAY_MS } from "../../model/time";
import { isKnownOnlyAtDeploy } from "../../model/text";

/** A value of a rule: its default, and what it may be, as a test and as a text for people. */
export interface Parameter<T> {
  /** @default - it has to be given */
  readonly usual?: T;
  readonly text: string;
  is(value: unknown): boolean;
}

const parameter =
  <T>(text: string, is: (value: unknown) => boolean) =>
  (usual?: T): Parameter<T> => ({ usual, text, is });

/** A length of time. */
export const duration = parameter<Duration>(
  "a Duration, such as Duration.hours(26)",
  (value) => lengthMs(value) >= 0,
);

/** A stretch to look back on; of no length there would be nothing to see. */
export const lookBack = parameter<Duration>(
  "a Duration longer than nothing",
  (value) => lengthMs(value) > 0,
);

/** Days for each of which a request is sent. */
export const askedDays = parameter<Duration>(
  "a Duration longer than nothing, up to 366 days: each costs a request",
  (value) => lengthMs(value) > 0 && lengthMs(value) <= 366 * DAY_MS,
);

/** Percents and sizes: what may be a fraction. A number that encodes a cdktf token is negative. */
export const amount = parameter<number>(
  "a number from 0",
  (value) => Number.isFinite(value) && (value as number) >= 0,
);

/** A number of things. */
export const whole = parameter<number>(
  "a whole number from 1",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);

/** A text that is known at synthesis. */
export const text = parameter<string>(
  "a text that is not blank and known at synthesis",
  (value) => typeof value === "string" && value.trim() !== "" && !isKnownOnlyAtDeploy(value),
);
