import { pageMessage } from "../../lib/wire/protocol";
import { parsePage } from "../../lib/services/paging";
import { Fetch } from "../../lib/wire/fetch";
import { SERVICES } from "../../lib/services/registry";

const list = {
  account: { metadataUrl: "", credentials: { kind: "token", token: "t" } as const },
  baseUrl: "",
  path: "",
  query: {},
  paging: SERVICES.rds.lists.backups.paging,
};
const page = (attempt: number, index: number, ...records: object[]) =>
  pageMessage(
    1,
    parsePage(JSON.stringify({ backups: records }), list.paging),
    {},
    {
      attempt,
      index,
    },
  );

describe("the pages of a list", () => {
  test("are put together by their place, in whatever order they came", () => {
    const fetch = new Fetch(list);
    fetch.receive(page(0, 2, { id: "c" }));
    fetch.receive(page(0, 0, { id: "a" }, { id: "b" }));
    fetch.complete();
    expect(fetch.records!.all()).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }]);
  });

  test("of an attempt that was given up are forgotten", () => {
    const fetch = new Fetch(list);
    fetch.receive(page(0, 0, { id: "gone" }));
    fetch.receive(page(1, 0, { id: "a" }));
    fetch.complete();
    expect(fetch.records!.all()).toEqual([{ id: "a" }]);
  });

  test("count a record once, as it was read last", () => {
    const fetch = new Fetch(list);
    fetch.receive(page(0, 0, { id: "a", status: "BUILDING" }));
    fetch.receive(page(0, 1, { id: "a ", status: "COMPLETED" }));
    fetch.complete();
    expect(fetch.records!.all()).toEqual([{ id: "a ", status: "COMPLETED" }]);
  });
});

describe("a list", () => {
  const pageAt = (attempt: number, index: number) => page(attempt, index, { id: `r${index}` });

  /** The indices of the pages that were decoded while they came. */
  function decodedOf(...pages: [attempt: number, index: number][]): number[] {
    const decoded: number[] = [];
    const fetch = new Fetch(list, (records) => {
      decoded.push(Number((records.all()[0]!["id"] as string).slice(1)));
    });
    for (const [attempt, index] of pages) fetch.receive(pageAt(attempt, index));
    return decoded;
  }

  test("that is short is not decoded while it comes", () => {
    expect(decodedOf([0, 0], [0, 99], [0, 198], [0, 297])).toEqual([]);
  });

  test("that is long is, each page of it once, however they come", () => {
    expect(decodedOf([0, 0], [0, 99], [0, 396], [0, 198], [0, 297])).toEqual([
      0, 99, 396, 198, 297,
    ]);
  });

  test("that is read again is decoded again from its first page on, as it is known to be long", () => {
    expect(decodedOf([0, 0], [0, 396], [1, 0], [1, 99])).toEqual([0, 396, 0, 99]);
  });
});
