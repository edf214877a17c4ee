import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
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
  /**
   * What the total counts. `all`: all pages, as a published sample shows. `likely`: all pages, but
   * no sample shows it. `ambiguous`: all pages or this one.
   */
  readonly totals: "all" | "likely" | "ambiguous";
  /** The key of a record's id. */
  readonly id: string;
  /** A second key, where only both together tell records apart. */
  readonly idWith?: string;
  /** Whether the call has no pages: one answer holds all. */
  readonly isSingle?: boolean;
  /** Whether the call takes no `limit`. */
  readonly isWithoutLimit?: boolean;
}

/** A page as it was read. */
export interface Page {
  readonly records: RawRecord[];
  readonly ids: string[];
  /** Undefined where it is missing or no count. */
  readonly total?: number;
}

/** Asks for the page that starts `index` records into the list. */
export type FetchPage = (index: number, attempt: number) => Promise<Page>;

/** How often a list is read before it counts as one that will not settle. */
export const MAX_ATTEMPTS = 5;
/** No instance has more; a list that goes on is one that never ends. */
export const MAX_RECORDS = 250_000;
/** A server that gives one record a page would otherwise be asked a hundred thousand times. */
export const MAX_PAGES = 5_000;

// DCS's documented default: a cap that a server may have does not undercut it.
const SMALLEST_CAP = 10;

/**
 * Reads a whole list, or throws: never a short one.
 *
 * A list can move while it is read. Totals that change, records that come twice and records that are
 * missing tell so; then all is read again. Returns the attempt whose pages are the list.
 */
export async function readAll(paging: Paging, fetch: FetchPage): Promise<number> {
  let reason = "";
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const reader = new Reader(paging, (index) => fetch(index, attempt));
    // Where the pages side by side never fit together, go by the records that were received.
    reason = (await reader.read(attempt < 3)) ?? "";
    if (reason === "") return attempt;
  }
  throw refusal(
    "LIST_DID_NOT_SETTLE",
    `the list was read ${MAX_ATTEMPTS} times and never fitted together (${reason})`,
    "Backups may be changing at this moment: run again. If it stays, narrow the window with `within`, and report the service's answers to its support: its pages do not add up.",
  );
}

/**
 * Reads a list once. `read` returns why what it got can't be the whole list, or undefined.
 *
 * Each page starts with the last record of the page before: if it isn't there, the list has moved.
 * Nothing else would tell: where one backup goes and another comes, the total stays what it was.
 */
class Reader {
  private readonly seen = new Set<string>();
  private received = 0;
  private pages = 0;

  constructor(
    private readonly paging: Paging,
    private readonly fetch: (index: number) => Promise<Page>,
  ) {}

  public async read(sideBySide: boolean): Promise<string | undefined> {
    const first = await this.page(0);
    if (this.paging.isSingle) return undefined;
    const length = first.records.length;
    if (length === 0) return this.emptyFirstPage(first.total);
    const { total } = first;
    if (total !== undefined && total > length) {
      return sideBySide && length > 1 ? this.remaining(first, total) : this.walk(first, total);
    }
    if (total === length && this.isWhole(length)) return undefined;
    return this.walk(first);
  }

  private emptyFirstPage(total: number | undefined): string | undefined {
    return total ? `a total of ${total}, but no record on the first page` : undefined;
  }

  /** Whether a first page whose length is the total is known to be all there is. */
  private isWhole(length: number): boolean {
    switch (this.paging.totals) {
      case "all":
        return true;
      case "likely":
        return length < this.paging.size;
      case "ambiguous":
        return length < SMALLEST_CAP;
    }
  }

  /** The total exceeds a page, so it counts them all: the other pages can be asked for at once. */
  private async remaining(first: Page, total: number): Promise<string | undefined> {
    const step = first.records.length - 1;
    this.bound(total, Math.ceil(total / step));
    const indexes = [];
    for (let index = step; index < total - 1; index += step) indexes.push(index);
    const pages = await Promise.all(indexes.map((index) => this.page(index, 1)));
    for (const [i, page] of pages.entries()) {
      if (page.total !== total) return moved(total, page.total);
      const before = pages[i - 1] ?? first;
      if (page.ids[0] !== before.ids[step]) return shifted(indexes[i]!, before.ids[step], page);
    }
    return this.complete(total);
  }

  /** From page to page by the records received: to the total, or without one to the end. */
  private async walk(first: Page, total?: number): Promise<string | undefined> {
    let previous = first;
    let overlap = 1;
    while (total === undefined || this.seen.size < total) {
      const known = this.seen.size;
      const index = this.received - overlap;
      const page = await this.page(index, overlap);
      if (total !== undefined && page.total !== total) return moved(total, page.total);
      if (page.records.length === 0 && overlap === 0) break;
      const last = previous.ids.at(-1);
      if (overlap === 1 && page.ids[0] !== last) return shifted(index, last, page);
      const added = this.seen.size - known;
      if (added !== page.records.length - overlap) return "a record that was on two pages";
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
    return total === undefined ? undefined : this.complete(total);
  }

  private complete(total: number): string | undefined {
    const found = this.seen.size;
    return found === total ? undefined : `a total of ${total}, but ${found} different records`;
  }

  private async page(index: number, overlap = 0): Promise<Page> {
    this.bound(this.received, ++this.pages);
    const page = await this.fetch(index);
    for (const id of page.ids) this.seen.add(id);
    this.received += page.records.length - Math.min(overlap, page.records.length);
    return page;
  }

  private bound(records: number, pages: number): void {
    if (records <= MAX_RECORDS && pages <= MAX_PAGES) return;
    throw refusal(
      "LIST_TOO_LONG",
      records > MAX_RECORDS
        ? `the list has more than ${MAX_RECORDS} backups`
        : `the list has more than ${MAX_PAGES} pages`,
      "Ask for less: narrow the window with `within`, or the instance.",
    );
  }
}

function moved(was: number, is: number | undefined): string {
  return `a total of ${was}, and then of ${is ?? "nothing readable"}`;
}

function shifted(index: number, was: string | undefined, page: Page): string {
  return `record ${index + 1} was ${was ?? "none"}, and then ${page.ids[0] ?? "none"}`;
}

/** A page out of the text of an answer. Its ids are trimmed, as a reader of the list will see them. */
export function parsePage(text: string, paging: Paging): Page {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badAnswer("is not JSON", text);
  }
  if (!isRecord(body)) throw badAnswer("is not an object", text);
  // Some gateways answer an error with status 200.
  for (const key of ["error_code", "errCode"]) {
    if (valueOf(body, key)) throw badAnswer(`carries \`${key}\``, text);
  }
  const total = countOf(valueOf(body, paging.total));
  const list = valueOf(body, paging.records) ?? (total === 0 ? [] : undefined);
  if (!Array.isArray(list)) throw badAnswer(`has no list \`${paging.records}\``, text);
  const ids = list.map((record) => idOf(record, paging));
  // Merged, the one that is read last would win: perhaps the state of another moment.
  const twice = paging.idWith === undefined ? repeated(ids) : undefined;
  if (twice !== undefined)
    throw badAnswer(`has two records of the ${paging.id} ${JSON.stringify(twice)}`, text);
  return { records: list as RawRecord[], ids, total };
}

function repeated(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}

function idOf(record: unknown, paging: Paging): string {
  if (!isRecord(record)) throw badAnswer("has a record that is no object", JSON.stringify(record));
  return [paging.id, ...(paging.idWith === undefined ? [] : [paging.idWith])]
    .map((key) => {
      const id = valueOf(record, key);
      const text = typeof id === "string" || typeof id === "number" ? String(id).trim() : "";
      if (typeof id === "number" && !Number.isSafeInteger(id)) {
        const problem = `has a record whose \`${key}\` is a number that can't be read to its last digit`;
        throw badAnswer(problem, JSON.stringify(record));
      }
      if (text !== "") return text;
      throw badAnswer(`has a record without \`${key}\``, JSON.stringify(record));
    })
    .join(" ");
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
