import { oneOf } from "../model/shape";

/** What happens where no backup is suitable, or the chosen one is not good enough. */
export enum Unmet {
  /** The synthesis fails, for all targets at once. */
  FAIL = "fail",
  /** A warning. What acts is refused all the same. */
  WARN = "warn",
}

export const ON_UNMET = oneOf("Unmet", Unmet);

/** Whether what is unmet fails the synthesis. */
export function isFatal(onUnmet: Unmet | undefined): boolean {
  return !isForgiven() && onUnmet !== Unmet.WARN;
}

/** Whether targets may be unmet, so that a person can destroy or repair. */
export function isForgiven(): boolean {
  return process.env["CDKTF_BACKUPS_UNMET"] === "warn";
}
