/** How often one request fails at most; a refusal by a quota is no failure. */
export const MAX_TRIES = 5;

/** What a try came to. */
export interface Outcome {
  /** The HTTP status; undefined where there was no answer at all. */
  readonly status?: number;
  /** The header `Retry-After`. */
  readonly retryAfter?: string;
  /** Why there was no answer: `ECONNRESET`, `ENOTFOUND`, … */
  readonly networkCode?: string;
}

// Worth another try: the connection broke, or the other side was not there yet.
const PASSING = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_SOCKET",
]);

/**
 * How many milliseconds to wait before the next try after a failure, or undefined where there is none.
 *
 * Retry-After is honoured (seconds or an HTTP date); without it ½, 1, 2, 4 s. A wait that doesn't fit
 * into what is left of the deadline is none: the error now is worth more than the same error then.
 */
export function retryDelay(
  outcome: Outcome,
  tries: number,
  remaining: number,
  now: number,
  random: () => number = Math.random,
): number | undefined {
  if (tries >= MAX_TRIES || !isPassing(outcome)) return undefined;
  const delay =
    parseRetryAfter(outcome.retryAfter, now) ?? 500 * 2 ** (tries - 1) * (0.75 + 0.5 * random());
  return delay < remaining ? delay : undefined;
}

export function isPassing(outcome: Outcome): boolean {
  if (outcome.status === undefined) return PASSING.has(outcome.networkCode ?? "");
  if (outcome.status === 408) return true;
  return outcome.status >= 500 && outcome.status !== 501;
}

/** Seconds, or an HTTP date; undefined where it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/[A-Za-z]/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
