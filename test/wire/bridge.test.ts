import { BackupEmulator } from "../../lib";
import { Bridge } from "../../lib/wire/bridge";
import { Fetch } from "../../lib/wire/fetch";
import { SERVICES } from "../../lib/services/registry";
import { KEY } from "../support/users";

const DEADLINE_MS = 20_000;

const list = {
  account: { metadataUrl: "", credentials: { kind: "token", token: "t" } as const, projectId: "p" },
  baseUrl: "http://127.0.0.1:9",
  path: "/v3/{project}/backups",
  query: {},
  paging: SERVICES.rds.lists.backups.paging,
};

/** Sends one list over a worker of test/wire/workers and waits for it. */
function ask(bridge: Bridge, deadlineMs = DEADLINE_MS): Fetch {
  const fetch = new Fetch(list);
  const began = performance.now();
  bridge.send(fetch, deadlineMs, deadlineMs);
  bridge.wait(
    () => fetch.isSettled,
    () => deadlineMs - (performance.now() - began),
  );
  return fetch;
}

const recordsOf = (fetch: Fetch) => fetch.records?.all();
const bridgeTo = (worker: string) => new Bridge(`../test/wire/workers/${worker}`);

describe("a worker that", () => {
  test.each([
    ["throws while it loads", "throws-at-load", /^WORKER_FAILED: .*broken at load/],
    ["isn't there", "no-such-file", /^PACKAGE_INCOMPLETE: .*no-such-file/],
    [
      "ends instead of answering",
      "dies",
      /^WORKER_FAILED: the thread that asks the cloud is gone: it ended/,
    ],
    ["crashes on the way", "crashes", /^WORKER_FAILED: .*crashed on the way/],
  ])("%s is an error long before the deadline", (_what, worker, message) => {
    const began = performance.now();
    const { error } = ask(bridgeTo(worker), 60_000);
    expect(error?.message).toMatch(message);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test("answers and ends at once has answered", () => {
    const fetch = ask(bridgeTo("answers"));
    expect(fetch.error).toBeUndefined();
    expect(recordsOf(fetch)).toEqual([{ id: "of job 1" }]);
  });

  test("has ended is followed by another", async () => {
    const bridge = bridgeTo("answers");
    expect(recordsOf(ask(bridge))).toEqual([{ id: "of job 1" }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(recordsOf(ask(bridge))).toEqual([{ id: "of job 2" }]);
  });

  test("hangs is given up at the deadline, and never used again", () => {
    const bridge = bridgeTo("hangs");
    const fetch = ask(bridge, 1_500);
    expect(fetch.isSettled).toBe(false);
    bridge.abandonIfStuck();
    expect(fetch.error?.message).toMatch(/^WORKER_FAILED/);
    expect(ask(bridge, 1_500).isSettled).toBe(false);
    bridge.abandonIfStuck();
  });
});

describe("a worker that left", () => {
  test("while the program computed doesn't end the lookups of the one after it", async () => {
    const bridge = bridgeTo("answers");
    expect(recordsOf(ask(bridge))).toEqual([{ id: "of job 1" }]);
    // The main thread hears of the exit only when it is free, which is after the next call.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    const fetch = new Fetch(list);
    bridge.send(fetch, DEADLINE_MS, DEADLINE_MS);
    await bridge.hold(new Promise<void>((resolve) => fetch.onSettled(resolve)));
    expect(fetch.error).toBeUndefined();
    expect(recordsOf(fetch)).toEqual([{ id: "of job 2" }]);
  });
});

describe("the worker", () => {
  test("leaves after a while without work, and another takes its place", async () => {
    const emulator = BackupEmulator.start();
    const account = {
      metadataUrl: "",
      projectId: emulator.projectId,
      credentials: KEY,
    };
    const bridge = new Bridge();
    const read = () => {
      const fetch = new Fetch({
        ...list,
        account,
        baseUrl: emulator.endpoints.gaussDb!,
        paging: SERVICES.gaussdb.lists.backups.paging,
      });
      bridge.send(fetch, DEADLINE_MS, DEADLINE_MS);
      bridge.wait(
        () => fetch.isSettled,
        () => DEADLINE_MS,
      );
      return fetch.records?.length;
    };
    const count = read();
    expect(count).toBeGreaterThan(0);
    expect(read()).toBe(count);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(read()).toBe(count);
    emulator.close();
  });
});
