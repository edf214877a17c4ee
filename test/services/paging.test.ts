import fc from "fast-check";
import {
  FetchPage,
  MAX_ATTEMPTS,
  MAX_PAGES,
  Page,
  Paging,
  parsePage,
  readAll,
} from "../../lib/services/paging";
import { SERVICES } from "../../lib/services/registry";

const PAGINGS = Object.values(SERVICES).flatMap(({ label, lists }) =>
  Object.values(lists).map(({ noun, paging }) => [`${label} ${noun}`, paging] as const),
);
const gaussDb = SERVICES.gaussdb.lists.backups.paging;
const rds = SERVICES.rds.lists.backups.paging;
const dcs = SERVICES.dcs.lists.backups.paging;

interface Behaviour {
  /** At most so many records a page, whatever is asked. */
  cap?: number;
  /** The total, of a list and of a page. @default - the list's */
  total?: (list: number, page: number) => number | undefined;
  /** Called before each request is answered. */
  before?: (list: string[], request: number) => void;
}

const TOTALS = {
  right: (list: number) => list,
  "the page's": (_list: number, page: number) => page,
  "one too low": (list: number) => Math.max(0, list - 1),
  missing: () => undefined,
};
type Total = keyof typeof TOTALS;
const anyTotal = fc.constantFrom(...(Object.keys(TOTALS) as Total[]));

/** The caps that a server with a wrong total is expected to have, and none else (docs/apis, Paging). */
function capOf(paging: Paging, total: Total, cap: number | undefined): number | undefined {
  if (cap === undefined || total === "right" || total === "missing") return cap;
  return paging.totals === "all" ? Math.max(10, cap - (cap % 5)) : Math.max(10, cap);
}

function pageOf(ids: string[], total: number | undefined): Page {
  return { ids, records: ids.map((id) => ({ id })), total, bytes: 0 };
}

/** A server in memory; its list may change under the reader. */
function serverOf(ids: string[], paging: Paging, behaviour: Behaviour = {}) {
  const list = [...ids];
  const requests: number[] = [];
  const pages = new Map<number, Map<number, Page>>();
  const fetch: FetchPage = async (index, attempt) => {
    behaviour.before?.(list, requests.length);
    requests.push(index);
    const size = Math.min(paging.size, behaviour.cap ?? Infinity);
    const page = list.slice(index, index + size);
    const total = behaviour.total ?? TOTALS.right;
    const answer = pageOf(page, total(list.length, page.length));
    const ofAttempt = pages.get(attempt) ?? new Map<number, Page>();
    pages.set(attempt, ofAttempt.set(index, answer));
    return answer;
  };
  const read = async () => {
    const attempt = await readAll(paging, fetch);
    const found = [...(pages.get(attempt) ?? [])].sort(([a], [b]) => a - b);
    return [...new Set(found.flatMap(([, page]) => page.ids))];
  };
  return { list, requests, read };
}

const numbered = (count: number, prefix = "b") =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe.each(PAGINGS)("reading a list of %s", (_label, paging) => {
  test.each([0, 1, 9, 10, 11, 49, 50, 51, 99, 100, 101, 250])(
    "gives all of %d records, in order",
    async (count) => {
      const server = serverOf(numbered(count), paging);
      expect(await server.read()).toEqual(numbered(count));
    },
  );

  test("asks as often as the pages demand, and once more where one may be cut off", async () => {
    for (const count of [0, 1, 5, 9, 10, 15, 26, 32, 49, 50, 99, 100, 148, 150, 199, 1_000]) {
      const server = serverOf(numbered(count), paging);
      await server.read();
      // Each page but the first starts with a record that is known: that is how a moved list shows.
      const step = paging.size - 1;
      const pages = Math.max(1, Math.ceil((count - 1) / step));
      const isFull = count > 1 && (count - 1) % step === 0;
      const isRound = count % 5 === 0 || count % 8 === 0 || count === paging.size - 1;
      const isProven = (paging.totals === "all" && !isRound) || count < 10;
      const isConfirmed = isFull || (pages === 1 && !isProven);
      expect(server.requests).toHaveLength(pages + (isConfirmed ? 1 : 0));
    }
  });

  test("is complete, whatever the server caps and its total counts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 260 }),
        fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
        anyTotal,
        async (count, cap, total) => {
          const server = serverOf(numbered(count), paging, {
            cap: capOf(paging, total, cap),
            total: TOTALS[total],
          });
          expect(await server.read()).toEqual(numbered(count));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is complete where pages are capped and the total, above a page, is too low", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 260 }),
        fc.integer({ min: 1, max: 60 }),
        async (cap, above, missing) => {
          const told = cap + above;
          const server = serverOf(numbered(told + missing), paging, { cap, total: () => told });
          expect(await server.read()).toEqual(numbered(told + missing));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("is complete while backups come, go and change places under the reader, or says that it would not settle", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 320 }),
        fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
        anyTotal,
        // Where places change and backups go in one moment, what went may make room for what was not read.
        fc.constantFrom(["in", "gone", "gone and in"], ["in", "swap"]),
        fc.array(fc.tuple(fc.nat({ max: 8 }), fc.nat(), fc.nat(), fc.nat()), { maxLength: 5 }),
        async (count, cap, total, kinds, events) => {
          const always = new Set(numbered(count));
          let added = 0;
          const server = serverOf(numbered(count), paging, {
            cap: capOf(paging, total, cap),
            total: TOTALS[total],
            before: (list, request) => {
              for (const [at, which, from, to] of events) {
                if (at !== request || request === 0) continue;
                const kind = kinds[which % kinds.length]!;
                const [i, j] = [from % (list.length || 1), to % (list.length + 1)];
                if (kind.startsWith("gone")) {
                  for (const gone of list.splice(i, 1)) always.delete(gone);
                }
                if (kind.endsWith("in")) list.splice(j, 0, `new${added++}`);
                if (kind === "swap" && j < list.length) [list[i], list[j]] = [list[j]!, list[i]!];
              }
            },
          });
          const found = await server.read().catch((error: Error) => error);
          if (found instanceof Error) {
            expect(found.message).toMatch(/^LIST_DID_NOT_SETTLE: /);
            return;
          }
          // What was there from the first request to the last is never missing.
          for (const id of always) expect(found).toContain(id);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("refuses a server that repeats its first page for ever", async () => {
    const ids = numbered(paging.size);
    const attempts = new Set<number>();
    const fetch: FetchPage = async (_index, attempt) => {
      attempts.add(attempt);
      return pageOf(ids, 3 * paging.size);
    };
    await expect(readAll(paging, fetch)).rejects.toThrow(
      /^LIST_DID_NOT_SETTLE: .*record \d+ was b\d+, and then b0/,
    );
    expect(attempts.size).toBe(MAX_ATTEMPTS);
  });

  test("refuses a list that grows with every page and never ends", async () => {
    let last = 0;
    const fetch: FetchPage = async () => {
      const ids = Array.from({ length: paging.size }, () => `b${last++}`);
      return pageOf(ids, last + 1);
    };
    await expect(readAll(paging, fetch)).rejects.toThrow(/^LIST_DID_NOT_SETTLE: /);
  });

  test("refuses a total that no server could mean, before asking for its pages", async () => {
    const server = serverOf(numbered(paging.size), paging, { total: () => 1e9 });
    await expect(server.read()).rejects.toThrow(
      /^LIST_TOO_LONG: .*more than 250000 backups\. Ask for less: narrow the window/,
    );
    expect(server.requests).toHaveLength(1);
    const asked = async (index: number) => {
      if (index > 0) throw new Error("asked for more");
      return pageOf(numbered(paging.size), 250_000);
    };
    if (paging.size > 50) await expect(readAll(paging, asked)).rejects.toThrow("asked for more");
  });

  test("refuses more pages than it would ask for, all readings together", async () => {
    const server = serverOf(numbered(1_000), paging, {
      cap: 1,
      before: (list, request) => request % 1_500 === 1_499 && list.shift(),
    });
    await expect(server.read()).rejects.toThrow(/^LIST_TOO_LONG: .*more than 5000 pages to read/);
    expect(server.requests).toHaveLength(MAX_PAGES + 1);
  });

  test("walks to an empty page where no total is sent", async () => {
    const server = serverOf(numbered(230), paging, { total: () => undefined });
    expect(await server.read()).toEqual(numbered(230));
  });
});

describe("a total that counts this page alone", () => {
  test("of DCS, under a cap of 10, gives 35 of 35 records", async () => {
    const server = serverOf(numbered(35), dcs, { cap: 10, total: TOTALS["the page's"] });
    expect(await server.read()).toEqual(numbered(35));
  });

  test("of a full page is no end: the next one is asked for", async () => {
    const server = serverOf(numbered(200), rds, { total: TOTALS["the page's"] });
    expect(await server.read()).toEqual(numbered(200));
  });

  test("is an endless list in the worst case, which is bounded", async () => {
    let last = 0;
    const fetch: FetchPage = async (index) => {
      last = Math.max(last, index);
      const ids = Array.from({ length: 100 }, (_, i) => `b${index + i}`);
      return pageOf(ids, 100);
    };
    await expect(readAll(dcs, fetch)).rejects.toThrow(/^LIST_TOO_LONG: /);
    expect(last).toBeLessThan(300_000);
  });

  test("and one record a page is walked to its end", async () => {
    const fetch: FetchPage = async (index) => {
      const ids = index < 30 ? [`b${index}`] : [];
      // A total that contradicts its page is none.
      return pageOf(ids, 0);
    };
    await expect(readAll(dcs, fetch)).resolves.toBe(0);
  });
});

describe("a list that moves", () => {
  test("is read again when a backup went, and what was left to read moved before an end that looked empty", async () => {
    const server = serverOf(numbered(3), gaussDb, {
      cap: 1,
      total: () => undefined,
      before: (list, request) => request === 5 && list.shift(),
    });
    expect(await server.read()).toEqual(["b1", "b2"]);
  });

  test("is read again when a backup was added between two pages", async () => {
    const server = serverOf(numbered(250), gaussDb, {
      before: (list, request) => request === 1 && list.unshift("new"),
    });
    expect(await server.read()).toEqual(["new", ...numbered(250)]);
    expect(server.requests).toHaveLength(6);
  });

  test("is read again when one was deleted, so that none slips between two pages", async () => {
    const server = serverOf(numbered(250), dcs, {
      total: TOTALS["the page's"],
      before: (list, request) => request === 1 && list.splice(50, 1),
    });
    const expected = numbered(250).filter((id) => id !== "b50");
    expect(await server.read()).toEqual(expected);
  });

  test("is read again when one went and another came, though the total stayed what it was", async () => {
    for (const [, paging] of PAGINGS) {
      const server = serverOf(numbered(250), paging, {
        before: (list, request) => request === 1 && list.push(list.shift() ? "new" : ""),
      });
      const expected = [...numbered(250).slice(1), "new"];
      expect(await server.read()).toEqual(expected);
    }
  });

  test("is read again when what came twice and what slipped through are as many", async () => {
    const server = serverOf(numbered(350), gaussDb, {
      before: (list, request) => {
        if (request === 1) list.unshift(`in for ${list.pop()}`);
        if (request === 2) list.push(...list.splice(0, 2).map((id) => `in for ${id}`));
      },
    });
    expect(await server.read()).toContain("b198");
  });

  test("at every reading is an error, not a short list", async () => {
    let n = 0;
    const server = serverOf(numbered(250), gaussDb, {
      before: (list) => list.unshift(`new${n++}`),
    });
    await expect(server.read()).rejects.toThrow(
      new RegExp(`^LIST_DID_NOT_SETTLE: the list was read ${MAX_ATTEMPTS} times`),
    );
    await expect(server.read()).rejects.toThrow("changing at this moment: run again");
  });

  const hundred = (name: (i: number) => string) => Array.from({ length: 100 }, (_, i) => name(i));
  const all = numbered(300);
  test.each<[string, FetchPage]>([
    ["a total of 5, but no record on the first page", async () => pageOf([], 5)],
    [
      "a total of 300, and then of nothing readable",
      async (index) => pageOf(all.slice(index, index + 100), index === 0 ? 300 : undefined),
    ],
    [
      "record 100 was b99, and then none",
      async (index) => pageOf(all.slice(index, index === 0 ? 100 : 0), 300),
    ],
    [
      `record 100 was ${"b99".padEnd(64, "x")}, and then ${"b0".padEnd(64, "x")}`,
      async () =>
        pageOf(
          hundred((i) => `b${i}`.padEnd(64, "x")),
          300,
        ),
    ],
    [
      "record 100 was an id of 65 characters, and then an id of 65 characters",
      async () =>
        pageOf(
          hundred((i) => `b${i}`.padEnd(65, "x")),
          300,
        ),
    ],
  ])("tells what did not fit: %s", async (told, fetch) => {
    await expect(readAll(gaussDb, fetch)).rejects.toThrow(told);
  });
});

describe("parsePage", () => {
  test("finds list, total and ids also under keys and values with stray spaces", () => {
    const text = '{"backups ": [{"id ": " a "}, {"id": 7}], " total_count": "2"}';
    expect(parsePage(text, rds)).toMatchObject({ ids: ["a", "7"], total: 2 });
    const both = '{"backups": [{"id ": "b", "id": "a"}]}';
    expect(parsePage(both, rds).ids).toEqual(["a"]);
  });

  test("takes both ends of a restore window for its id, and one that comes twice", () => {
    const { paging } = SERVICES.rds.windows!;
    const text = '{"restore_time":[[1,2],[1,3],[1,3]]}'.replace(
      /\[(\d),(\d)\]/g,
      '{"start_time":$1,"end_time":$2}',
    );
    expect(parsePage(text, paging).ids).toEqual(["1 2", "1 3", "1 3"]);
    expect(() => parsePage('{"restore_time":[{"start_time":1}]}', paging)).toThrow(
      "has a record without `end_time`",
    );
  });

  test("counts what an answer takes of memory, not its text alone", () => {
    const text = '{"backups": [{"id": "a"}]}';
    expect(parsePage(text, rds).bytes).toBeGreaterThan(Buffer.byteLength(text));
  });

  test.each([
    ['{"total_count": 0}', 0],
    ['{"backups": null, "total_count": 0}', 0],
    ['{"backups": [], "total_count": null}', undefined],
    ['{"backups": [], "total_count": -1}', undefined],
    ['{"backups": [], "total_count": 1.5}', undefined],
    ['{"backups": [], "total_count": "many"}', undefined],
    ['{"backups": [], "total_count": " 12 "}', 12],
    ['{"backups": [], "total_count": "0x10"}', undefined],
    ['{"backups": [], "total_count": "1e3"}', undefined],
    ['{"backups": [], "total_count": [12]}', undefined],
    ['{"backups": [], "error_code": "", "total_count": 0}', 0],
  ])("takes %s for an empty page", (text, total) => {
    expect(parsePage(text, rds)).toMatchObject({ records: [], ids: [], total });
  });

  test.each([
    ["<html>Sign in</html>", /is not JSON: HTML or XML of 20 characters\. /],
    ["", /is not JSON: an empty body\. /],
    ['{"backups": [{"id": "a"', /is not JSON/],
    ["[]", /is not an object/],
    ["null", /is not an object/],
    ['{"instances": []  , "total_count": 3}', /has no list `backups`/],
    ['{"backups": null, "total_count": 3}', /has no list `backups`/],
    ['{"backups": {}, "total_count": 0}', /has no list `backups`/],
    ["{}", /has no list `backups`/],
    ['{"backups": null, "total_count": null}', /has no list `backups`/],
    ['{"error_code":"DBS.200998","error_msg":"busy"}', /carries `error_code`: DBS\.200998 busy\. /],
    ['{"error_code":"DBS.200998","error_msg":{}}', /carries `error_code`: DBS\.200998\. /],
    ['{"backups":[],"total_count":0,"errCode":"RDS.1102"}', /carries `errCode`/],
    ['{"errCode":"RDS.1102","externalMessage":"bad"}', /carries `errCode`: RDS\.1102 bad\. /],
    [
      `{"backups":[{"id":"a","x":${"[".repeat(200)}${"]".repeat(200)}}]}`,
      /is nested deeper than 100 levels: JSON of \d+ characters/,
    ],
    ['{"backups": ["a"]}', /has a record that is no object: "a"/],
    ['{"backups": [{"name": "nightly"}]}', /has a record without `id`: \{"name":"nightly"\}/],
    ['{"backups": [{"id": " "}]}', /has a record without `id`/],
    ['{"backups": [{"id": {}}]}', /has a record without `id`/],
    // JSON.parse has made it ...992 already, which may be another backup's.
    ['{"backups": [{"id": 9007199254740993}]}', /`id` is a number that can't be read to its last/],
    ['{"backups": [{"id": 1.5}]}', /`id` is a number that can't be read to its last digit/],
    ['{"backups": [{"id":"a"},{"id":"b"},{"id":" a "}]}', /has two records of the id "a"/],
    ['{"backups": [{"id":7},{"id":"7"}]}', /has two records of the id "7"/],
  ])("refuses %s and shows what is known of it", (text, message) => {
    expect(() => parsePage(text, rds)).toThrow(message);
    expect(() => parsePage(text, rds)).toThrow(/^BAD_ANSWER: /);
  });
});
