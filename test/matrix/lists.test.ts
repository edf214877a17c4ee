// Pages that lie about their list, and lists that move while they are read: complete or an error, never
// short, but where a total is believed.
import { ControlCommand, Fault } from "../../lib/emulator/types";
import { MAX_ATTEMPTS } from "../../lib/services/paging";
import { Cell, CLEAN, Count, forList, idOf, listKeys, recordsOf, Row, testMatrix } from "./matrix";

const always = (fault: Fault) => (cell: Cell) => [forList(cell, { ...fault, times: -1 })];
const countOf = ({ paging }: Cell) => paging.size * 2.5;

const MORE = CLEAN + 1; // One that shows that nothing follows.
const AGAIN: Count = [CLEAN + 2, 2 * CLEAN]; // What was asked for when it showed, and then the whole list.
const NEVER: Count = [2 * MAX_ATTEMPTS, MAX_ATTEMPTS * MORE];

/** Whether a total that agrees with a short page may be the page's. */
const isAmbiguous = ({ paging }: Cell) => paging.totals === "ambiguous";

const SIZES: Row[] = [
  { where: "there is nothing", count: () => 0, end: "complete", requests: 1 },
  { where: "there are nine records", count: () => 9, end: "complete", requests: 1 },
  {
    // No page of an API is capped below its documented default or smallest page.
    where: "there are ten records",
    count: () => 10,
    end: "complete",
    requests: 2,
  },
  {
    // Nobody cuts pages at that.
    where: "there are 26 records",
    count: () => 26,
    end: "complete",
    requests: (cell) => (isAmbiguous(cell) ? 2 : 1),
  },
  {
    where: "there is a page but one record",
    count: (size) => size - 1,
    end: "complete",
    requests: 2,
  },
  // A full page is never the last by a count alone.
  { where: "there is a page", count: (size) => size, end: "complete", requests: 2 },
  {
    where: "there is a page and a record",
    count: (size) => size + 1,
    end: "complete",
    requests: 2,
  },
  { where: "the last page is full", count: (size) => size * 2 - 1, end: "complete", requests: 3 },
  { where: "there are three pages", count: (size) => size * 3, end: "complete", requests: 4 },
];

/** Pages of so many records, each but the first beginning with one that is known. */
const pagesOf = (cap: number) => (cell: Cell) => Math.ceil((countOf(cell) - 1) / (cap - 1));

const CAPS: Row[] = [
  {
    where: "pages are capped",
    faults: always({ pageCap: 30 }),
    end: "complete",
    requests: pagesOf(30),
  },
  {
    where: "pages are capped and the total is the page's",
    faults: always({ pageCap: 30, total: "page" }),
    end: "complete",
    requests: (cell) => pagesOf(30)(cell) + 1,
  },
  {
    where: "pages are capped at an odd number and the total is the page's",
    faults: always({ pageCap: 33, total: "page" }),
    // Decided (docs/apis/shared.md, Paging): but of DCS a total is believed where nobody would cut.
    end: (cell) => (isAmbiguous(cell) ? "complete" : "33 records"),
    requests: (cell) => (isAmbiguous(cell) ? pagesOf(33)(cell) + 1 : 1),
  },
  {
    where: "pages are capped and the total is one too low",
    faults: always({ pageCap: 30, total: { add: -1 } }),
    end: "complete",
    requests: (cell) => pagesOf(30)(cell) + 1,
  },
  {
    where: "pages are capped and the total is one too low, at the end of a page",
    count: () => 31,
    faults: always({ pageCap: 30, total: { add: -1 } }),
    end: "complete",
    requests: 3,
  },
  {
    where: "pages hold one record each",
    count: () => 12,
    faults: always({ pageCap: 1 }),
    end: "complete",
    requests: [12, 40], // Where a known one leaves no room for another, each is asked for thrice.
  },
];

const TOTALS: Row[] = [
  ...Object.entries({
    "the page's": { total: "page" },
    missing: { total: { is: undefined } },
    null: { total: { is: null } },
    "no number": { total: { is: "many" } },
    negative: { total: { is: -1 } },
    nothing: { total: { is: 0 } },
    "a fraction": { total: { is: 250.5 } },
    "one too low": { total: { add: -1 } },
    "far too low": { total: { is: 11 } },
  } satisfies Record<string, Fault>).map(([how, fault]): Row => ({
    where: `the total is ${how}`,
    faults: always(fault),
    end: "complete",
    requests: MORE,
  })),
  {
    where: "the total is a text",
    faults: (cell) => always({ total: { is: String(countOf(cell)) } })(cell),
    end: "complete",
    requests: CLEAN,
  },
  {
    where: "the total is one too high",
    faults: always({ total: { add: 1 } }),
    end: "LIST_DID_NOT_SETTLE",
    requests: MAX_ATTEMPTS * MORE,
  },
  {
    where: "the total is far too high",
    faults: always({ total: { is: 240_000 } }),
    end: "LIST_DID_NOT_SETTLE",
    requests: [MAX_ATTEMPTS * CLEAN, MAX_ATTEMPTS * (CLEAN + 8)], // Eight are asked side by side.
  },
  {
    where: "the total is more than anybody has",
    faults: always({ total: { is: 10_000_000 } }),
    end: "LIST_TOO_LONG",
    requests: 1,
  },
  {
    where: "the total is another on a later page",
    faults: (cell) => [forList(cell, { skip: 1, total: { add: 5 } })],
    end: "complete",
    requests: AGAIN,
  },
];

/** The oldest record under another id. */
function anotherRecord(cell: Cell, name: string): unknown {
  const oldest = recordsOf(cell.emulated, countOf(cell)).at(-1);
  return { ...(oldest as object), [listKeys(cell).id]: name };
}
const removal = (cell: Cell, record: unknown): ControlCommand => ({
  op: "remove",
  service: cell.emulated,
  id: idOf(cell, record),
});
const addition = (cell: Cell, name: string): ControlCommand => ({
  op: "add",
  service: cell.emulated,
  record: anotherRecord(cell, name),
});

/** After the first page, by what is done to the list. */
const moving = (
  how: string,
  then: (cell: Cell, records: unknown[]) => ControlCommand[],
  becomes: Row["becomes"],
): Row => ({
  where: `between two pages ${how}`,
  faults: (cell) => [forList(cell, { then: then(cell, recordsOf(cell.emulated, countOf(cell))) })],
  becomes,
  end: "complete",
  requests: AGAIN,
});

const MOVING: Row[] = [
  moving(
    "the first record goes",
    (cell, records) => [removal(cell, records[0])],
    (records) => records.slice(1),
  ),
  moving(
    "the last record goes",
    (cell, records) => [removal(cell, records.at(-1))],
    (records) => records.slice(0, -1),
  ),
  moving(
    "a record comes",
    (cell) => [addition(cell, "new")],
    (records, cell) => [...records, anotherRecord(cell, "new")],
  ),
  moving(
    "one record goes and another comes",
    (cell, records) => [removal(cell, records[0]), addition(cell, "new")],
    (records, cell) => [...records.slice(1), anotherRecord(cell, "new")],
  ),
  {
    where: "with each page one record goes and another comes",
    faults: (cell) =>
      recordsOf(cell.emulated, countOf(cell)).map((record, i) =>
        forList(cell, { then: [removal(cell, record), addition(cell, `new-${i}`)] }),
      ),
    end: "LIST_DID_NOT_SETTLE",
    requests: NEVER,
  },
  {
    where: "a later page is empty, once",
    faults: (cell) => [forList(cell, { skip: 1, pageCap: 0 })],
    end: "complete",
    requests: AGAIN,
  },
  {
    where: "a later page is short, once",
    faults: (cell) => [forList(cell, { skip: 1, pageCap: 20 })],
    end: "complete",
    requests: AGAIN,
  },
  {
    where: "the first page is empty and the total is not",
    faults: always({ pageCap: 0 }),
    end: "LIST_DID_NOT_SETTLE",
    requests: MAX_ATTEMPTS,
  },
  {
    where: "every page is the first",
    faults: always({ repeatFirstPage: true }),
    end: "LIST_DID_NOT_SETTLE",
    requests: NEVER,
  },
  {
    where: "every page is the first, and the total is the page's",
    faults: always({ repeatFirstPage: true, total: "page" }),
    end: "LIST_DID_NOT_SETTLE",
    requests: 2 * MAX_ATTEMPTS,
  },
  {
    where: "every page is full of records never seen",
    faults: always({ endless: true }),
    end: "LIST_DID_NOT_SETTLE",
    requests: NEVER,
  },
  {
    where: "every page is full of records never seen, and the total is the page's",
    faults: always({ endless: true, total: "page" }),
    end: "LIST_DID_NOT_SETTLE",
    requests: 2 * MAX_ATTEMPTS,
  },
  {
    where: "all records have one id",
    faults: (cell) => always({ fields: { [listKeys(cell).id]: "same" } })(cell),
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "all records have one id, each on its own page",
    count: () => 12,
    faults: (cell) => always({ fields: { [listKeys(cell).id]: "same" }, pageCap: 1 })(cell),
    end: "LIST_DID_NOT_SETTLE",
    requests: [2 * MAX_ATTEMPTS, 4 * MAX_ATTEMPTS],
  },
];

testMatrix([...SIZES, ...CAPS, ...TOTALS, ...MOVING]);
