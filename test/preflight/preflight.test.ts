import {
  BackupEmulator,
  BackupQuery,
  BackupService,
  Credentials,
  GaussDbBackups,
  GeminiDbBackups,
  RestoreTarget,
  RestoreTrigger,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { parseOrder } from "../../lib/preflight/order";
import { preflight } from "../../lib/preflight/preflight";
import { appOn } from "../support/app";

const { GAUSSDB } = BackupService;
const SECRET = "sk-secret-of-the-preflight";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator._startWith({ generate: { seed: 1, count: 150 }, secretKey: SECRET });
});
afterEach(() => {
  emulator.close();
  for (const name of Object.keys(env())) delete process.env[name];
});

const order = (more: object = {}) => ({
  ...{ service: GAUSSDB, cloud: "custom", endpoints: emulator.endpoints },
  ...{ region: emulator.region, projectId: emulator.projectId, usesMetadata: false },
  ...more,
});
const env = () => ({
  HW_ACCESS_KEY: emulator.environment["HW_ACCESS_KEY"],
  HW_SECRET_KEY: SECRET,
});
const backup = (backupId: string, instanceId = "") => ({ backupId, instanceId, restoreTime: "" });
const restorable = () => {
  const backup = new GaussDbBackups(appOn(emulator).stack, "gaussdb").latest!;
  return { id: backup.id, raw: backup.raw };
};

describe("a preflight", () => {
  test("gives the backup that is there and can be restored", async () => {
    const { id } = restorable();
    expect(await preflight(order(), backup(id), env())).toBe(
      `backup ${id} is there and can be restored`,
    );
  });

  test("takes what it is not told from the environment of the apply", async () => {
    const { id } = restorable();
    const bare = order({ cloud: "custom", endpoints: {}, region: undefined, projectId: undefined });
    expect(await preflight(bare, backup(id), emulator.environment)).toContain(id);
  });

  test("asks the list that the backup was chosen from, where a service has several", async () => {
    const service = BackupService.TAURUSDB;
    const { id } = new TaurusDbBackups(appOn(emulator).stack, "taurusdb").latest!;
    const wanted = backup(id, BackupEmulator.sampleInstances(service)[0]);
    const list = "full-backups";
    expect(await preflight(order({ service, list }), wanted, env())).toContain(id);
    const elsewhere = preflight(order({ service, instanceId: wanted.instanceId }), wanted, env());
    await expect(elsewhere).rejects.toThrow(`the backup ${id} is gone`);
  });

  test("finds what a query leaves out unasked, and says what it is of", async () => {
    const service = BackupService.GEMINIDB;
    const { id } = new GeminiDbBackups(appOn(emulator).stack, "geminidb").latest!;
    expect(await preflight(order({ service }), backup(id), env())).toContain(id);
    const record = {
      ...{ id: "tables", instance_id: "i", type: "Manual", status: "COMPLETED" },
      ...{ begin_time: "2026-01-10T00:00:00+0000", end_time: "2026-01-10T01:00:00+0000" },
    };
    emulator._control({ op: "add", service: "geminiDb", record, tableLevel: true });
    await expect(preflight(order({ service }), backup("tables"), env())).rejects.toThrow(
      "the backup tables holds single databases or tables, not the instance",
    );
  });

  test("has the list of a synthesised restore in its order, where a service has several", async () => {
    Object.assign(process.env, env());
    const { stack, synth } = appOn(emulator, { credentials: Credentials.fromEnvironment() });
    const service = BackupService.TAURUSDB;
    const [instanceId = ""] = BackupEmulator.sampleInstances(service);
    const now = Date.now();
    const window = { start: new Date(now - 7_200_000), end: new Date(now - 3_600_000) };
    emulator.setRestoreWindows(service, instanceId, [window]);
    const of = (id: string, backups: BackupQuery) => {
      const target = new RestoreTarget(stack, id, { backups, pin: { epoch: 1 } });
      new RestoreTrigger(stack, `${id}-trigger`, { target, command: "true", preflight: true });
      return target;
    };
    const full = of("full", new TaurusDbBackups(stack, "q", { instanceId }));
    of("moment", new TaurusDbIncrementalBackups(stack, "p", { instanceId }));
    const texts = [
      ...JSON.stringify(synth()).matchAll(/"CDKTF_BACKUPS_PREFLIGHT":"((?:[^"\\]|\\.)*)"/g),
    ];
    const orders = texts.map(([, text]) => parseOrder(JSON.parse(`"${text}"`)));
    expect(orders.map(({ list }) => list).sort()).toEqual(["full-backups", undefined]);
    const ours = orders.find(({ list }) => list !== undefined)!;
    expect(await preflight(ours, backup(full.backup.id, instanceId), env())).toContain("is there");
  });

  test("says why it waits, where the quota of its user makes it wait", async () => {
    const { id } = restorable();
    emulator.close();
    const quota = { limit: 1, windowMs: 4_000, retryAfter: true };
    emulator = BackupEmulator._startWith({
      generate: { seed: 1, count: 150 },
      secretKey: SECRET,
      quota,
    });
    const said: string[] = [];
    const spy = jest.spyOn(process.stdout, "write").mockImplementation((line) => {
      said.push(String(line));
      return true;
    });
    try {
      // The first request of the window is another's.
      await fetch(`${emulator.endpoints.gaussDb}/v3/x/backups`);
      expect(await preflight(order(), backup(id), env())).toContain("can be restored");
    } finally {
      spy.mockRestore();
    }
    expect(said.join("")).toMatch(
      /^Waiting \d s: 127\.0\.0\.1:\d+ lets this user send 1 requests in 4 s\. /,
    );
  });

  test("stops for one that has gone", async () => {
    await expect(preflight(order(), backup("nobody"), env())).rejects.toThrow(
      /^PREFLIGHT_FAILED: the backup nobody is gone\. Nothing was restored\./,
    );
  });

  test("shows no secret that a wrong answer echoes", async () => {
    const body = JSON.stringify({ error_code: "X.1", error_msg: `you sent ${SECRET}` });
    emulator.fault({ service: GAUSSDB, status: 200, body, times: -1 });
    const failure = preflight(order(), backup("b"), env());
    await expect(failure).rejects.toThrow(/^BAD_ANSWER: .*X\.1 you sent \*\*\*/);
    await expect(failure).rejects.not.toThrow(new RegExp(SECRET));
  });

  test("goes by what the list was when it was read last, if it was read again", async () => {
    const { id, raw } = restorable();
    const page = (status: string) =>
      JSON.stringify({
        backups: [{ ...raw, id, status }],
        total_count: status === "FAILED" ? 2 : 1,
      });
    // A total that can't be true has the list read again.
    emulator.fault({ service: GAUSSDB, status: 200, body: page("FAILED"), times: 2 });
    emulator.fault({ service: GAUSSDB, status: 200, body: page("COMPLETED"), times: -1 });
    expect(await preflight(order(), backup(id), env())).toContain("can be restored");
  });

  test("stops for a backup of another instance than the one that is to be restored", async () => {
    const { id } = restorable();
    await expect(preflight(order(), backup(id, "another"), env())).rejects.toThrow(
      /^PREFLIGHT_FAILED: the backup \S+ is of instance \S+, not another/,
    );
  });

  test("stops for a backup from the future, whose age is none", async () => {
    const { id, raw } = restorable();
    const times = { begin_time: "2099-01-01T00:00:00+0000", end_time: "2099-01-01T01:00:00+0000" };
    const body = JSON.stringify({ backups: [{ ...raw, ...times }], total_count: 1 });
    emulator.fault({ service: GAUSSDB, status: 200, body, times: -1 });
    await expect(preflight(order(), backup(id), env())).rejects.toThrow(/was begun only at 2099/);
  });

  test("takes no other host's word than that of the one that answered the synthesis", async () => {
    const { id } = restorable();
    expect(await preflight(order({ host: "127.0.0.1" }), backup(id), env())).toContain(id);
    await expect(
      preflight(order({ host: "rds.eu-de.otc.t-systems.com" }), backup(id), env()),
    ).rejects.toThrow(/^PREFLIGHT_FAILED: rds\.eu-de\.otc\.t-systems\.com answered the synthesis/);
  });

  describe("of a moment", () => {
    const now = Date.now();
    const moment = (restoreTime: string) => ({ backupId: "", instanceId: "orders", restoreTime });
    const at = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
    beforeEach(() =>
      emulator.setRestoreWindows(GAUSSDB, "orders", [
        { start: new Date(now - 9 * 3_600_000), end: new Date(now - 2 * 3_600_000) },
      ]),
    );

    test("lets one go on that still lies in a window of the service", async () => {
      expect(await preflight(order(), moment(at(3)), env())).toContain("can be restored to");
    });

    test("stops for one that has left the windows", async () => {
      await expect(preflight(order(), moment(at(1)), env())).rejects.toThrow(
        /^PREFLIGHT_FAILED: the moment .* can't be restored to any more/,
      );
    });
  });
});
