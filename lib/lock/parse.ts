import { constants } from "node:buffer";
import { canonical } from "../model/canonical";
import { BackupsError, refusal } from "../model/errors";
import { excerpt, printableJson } from "../model/text";
import { isRecord, RawRecord } from "../services/record";
import { Records } from "../services/records";
import { brokenAt } from "./broken";
import { cutLists, recordsIn } from "./lists";
import {
  entryDigest,
  Lock,
  LOCK_VERSION,
  LockedStack,
  LockEntry,
  stackDigest,
  UNNAMED,
} from "./format";

// Of a text of Node.
const MAX_LENGTH = constants.MAX_STRING_LENGTH;

/**
 * The content of a lock's text, or an error with the line and the way out: whatever was cut off, edited
 * by hand or left over from a merge is refused. `name` is how the user knows it.
 */
export function parseLock(content: string | Buffer, name: string): Lock {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const whole = () => new Reader(textOf(bytes, name), name).read();
  const cut = cutLists(bytes);
  if (!cut) return whole();
  let entries: Lock["entries"] | undefined;
  const entryOf = (key: string) => (entries ??= whole().entries).get(key)!;
  try {
    return new Reader(cut.text, name, (key, value) => uncut(key, value, cut.lists, entryOf)).read();
  } catch (error) {
    // Where in the whole text?
    if (BackupsError.isBackupsError(error)) return whole();
    throw error;
  }
}

function textOf(bytes: Buffer, name: string): string {
  if (bytes.length <= MAX_LENGTH) return bytes.toString().replace(/^\uFEFF/, "");
  throw refusal(
    "LOCK_TOO_LARGE",
    `${name} has ${bytes.length} bytes, and one that is not as this library writes it at most ${MAX_LENGTH}`,
    `Delete it, and run \`CDKTF_BACKUPS_MODE=LIVE npx cdktf synth\`.`,
  );
}

type ReadEntry = (key: string, value: unknown) => LockEntry | undefined;

/**
 * An answer whose records stand elsewhere: they are read, and the digest is checked, when they are used.
 * Where they don't fit as they stand, what the whole text is read as counts.
 */
function uncut(
  key: string,
  value: unknown,
  lists: readonly Buffer[],
  entryOf: (key: string) => LockEntry,
): LockEntry | undefined {
  const entry = readEntry(value);
  const { digest, records } = value as { digest?: unknown; records?: { cut?: number }[] };
  if (!entry || typeof digest !== "string") return undefined;
  const lines = lists[records![0]?.cut ?? -1] ?? Buffer.alloc(0);
  let known: Records | undefined;
  const { label, query, answered, missing } = entry;
  return {
    label,
    query,
    answered,
    missing,
    asRead: { lines: [lines], digest },
    get records() {
      const isRight = (records: Records) => entryDigest(key, entry, records) === digest;
      return (known ??= recordsIn(lines, isRight) ?? entryOf(key).records);
    },
  };
}

class Reader {
  /** @param readUncut Reads an answer where the text has none of the records. */
  constructor(
    private readonly text: string,
    private readonly name: string,
    private readonly readUncut?: ReadEntry,
  ) {}

  public read(): Lock {
    const body = this.parsed();
    if (!isRecord(body)) throw this.invalid(0, "is no JSON object");
    this.checkVersion(body["version"]);
    const stacks = this.entriesOf("stacks", body, (key, value) => {
      const stack = readStack(value);
      return stack && [stack, stackDigest(key, stack)];
    });
    const entries = this.entriesOf("lookups", body, (key, value) => {
      const uncut = this.readUncut?.(key, value);
      // Its digest is checked later.
      if (uncut) return [uncut, (value as RawRecord)["digest"] as string];
      const entry = readEntry(value);
      return entry && [entry, entryDigest(key, entry, entry.records)];
    });
    const unknown = Object.keys(body).find((key) => !TOP_LEVEL.includes(key));
    if (unknown !== undefined) throw this.unreadable(unknown);
    this.refuseTwice();
    return { stacks, entries };
  }

  /** What stands under a key, each with the digest that it must have. */
  private entriesOf<T>(
    name: string,
    body: RawRecord,
    read: (key: string, value: unknown) => [T, string] | undefined,
  ): Map<string, T> {
    const content = body[name];
    if (!isRecord(content)) throw this.invalid(this.positionOf(name, 1), `has no \`${name}\``);
    return new Map(
      Object.entries(content).map(([key, value]) => [key, this.verified(key, value, read)]),
    );
  }

  private verified<T>(
    key: string,
    value: unknown,
    read: (key: string, value: unknown) => [T, string] | undefined,
  ): T {
    try {
      // A formatter may have changed the order of the keys, which changes nothing.
      for (const form of [(as: unknown) => as, canonical]) {
        const [entry, digest] = read(key, form(value)) ?? [];
        if (digest === undefined) throw this.unreadable(key);
        if (digest === (value as RawRecord)["digest"]) return entry as T;
      }
    } catch (error) {
      // Nested without end.
      if (error instanceof RangeError) throw this.unreadable(key);
      throw error;
    }
    const { label } = value as { label?: unknown };
    throw this.invalid(
      this.positionOf(key, 2),
      `was edited: ${excerpt(typeof label === "string" ? label : key, 160)}`,
    );
  }

  private checkVersion(version: unknown): void {
    if (!Number.isSafeInteger(version) || (version as number) < 1) {
      throw this.invalid(this.positionOf("version", 1), "has no version");
    }
    if ((version as number) <= LOCK_VERSION) return;
    throw refusal(
      "LOCK_TOO_NEW",
      `${this.name} is of version ${String(version)}, and this cdktf-backups knows versions up to ${LOCK_VERSION}`,
      "Update cdktf-backups to the version that wrote it.",
    );
  }

  private parsed(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      // No JSON has one, but a text in it may hold what looks like a line to others.
      const marker = /(?<![^\n])(<{7}|={7}|>{7}|\|{7})/.exec(this.text);
      if (marker) throw this.invalid(marker.index, "has the markers of a merge conflict");
      const problem = "is no JSON from there on: it was cut off or edited";
      throw this.invalid(brokenAt(this.text.trimEnd()), problem);
    }
  }

  /**
   * Both sides of a merge may have added the same: the parser would silently take the last one. Looked
   * for as this library writes it; nothing else is merged line by line.
   */
  private refuseTwice(): void {
    if (!/^\{\r?\n {2}"/.test(this.text)) return;
    const seen = new Set<string>();
    const keys = /(?<=\n)( {2}| {4})("(?:[^"\\]|\\.)*"): *[{\d]/g;
    for (const { 1: indent, 2: key, index } of this.text.matchAll(keys)) {
      if (seen.has(indent! + key)) throw this.invalid(index, `has ${excerpt(key!, 80)} twice`);
      seen.add(indent! + key);
    }
  }

  private unreadable(key: string): BackupsError {
    const position = Math.max(this.positionOf(key, 2), this.positionOf(key, 1));
    return this.invalid(position, `can't be read: ${excerpt(key, 80)}`);
  }

  /** Where a key stands, as this library writes it; the begin where it does not. */
  private positionOf(key: string, level: number): number {
    const line = `\n${"  ".repeat(level)}${printableJson(JSON.stringify(key))}:`;
    return this.text.replaceAll("\r\n", " \n").indexOf(line) + 1;
  }

  private invalid(position: number, what: string): BackupsError {
    const line = this.text.slice(0, position).split("\n").length;
    const path = /^[\w./-]+$/.test(this.name) ? this.name : `'${this.name}'`;
    const git = ` (\`git checkout -- ${path}\`; in a conflict, one side: \`git checkout --ours -- ${path}\`)`;
    return refusal(
      "LOCK_INVALID",
      `${this.name}, line ${line}: the lock ${what}`,
      `It is not rebuilt silently. Restore it${this.name === UNNAMED ? "" : git}, or delete it, and run \`CDKTF_BACKUPS_MODE=LIVE npx cdktf synth\`.`,
    );
  }
}

const TOP_LEVEL = ["version", "stacks", "lookups"];

function readStack(value: unknown): LockedStack | undefined {
  const stack = withOnly(value, ["with", "lookups", "decisions", "digest"]);
  if (!stack) return undefined;
  const { with: others, lookups, decisions } = stack;
  const isRight =
    isTexts(others) &&
    isRecord(lookups) &&
    Object.values(lookups).every(isTexts) &&
    isRecord(decisions) &&
    isTexts(Object.values(decisions));
  return isRight ? ({ with: others, lookups, decisions } as unknown as LockedStack) : undefined;
}

function readEntry(value: unknown): LockEntry | undefined {
  const entry = withOnly(value, ["label", "query", "answered", "missing", "records", "digest"]);
  if (!entry) return undefined;
  const { label, query, answered, missing, records } = entry;
  const isRight =
    typeof label === "string" &&
    isRecord(query) &&
    isAnswered(answered) &&
    (missing === undefined || isMissing(missing)) &&
    Array.isArray(records) &&
    records.every(isRecord);
  if (!isRight) return undefined;
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  const read = { label, query, answered, missing, records: Records.inLines(Buffer.from(lines)) };
  return read as unknown as LockEntry;
}

function isAnswered(value: unknown): boolean {
  const answered = withOnly(value, ["at", "as_of", "cloud", "region", "project_id", "host"]);
  if (!answered) return false;
  const { at, as_of: asOf, cloud, region, project_id: project, host } = answered;
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  return (
    isTime(at) &&
    (asOf === undefined || isTime(asOf)) &&
    ["otc", "huaweicloud", "custom"].includes(cloud as string) &&
    [region, project].every(isText) &&
    typeof host === "string"
  );
}

function isTime(value: unknown): boolean {
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(String(value));
  return isWritten && !Number.isNaN(Date.parse(String(value)));
}

function isMissing(value: unknown): boolean {
  const missing = withOnly(value, ["code", "service_code"]);
  const { code, service_code: serviceCode = "" } = missing ?? {};
  return /^[A-Z_]+$/.test(String(code)) && /^[\w.-]{0,64}$/.test(String(serviceCode));
}

function isTexts(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

/** The object, if it has these keys alone. */
function withOnly(value: unknown, keys: string[]): RawRecord | undefined {
  const isRight = isRecord(value) && Object.keys(value).every((key) => keys.includes(key));
  return isRight ? value : undefined;
}
