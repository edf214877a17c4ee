import { BackupEmulator, BackupService, GaussDbBackups } from "../../lib";
import { preflight } from "../../lib/lookup/preflight";
import { appOn } from "../support/app";

const { GAUSSDB } = BackupService;
const SECRET = "sk-secret-of-the-preflight";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator._startWith({ generate: { seed: 1, count: 150 }, secretKey: SECRET });
});
afterEach(() => emulator.close());

const order = (more: object = {}) => ({
  ...{ service: GAUSSDB, cloud: "custom", endpoints: emulator.endpoints },
  ...{ region: emulator.region, projectId: emulator.projectId, usesMetadata: false },
  ...more,
});
const env = () => ({
  HW_ACCESS_KEY: emulator.environment["HW_ACCESS_KEY"],
  HW_SECRET_KEY: SECRET,
});
const restorable = () => {
  const backup = new GaussDbBackups(appOn(emulator).stack, "gaussdb").latest!;
  return { id: backup.id, raw: backup.raw };
};

describe("a preflight", () => {
  test("gives the backup that is there and can be restored", async () => {
    const { id } = restorable();
    expect((await preflight(order(), id, env())).id).toBe(id);
  });

  test("takes what it is not told from the environment of the apply", async () => {
    const { id } = restorable();
    const bare = order({ cloud: "custom", endpoints: {}, region: undefined, projectId: undefined });
    expect((await preflight(bare, id, emulator.environment)).id).toBe(id);
  });

  test("stops for one that has gone", async () => {
    await expect(preflight(order(), "nobody", env())).rejects.toThrow(
      /^PREFLIGHT_FAILED: the backup nobody is gone\. Nothing was restored\./,
    );
  });

  test("shows no secret that a wrong answer echoes", async () => {
    const body = `<html>you sent ${SECRET}</html>`;
    emulator.fault({ service: GAUSSDB, status: 200, body, times: -1 });
    const failure = preflight(order(), "b", env());
    await expect(failure).rejects.toThrow(/^BAD_ANSWER: .*you sent \*\*\*/);
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
    expect((await preflight(order(), id, env())).status).toBe("completed");
  });
});
