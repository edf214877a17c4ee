import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { ENCODINGS } from "./encodings";

/** Secrets by what they are; their letters are those that such a secret can have. */
export const CANARIES = {
  "access key": "CANARYAK01QWERTZUIOP",
  "secret key": "cAnary02/Sk+yxcvbnmasdfghjkl4815162342",
  "security token": "cAnary03StS/tokEn+0987654321poiuztrewq==",
  token: "MIIcAnary04tOken/Qm9yZ+Vyc2Vr0815yZ-end=",
  "issued token": "MIIcAnary05issUed/Wm9yZ+Xyc2Yr4711aB-end=",
  password: 'cAnary06"p\\As/wo+rd %41&é<x>',
  "one-time code": "4938170265",
  "proxy password": "cAnary08prOxy-pass!word",
};

// So much of a secret is no accident, nor so much of it in other words, or where each letter is a word.
const LENGTHS = [8, 12, 40] as const;

const PARTS = new Map(
  Object.entries(CANARIES).flatMap(([name, secret]) =>
    ENCODINGS.flatMap(([how, encode]) =>
      partsOf(secret, encode).map((part) => [part, `${name}, ${how}`] as const),
    ),
  ),
);
const clean = new Set<string>();

function partsOf(secret: string, encode: (text: string) => string): string[] {
  const written = encode(secret);
  const [plain, words, letters] = LENGTHS;
  const length = written === secret ? plain : written.length > 3 * secret.length ? letters : words;
  const count = Math.max(0, written.length - length + 1);
  const parts = Array.from({ length: count }, (_, at) => written.slice(at, at + length));
  // What it has of any text is no secret.
  const other = encode("any other text");
  return parts.filter((part) => !other.includes(part));
}

/** What of the canaries stands in a text, as it is or in other words: "password, as base64". */
export function canariesIn(text: string): string[] {
  // Most of what can be reached is the same each time.
  if (clean.has(text)) return [];
  const found = new Set<string>();
  for (let at = 0; at + LENGTHS[0] <= text.length; at++) {
    for (const length of LENGTHS) {
      const what = PARTS.get(text.slice(at, at + length));
      if (what !== undefined) found.add(what);
    }
  }
  if (found.size === 0) clean.add(text);
  return [...found];
}

/** Texts by where they were found. */
export interface Texts {
  readonly [where: string]: readonly string[];
}

/** Where which canaries are. */
export function leaksIn(texts: Texts): string[] {
  const leaks = Object.entries(texts).flatMap(([where, all]) =>
    all.flatMap(canariesIn).map((what) => `${where}: a part of the ${what}`),
  );
  return [...new Set(leaks)];
}

/** All files of a folder. */
export function filesUnder(folder: string): Texts {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
  return Object.fromEntries(files.map((file) => [file, [readFileSync(file, "utf8")]]));
}

/**
 * All texts that can be reached from an object: keys and values of its own and its prototypes'
 * properties, through getters, maps, sets and symbols, and what it says of itself. Not through functions
 * that would have to be called, nor into the process, whose environment has the secrets.
 */
export function reachable(root: unknown): string[] {
  const { stackTraceLimit } = Error;
  // Thousands of getters throw on the way: their stacks take longer than all the rest.
  Error.stackTraceLimit = 0;
  try {
    return textsOf(root);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function textsOf(root: unknown): string[] {
  const seen = new Set<unknown>([process, globalThis, process.env]);
  const texts = new Set<string>();
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") texts.add(value);
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (!isObject || seen.has(value)) continue;
    seen.add(value);
    for (const saying of sayings(value)) texts.add(saying);
    if (value instanceof Map) open.push(...value.keys(), ...value.values());
    else if (value instanceof Set) open.push(...value);
    else if (ArrayBuffer.isView(value)) texts.add(Buffer.from(value.buffer).toString("latin1"));
    // Each byte of a view is a key of it; all of them are a text by now.
    const first = ArrayBuffer.isView(value) ? Object.getPrototypeOf(value) : value;
    for (let from: object | null = first; from !== null; from = Object.getPrototypeOf(from)) {
      for (const key of Reflect.ownKeys(from)) {
        texts.add(String(key));
        open.push(valueOf(value, key));
      }
    }
  }
  return [...texts];
}

/** What an error shows, whoever looks at it. */
export function shownOf(error: unknown): string[] {
  return [
    String(error),
    inspect(error, { depth: 12, showHidden: true, getters: true }),
    JSON.stringify(error) ?? "",
    ...reachable(error),
  ];
}

function valueOf(object: object, key: string | symbol): unknown {
  try {
    return (object as { [key: string | symbol]: unknown })[key];
  } catch (error) {
    return error;
  }
}

/** Of our own classes: the framework's `toString` makes tokens. */
function sayings(value: object): string[] {
  try {
    const json = (value as { toJSON?: () => unknown }).toJSON;
    return typeof json === "function" ? [JSON.stringify(json.call(value))] : [];
  } catch {
    return [];
  }
}
