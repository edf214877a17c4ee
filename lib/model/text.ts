/**
 * A text of the cloud that is safe to write into a resource, on its own or inside a longer text.
 *
 * Terraform evaluates `${…}` and `%{…}`; cdktf replaces its token markers: `${TfToken[…]}`,
 * `#{TfToken[…]}`, `&{TfToken[…]}`, numbers whose bits encode a token, and two whole strings. Each
 * is broken by a visible `_`. A `{` at the start and a marker's sign at the end are broken as well:
 * two harmless texts must not become a harmful one when a program joins them, trims them, normalises
 * them, or takes white space and what is not ASCII out. A NUL, which fails every apply, is a `_` too.
 */
export function defang(text: string): string {
  if (isPlain(text)) return text;
  const safe = text
    .replace(/\0/g, "_")
    .replace(SIGN_AND_BRACE, "$1_")
    .replace(/^(?=[^!-~]*[{｛﹛])/, "_")
    .replace(/(?<=[$%#&＄％＃＆﹩﹪﹟﹠])(?=[^!-~]*$)/, "_")
    .replace(/^(\s*(String|Any) Map Token Value)(?=\s*$)/, "$1_");
  return holdsTokenNumber(safe) || holdsTokenNumber(safe.replace(/\s/g, ""))
    ? safe.replace(/(?<=[\d.])(?=\s*e)/gi, "_")
    : safe;
}

// ASCII without controls, quotes, backslashes and what could start anything.
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 0x20 && code < 0x7f && !'"\\{$%#&'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Whether a text, as nearly all, needs no closer look. A number whose bits encode a token is beyond 1e289:
 * three digits after an `e`, or hundreds before it.
 */
export function isPlain(text: string): boolean {
  if (text.length >= 190) return false;
  let exponent = -1;
  let hasSpace = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128 || PLAIN[code] === 0) return false;
    if (code === 0x20) hasSpace = true;
    else if ((code | 0x20) === 0x65) exponent = 0;
    else if (exponent >= 0 && code >= 0x30 && code <= 0x39) {
      if (++exponent === 3) return false;
    } else if (code !== 0x2b) exponent = -1;
  }
  return !hasSpace || !/Map Token/i.test(text);
}

/**
 * The same without what ends a text inside of an expression: cdktf's `Fn` writes a text in quotes and
 * escapes neither a quote nor a backslash in it. Visible: `'` and `/` stand in their place.
 */
export function unquoted(text: string): string {
  return text.replace(/"/g, "'").replace(/\\/g, "/");
}

// With what programs are used to take out between the two, and what becomes one by NFKC.
const SIGN_AND_BRACE = /([$%#&＄％＃＆﹩﹪﹟﹠])(?=[^!-~]*[{｛﹛])/g;
// cdktf looks for encoded numbers in every string by this very expression (its `forNumbers`).
const NUMBER_IN_TEXT = /[-|\d|.+]+(e[-|\d|.|e|E|+]+)/g;

function holdsTokenNumber(text: string): boolean {
  return text.match(NUMBER_IN_TEXT)?.some(isTokenNumber) ?? false;
}

/** How many letters differ between two texts, at the least: by one put in, taken out or replaced each. */
export function distance(one: string, other: string): number {
  const [a, b] = [[...one].slice(0, 100), [...other].slice(0, 100)];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((letter, i) => {
    const next = [i + 1];
    b.forEach((against, j) => {
      const replaced = row[j]! + (letter === against ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    });
    row = next;
  });
  return row[b.length]!;
}

/**
 * Those of the names that are most like it, the nearest first.
 * @param farthest How many letters may differ.
 * @param plain What of a name counts.
 */
export function nearest(
  name: string,
  among: readonly string[],
  farthest: number,
  plain = (text: string) => text.toLowerCase(),
): string[] {
  return among
    .map((each) => ({ each, far: distance(plain(each), plain(name)) }))
    .filter(({ far }) => far <= farthest)
    .sort((a, b) => a.far - b.far)
    .map(({ each }) => each);
}

/** Whether cdktf would take the number for one of its tokens, were it written after a minus. */
function isTokenNumber(text: string): boolean {
  const bits = new DataView(new ArrayBuffer(8));
  return [text, text.replace(/^[^\d.]+/, "")].some((candidate) => {
    bits.setFloat64(0, -Math.abs(parseFloat(candidate)));
    return bits.getUint16(0) === 0xfdff;
  });
}

/** Whether the text holds what Terraform fills in at deploy, so that it isn't known at synthesis. */
export function isKnownOnlyAtDeploy(text: string): boolean {
  return /[$#&]\{TfToken\[|\$\{|%\{/.test(text);
}

// What a terminal acts upon, what turns the text round it, and what nobody sees.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text as people may be shown it, on one line: controls and line breaks are a space, and whatever
 * else is unseen stands there by its number. All that the library tells passes through here.
 */
export function printable(text: string): string {
  // Nearly all texts; the classes below take a millisecond to be made.
  if (/^[ -~]*$/.test(text)) return text;
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(UNSEEN, (unseen) => `\\u{${unseen.codePointAt(0)!.toString(16)}}`);
}

/** The same of JSON, whose own line breaks stay: what was unseen in a text of it reads back as it was. */
export function printableJson(json: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(UNSEEN, (unseen) =>
    unseen === "\n" ? unseen : unseen.split("").map(escape).join(""),
  );
}

/** The start of a text, on one line, for a message. */
export function excerpt(text: string, length = 200): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  // Not half a character at its end.
  return line.length > length ? `${line.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

/** Whatever a program gave, for a message; of an object nothing but what it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.trim() === "" ? value.slice(0, 20) : excerpt(value, 80));
  }
  if (typeof value === "function") return "a function";
  if (typeof value === "number" && isTokenNumber(String(value))) {
    return "a number that Terraform knows only at deploy";
  }
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (Object.prototype.toString.call(value) === "[object Date]")
    return isNaN((value as Date).getTime()) ? "no valid Date" : (value as Date).toISOString();
  const { toMilliseconds, toString } = value as { toMilliseconds?: unknown; toString?: unknown };
  if (typeof toMilliseconds === "function" && typeof toString === "function") return String(value);
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof name !== "string" || name === "Object" || !/^\w+$/.test(name)) return "an object";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

/** What the body of an answer is, where nothing of it may be shown: a secret may be echoed anywhere in it. */
export function kindOf(body: string): string {
  if (body.trim() === "") return "an empty body";
  const kind = /^\s*</.test(body) ? "HTML or XML" : /^\s*[[{]/.test(body) ? "JSON" : "a text";
  return `${kind} of ${body.length} characters`;
}

/** Percent-encoded by RFC 3986: all but letters, digits and `-._~`. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
