import { CloudClient } from "../../lib/cloud/client";
import { Reading } from "../../lib/cloud/reading";
import { endpointsOf, EmulatorServer } from "../../lib/emulator/server";
import { SERVICE_NAMES, SERVICES as EMULATED } from "../../lib/emulator/services/registry";
import { sampleInstances } from "../../lib/emulator/data";
import type { Fault } from "../../lib/emulator/types";
import {
  DEFAULT_ACCESS_KEY,
  DEFAULT_PROJECT_ID,
  DEFAULT_SECRET_KEY,
} from "../../lib/emulator/types";
import { WhichList } from "../../lib/services/query";
import { listOf, SERVICES } from "../../lib/services/registry";
import { readList } from "../../lib/wire/read-list";
import { queryFor } from "../services/support";

const LISTS = Object.values(SERVICES).flatMap(({ label, lists, service }) =>
  Object.entries(lists).map(
    ([list, { noun }]) => [`${label} ${noun}`, { service, list } as WhichList] as const,
  ),
);

const account = {
  metadataUrl: "",
  projectId: DEFAULT_PROJECT_ID,
  credentials: {
    kind: "accessKey",
    accessKey: DEFAULT_ACCESS_KEY,
    secretKey: DEFAULT_SECRET_KEY,
  } as const,
};

// That of each list is there also where it has no backup.
const instances = Object.fromEntries(
  SERVICE_NAMES.map((name) => [name, sampleInstances(EMULATED[name])]),
);
const running: EmulatorServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

/** An emulator of so many records a list, with what it does wrong. */
async function cloud(count: number, ...faults: Fault[]) {
  const server = new EmulatorServer({ generate: { seed: 7, count }, instances });
  running.push(server);
  const endpoints = endpointsOf(await server.listen());
  for (const fault of faults) server.control({ op: "fault", fault: { times: -1, ...fault } });
  const requests = () => (server.control({ op: "requests" }) as unknown[]).length;
  /** The records of a list, and how many requests it took. */
  const read = async (which: WhichList) => {
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

  test("is read whole where pages are capped and the total is the page's, unless a sample shows that it never is", async () => {
    for (const cap of [10, 37, 50].filter((each) => totals === "unproven" && each < size)) {
      const { read } = await cloud(2 * cap + 5, { total: "page", pageCap: cap });
      expect((await read(which)).records).toBe(2 * cap + 5);
    }
    const { read } = await cloud(9);
    expect(await read(which)).toEqual({ records: 9, requests: 1 });
  });

  test("costs the requests that the README says", async () => {
    const confirmed = totals === "unproven" ? 2 : 1;
    const [of98, of150, of1000] = size === 50 ? [2, 4, 21] : [confirmed, 2, 11];
    for (const [count, requests] of [
      [0, 1],
      [9, 1],
      [10, confirmed],
      [size - 1, confirmed],
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
