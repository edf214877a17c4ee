import { Duration } from "./duration";
import { ErrorCode } from "./error-codes";
import { refusal } from "./errors";
import { BackupService } from "./service";
import { isKnownOnlyAtDeploy, nearest, shown } from "./text";

/** What a value may be. Programs without types are not held to it by the compiler. */
export interface Check<T> {
  readonly code: ErrorCode;
  /** "a Duration, such as Duration.hours(26)". */
  readonly allowed: string;
  is(value: unknown): value is T;
  /** What each item of a list or value of a map may be. */
  readonly each?: Check<any>;
  /** What the properties of a struct may be. */
  readonly shape?: AnyShape;
  /** Whether nothing of it may be shown. */
  readonly isSecret?: boolean;
}

/** What has to be given. */
interface Needed<T> extends Check<T> {
  readonly isRequired: true;
}

/** Each property of a struct and what it may be: the compiler names one that is left out. */
export type Shape<P> = {
  readonly [K in keyof P]-?: object extends Pick<P, K>
    ? Check<NonNullable<P[K]>> & { readonly isRequired?: never }
    : Needed<P[K]>;
};

type AnyShape = { readonly [property: string]: Check<any> };

/** Whose value it is: a construct's, by its path, or one of a function, by its name. */
interface Place {
  readonly constructPath?: string;
  readonly source?: string;
}

const check = <T>(
  allowed: string,
  is: (value: unknown) => boolean,
  code: ErrorCode = "INVALID_PROPERTY",
): Check<T> => ({ code, allowed, is: is as Check<T>["is"] });

const YEAR_10000 = Date.UTC(10_000, 0);

/** Looked at where it is known what it means; there whatever a program may give is refused by its own code. */
export const OWN_CHECK: Check<any> = check("", () => true);

export const FLAG = check<boolean>("true or false", (value) => typeof value === "boolean");

/** One that Terraform may fill in at deploy. */
export const ANY_TEXT = check<string>("a text", (value) => typeof value === "string");

export const TEXT = check<string>(
  "a text that is not blank and known at synthesis",
  (value) => typeof value === "string" && value.trim() !== "" && !isKnownOnlyAtDeploy(value),
);

export const DURATION = check<Duration>(
  "a Duration, such as Duration.hours(26)",
  (value) => lengthMs(value) >= 0,
  "INVALID_DURATION",
);

/** A lock has four digits for a year, and could not be read with another. */
export const DATE = check<Date>(
  'a Date from 1970 on, such as new Date("2026-01-31T04:00:00Z")',
  (value) => isDate(value) && value.getTime() >= 0 && value.getTime() < YEAR_10000,
  "INVALID_TIME",
);

export const ANY_NUMBER = check<number>("a number", (value) => typeof value === "number");

export const ANY_DATE = check<Date>("a Date", isDate, "INVALID_TIME");

export const SIZE = check<number>(
  "a number of bytes from 0",
  (value) => Number.isFinite(value) && (value as number) >= 0,
  "INVALID_SIZE",
);

/** A number of things. A number that encodes a token of the framework is negative, and no safe integer. */
export function whole(from: number, to = Number.MAX_SAFE_INTEGER): Check<number> {
  const upTo = to === Number.MAX_SAFE_INTEGER ? "" : ` to ${to}`;
  return check(
    `a whole number from ${from}${upTo}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
  );
}

/** A value of an enum. */
export function oneOf<E extends string>(name: string, values: { [key: string]: E }): Check<E> {
  const all: unknown[] = Object.values(values);
  const told = all.map((each) => JSON.stringify(each)).join(", ");
  return check(`a value of ${name} (${told})`, (value) => all.includes(value));
}

export const SERVICE = by("INVALID_SERVICE", oneOf("BackupService", BackupService));

export function listOf<T>(each: Check<T>): Check<T[]> {
  const allowed = each.allowed === "" ? "a list" : `a list, each item of which is ${each.allowed}`;
  return { ...check(allowed, Array.isArray), each };
}

export function mapOf<T>(each: Check<T>): Check<{ readonly [name: string]: T }> {
  return { ...check("an object of names and values", isStruct), each };
}

export function struct<P>(shape: Shape<P>): Check<P> {
  const names = Object.keys(shape).join(", ");
  return { ...check(`an object with ${names}`, isStruct), shape: shape as AnyShape };
}

/** What has these methods, whoever wrote it. */
export function withMethods<T>(...methods: (keyof T & string)[]): Check<T> {
  return check(
    `an object with ${methods.map((name) => `a method \`${name}\``).join(" and ")}`,
    (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((name) => typeof (value as any)[name] === "function"),
  );
}

/** An object of one of the library's own classes, whichever copy of the library made it. */
export function made<T>(name: string, how = ""): Check<T> {
  const brand = brandOf(name);
  return check(
    `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}${how}`,
    (value) => typeof value === "object" && value !== null && brand in value,
  );
}

/** The same, refused by another code. */
export function by<T>(code: ErrorCode, given: Check<T>): Check<T> {
  return { ...given, code };
}

export function required<T>(given: Check<T>): Needed<T> {
  return { ...given, isRequired: true };
}

export function secret<T>(given: Check<T>): Check<T> {
  return { ...given, isSecret: true };
}

/** Makes the objects of a class known to all copies of the library. */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, brandOf(name), { value: true });
}

function brandOf(name: string): symbol {
  return Symbol.for(`cdktf-backups.${name}`);
}

const declared = new WeakMap<object, { readonly name: string; readonly shape: AnyShape }>();

/** Says what the properties of a construct may be. It is branded as well. */
export function declareProps<P>(
  type: { readonly prototype: object },
  name: string,
  shape: Shape<P>,
): void {
  brand(type, name);
  declared.set(type, { name, shape: shape as AnyShape });
}

/**
 * The properties of a construct, or an error. A class of the program's own may have properties of its own: of
 * those the names are not looked at.
 * @param target `new.target`
 * @param besides Names that are looked at elsewhere.
 */
export function checkedProps<P extends object>(
  target: object,
  props: P | undefined,
  constructPath: string,
  besides?: ReadonlySet<string>,
): P {
  let type = target;
  while (!declared.has(type)) type = Object.getPrototypeOf(type);
  const { name, shape } = declared.get(type)!;
  const place = { constructPath };
  const given = objectOf(props, `the properties of ${name} are`, place);
  if (type === target) checkNames(given, name, shape, place, besides);
  checkValues(given, "", shape, place);
  return given as P;
}

/** The options of a function, or an error. */
export function checkedOptions<P extends object>(
  source: string,
  options: P | undefined,
  shape: Shape<P>,
): P {
  const place = { source };
  const given = objectOf(options, "the options are", place);
  checkNames(given, source, shape as AnyShape, place);
  checkValues(given, "", shape as AnyShape, place);
  return given as P;
}

/** One value, or an error. */
export function checkedValue<T>(name: string, value: unknown, given: Check<T>, place: Place): T {
  const isMissing = value === undefined;
  if (isMissing && !("isRequired" in given)) return value as T;
  if (isMissing || !given.is(value)) {
    const is = isMissing ? "missing" : given.isSecret ? kindOf(value) : shown(value);
    throw invalid(given.code, `${name} is ${is}`, `Allowed is ${given.allowed}.`, place);
  }
  const { each, shape } = given;
  if (each && Array.isArray(value)) {
    // A hole is `undefined`, which no list may have.
    const item = required(each);
    Array.from(value, (one, i) => checkedValue(`${name}[${i}]`, one, item, place));
  } else if (each) {
    for (const [key, one] of Object.entries(value as object)) {
      checkedValue(`${name}.${shownName(key)}`, one, each, place);
    }
  }
  if (shape) {
    checkNames(value as object, name, shape, place);
    checkValues(value as object, `${name}.`, shape, place);
  }
  return value;
}

function checkValues(given: object, prefix: string, shape: AnyShape, place: Place): void {
  for (const [name, each] of Object.entries(shape)) {
    checkedValue(prefix + name, (given as any)[name], each, place);
  }
}

function checkNames(
  given: object,
  owner: string,
  shape: AnyShape,
  place: Place,
  besides?: ReadonlySet<string>,
): void {
  for (const [name, value] of Object.entries(given)) {
    // Through jsii what is left out may be there as undefined.
    if (value === undefined || Object.hasOwn(shape, name) || besides?.has(name)) continue;
    const what = `${shownName(name)} is no property of ${owner}`;
    throw invalid("INVALID_PROPERTY", what, adviceOn(name, Object.keys(shape)), place);
  }
}

/** Which names there are, and which of them may have been meant. */
export function adviceOn(name: string, names: readonly string[]): string {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const [meant] = nearest(name, names, Math.max(1, name.length / 3), letters);
  return `${meant === undefined ? "" : `Did you mean ${meant}? `}Allowed: ${names.join(", ")}.`;
}

/** A property's name; what is no word may be a secret in the wrong place. */
export function shownName(name: string): string {
  return /^[A-Za-z_-]{1,40}$/.test(name) ? name : `(a name of ${name.length} characters)`;
}

function objectOf(value: unknown, what: string, place: Place): object {
  if (value === undefined) return {};
  if (isStruct(value)) return value as object;
  // A text in their place may be the secret that one of them is.
  throw invalid("INVALID_PROPERTY", `${what} ${kindOf(value)}`, "Allowed is an object.", place);
}

/** What a value is, where nothing of it may be shown. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

/** An object, but none that has its content elsewhere than in properties: a list, a Map, a Date. */
export function isStruct(value: unknown): boolean {
  // A namespace of an ES module holds its settings as an object does.
  return ["[object Object]", "[object Module]"].includes(Object.prototype.toString.call(value));
}

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

/** NaN for what is no Duration, of whichever copy of the library. */
export function lengthMs(value: unknown): number {
  const given = value as Partial<Duration> | null | undefined;
  const length = typeof given?.toMilliseconds === "function" && given.toMilliseconds();
  return typeof length === "number" ? length : NaN;
}

function invalid(code: ErrorCode, what: string, advice: string, { constructPath, source }: Place) {
  return refusal(code, source ? `${source}: ${what}` : what, advice, { constructPath });
}
