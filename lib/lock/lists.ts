import { RawRecord } from "../services/record";
import { Records } from "../services/records";
import { INDENT } from "./format";

const [LINE_FEED, COMMA, OPEN, CLOSE] = [0x0a, 0x2c, 0x7b, 0x7d];
const BEGIN = Buffer.from(`\n      "records": [${INDENT}{`);
const END = Buffer.from('}\n      ],\n      "digest": "sha256-');
// Left over from a merge; no line of a list begins like that.
const MARKERS = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].map((each) =>
  Buffer.from(`\n${each}`),
);

/** The text of a lock without its lists, each of which stands there as `[{"cut": 0}]`. */
export interface Cut {
  readonly text: string;
  /** All between the brackets of each. */
  readonly lists: readonly Buffer[];
}

/**
 * Cuts the lists out of a text as this library writes it: nearly all of it, and none of it is needed before
 * an answer is used. Undefined where no list stands there like that: then the whole text has to be read.
 */
export function cutLists(bytes: Buffer): Cut | undefined {
  if (MARKERS.some((marker) => bytes.includes(marker))) return undefined;
  const lists: Buffer[] = [];
  let text = "";
  let at = 0;
  for (let begin = bytes.indexOf(BEGIN); begin >= 0; begin = bytes.indexOf(BEGIN, at)) {
    const first = begin + BEGIN.length - INDENT.length - 1;
    const last = bytes.indexOf(END, first);
    if (last < 0) return undefined;
    const end = last + "}\n      ".length;
    text += `${bytes.toString("utf8", at, first)}{"cut": ${lists.length}}`;
    lists.push(bytes.subarray(first, end));
    at = end;
  }
  return lists.length > 0 ? { text: text + bytes.toString("utf8", at), lists } : undefined;
}

/** The records of a list that was cut out, where they stand there as they were written. */
export function recordsIn(
  lines: Buffer,
  isRight: (records: Records) => boolean,
): Records | undefined {
  const records = asTheyStand(lines);
  if (records && isRight(records)) return records;
  // What nobody would see stands there by its number.
  if (!lines.includes("\\u")) return undefined;
  try {
    const parsed = Records.of(JSON.parse(`[${lines.toString()}]`) as RawRecord[]);
    return isRight(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function asTheyStand(lines: Buffer): Records | undefined {
  const at: number[] = [];
  const last = lines.length - "\n      ".length;
  for (let begin = 0; begin < last;) {
    const start = begin + INDENT.length;
    begin = lines.indexOf(LINE_FEED, start);
    const end = begin === last ? begin : begin - 1;
    const isLine = lines[start] === OPEN && lines[end - 1] === CLOSE;
    if (!isLine || (begin !== last && lines[end] !== COMMA)) return undefined;
    at.push(0, start, end);
  }
  return Records.within(lines, Uint32Array.from(at));
}
