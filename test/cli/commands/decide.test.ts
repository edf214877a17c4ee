import { BackupEmulator, BackupService } from "../../../lib";
import { decide, DecideOptions } from "../../../lib/cli/commands/decide";
import { NothingKnown } from "../../../lib/cli/exit";

const TERMINAL = { columns: 100, isColoured: false };
const colour = (number: number) => new RegExp(`^\u001b\\[${number}m`);
const NOW = new Date("2026-01-31T00:00:00Z");
const [INSTANCE] = BackupEmulator.sampleInstances(BackupService.RDS) as [string];

let emulator: BackupEmulator;
const own = { ...process.env };
beforeEach(() => {
  emulator = BackupEmulator.start({ now: NOW });
  for (const name of Object.keys(process.env)) if (/^(HW|OS)_/.test(name)) delete process.env[name];
  Object.assign(process.env, emulator.environment);
});
afterEach(() => {
  emulator.close();
  process.env = { ...own };
});

const ask = (options: DecideOptions, service = "rds", terminal = TERMINAL) =>
  decide(service, { asOf: "2026-01-31T00:00:00Z", instance: INSTANCE, ...options }, terminal);

describe("decide", () => {
  test("says which backup, and why not the others, in each format", async () => {
    const told = await ask({});
    expect(told.exit).toBe(0);
    const decision = JSON.parse(told.as.json!());
    expect(decision).toMatchObject({ subject: INSTANCE, is_met: true });
    const text = told.as.text!();
    expect(text).toContain(decision.chosen.id);
    for (const { id } of decision.rejected.slice(0, 3)) expect(text).toContain(id);
    expect(told.as.markdown!()).toMatch(new RegExp(`^\\*\\*${INSTANCE}: met\\*\\*\n`));
  });

  test("of a backup that is too old says so, and ends with 2", async () => {
    const told = await ask({ maxAge: "1s" });
    expect(told.exit).toBe(2);
    expect(JSON.parse(told.as.json!())).toMatchObject({ is_met: false });
    expect(told.as.markdown!()).toContain("not met");
  });

  test("of a moment says whether it can be restored to", async () => {
    const newest = await ask({ newestMoment: true });
    expect(newest.exit).toBe(0);
    const { restore_time } = JSON.parse(newest.as.json!());
    expect(Date.parse(restore_time)).toBeLessThanOrEqual(NOW.getTime());
    expect((await ask({ at: restore_time })).exit).toBe(0);
    expect((await ask({ at: "2020-01-01" })).exit).toBe(2);
  });

  test("of a backup by its id, before a moment, and of a kind", async () => {
    const { chosen } = JSON.parse((await ask({})).as.json!());
    expect((await ask({ id: chosen.id })).exit).toBe(0);
    expect((await ask({ id: "none" })).exit).toBe(2);
    const before = JSON.parse((await ask({ before: chosen.begin_time })).as.json!());
    expect(Date.parse(before.chosen.end_time)).toBeLessThanOrEqual(Date.parse(chosen.begin_time));
    const manual = JSON.parse((await ask({ kind: "manual" })).as.json!());
    expect(manual.chosen.kind).toBe("manual");
  });

  test("colours its verdict on a terminal that shows colours", async () => {
    const coloured = { ...TERMINAL, isColoured: true };
    expect((await ask({}, "rds", coloured)).as.text!()).toMatch(colour(32));
    expect((await ask({ maxAge: "1s" }, "rds", coloured)).as.text!()).toMatch(colour(31));
  });

  test("knows nothing where the lookup failed: that is no verdict", async () => {
    emulator.fault({ service: BackupService.RDS, status: 403, times: -1, body: "{}" });
    await expect(ask({})).rejects.toBeInstanceOf(NothingKnown);
  });

  test.each([
    ["all services", "all", {}, /a restore is of one service/],
    ["no instance", "rds", { instance: undefined }, /no instance is given/],
    ["an id and a name", "rds", { name: "orders" }, /both --instance and --name/],
    ["a filter of a moment", "rds", { at: "2026-01-01", kind: "manual" }, /stands beside a filter/],
    ["a moment of DCS", "dcs", { at: "2026-01-01" }, /NO_POINT_IN_TIME/],
    ["a service that is none, and names those that there are", "rsd", {}, /, dds\.$/],
  ])("refuses %s before any request", async (_, service, options, said) => {
    await expect(ask(options, service)).rejects.toThrow(said);
    expect(emulator.requests).toEqual([]);
  });
});
