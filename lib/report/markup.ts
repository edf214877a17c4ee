import { printable } from "../model/text";

/** Text of HTML or SVG that is safe as it stands. */
export class Markup {
  constructor(private readonly text: string) {}

  public toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/**
 * Markup out of a template. What is put into it is text, unless it is markup itself: printable, and
 * escaped for elements and for attributes in double quotes. Nothing else may be done with a name of
 * the cloud, so no template has a part outside of these two places.
 */
export function markup(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(texts.reduce((all, text, i) => all + written(parts[i - 1]) + text));
}

const NAMES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function written(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.toString();
  if (typeof part === "object") return part.map(written).join("");
  const text = printable(String(part));
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (each) => NAMES[each]!) : text;
}

/** How much it is in a file. */
export function bytesOf(text: Markup): number {
  return Buffer.byteLength(text.toString());
}

/** JSON that can stand in a `script` element: nothing in it ends the element, or a line. */
export function inlineJson(value: unknown): Markup {
  const escape = (each: string) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return new Markup(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escape));
}
