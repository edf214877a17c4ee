import type { RawRecords } from "../model/backup";
import { canonical } from "../model/canonical";
import { refusal } from "../model/errors";
import { withoutLevel } from "./level";
import { RawRecord } from "./record";

const LINE_FEED = 10;
const COMMA = 44;

/**
 * The records of a list as canonical JSON, a line each: text in memory beside the heap, which is
 * parsed where it is read.
 */
export class Records implements RawRecords {
  /** Lines that are joined by line feeds. */
  public static inLines(bytes: Uint8Array): Records {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at: number[] = [];
    for (let start = 0; start < piece.length;) {
      const next = piece.indexOf(LINE_FEED, start);
      const end = next < 0 ? piece.length : next;
      at.push(0, start, end);
      start = end + 1;
    }
    return new Records([piece], Uint32Array.from(at));
  }

  /** Pieces of a text, by where each record begins and ends in it. */
  public static within(text: Buffer, at: Uint32Array): Records {
    return new Records([text], at);
  }

  /** Each with its keys in order. */
  public static of(records: readonly RawRecord[]): Records {
    return Records.inLines(linesOf(records));
  }

  /** Some of several lists, in this order. */
  public static picked(picks: readonly { records: Records; index: number }[]): Records {
    const pieces = new Map<Buffer, number>();
    const at = new Uint32Array(picks.length * 3);
    picks.forEach(({ records, index }, i) => {
      const piece = records.pieces[records.at[3 * index]!]!;
      const known = pieces.get(piece) ?? pieces.size;
      pieces.set(piece, known);
      at.set([known, records.at[3 * index + 1]!, records.at[3 * index + 2]!], 3 * i);
    });
    const picked = new Records([...pieces.keys()], at);
    if (picks.every(({ records }) => records.items)) {
      picked.items = picks.map(({ records, index }) => records.items![index]);
    }
    return picked;
  }

  /** What they were decoded to, one for one, as long as somebody keeps it. */
  public items?: readonly unknown[];

  /** @param at Of each the number of its piece, its begin and its end there. */
  private constructor(
    private readonly pieces: readonly Buffer[],
    private readonly at: Uint32Array,
  ) {}

  public get length(): number {
    return this.at.length / 3;
  }

  /** How many bytes their lines have. */
  public get byteLength(): number {
    let bytes = 0;
    for (let i = 0; i < this.at.length; i += 3) bytes += this.at[i + 2]! - this.at[i + 1]!;
    return bytes;
  }

  /** All of them, parsed; `LOCK_INVALID` where a file holds what is none, with the right digest. */
  public all(): RawRecord[] {
    try {
      return JSON.parse(`[${this.joined(Buffer.of(COMMA)).toString()}]`) as RawRecord[];
    } catch {
      throw refusal(
        "LOCK_INVALID",
        "an answer in the lock has records that are no JSON, although its digest is right",
        "Somebody made it so: look at the file's history, restore it, and run `CDKTF_BACKUPS_MODE=LIVE npx cdktf synth`.",
      );
    }
  }

  /** As it was sent, without the mark of its list. */
  public rawAt(index: number): RawRecord {
    const [piece, start, end] = this.at.subarray(3 * index, 3 * index + 3);
    return withoutLevel(JSON.parse(this.pieces[piece!]!.toString("utf8", start, end)) as RawRecord);
  }

  /** Their lines, with this between each two. */
  public joined(separator: Uint8Array = Buffer.of(LINE_FEED)): Buffer {
    const { at, length, pieces } = this;
    const gaps = Math.max(0, length - 1) * separator.length;
    const bytes = Buffer.allocUnsafeSlow(this.byteLength + gaps);
    let end = 0;
    for (let i = 0; i < at.length; i += 3) {
      if (i > 0) {
        bytes.set(separator, end);
        end += separator.length;
      }
      end += pieces[at[i]!]!.copy(bytes, end, at[i + 1]!, at[i + 2]!);
    }
    return bytes;
  }
}

/** Canonical JSON, a line each, in memory of its own: it can be handed to another thread. */
export function linesOf(records: readonly RawRecord[]): Uint8Array {
  const lines = records.map((record) => JSON.stringify(canonical(record)));
  return new TextEncoder().encode(lines.join("\n"));
}
