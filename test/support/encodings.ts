/** As it stands between the quotes of JSON. */
export const json = (text: string) => JSON.stringify(text).slice(1, -1);
const each = (text: string, to: (code: string, c: string) => string, which = /./gsu) =>
  text.replace(which, (c) => to(c.codePointAt(0)!.toString(16), c));
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** In which ways a server repeats what it was sent. */
export const ENCODINGS: [string, (secret: string) => string][] = [
  ["as it is", (s) => s],
  ["as JSON", json],
  ["as JSON in JSON", (s) => json(json(s))],
  ["as JSON in JSON in JSON", (s) => json(json(json(s)))],
  ["as JSON with slashes escaped", (s) => json(s).replaceAll("/", "\\/")],
  ["with \\u for what is no letter", (s) => each(s, (c) => `\\u${c.padStart(4, "0")}`, /[\W_]/gu)],
  ["with \\u throughout", (s) => each(s, (c) => `\\u${c.padStart(4, "0")}`)],
  ["with \\u in capitals", (s) => each(s, (c) => `\\u${c.padStart(4, "0").toUpperCase()}`)],
  ["with \\u{}", (s) => each(s, (c) => `\\u{${c}}`)],
  ["with \\x", (s) => each(s, (c) => `\\x${c.padStart(2, "0")}`)],
  ["as HTML by names", (s) => each(s, (_, c) => NAMES[c] ?? c)],
  ["as HTML by all names", (s) => each(s, (_, c) => ({ ...NAMES, ...MORE_NAMES })[c] ?? c)],
  ["as HTML by decimals", (s) => each(s, (c) => `&#${parseInt(c, 16)};`)],
  ["as HTML by hex", (s) => each(s, (c) => `&#x${c};`)],
  ["as HTML in HTML", (s) => each(s, (c) => `&amp;#x${c};`)],
  ["as a URL", encodeURIComponent],
  [
    "as a URL in small letters",
    (s) => encodeURIComponent(s).replace(/%../g, (c) => c.toLowerCase()),
  ],
  ["as a URL throughout", (s) => each(s, (c) => `%${c.padStart(2, "0")}`)],
  ["as a URL in a URL", (s) => encodeURIComponent(encodeURIComponent(s))],
  ["as a form", (s) => new URLSearchParams({ s }).toString().slice(2)],
  ["as base64", base64],
  ["as base64 after a letter", (s) => base64(`x${s}`)],
  ["as base64 after two letters", (s) => base64(`xy${s}z`)],
  ["as base64 of user and password", (s) => `Basic ${base64(`user:${s}`)}`],
  ["as base64 in a longer word", (s) => `secret${base64(s)}end`],
  ["as base64 of URLs", (s) => Buffer.from(s).toString("base64url")],
  ["as base64 in base64", (s) => base64(base64(s))],
  ["as base64 of JSON", (s) => base64(JSON.stringify({ s }))],
  ["as base64 in a URL", (s) => encodeURIComponent(base64(s))],
  ["as base64 in lines", (s) => base64(s).replace(/.{10}/g, "$&\r\n")],
  ["as hex", (s) => Buffer.from(s).toString("hex")],
];
const NAMES: { readonly [c: string]: string } = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" },
};
const MORE_NAMES: { readonly [c: string]: string } = {
  ...{ "/": "&sol;", "+": "&plus;", "=": "&equals;", "\\": "&bsol;", "%": "&percnt;" },
};
