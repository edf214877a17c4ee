import { type Refusal, serviceError } from "./answers";
import { decodeSegment, readQuery } from "./query";
import type { EmulatedList, Filter } from "./services/list";

/** Whatever has a service's own way to refuse. */
export type Refusing = Pick<EmulatedList, "errors">;

/** A call's parameters by name. */
export type Values = ReadonlyMap<string, { value: string; rawValue: string }>;

/**
 * Takes the query apart. No page says what becomes of a parameter it doesn't list or of one sent
 * twice; both are refused here, so that a misspelt filter can't pass as "no filter".
 */
export function readParameters(
  list: Refusing,
  allowed: readonly string[],
  rawQuery: string,
): Values {
  const known = new Set(allowed);
  const values = new Map<string, { value: string; rawValue: string }>();
  for (const { name, value, rawValue, malformed } of readQuery(rawQuery)) {
    if (malformed) throw wrong(list, `The query string is not percent-encoded: ${name}.`);
    if (!known.has(name)) throw wrong(list, `Unknown parameter ${name}.`);
    if (values.has(name)) throw wrong(list, `The parameter ${name} was sent twice.`);
    values.set(name, { value, rawValue });
  }
  return values;
}

/** The index of the first record that is asked for. */
export function readOffset(list: Pick<EmulatedList, "errors" | "offset">, values: Values): number {
  const { name, first } = list.offset;
  const offset = readInteger(values.get(name)?.value, first);
  if (offset === undefined || offset < first) {
    const message = `The parameter ${name} must be an integer of at least ${first}.`;
    throw wrong(list, list.errors.offsetMessage ?? message, list.errors.offset);
  }
  return offset;
}

/** How many records are asked for. */
export function readLimit(list: Pick<EmulatedList, "errors" | "limit">, values: Values): number {
  const limit = readInteger(values.get("limit")?.value, list.limit.default);
  if (limit === undefined || !list.limit.allowed(limit)) {
    throw wrong(list, `The parameter limit must be ${list.limit.rule}.`);
  }
  return limit;
}

/** What is asked for by a parameter that selects; undefined for everything. */
export function readFilter(
  list: Refusing,
  values: Values,
  name: string,
  { allowed }: Pick<Filter, "allowed">,
): string | undefined {
  const value = values.get(name)?.value;
  if (value === undefined) return undefined;
  if (value === "") {
    const code = name === "backup_id" ? list.errors.backupId : undefined;
    throw wrong(list, `The parameter ${name} must not be empty.`, code);
  }
  // The pages' lists of values are exact; GeminiDB page, Table 2, backup_type says so in words.
  if (allowed !== "any" && !allowed.includes(value)) {
    throw wrong(list, `The parameter ${name} must be one of ${allowed.join(", ")}.`);
  }
  return value;
}

/** The pages' type "Integer": digits only, in 32 bits. */
export function readInteger(value: string | undefined, missing: number): number | undefined {
  if (value === undefined) return missing;
  const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
  return Math.abs(number) < 2 ** 31 ? number : undefined;
}

/** A bound of a stretch of time; undefined for none. */
export function readBound(
  list: EmulatedList,
  values: Values,
  name: string,
  rawPlus: "plus" | "space",
): number | undefined {
  const sent = values.get(name);
  // RDS and TaurusDB pages: "When begin_time is not empty, …": an empty bound is one not sent.
  if (sent === undefined || sent.value === "") return undefined;
  const { form, read, hasPlus } = list.window.notation;
  const value = hasPlus && rawPlus === "plus" ? decodeSegment(sent.rawValue) : sent.value;
  const ms = read(value ?? sent.value);
  if (typeof ms === "number") return ms;
  // docs/apis/shared.md, Time filters: to most servers a raw plus is a space; it has to be sent as %2B.
  const isRaw = hasPlus && sent.rawValue.includes("+");
  const plus = isRaw ? " A plus sign in a query string stands for a space." : "";
  const code = ms === "zone" ? list.errors.zone : undefined;
  throw wrong(list, `The parameter ${name} must be ${form}.${plus}`, code);
}

/** The service's own way to refuse a parameter. */
export function wrong(
  list: Refusing,
  message: string,
  code: string = list.errors.parameter,
): Refusal {
  return serviceError(list, { status: 400, code }, message);
}
