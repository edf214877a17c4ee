import { BackupsError, ErrorDetails, refusal } from "../model/errors";
import { excerpt, kindOf } from "../model/text";

/** What the body of an answer that is no success says. */
export interface ApiProblem {
  readonly serviceCode?: string;
  readonly message: string;
  readonly requestId?: string;
}

/** An answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly text: string;
}

/**
 * Reads the shapes that are known (docs/apis/shared.md, Errors): the services' `error_code`/`error_msg`,
 * the older `errCode`/`externalMessage`, IAM's `error {code, message}`, the gateway's with a request
 * id. Of anything else nothing is shown but what it is.
 */
export function readProblem(answer: HttpAnswer): ApiProblem {
  const body = parse(answer.text);
  const inner = isObject(body["error"]) ? body["error"] : body;
  const extended = textOf(inner["error_ext_msg"]);
  const message =
    textOf(inner["error_msg"]) ?? textOf(inner["externalMessage"]) ?? textOf(inner["message"]);
  const code = textOf(inner["error_code"]) ?? textOf(inner["errCode"]) ?? textOf(inner["code"]);
  return {
    // IAM repeats the HTTP status as its code.
    serviceCode: code === String(answer.status) ? undefined : shaped(code),
    message:
      message === undefined
        ? kindOf(answer.text)
        : excerpt(extended ? `${message} (${extended})` : message, 300),
    requestId: shaped(textOf(answer.headers["x-request-id"])) ?? shaped(textOf(body["request_id"])),
  };
}

/** A code or an id, if it has the shape of one. */
function shaped(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
}

/** Answers that say: this token is no longer (or was never) good. */
export function isTokenRefused(status: number, serviceCode: string | undefined): boolean {
  return status === 401 || (status === 403 && serviceCode === "DBS.280056");
}

// docs/apis/shared.md, Errors. A 403 can hide "not found" (GeminiDB's DBS.201028).
const INSTANCE_MISSING = new Set([
  "DBS.200002",
  "DBS.200045",
  "DBS.201028",
  "DBS.280022",
  "DBS.290005",
  "DCS.3022",
  "111404022",
]);
const MISSING_OR_FORBIDDEN = new Set(["DBS.280015", "DBS.200044"]);
const REFUSED_PARAMETER = new Set([
  "DBS.200001",
  "DBS.200004",
  "DBS.280001",
  "DBS.280124",
  "DBS.280416",
  "DBS.280440",
  "DBS.280447",
  "DCS.4025",
]);

/** The error that an answer stands for, with what to do about it. `isSigned`: by an access key. */
export function toError(answer: HttpAnswer, what: string, isSigned = false): BackupsError {
  const problem = readProblem(answer);
  const said = [problem.serviceCode, problem.message].filter(Boolean).join(" ");
  const { code, advice } = classify(answer.status, problem, isSigned);
  const { serviceCode, requestId } = problem;
  return refusal(code, `${what} was answered by HTTP ${answer.status}: ${said}`, advice, {
    status: answer.status,
    serviceCode,
    requestId,
  });
}

function classify(
  status: number,
  problem: ApiProblem,
  isSigned: boolean,
): Pick<ErrorDetails, "code" | "advice"> {
  const code = problem.serviceCode ?? "";
  if (INSTANCE_MISSING.has(code) && (status === 404 || status === 403)) {
    return {
      code: "INSTANCE_NOT_FOUND",
      advice:
        "Check the instance id, the region and the project. Where this stack creates the instance, `ifInstanceMissing: IfInstanceMissing.EMPTY` takes it for one without backups.",
    };
  }
  if (MISSING_OR_FORBIDDEN.has(code)) {
    return {
      code: "NOT_FOUND_OR_NOT_PERMITTED",
      advice:
        "The service does not say which: check the instance id, the region and project, and that the user may list backups.",
    };
  }
  if (status === 404 && code === "DBS.201010") {
    return { code: "BACKUP_NOT_FOUND", advice: "Check the backup id: it may have been deleted." };
  }
  // The gateway says the same of both; what it echoes of a signed request names `x-security-token`.
  if (code === "APIGW.0301" && isSigned) {
    return { code: "SIGNATURE_REFUSED", advice: adviceOnSignature(problem) };
  }
  if (!isSigned && isTokenRefused(status, code)) {
    return {
      code: "TOKEN_REFUSED",
      advice:
        "The token has expired or is of another project or region: fetch a new one, or give user and password, with which it is renewed.",
    };
  }
  if (status === 401 || status === 403) {
    return {
      code: "NOT_PERMITTED",
      advice:
        "The user needs the permission to list this service's backups in this project; docs/connecting.md names the least policy.",
    };
  }
  if (status === 429) {
    return {
      code: "THROTTLED",
      advice:
        "The cloud allows about 200 requests in five minutes: wait, ask for less (`within`), or give a longer `timeout`.",
    };
  }
  if (REFUSED_PARAMETER.has(code) || status === 400) {
    return {
      code: "REFUSED_BY_SERVICE",
      advice: "Check the ids and filters of the query against the vendor's page.",
    };
  }
  if (status === 404) {
    return {
      code: "NOT_FOUND",
      advice: "Check the region and the endpoint: this address knows no such list.",
    };
  }
  if (status >= 500) {
    return {
      code: "SERVICE_FAILED",
      advice: "The service could not answer, several times: try again later.",
    };
  }
  return { code: "UNEXPECTED_ANSWER", advice: "Check the endpoint: this is no answer of the API." };
}

function adviceOnSignature(problem: ApiProblem): string {
  const { message } = problem;
  if (/expired/i.test(message)) {
    return "The signature counts as expired: this machine's clock is more than 15 minutes off.";
  }
  if (/verify.*ak ?sk|signature/i.test(message)) {
    return "The secret key does not belong to this access key, or a proxy changed the request.";
  }
  return "The access key is unknown here, or its security token is over: check it, and that it belongs to this cloud.";
}

function parse(text: string): { [key: string]: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
