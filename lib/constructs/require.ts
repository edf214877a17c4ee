import { BackupsUsageError } from "../model/errors";

/** For programs without types: what is missing is said here, not where it is used. */
export function requireConstruct(
  property: string,
  value: unknown,
  type: { readonly name: string },
  constructPath: string,
): void {
  if (typeof value === "object" && value !== null && "node" in value) return;
  throw new BackupsUsageError({
    code: "INVALID_PROPERTY",
    what: `${property} is ${value === undefined ? "missing" : `a ${typeof value}`}`,
    advice: `Give it a ${type.name}.`,
    constructPath,
  });
}
