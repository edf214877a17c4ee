import {
  BackupEmulator,
  BackupProvider,
  BackupProviderProps,
  BackupQuery,
  BackupsError,
  BackupService,
  Credentials,
  DcsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  IfInstanceMissing,
  RdsBackups,
} from "../../lib";
import type { Fault } from "../../lib/emulator/types";
import { DEFAULT_DOMAIN_NAME, DEFAULT_PASSWORD, DEFAULT_USER_NAME } from "../../lib/emulator/types";
import { queriesOfAll } from "../support/queries";
import { appOn, SAMPLE, settingsFor } from "../support/app";

const USER = {
  userName: DEFAULT_USER_NAME,
  password: DEFAULT_PASSWORD,
  domainName: DEFAULT_DOMAIN_NAME,
};

import { placeInTime } from "../../lib/model/backup";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const lists = () => emulator._requests().filter(({ service }) => service !== "iam");

/** Reads after `load`, or just reads: every test below runs both ways. */
type Settle = (provider: BackupProvider) => Promise<void>;
const WAYS: [string, Settle][] = [
  ["by reading a value", async () => undefined],
  ["by `await provider.load()`", async (provider) => provider.load().catch(() => undefined)],
];

describe.each(WAYS)("a lookup %s", (_way, settle) => {
  const app = (props: BackupProviderProps = {}) => appOn(emulator, props);

  test("gives plain values of all services", async () => {
    const { stack, provider } = app();
    const queries = queriesOfAll(stack);
    await settle(provider);
    for (const query of queries) {
      expect(query.all.length).toBeGreaterThan(5);
      expect(query.warnings).toEqual([]);
    }
    const withoutLatest = queries.filter(({ latest }) => latest === undefined);
    expect(withoutLatest.map(({ node }) => node.id)).toEqual(["taurusdb"]);
    // GeminiDB's backups of instances and of tables are two; what DCS's total counts takes another, and so
    // do TaurusDB's ten full ones and GeminiDB's ten, which may be a page that was cut off.
    expect(lists()).toHaveLength(queries.length + 4);
  });

  test("sends queries that are the same once, and keeps what it got", async () => {
    const { stack, provider } = app();
    const one = new RdsBackups(stack, "one", { instanceId: SAMPLE.rds });
    const two = new RdsBackups(stack, "two", { instanceId: SAMPLE.rds });
    await settle(provider);
    expect(one.all.map(({ id }) => id)).toEqual(two.all.map(({ id }) => id));
    const three = new RdsBackups(stack, "three", { instanceId: SAMPLE.rds });
    await settle(provider);
    expect(three.latest?.id).toBe(one.latest?.id);
    expect(lists()).toHaveLength(1);
  });

  test("that fails is an error where it is read, and leaves the others alone", async () => {
    const { stack, provider } = app();
    const missing = new RdsBackups(stack, "missing", { instanceId: "nobody" });
    const there = new RdsBackups(stack, "there", { instanceId: SAMPLE.rds });
    await settle(provider);
    expect(() => missing.all).toThrow(
      /^INSTANCE_NOT_FOUND: .*DBS\.200045.*construct: stack\/missing; query: RDS backups of instance nobody/,
    );
    expect(there.all.length).toBeGreaterThan(0);
  });

  test("ends at the deadline when the service never answers", async () => {
    emulator._control({ op: "fault", fault: { service: "rds", hang: true, times: -1 } });
    const { stack, provider } = app({ timeout: Duration.seconds(0.6) });
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const began = performance.now();
    await settle(provider);
    expect(() => query.all).toThrow(
      /^DEADLINE_EXCEEDED: GET http:\S+\/v3\/\S+ had no answer when the 0\.6 s that lookups have were over.*`timeout: Duration.*query: RDS backups of instance/,
    );
    // Not a claim about speed: that it ended by the deadline at all.
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("waits for the quota of its user, and tells people why", async () => {
    const retryAfter = { limit: 3, windowMs: 4_000, retryAfter: true };
    const narrow = BackupEmulator._startWith({ quota: retryAfter });
    const said: string[] = [];
    const spy = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      said.push(String(chunk));
      return true;
    });
    try {
      const { stack, provider } = appOn(narrow, { projectId: narrow.projectId });
      const queries = queriesOfAll(stack);
      await settle(provider);
      for (const query of queries) expect(query.all.length).toBeGreaterThan(5);
    } finally {
      spy.mockRestore();
      narrow.close();
    }
    expect(said[0]).toMatch(
      /^Waiting \d s: 127\.0\.0\.1:\d+ lets this user send 3 requests in 4 s\. \d more (is|are) to be sent, which takes \d+ s\.\n$/,
    );
  });

  test("shares one deadline with all other lookups of the synthesis", async () => {
    emulator._control({ op: "fault", fault: { service: "rds", hang: true, times: -1 } });
    const { stack, provider } = app({ timeout: Duration.seconds(0.6) });
    const first = new RdsBackups(stack, "first", { instanceId: SAMPLE.rds });
    await settle(provider);
    expect(() => first.all).toThrow(/^DEADLINE_EXCEEDED/);
    const second = new RdsBackups(stack, "second", { instanceId: "another" });
    await settle(provider);
    expect(() => second.all).toThrow(/^DEADLINE_EXCEEDED/);
  });

  test("of an instance that is created by the stack is empty, if that was said", async () => {
    const { stack, provider } = app();
    const options = { instanceId: "to-be", ifInstanceMissing: IfInstanceMissing.EMPTY };
    const queries = queriesOfAll(stack, options);
    await settle(provider);
    for (const query of queries) {
      expect(query.all).toEqual([]);
      expect(query.latest).toBeUndefined();
    }
  });

  test("of an instance whose id looks like another service's is empty with a warning", async () => {
    const { stack, provider } = app();
    const query = new RdsBackups(stack, "rds", {
      instanceId: "164abc6d35114095bb849d007b19db3bin14",
      ifInstanceMissing: IfInstanceMissing.EMPTY,
    });
    await settle(provider);
    expect(query.all).toEqual([]);
    expect(query.warnings).toEqual([
      "there is no such instance; taken for one that does not exist yet, because of ifInstanceMissing. The id ends in in14, as those of GaussDB do: is it a query of the right service?",
    ]);
  });

  test("of an instance that may be missing or forbidden is empty with a warning", async () => {
    const body = '{"error_code":"DBS.280015","error_msg":"not found or no permission"}';
    emulator.fault({ service: BackupService.RDS, status: 403, body });
    const { stack, provider } = app();
    const query = new RdsBackups(stack, "rds", {
      instanceId: "x",
      ifInstanceMissing: IfInstanceMissing.EMPTY,
    });
    await settle(provider);
    expect(query.all).toEqual([]);
    expect(query.warnings).toEqual([expect.stringContaining("not found or no permission")]);
  });

  test("asks whatever was declared before the first read in one batch, side by side", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ latency: Duration.seconds(0.3) });
    const { stack, provider } = app({ projectId: emulator.projectId });
    const queries = Array.from(
      { length: 8 },
      (_, i) => new GaussDbBackups(stack, `q${i}`, { backupId: `b${i}` }),
    );
    await settle(provider);
    expect(queries[0]!.all).toEqual([]);
    expect(lists()).toHaveLength(8);
  });

  test("of a wrong answer says so, whatever it is", async () => {
    for (const [body, code] of [
      ["<html>Please sign in</html>", "BAD_ANSWER"],
      ['{"backups":[{"name":"x"}],"total_count":1}', "BAD_ANSWER"],
      ['{"backups":[],"total_count":3}', "LIST_DID_NOT_SETTLE"],
    ] as const) {
      emulator._control({ op: "clearFaults" });
      emulator.fault({ service: BackupService.RDS, status: 200, body, times: -1 });
      const { stack, provider } = app();
      const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
      await settle(provider);
      expect(() => query.all).toThrow(new RegExp(`^${code}: `));
    }
  });

  test("of both types of GeminiDB counts a backup once that both lists hold", async () => {
    const body = '{"backups":[{"id":"same"}],"total_count":1}';
    emulator.fault({ service: BackupService.GEMINIDB, status: 200, body, times: 2 });
    const { stack, provider } = app();
    const query = new GeminiDbBackups(stack, "g", { type: GeminiDbBackupType.ALL });
    await settle(provider);
    expect(query.all.map(({ id }) => id)).toEqual(["same"]);
  });

  test("is complete where the list moves under the reader", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ count: 250 });
    const before = new GaussDbBackups(app().stack, "before").all.map(({ id }) => id);
    const record = { ...new GaussDbBackups(app().stack, "raw").all[0]!.raw, id: "newcomer" };
    emulator._control({
      op: "fault",
      fault: {
        service: "gaussDb",
        path: "offset=99",
        then: { op: "add", service: "gaussDb", record },
      },
    });
    const { stack, provider } = app();
    const query = new GaussDbBackups(stack, "moving");
    await settle(provider);
    expect(query.all.map(({ id }) => id).sort()).toEqual([...before, "newcomer"].sort());
  });
});

describe("several providers", () => {
  const hang = (fault: Fault) =>
    emulator._control({ op: "fault", fault: { delayMs: 1_500, times: -1, ...fault } });

  test("keep their own deadlines, though they share a sign-in", () => {
    hang({ service: "iam" });
    const { app, stack } = appOn(emulator, { timeout: Duration.seconds(0.5) });
    const patient = new BackupProvider(app, "patient", {
      ...settingsFor(emulator),
      timeout: Duration.seconds(30),
    });
    const provider = app.node.findChild("provider") as BackupProvider;
    const hasty = new RdsBackups(stack, "hasty", { instanceId: SAMPLE.rds, provider });
    const query = new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs, provider: patient });
    expect(() => hasty.all).toThrow(/^DEADLINE_EXCEEDED/);
    expect(query.all.length).toBeGreaterThan(0);
  });

  test("that ask for the same list each wait as long as they said", () => {
    hang({ service: "rds" });
    const { app, stack, provider } = appOn(emulator, { timeout: Duration.seconds(0.5) });
    const patient = new BackupProvider(app, "patient", {
      ...settingsFor(emulator),
      timeout: Duration.seconds(30),
    });
    const hasty = new RdsBackups(stack, "hasty", { instanceId: SAMPLE.rds, provider });
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds, provider: patient });
    expect(() => hasty.all).toThrow(/^DEADLINE_EXCEEDED/);
    expect(query.all.length).toBeGreaterThan(0);
  });
});

describe("`load`", () => {
  test("twice at once counts the time once", async () => {
    emulator._control({ op: "fault", fault: { service: "rds", delayMs: 1_500, times: -1 } });
    const { stack, provider } = appOn(emulator, { timeout: Duration.seconds(4) });
    new RdsBackups(stack, "a", { instanceId: SAMPLE.rds });
    await Promise.all([provider.load(), provider.load(), provider.load()]);
    expect(new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs }).all.length).toBeGreaterThan(0);
  });

  test("rejects with the one error, or with all of them", async () => {
    const { stack, provider } = appOn(emulator);
    new RdsBackups(stack, "a", { instanceId: "nobody" });
    await expect(provider.load()).rejects.toThrow(/^INSTANCE_NOT_FOUND: /);
    new RdsBackups(stack, "b", { instanceId: "nobody-either" });
    new RdsBackups(stack, "c", { instanceId: "nor-this-one" });
    await expect(provider.load()).rejects.toThrow(
      /^LOOKUPS_FAILED: 3 lookups failed:\n- INSTANCE.*stack\/a.*\n- .*stack\/b.*\n- .*stack\/c/,
    );
  });

  test("that nobody has awaited yet is joined by a read", () => {
    const { stack, provider } = appOn(emulator);
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const loading = provider.load();
    expect(query.all.length).toBeGreaterThan(0);
    expect(lists()).toHaveLength(1);
    return loading;
  });

  test("of nothing is nothing", async () => {
    await expect(appOn(emulator).provider.load()).resolves.toBeUndefined();
    expect(emulator._requests()).toEqual([]);
  });
});

describe("250 records of each service", () => {
  test.each(["accessKey", "password"])(
    "come back complete and in order, signed in by %s",
    (way) => {
      emulator.close();
      emulator = BackupEmulator.start({ count: 250, seed: 7 });
      const credentials = way === "accessKey" ? emulator.credentials : Credentials.password(USER);
      const { stack } = appOn(emulator, { credentials });
      const queries = queriesOfAll(stack);
      for (const query of queries) {
        expect(query.all).toHaveLength(250);
        expect(new Set(query.all.map(({ id }) => id)).size).toBe(250);
        const times = query.all.map((backup) => placeInTime(backup)?.getTime() ?? -Infinity);
        expect([...times].sort((a, b) => b - a)).toEqual(times);
      }
      const auth = way === "accessKey" ? "signature" : "token";
      expect(lists().every((request) => request.auth === auth && request.status === 200)).toBe(
        true,
      );
    },
  );
});

describe("a server that", () => {
  const always = (fault: Fault) =>
    emulator._control({ op: "fault", fault: { times: -1, ...fault } });
  const all = (): BackupQuery[] => {
    const { stack } = appOn(emulator);
    return queriesOfAll(stack);
  };

  test.each([false, true])(
    "gives smaller pages than asked is read whole (DCS's total is the page's: %p)",
    (dcsTotalCountsPage) => {
      emulator.close();
      emulator = BackupEmulator.start({ count: 57, dcsTotalCountsPage });
      always({ pageCap: 10 });
      for (const query of all()) expect(query.all).toHaveLength(57);
    },
  );

  test("repeats its first page for ever is an error", () => {
    emulator.close();
    emulator = BackupEmulator.start({ count: 130 });
    always({ repeatFirstPage: true });
    for (const query of all()) expect(() => query.all).toThrow(/^LIST_DID_NOT_SETTLE: /);
  });

  test("never ends is an error, after a bounded number of requests", () => {
    always({ endless: true });
    const queries = all();
    for (const query of queries) {
      expect(() => query.all).toThrow(/^LIST_(DID_NOT_SETTLE|TOO_LONG): /);
    }
    expect(lists().length).toBeLessThan(20 * queries.length);
  });
});

describe("errors", () => {
  test("are of one base class, with code, construct path and request id", () => {
    const { stack } = appOn(emulator);
    const query = new RdsBackups(stack, "rds", { instanceId: "nobody" });
    try {
      void query.all;
      throw new Error("no error");
    } catch (error) {
      if (!BackupsError.isBackupsError(error)) throw error;
      expect(error).toMatchObject({
        code: "INSTANCE_NOT_FOUND",
        constructPath: "stack/rds",
        status: 404,
        serviceCode: "DBS.200045",
        requestId: expect.stringMatching(/^\w+$/),
      });
    }
  });
});
