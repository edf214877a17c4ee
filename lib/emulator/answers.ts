import type { Code, EmulatedList } from "./services/list";

/** What is sent back, before the headers that every answer has. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Thrown wherever a rule is broken; carries the answer that says so. */
export class Refusal extends Error {
  public constructor(public readonly answer: Answer) {
    super(answer.body);
  }
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json;charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** The services' own error shape. TaurusDB page, status code 400; docs/apis/shared.md, Errors. */
export function serviceError(
  { errors }: Pick<EmulatedList, "errors">,
  { status, code }: Code,
  message: string,
): Refusal {
  return new Refusal(json(status, { error_code: code, error_msg: message, ...errors.body }));
}

/** The API gateway's error shape. docs/apis/shared.md, Errors. */
export function gatewayError(
  status: number,
  code: string,
  message: string,
  requestId: string,
  headers: Record<string, string> = {},
): Refusal {
  const body = { error_code: code, error_msg: message, request_id: requestId };
  return new Refusal(json(status, body, headers));
}

/** IAM's error shape. docs/apis/shared.md, Errors. */
export function iamError(status: 400 | 401, message: string): Refusal {
  const title = status === 400 ? "Bad Request" : "Unauthorized";
  return new Refusal(json(status, { error: { code: status, message, title } }));
}
