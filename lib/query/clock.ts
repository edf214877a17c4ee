import { refusal } from "../model/errors";
import { MAX_CLOCK_SKEW_MS } from "../restore/candidates";
import { humanTime } from "../restore/decision";

/**
 * Refuses an answer of a service whose clock differs from this machine's by more than a quarter of an
 * hour: by a clock that is slow every new backup lies in the future, and an old one looks fresh.
 */
export function checkClock(aheadMs: number | undefined): void {
  if (aheadMs === undefined || Math.abs(aheadMs) <= MAX_CLOCK_SKEW_MS) return;
  throw refusal(
    "CLOCK_SKEW",
    `this machine's clock is ${humanTime(Math.abs(aheadMs))} ${aheadMs < 0 ? "behind" : "ahead of"} the service's, so no age can be told`,
    "Allowed are 15 min. Set the clock, or give the BackupProvider the moment that ages count back from: `asOf`.",
  );
}
