import { CloudClient } from "../../lib/cloud/client";
import { Reading } from "../../lib/cloud/reading";
import { EmulatorServer } from "../../lib/emulator/server";
import { SERVICE_NAMES, SERVICES as EMULATED } from "../../lib/emulator/services/registry";
import { sampleInstances } from "../../lib/emulator/data";
import type { EmulatorConfig, Fault } from "../../lib/emulator/types";
import { DEFAULT_PROJECT_ID } from "../../lib/emulator/types";
import { BackupService } from "../../lib/model/service";
import { WhichList } from "../../lib/services/query";
import { listOf, SERVICES } from "../../lib/services/registry";
import { readList } from "../../lib/wire/read-list";
import { queryFor } from "../services/support";
import { KEY } from "../support/users";

const LISTS = Object.values(SERVICES).flatMap(({ label, lists, service }) =>
  Object.entries(lists).map(
    ([list, { noun }]) => [`${label} ${noun}`, { service, list } as WhichList] as const,
  ),
);
const rds = { service: BackupService.RDS, list: "backups" };

const account = {
  metadataUrl: "",
  projectId: DEFAULT_PROJECT_ID,
  credentials: KEY,
};

// That of each list is there also where it has no backup.
const instances = Object.fromEntries(
  SERVICE_NAMES.map((name) => [name, sampleInstances(EMULATED[name])]),
);
const running: EmulatorServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

/** An emulator of so many records a list, with what it does wrong. */
async function cloud(count: number, ...faults: Fault[]) {
  return cloudOf({ generate: { seed: 7, count } }, ...faults);
}

async function cloudOf(config: EmulatorConfig, ...faults: Fault[]) {
  const server = new EmulatorServer({ instances, ...config });
  running.push(server);
  const endpoints = await server.listen();
  for (const fault of faults) server.control({ op: "fault", fault: { times: -1, ...fault } });
  const requests = () => (server.control({ op: "requests" }) as unknown[]).length;
  /** The records of a list, and how many requests it took. */
  const read = async (which: WhichList, bounds?: { list: number; together: number }) => {
    const instanceId = sampleInstances(EMULATED[SERVICES[which.service].endpoint])[0]!;
    const { paging, requests: requestsFor } = listOf(which);
    const [request] = requestsFor({ ...queryFor(which.service, { instanceId }), list: which.list });
    const attempts: Map<string, unknown>[] = [];
    const before = requests();
    const reading = new Reading(60_000);
    const attempt = await readList(
      new CloudClient(account),
      { ...request!, baseUrl: endpoints[SERVICES[which.service].endpoint]!, paging },
      reading,
      ({ ids, records }, n) => {
        attempts[n] ??= new Map();
        ids.forEach((id, i) => attempts[n]!.set(id, records[i]));
      },
      bounds,
    ).finally(() => reading.stop());
    return { records: attempts[attempt]!.size, requests: requests() - before };
  };
  return { read, requests };
}

describe.each(LISTS)("a list of %s", (_label, which) => {
  const { size, totals } = listOf(which).paging;

  test.each([
    ["of its page alone, which is full", 2 * size + 50, { total: "page" }],
    ["of its page alone, which is full, as is the last one", size, { total: "page" }],
    ["one too low, at the end of a page", 2 * size, { total: { add: -1 } }],
    ["one too low, at the end of a page that is capped", 20, { total: { add: -1 }, pageCap: 10 }],
    ["far too low", 3 * size, { total: { is: size + 20 } }],
    ["that is missing", 2 * size + 50, { total: { is: null }, pageCap: 10 }],
    ["that is no number", 57, { total: { is: "many" } }],
    ["that is right, of pages that hold a single record", 12, { pageCap: 1 }],
  ] as [string, number, Fault][])("is read whole with a total %s", async (_what, count, fault) => {
    const { read } = await cloud(count, fault);
    expect((await read(which)).records).toBe(count);
  });

  test("is read whole where pages are capped and the total is the page's", async () => {
    const caps = { all: [10, 16, 25, 50], ambiguous: [10, 37, 50] }[totals];
    for (const cap of caps.filter((each) => each < size)) {
      const { read } = await cloud(2 * cap + 5, { total: "page", pageCap: cap });
      expect((await read(which)).records).toBe(2 * cap + 5);
    }
    const { read } = await cloud(9);
    expect(await read(which)).toEqual({ records: 9, requests: 1 });
  });

  test("costs the requests that docs/lookups.md says", async () => {
    const [of26, of40] = { all: [1, 2], ambiguous: [2, 2] }[totals];
    const [of98, of150, of1000] = size === 50 ? [2, 4, 21] : [of26, 2, 11];
    for (const [count, requests] of [
      [0, 1],
      [9, 1],
      [10, of40],
      [26, of26],
      [40, of40],
      [size - 1, of40],
      [size, 2],
      [size + 1, 2],
      [2 * size - 2, 2],
      [2 * size - 1, 3],
      [2 * size, 3],
      [98, of98],
      [150, of150],
      [1_000, of1000],
    ] as const) {
      const { read } = await cloud(count);
      expect(await read(which)).toEqual({ records: count, requests });
    }
  });

  test("under a quota counts all its pages, and not only those that wait side by side", async () => {
    const quota = { limit: 5, windowMs: 60_000 };
    const { read } = await cloudOf({ generate: { seed: 7, count: 5_000 }, quota });
    await expect(read(which)).rejects.toThrow(
      size === 50 ? /^THROTTLED: .*; 9[89] more are/ : /^THROTTLED: .*; (4[6-9]|50) more are/,
    );
  });

  test("that claims 240,000 records and has 250 is given up after a few pages", async () => {
    const { read, requests } = await cloud(250, { total: { is: 240_000 } });
    await expect(read(which)).rejects.toThrow(/^LIST_DID_NOT_SETTLE: /);
    expect(requests()).toBeLessThan(100);
  });

  test("asks for nothing more once a page has failed", async () => {
    const refusal = { status: 403, body: '{"error_code":"DBS.200047","error_msg":"no"}' };
    const faults = [{ ...refusal, skip: 5 }, { total: { is: 240_000 } }];
    const { read, requests } = await cloud(1_000, ...faults);
    await expect(read(which)).rejects.toThrow(/^NOT_PERMITTED: /);
    expect(requests()).toBeLessThan(20);
  });
});

describe("what a hostile server sends", () => {
  const deep = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
  const page = (record: string, more = "") => `{"backups":[${record}],"total_count":1${more}}`;

  const LARGE = { x: "x".repeat(140_000) };

  test.each([
    ["pages of 14 MB", LARGE],
    ["pages of half a million values", { x: Array(5_000).fill([]) }],
  ])("is bounded: %s, one after the other", async (_what, fields) => {
    const { read, requests } = await cloud(3_000, { total: { is: null }, fields });
    await expect(read(rds)).rejects.toThrow(/^LIST_TOO_LONG: .*more than 256 MB of memory/);
    expect(requests()).toBeLessThan(25);
  });

  test("is bounded over all readings of a list that never settles", async () => {
    const { read, requests } = await cloud(3_000, { repeatFirstPage: true, fields: LARGE });
    await expect(read(rds)).rejects.toThrow(/^LIST_TOO_LONG: .*more than 256 MB of memory/);
    expect(requests()).toBeLessThan(30);
  });

  test("is bounded over lists that are read side by side", async () => {
    const { read, requests } = await cloud(3_000, { total: { is: null }, fields: LARGE });
    const bounds = { list: 1024 ** 3, together: 150 * 1024 ** 2 };
    const ends = await Promise.allSettled(
      LISTS.slice(0, 3).map(([, which]) => read(which, bounds)),
    );
    const errors = ends.map((end) => (end.status === "rejected" ? String(end.reason) : ""));
    expect(errors.every((error) => error.includes("LIST_TOO_LONG"))).toBe(true);
    expect(errors.join()).toContain("at this time take more than 150 MB of memory");
    // What one that has failed held is free again: each may come to 150 MB by itself, in pages of 14.
    expect(requests()).toBeLessThan(3 * 12);
  });

  test("in one page of 300,000 records is too long", async () => {
    const body = `{"backups":[${Array.from({ length: 300_000 }, (_, i) => `{"id":${i}}`)}]}`;
    const { read, requests } = await cloud(1, { body });
    await expect(read(rds)).rejects.toThrow(
      /^LIST_TOO_LONG: the list has more than 250000 backups/,
    );
    expect(requests()).toBe(1);
  });

  test.each([
    ["in a record", page(`{"id":"a","x":${deep(100_000)}}`)],
    ["in a record without an id", page(`{"x":${deep(100_000)}}`)],
    ["in the id", page(`{"id":${deep(100_000)}}`)],
    ["in place of a record", page(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
  ])("is refused where it is nested 100,000 deep %s", async (_what, body) => {
    const { read, requests } = await cloud(1, { body });
    await expect(read(rds)).rejects.toThrow(/^BAD_ANSWER: .*nested deeper than 100 levels/);
    expect(requests()).toBe(1);
  });

  test.each([
    ["beside the records, nested 100,000 deep", page('{"id":"a"}', `,"x":${deep(100_000)}`)],
    ["as one record of 14 MB", page(`{"id":"a","x":"${"x".repeat(14e6)}"}`)],
    [
      "under `__proto__`",
      page('{"id":"a","__proto__":{"id":"b"}}', ',"__proto__":{"error_code":"1"}'),
    ],
    ["under a key of a megabyte", page(`{"id":"a","${"k".repeat(1e6)}":1}`)],
  ])("is read %s", async (_what, body) => {
    const { read } = await cloud(1, { body });
    expect(await read(rds)).toEqual({ records: 1, requests: 1 });
  });

  test("in ids of a megabyte is shown in part", async () => {
    const id = "i".repeat(1e6);
    const twice = await cloud(1, { body: page(`{"id":"${id}"},{"id":"${id}"}`) });
    const other = `{"backups":[{"id":"${id}"},{"id":"a"}],"total_count":9}`;
    const shifted = await cloud(1, { body: other });
    for (const { read } of [twice, shifted]) {
      const error = await read(rds).catch((reason: Error) => reason);
      expect(String(error)).toMatch(
        /two records of the id "\*\*\* \(withheld: 1000000 characters\)"|and then an id of 1000000 characters/,
      );
      expect(String(error).length).toBeLessThan(1_500);
    }
  });
});
