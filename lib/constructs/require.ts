import { refusal } from "../model/errors";

/** For programs without types: what is missing is said here, not where it is used. */
export function requireConstruct(
  property: string,
  value: unknown,
  type: { readonly name: string },
  constructPath: string,
): void {
  if (typeof value === "object" && value !== null && "node" in value) return;
  throw refusal(
    "INVALID_PROPERTY",
    `${property} is ${value === undefined ? "missing" : `a ${typeof value}`}`,
    `Give it a ${type.name}.`,
    { constructPath },
  );
}
