import { isKnownOnlyAtDeploy } from "../../model/text";

/** What a parameter may be: the test, and its text for the message and the table. */
export interface Allowed {
  readonly text: string;
  is(value: unknown): boolean;
}

/** Percents and sizes: what may be a fraction. A number that encodes a cdktf token is negative. */
export const AMOUNT: Allowed = {
  text: "a number from 0",
  is: (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
};

/** Hours or days: more than a thousand years of them is a mistake. */
export const SPAN: Allowed = {
  text: "a number from 0 to 365250",
  is: (value) => AMOUNT.is(value) && (value as number) <= 365_250,
};

/** A stretch to look back on; of no length there would be nothing to see. */
export const STRETCH: Allowed = {
  text: "a number above 0, up to 365250",
  is: (value) => SPAN.is(value) && value !== 0,
};

/** Days for each of which a request is sent. */
export const ASKED_DAYS: Allowed = {
  text: "a number of days above 0, up to 366: each costs a request",
  is: (value) => STRETCH.is(value) && (value as number) <= 366,
};

/** A number of things. */
export const COUNT: Allowed = {
  text: "a whole number from 1",
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
};

/** A text that is known at synthesis. */
export const TEXT: Allowed = {
  text: "a text that is not blank and known at synthesis",
  is: (value) => typeof value === "string" && value.trim() !== "" && !isKnownOnlyAtDeploy(value),
};
