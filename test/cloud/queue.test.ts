import { BackupEmulator } from "../../lib";
import { CloudClient } from "../../lib/cloud/client";
import { Queue, Queues } from "../../lib/cloud/queue";
import { Reading } from "../../lib/cloud/reading";
import { BackupsError } from "../../lib/model/errors";
import type { EmulatorConfig, Quota } from "../../lib/emulator/types";
import { DEFAULT_PROJECT_ID } from "../../lib/emulator/types";
import { KEY, USER } from "../support/users";

let emulator: BackupEmulator;
afterEach(() => emulator?.close());

function start(quota: Quota | undefined, more: EmulatorConfig = {}): void {
  emulator = BackupEmulator._startWith({ ...more, quota });
}

function client(queues?: Queues, credentials: typeof KEY | typeof USER = KEY): CloudClient {
  const { endpoints } = emulator;
  const place = { iamUrl: endpoints.iam, metadataUrl: endpoints.metadata!, region: "eu-de" };
  return new CloudClient({ ...place, projectId: DEFAULT_PROJECT_ID, credentials }, queues);
}

/** Asks so often at once; what each came to: undefined for an answer. */
function ask(count: number, seconds: number, each: () => CloudClient, left = 1) {
  const url = emulator.endpoints.gaussDb!;
  return Promise.all(
    Array.from({ length: count }, () => {
      const reading = new Reading(seconds * 1000);
      reading.left = left;
      return each()
        .get(url, "/v3/{project}/backups", { limit: "1" }, reading)
        .then(
          () => undefined,
          (error: BackupsError) => error,
        );
    }),
  );
}

const statuses = () => emulator._requests().map(({ status }) => status);
const refused = () => statuses().filter((status) => status === 429).length;

describe("a quota", () => {
  test.each([
    ["from its first request", false],
    ["looking back", true],
  ])("that counts %s is kept, and every request is answered", async (_how, sliding) => {
    start({ limit: 10, windowMs: 2_000, sliding });
    const one = client();
    const began = performance.now();
    expect((await ask(35, 60, () => one)).filter(Boolean)).toEqual([]);
    const tookMs = performance.now() - began;
    // Ten at once, and three times two seconds for the others.
    expect(tookMs).toBeGreaterThan(5_900);
    expect(tookMs).toBeLessThan(8_000);
    expect(refused()).toBeLessThanOrEqual(10);
  });

  test("is shared by two processes of one user", async () => {
    start({ limit: 10, windowMs: 2_000, sliding: true });
    const one = client(new Queues());
    const other = client(new Queues());
    const began = performance.now();
    const ends = await Promise.all([ask(25, 60, () => one), ask(25, 60, () => other)]);
    expect(ends.flat().filter(Boolean)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(11_000);
    expect(refused()).toBeLessThanOrEqual(38);
  });

  test("is one for all lists and accounts of a user in a process, and another user's is his own", async () => {
    start({ limit: 10, windowMs: 2_000 });
    const queues = new Queues();
    const ends = await ask(20, 60, () => client(queues));
    expect(ends.filter(Boolean)).toEqual([]);
    expect(refused()).toBeLessThanOrEqual(10);
  });

  test("that says when to come back is believed", async () => {
    start({ limit: 10, windowMs: 3_000, retryAfter: true });
    const one = client();
    expect((await ask(15, 60, () => one)).filter(Boolean)).toEqual([]);
    expect(refused()).toBeLessThanOrEqual(8);
  });

  test("that the deadline has no room for is said at once, with the arithmetic", async () => {
    start({ limit: 10, windowMs: 60_000 });
    const one = client();
    const began = performance.now();
    const errors = (await ask(30, 40, () => one)).filter((error) => error !== undefined);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(errors).toHaveLength(20);
    const { code, message } = errors.at(-1)!;
    expect(code).toBe("THROTTLED");
    expect(message).toMatch(
      /127\.0\.0\.1:\d+ lets this user send 10 requests in 1 min; \d+ more (is|are) to be sent, which takes (1|2) min( \d s)?, and only (39|40) s are left of 40 s/,
    );
    expect(message).toMatch(/`timeout`, such as Duration\.minutes\(2\)/);
  });

  test("counts what a list has still to ask", async () => {
    start({ limit: 10, windowMs: 60_000 });
    await ask(10, 100, () => client());
    const [error] = await ask(1, 100, () => client(), 2_400);
    expect(error?.message).toMatch(/2400 more are to be sent, which takes (3 h 59 min|4 h)/);
    expect(refused()).toBe(1);
  });

  test("is told to people where it makes them wait", async () => {
    start({ limit: 10, windowMs: 4_000, retryAfter: true });
    const lines: string[] = [];
    const one = client(new Queues((line) => lines.push(line)));
    await ask(12, 60, () => one);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^Waiting [345] s: 127\.0\.0\.1:\d+ lets this user send 10 requests in 4 s\. 2 more are to be sent, which takes [345] s\.$/,
    );
  });
});

describe("a refusal", () => {
  test("holds back all of that host, and one goes first when it is over", async () => {
    start(undefined);
    emulator.fault({ status: 429, headers: { "Retry-After": "1" }, times: 8 });
    const one = client();
    expect((await ask(40, 60, () => one)).filter(Boolean)).toEqual([]);
    expect(refused()).toBe(8);
    expect(statuses().slice(0, 8)).toEqual(Array(8).fill(429));
  });

  test("that never ends makes no storm", async () => {
    start(undefined);
    emulator.fault({ status: 429, headers: { "Retry-After": "0" }, times: -1 });
    const one = client();
    const ends = await ask(40, 12, () => one);
    expect(ends.every((error) => error?.code === "THROTTLED")).toBe(true);
    expect(statuses().length).toBeLessThanOrEqual(14);
  });
});

describe("signing in", () => {
  test("is shared, also where each token is over by this machine's clock", async () => {
    start(undefined, { clockAheadMs: -48 * 3_600_000 });
    const one = client(undefined, USER);
    expect((await ask(20, 60, () => one)).filter(Boolean)).toEqual([]);
    expect((await ask(20, 60, () => one)).filter(Boolean)).toEqual([]);
    expect(emulator.requests.filter((url) => url.startsWith("POST"))).toHaveLength(1);
  });

  test("is tried once again where no service takes what it brings, and not by everyone", async () => {
    start(undefined, { tokenLifetimeMs: 0 });
    const one = client(undefined, USER);
    const ends = [...(await ask(20, 60, () => one)), ...(await ask(20, 60, () => one))];
    expect(ends.every((error) => error?.code === "TOKEN_REFUSED")).toBe(true);
    expect(emulator.requests.filter((url) => url.startsWith("POST"))).toHaveLength(2);
  });
});

describe("the turns of one host", () => {
  /** Who has had a turn, in this order, of those that enter. */
  function queueOf(names: string[]) {
    const queue = new Queue("rds.example.com", () => undefined);
    const readings = new Map([...new Set(names)].sort().map((name) => [name, new Reading(60_000)]));
    const started: string[] = [];
    for (const name of names) {
      void queue.enter(readings.get(name)!).then(() => started.push(name));
    }
    const leave = async (end: "passed" | "busy") => {
      queue.leave(end);
      await new Promise(setImmediate);
    };
    return { leave, started };
  }

  test("go to a list that was begun before others are begun", async () => {
    const first = Array<string>(8).fill("a");
    const { leave, started } = queueOf([...first, "c", "d", "b", "c", "a"]);
    for (let i = 0; i < 5; i++) await leave("passed");
    expect(started.slice(8)).toEqual(["a", "b", "c", "c", "d"]);
  });

  test("are half as many after a 503", async () => {
    const { leave, started } = queueOf(Array<string>(20).fill("a"));
    await leave("busy");
    for (let i = 0; i < 3; i++) await leave("passed");
    // Four of the eight are under way, as many as may be now.
    expect(started).toHaveLength(8);
    await leave("passed");
    expect(started).toHaveLength(9);
  });
});
