import { MAX_DEPTH, weightOf } from "../model/canonical";
import { BackupsError, refusal } from "../model/errors";
import { excerpt, kindOf } from "../model/text";
import { isRecord, RawRecord } from "./record";

/** How one API cuts its list into pages. */
export interface Paging {
  /** The parameter that says where a page starts: a record's index everywhere. */
  readonly parameter: "offset" | "start";
  /** The index of the first record. */
  readonly first: 0 | 1;
  /** The largest page that the API's page allows. */
  readonly size: number;
  /** The key of the list. */
  readonly records: string;
  /** The key of the total. */
  readonly total: string;
  /** What the total counts: all pages, by the page of the API; or, ambiguous, all or this one. */
  readonly totals: "all" | "ambiguous";
  /** The key of a record's id. */
  readonly id: string;
  /** A second key, where only both together tell records apart. */
  readonly idWith?: string;
  /** Whether the call has no pages: one answer holds all. */
  readonly isSingle?: boolean;
  /** Whether its answer is no list but the one record itself. */
  readonly isObject?: boolean;
  /** Whether the call takes no `limit`. */
  readonly isWithoutLimit?: boolean;
}

/** A page as it was read. */
export interface Page {
  readonly records: RawRecord[];
  readonly ids: string[];
  /** Undefined where it is missing or no count. */
  readonly total?: number;
  /** What it takes in memory, roughly: as text and parsed. */
  readonly bytes: number;
}

/** Asks for the page that starts `index` records into the list; `left` pages, with it, are still to come. */
export type FetchPage = (index: number, attempt: number, left: number) => Promise<Page>;

/** How often a list is read before it counts as one that will not settle. */
export const MAX_ATTEMPTS = 5;
/** No instance has more; a list that goes on is one that never ends. */
export const MAX_RECORDS = 250_000;
/**
 * All readings of a list together. A server that gives one record a page would otherwise be asked a
 * hundred thousand times.
 */
export const MAX_PAGES = 5_000;

// DCS's documented default, TaurusDB's smallest page: a cap that a server may have does not undercut it.
const SMALLEST_CAP = 10;
// Of one list at first, and as many again once that many have fitted: more would only be asked in vain where
// one does not.
const SIDE_BY_SIDE = 8;

/**
 * Reads a whole list, or throws: never a short one.
 *
 * A list can move while it is read. Totals that change, records that come twice and records that are
 * missing tell so; then all is read again. Returns the attempt whose pages are the list.
 */
export async function readAll(
  paging: Paging,
  fetch: FetchPage,
  { attempts, pages } = { attempts: MAX_ATTEMPTS, pages: MAX_PAGES },
): Promise<number> {
  const reader = new Reader(paging, fetch, pages);
  let reason = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    reason = (await reader.read(attempt)) ?? "";
    if (reason === "") return attempt;
  }
  throw refusal(
    "LIST_DID_NOT_SETTLE",
    `the list was read ${attempts} times and never fitted together (${reason})`,
    "Backups may be changing at this moment: run again. If it stays, narrow the window with `within`, and report the service's answers to its support: its pages do not add up.",
  );
}

/**
 * Reads a list once. `read` returns why what it got can't be the whole list, or undefined.
 *
 * Each page starts with the last record of the page before: if it isn't there, the list has moved.
 * Nothing else would tell: where one backup goes and another comes, the total stays what it was.
 *
 * The list ends where the service shows that nothing follows. A total that is too low, or the page's
 * own, is no end: a page as long as others were may be cut off, so the one after it is asked for.
 */
class Reader {
  private readonly seen = new Set<string>();
  private attempt = 0;
  private received = 0;
  private longest = 0;
  private pages = 0;

  constructor(
    private readonly paging: Paging,
    private readonly fetch: FetchPage,
    private readonly maxPages: number,
  ) {}

  public async read(attempt: number): Promise<string | undefined> {
    this.seen.clear();
    [this.attempt, this.received, this.longest] = [attempt, 0, 0];
    const first = await this.page(0);
    const { length } = first.records;
    if (this.paging.isSingle || this.isWhole(first)) return undefined;
    if (length === 0) {
      return first.total ? `a total of ${first.total}, but no record on the first page` : undefined;
    }
    if (first.total === undefined || first.total <= length) return this.walk(first);
    // Where the pages side by side never fit together, go by the records that were received.
    const sideBySide = attempt < 3 && length > 1;
    return sideBySide ? this.remaining(first, first.total) : this.walk(first, first.total);
  }

  /** Whether a first page is known to be all there is: no cap can have cut it to its total. */
  private isWhole({ records, total }: Page): boolean {
    const { size, totals } = this.paging;
    if (records.length !== total || total >= size) return false;
    return total < SMALLEST_CAP || (totals === "all" && !mayBeCap(total, size));
  }

  /** The total exceeds a page, so it counts them all: the other pages can be asked for side by side. */
  private async remaining(first: Page, total: number): Promise<string | undefined> {
    const step = first.records.length - 1;
    this.bound(total, Math.ceil(total / step));
    const count = Math.ceil((total - 1) / step);
    const pages = [first];
    let next = 1;
    let left = count - 1;
    let fitting = 0;
    const lanes = () => Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    const lane = async (): Promise<void> => {
      let others: Promise<unknown> | undefined;
      while (next < count) {
        const i = next++;
        const page = await this.page(i * step, 1, left);
        pages[i] = page;
        left--;
        // What moved is read again anyway.
        if (page.total !== total || page.ids[0] === undefined) next = count;
        else if (++fitting === SIDE_BY_SIDE) {
          others = lanes();
          // Where this one fails, nobody waits for them any more.
          others.catch(() => undefined);
        }
      }
      await others;
    };
    await lanes().catch((error) => {
      next = count;
      throw error;
    });
    for (let i = 1; i < count; i++) {
      // Those that were not asked for come after the one that stopped them.
      const page = pages[i]!;
      const last = pages[i - 1]!.ids[step];
      if (page.total !== total) return moved(total, page.total);
      if (last === undefined) return `a total of ${total}, but no record ${i * step + 1}`;
      if (page.ids[0] !== last) return shifted(i * step, last, page);
    }
    return this.seen.size === this.received ? this.walk(pages[count - 1]!, total) : TWICE;
  }

  /** On from a page by the records received, until nothing follows. */
  private async walk(from: Page, total?: number): Promise<string | undefined> {
    let previous = from;
    let overlap = 1;
    while (!this.isEnd(previous, total)) {
      const known = this.seen.size;
      const index = this.received - overlap;
      const page = await this.page(index, overlap);
      if (total !== undefined && page.total !== total) return moved(total, page.total);
      const last = previous.ids.at(-1);
      // Where a page has room for one record only, the one before is asked for on its own: a list that got
      // shorter ends too early as well.
      const again = overlap === 1 ? page : await this.page(index - 1, 1);
      if (again.ids[0] !== last) return shifted(index - 1 + overlap, last, again);
      if (page.records.length === 0) break;
      const added = this.seen.size - known;
      if (added !== page.records.length - overlap) return TWICE;
      if (added > 0) {
        previous = page;
        overlap = 1;
      } else if (previous.records.length > 1) {
        break;
      } else {
        // Where a page holds a single record, the one asked for again leaves no room for a next one.
        overlap = 0;
      }
    }
    const found = this.seen.size;
    return total === undefined || found >= total
      ? undefined
      : `a total of ${total}, but ${found} different records`;
  }

  /** Whether a page that completes the total is shorter than others were: what follows had room on it. */
  private isEnd({ records }: Page, total: number | undefined): boolean {
    return this.seen.size === total && records.length < this.longest;
  }

  private async page(index: number, overlap = 0, left = 1): Promise<Page> {
    const page = await this.fetch(index, this.attempt, left);
    const { length } = page.records;
    for (const id of page.ids) this.seen.add(id);
    this.received += length - Math.min(overlap, length);
    this.longest = Math.max(this.longest, length);
    this.bound(this.received, ++this.pages);
    return page;
  }

  private bound(records: number, pages: number): void {
    if (records <= MAX_RECORDS && pages <= this.maxPages) return;
    throw refusal(
      "LIST_TOO_LONG",
      records > MAX_RECORDS
        ? `the list has more than ${MAX_RECORDS} backups`
        : `the list takes more than ${this.maxPages} pages to read`,
      "Ask for less: narrow the window with `within`, or the instance.",
    );
  }
}

const TWICE = "a record that was on two pages";

/** Whether a server may cut its pages at so many records: nobody does at 26. */
function mayBeCap(length: number, size: number): boolean {
  return length % 5 === 0 || length % 8 === 0 || length === size - 1;
}

function moved(was: number, is: number | undefined): string {
  return `a total of ${was}, and then of ${is ?? "nothing readable"}`;
}

function shifted(index: number, was: string | undefined, page: Page): string {
  // Cut, what is left of a secret that was echoed could no longer be told.
  const [before, now] = [was, page.ids[0]].map((id = "none") =>
    id.length > 64 ? `an id of ${id.length} characters` : id,
  );
  return `record ${index + 1} was ${before}, and then ${now}`;
}

/** What of a value may be shown: an answer may echo a secret. */
export type Redact = (value: unknown) => unknown;

/** A page out of the text of an answer. Its ids are trimmed, as a reader of the list will see them. */
export function parsePage(text: string, paging: Paging, redact: Redact = (value) => value): Page {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badAnswer("is not JSON", kindOf(text));
  }
  if (!isRecord(body)) throw badAnswer("is not an object", kindOf(text));
  // Some gateways answer an error with status 200.
  for (const key of ["error_code", "errCode"]) {
    if (valueOf(body, key))
      throw badAnswer(`carries \`${key}\``, String(redact(problemIn(body, key))));
  }
  const total = countOf(valueOf(body, paging.total));
  const found = paging.isObject ? [body] : valueOf(body, paging.records);
  const list = found ?? (total === 0 ? [] : undefined);
  if (!Array.isArray(list)) throw badAnswer(`has no list \`${paging.records}\``, kindOf(text));
  const weight = weightOf(list);
  if (weight === Infinity)
    throw badAnswer(`is nested deeper than ${MAX_DEPTH} levels`, kindOf(text));
  const ids = list.map((record) => idOf(record, paging, redact));
  // Merged, the one that is read last would win: perhaps the state of another moment.
  const twice = paging.idWith === undefined ? repeated(ids) : undefined;
  if (twice !== undefined) {
    const id = excerpt(String(redact(twice)), 60);
    throw badAnswer(`has two records of the ${paging.id} "${id}"`, kindOf(text));
  }
  return { records: list as RawRecord[], ids, total, bytes: Buffer.byteLength(text) + weight };
}

function repeated(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}

/** By what a record is told from others; trimmed. */
export function idOf(record: unknown, paging: Paging, redact: Redact = (value) => value): string {
  const wrong = (problem: string) => badAnswer(problem, JSON.stringify(redact(record)));
  if (!isRecord(record)) throw wrong("has a record that is no object");
  return [paging.id, ...(paging.idWith === undefined ? [] : [paging.idWith])]
    .map((key) => {
      const id = valueOf(record, key);
      const text = typeof id === "string" || typeof id === "number" ? String(id).trim() : "";
      if (typeof id === "number" && !Number.isSafeInteger(id)) {
        throw wrong(
          `has a record whose \`${key}\` is a number that can't be read to its last digit`,
        );
      }
      if (text !== "") return text;
      throw wrong(`has a record without \`${key}\``);
    })
    .join(" ");
}

/** The fields of an error that are known. */
function problemIn(body: RawRecord, code: string): string {
  const fields = [code, "error_msg", "externalMessage"].map((key) => valueOf(body, key));
  return fields.filter((each) => typeof each === "string").join(" ");
}

/** Published samples have keys with a space at the end. */
function valueOf(record: RawRecord, key: string): unknown {
  if (Object.hasOwn(record, key)) return record[key];
  const stray = Object.keys(record).find((name) => name.trim() === key);
  return stray === undefined ? undefined : record[stray];
}

function countOf(value: unknown): number | undefined {
  const count = typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}

/** An answer that is not what the page of the API says. */
export function badAnswer(problem: string, shown: string): BackupsError {
  return refusal(
    "BAD_ANSWER",
    `the answer ${problem}: ${excerpt(shown, 300)}`,
    "Check that the endpoint is the service's own (a proxy's login page looks like this), then report it to the service's support.",
  );
}
