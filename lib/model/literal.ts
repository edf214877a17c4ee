import { defang } from "./text";
import { toRfc3339 } from "./time";

/** A value that Terraform takes as it is. */
export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };

const WHOLE = Symbol.for("cdktf-backups.literal");

/**
 * A value of ours as Terraform gets it: times in RFC 3339 with `Z`, what is undefined as null, texts
 * without anything that Terraform or cdktf would evaluate. All that is written passes through here.
 */
export function literal(value: unknown): Literal {
  if (typeof value === "string") return defang(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return toRfc3339(value);
  if (Array.isArray(value)) return value.map(literal);
  if (WHOLE in (value as object)) return literal((value as { [WHOLE](): object })[WHOLE]());
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, inner]) => [key, literal(inner)]));
}

/**
 * Makes a public object, or all of a class by its prototype, safe wherever a program puts it: given
 * whole to the framework, which calls `resolve`, or to `JSON.stringify`, it is the literal of what
 * `produce` gives (in JSON without its nulls). Without that either would walk through its fields, as
 * far as the record that the cloud sent, and Terraform would evaluate the texts in it.
 */
export function writtenAs<T extends object>(whole: T, produce: (self: T) => object): T {
  const methods = {
    // Inside of an expression, such as a function's argument, the framework wants a text.
    resolve(this: T, context?: { readonly suppressBraces?: boolean }) {
      const value = literal(produce(this));
      return context?.suppressBraces ? expressionOf(value) : value;
    },
    toJSON(this: T) {
      return toPlain(this);
    },
    [WHOLE](this: T) {
      return produce(this);
    },
  };
  // Not enumerable: a spread must not take them along.
  for (const key of Reflect.ownKeys(methods) as (keyof typeof methods)[]) {
    Object.defineProperty(whole, key, { value: methods[key] });
  }
  return whole;
}

/**
 * The literal of a value without its nulls, as JSON has it: an output of cdktf breaks at a null inside
 * of a plain object.
 */
export function toPlain(value: unknown): Literal {
  return withoutNulls(literal(value));
}

/** The defanged texts in it hold nothing that Terraform evaluates, and JSON escapes as Terraform does. */
function expressionOf(value: Literal): string {
  return `jsondecode(${JSON.stringify(JSON.stringify(value))})`;
}

function withoutNulls(value: Literal): Literal {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const there = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(there.map(([key, inner]) => [key, withoutNulls(inner)]));
}
