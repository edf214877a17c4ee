import { isUtf8 } from "node:buffer";
import { BackupsError, errorOf } from "../model/errors";
import type { HttpAnswer } from "./api-errors";

// What is longer is no message, and nothing is looked for in megabytes.
const MAX_LENGTH = 2_000;
// Shorter ones stand in every text.
const MIN_LENGTH = 4;
const MAX_DEPTH = 20;
// Of base64 and hex in one another.
const MAX_NESTED = 3;
const WITHHELD = "*** (withheld: it repeats a secret)";
// What a gateway echoes of a signature.
const SIGNED = /\b(Access|Signature)=[^,\s"&*]+/g;

/** What must never be shown, and what may be shown of texts that could repeat it. */
export class Secrets {
  /** Each with what of it a reading of a text may hold. */
  private readonly known = new Map<string, readonly string[]>();

  public add(secret: string | undefined): void {
    if (secret === undefined || secret.length < MIN_LENGTH) return;
    const forms = [secret, unescapings(secret).at(-1)!];
    this.known.set(
      secret,
      forms.map((form) => withEqualBlanks(withoutEscapeBegun(form))),
    );
  }

  /**
   * The text without any: cut out where it stands as it is. Where it stands there in other words, what
   * else of the text is harmless nobody can tell: nothing of it is shown.
   */
  public redact(text: string): string {
    if (text.length > MAX_LENGTH) return `*** (withheld: ${text.length} characters)`;
    const longestFirst = [...this.known.keys()].sort((a, b) => b.length - a.length);
    const cut = longestFirst
      .reduce((rest, secret) => rest.replaceAll(secret, "***"), text)
      .replace(SIGNED, "$1=***");
    return readings(cut).some((reading) => this.isIn(reading)) ? WITHHELD : cut;
  }

  /** An answer whose texts may be shown: JSON stays what it is, and what is none is never shown. */
  public redactAnswer(answer: HttpAnswer): HttpAnswer {
    const id = answer.headers["x-request-id"];
    const headers = { ...answer.headers, "x-request-id": id && this.redact(id) };
    return { ...answer, headers, text: this.redactJson(answer.text) };
  }

  /** The same of a body alone. */
  public redactJson(text: string): string {
    try {
      return JSON.stringify(this.redactValue(JSON.parse(text)));
    } catch {
      return text;
    }
  }

  /** The same of a parsed one. */
  public redactValue(value: unknown, depth = 0): unknown {
    if (typeof value === "string") return this.redact(value);
    if (typeof value === "number") return this.isIn(String(value)) ? WITHHELD : value;
    if (typeof value !== "object" || value === null) return value;
    if (depth === MAX_DEPTH) return "***";
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item, depth + 1));
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [this.redact(key), this.redactValue(item, depth + 1)]),
    );
  }

  /** An error as it may leave the thread that knows the secrets. */
  public redactError(error: unknown): unknown {
    if (!BackupsError.isBackupsError(error)) return error;
    return errorOf({ ...error.details, what: this.redact(error.details.what) });
  }

  private isIn(reading: string): boolean {
    const text = withEqualBlanks(reading);
    const isThere = (form: string) => text.includes(form);
    return [...this.known.values()].flat().some(isThere) || reading.search(SIGNED) >= 0;
  }
}

/** Without an escape that begins at its end: what stands behind it in a text would complete it to another letter. */
function withoutEscapeBegun(secret: string): string {
  const whole = secret.replace(
    /(\\(u\{?[\da-f]*|x[\da-f]?)?|%[\da-f]?|&(#[\da-fx]*|[a-z]*))$/i,
    "",
  );
  return whole.length < MIN_LENGTH ? secret : whole;
}

/** A form writes a blank as a plus, and its escapes are undone to a mere blank: all are one here. */
function withEqualBlanks(text: string): string {
  return text.replace(/[+\s\b]/g, " ");
}

/** All that a text may stand for: itself, without its escapes, and what its runs of base64 or hex hold. */
function readings(text: string, depth = MAX_NESTED): string[] {
  return unescapings(text).flatMap((each) => [
    each,
    ...(depth > 0 ? decodings(each).flatMap((inner) => readings(inner, depth - 1)) : []),
  ]);
}

/** The text, and the same with its escapes undone once, twice, … until there is none. */
function unescapings(text: string): string[] {
  const all = [text];
  for (let next = unescaped(text); next !== all.at(-1); next = unescaped(next)) all.push(next);
  return all;
}

/** Wherever in a run it begins; a run may be broken into lines, or have other words beside it. */
function decodings(text: string): string[] {
  return [...new Set([text, text.replace(/\s/g, "")])].flatMap((each) => [
    ...startingAt(each.match(/[\w+/-]{6,}/g), 4, "base64"),
    ...startingAt(each.match(/[\da-f]{8,}/gi), 2, "hex"),
  ]);
}

function startingAt(runs: string[] | null, offsets: number, as: "base64" | "hex"): string[] {
  return (runs ?? []).flatMap((run) =>
    Array.from({ length: offsets }, (_, i) => Buffer.from(run.slice(i), as).toString()),
  );
}

// HTML's names of what stands in a secret: the last letter is what each means.
const NAMED = new Map(
  "amp& lt< gt> quot\" apos' excl! num# dollar$ percnt% lpar( rpar) ast* midast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] hat^ lowbar_ underbar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace}"
    .split(" ")
    .map((name) => [name.slice(0, -1), name.slice(-1)]),
);
// Of JSON and programs, of URLs, of HTML.
const ESCAPES =
  /\\u(?:\{([\da-f]{1,6})\}|([\da-f]{4}))|\\x([\da-f]{2})|\\([\\/"'`bfnrt])|((?:%[\da-f]{2})+)|&#x([\da-f]{1,6});?|&#(\d{1,7});?|&([a-z]+);/gi;

/** Each escape in it undone once. Nothing grows, so that it comes to an end. */
function unescaped(text: string): string {
  return text.replace(ESCAPES, (escape: string, ...groups: (string | undefined)[]) => {
    const [braced, four, two, plain, percents, hex, decimal, name] = groups;
    // A blank, of whichever kind: lines of base64 end in them.
    if (plain !== undefined) return /[a-z]/i.test(plain) ? " " : plain;
    if (percents !== undefined) {
      const bytes = Buffer.from(percents.replaceAll("%", ""), "hex");
      return isUtf8(bytes) ? bytes.toString() : bytes.toString("latin1");
    }
    if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? escape;
    const code = decimal ? Number(decimal) : parseInt(braced ?? four ?? two ?? hex ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
  });
}
