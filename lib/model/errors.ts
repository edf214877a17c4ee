import { withoutUndefined } from "./defined";
import { ERROR_CODES, ErrorCode } from "./error-codes";
import { printable } from "./text";

const BRAND = Symbol.for("cdktf-backups.BackupsError");

/**
 * What an error tells.
 * @jsii ignore
 */
export interface ErrorDetails {
  /** Stable, for programs: `NO_CREDENTIALS`, `INSTANCE_NOT_FOUND`, …; docs/errors.md has all. */
  readonly code: ErrorCode;
  /** What happened, with which value; one clause without a full stop. */
  readonly what: string;
  /** What is allowed, and what to do; whole sentences. */
  readonly advice?: string;
  /** What belongs to the one that was said last, each on a line of its own. */
  readonly list?: readonly string[];
  /** The construct it happened to. */
  readonly constructPath?: string;
  /** The query, as a person reads it. */
  readonly query?: string;
  /** The cloud's id of the request that failed; its support asks for it. */
  readonly requestId?: string;
  /** The HTTP status of the answer. */
  readonly status?: number;
  /** The service's own error code, such as `DBS.200045`. */
  readonly serviceCode?: string;
  /** What caused it. */
  readonly cause?: unknown;
}

/**
 * The base of all errors of this library.
 *
 * Its message starts with the code, says what happened, with which value, what is allowed and what
 * to do. It never holds a secret, nor what would move a terminal's cursor or forge a line.
 * @jsii ignore
 */
export class BackupsError extends Error {
  /**
   * Whether this is an error of this library, whichever copy of it was loaded.
   * @param x Whatever was caught.
   */
  public static isBackupsError(x: unknown): x is BackupsError {
    return typeof x === "object" && x !== null && BRAND in x;
  }

  /** What programs tell errors apart by; docs/errors.md has all. */
  public readonly code: ErrorCode;
  /** The construct it happened to; undefined where it happened to none. */
  public readonly constructPath?: string;
  /** The query, as a person reads it; undefined where it is about none. */
  public readonly query?: string;
  /** The cloud's id of the request that failed; undefined where it sent none. */
  public readonly requestId?: string;
  /** The HTTP status of the answer; undefined where there was none. */
  public readonly status?: number;
  /** The service's own error code, such as `DBS.200045`; undefined where it sent none. */
  public readonly serviceCode?: string;

  /** What it tells, by its parts. */
  public readonly details: ErrorDetails;

  /** @param given What it tells, of which its message is made. */
  constructor(given: ErrorDetails) {
    const details = printableDetails(given);
    super(compose(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
    Object.defineProperty(this, BRAND, { value: true });
    // The message says it all already; a second copy in every printed stack would only be noise.
    Object.defineProperty(this, "details", { value: details, enumerable: false });
    this.name = new.target.name;
    this.code = details.code;
    this.constructPath = details.constructPath;
    this.query = details.query;
    this.requestId = details.requestId;
    this.status = details.status;
    this.serviceCode = details.serviceCode;
  }
}

/**
 * The program asked for something that cannot be: it has to be changed.
 * @jsii ignore
 */
export class BackupsUsageError extends BackupsError {}

/**
 * The environment is the cause: no network, no permission, no such instance, an unexpected answer.
 * @jsii ignore
 */
export class BackupsEnvironmentError extends BackupsError {}

/** The error of that code: what happened, what to do, and where. */
export function refusal(
  code: ErrorCode,
  what: string,
  advice?: string,
  where: Omit<ErrorDetails, "code" | "what" | "advice"> = {},
): BackupsError {
  return errorOf({ ...where, code, what, advice });
}

/** The error of these details; who has to act is said by its code. */
export function errorOf(details: ErrorDetails): BackupsError {
  // Another version's code may be none of these.
  return ERROR_CODES[details.code]?.actor === "program"
    ? new BackupsUsageError(details)
    : new BackupsEnvironmentError(details);
}

/** The same error, saying as well where in the program it happened. */
export function errorAt(
  error: BackupsError,
  where: { constructPath?: string; query?: string },
): BackupsError {
  return errorOf({ ...where, ...withoutUndefined(error.details), cause: error.cause });
}

function compose({ code, what, advice, list, ...details }: ErrorDetails): string {
  const context = [
    details.constructPath && `construct: ${details.constructPath}`,
    details.query && `query: ${details.query}`,
    details.status && `HTTP status: ${details.status}`,
    details.requestId && `request id: ${details.requestId}`,
  ].filter(Boolean);
  // A service's own message may end in a full stop already, and after a colon comes the list.
  const said = [`${code}: ${what.replace(/(?<![.:])$/, ".")}`, advice].filter(Boolean).join(" ");
  const listed = list?.map((each) => `\n- ${each}`).join("");
  return [listed ? `${said}${listed}\n` : said, context.length > 0 ? `[${context.join("; ")}]` : ""]
    .filter(Boolean)
    .join(" ");
}

/** What the cloud named stands in most of it. */
function printableDetails(details: ErrorDetails): ErrorDetails {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === "string" ? printable(value) : value,
  ]);
  return { ...Object.fromEntries(entries), list: details.list?.map(printable) };
}
