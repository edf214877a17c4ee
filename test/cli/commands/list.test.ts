import { BackupEmulator, BackupKind, BackupService, InstanceStatus } from "../../../lib";
import { list, ListOptions } from "../../../lib/cli/commands/list";
import { Told } from "../../../lib/cli/output";

const TERMINAL = { columns: 100, isColoured: false };
const NOW = new Date("2026-01-31T00:00:00Z");
const AS_OF = { asOf: "2026-01-31T00:00:00Z" };
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

const ask = (services: string[], options: ListOptions = {}): Promise<Told> =>
  list(services, { ...AS_OF, ...options }, TERMINAL);
const rowsOf = (told: Told): { [key: string]: unknown }[] =>
  told.as.ndjson!()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe("list", () => {
  test("has the backups of all instances, the newest first, in each format", async () => {
    const told = await ask(["rds", "dcs"]);
    expect(told).toMatchObject({ exit: 0, problems: [] });
    const rows = rowsOf(told);
    const times = rows.map(({ begin_time }) => String(begin_time));
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(rows.map(({ service }) => service))).toEqual(new Set(["rds", "dcs"]));
    expect(JSON.parse(told.as.json!())).toEqual({ as_of: AS_OF.asOf, backups: rows });
    const text = told.as.text!().split("\n");
    expect(text).toHaveLength(rows.length + 2);
    expect(text[0]).toMatch(
      /^SERVICE +BEGUN \(UTC\) +AGE +KIND +SIZE +RESTORABLE +INSTANCE +NAME +ID$/,
    );
    expect(text.at(-1)).toBe(`${rows.length} backups, as of 2026-01-31T00:00:00Z`);
    expect(told.as.csv!().split("\n")).toHaveLength(rows.length + 2);
    expect(told.as.markdown!().split("\n")).toHaveLength(rows.length + 2);
  });

  test("has those of one instance, by its id or its name, without its column", async () => {
    emulator.addInstance({ service: BackupService.RDS, id: INSTANCE, name: "orders" });
    const [byId, byName] = await Promise.all([
      ask(["rds"], { instance: INSTANCE }),
      ask(["rds"], { name: "orders" }),
    ]);
    expect(rowsOf(byId).length).toBeGreaterThan(0);
    expect(rowsOf(byName).map(({ id }) => id)).toEqual(rowsOf(byId).map(({ id }) => id));
    expect(new Set(rowsOf(byName).map((row) => row["instance_name"]))).toEqual(new Set(["orders"]));
    expect(byId.as.text!()).not.toContain("INSTANCE");
  });

  test("has those of a kind, begun within a duration", async () => {
    const manual = rowsOf(await ask(["rds"], { kind: "manual" }));
    expect(new Set(manual.map(({ kind }) => kind))).toEqual(new Set(["manual"]));
    const young = rowsOf(await ask(["rds"], { within: "2d" }));
    const all = rowsOf(await ask(["rds"]));
    const expected = all.filter(({ age_seconds }) => Number(age_seconds) <= 2 * 86_400);
    expect(young.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(young.length).toBeLessThan(all.length);
  });

  test("has each backup's row as the library knows it, and why it can't be restored", async () => {
    const rows = rowsOf(await ask(["rds"]));
    for (const row of rows) {
      expect(row["why_not"] === null).toBe(row["is_restorable"]);
      const { begin_time, age_seconds } = row as { begin_time: string; age_seconds: number };
      expect(age_seconds).toBe((NOW.getTime() - Date.parse(begin_time)) / 1_000);
    }
    expect(rows.some(({ why_not }) => why_not !== null)).toBe(true);
    const attributes = Object.keys(rows[0]!);
    expect(attributes).toEqual(expect.arrayContaining(["service", "id", "size_bytes", "as_of"]));
  });

  test("says that there is nothing, in each format", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ records: { rds: [] } });
    Object.assign(process.env, emulator.environment);
    const told = await ask(["rds"]);
    expect(told.exit).toBe(0);
    expect(told.as.text!()).toBe("No backups, as of 2026-01-31T00:00:00Z");
    expect(told.as.ndjson!()).toBe("");
    expect(told.as.csv!().split("\n")).toHaveLength(2);
  });

  test("with --instances has each instance with its newest backup, also those that have none", async () => {
    emulator.addInstance({ service: BackupService.RDS, id: `${"0".repeat(32)}in01`, name: "new" });
    const told = await ask(["rds"], { instances: true });
    const rows = rowsOf(told);
    const [fresh] = rows.filter(({ name }) => name === "new");
    expect(fresh).toMatchObject({
      ...{ service: "rds", backups: 0, newest_id: null, newest_age_seconds: null },
      can_be_backed_up: true,
    });
    expect(rows.filter(({ newest_id }) => newest_id !== null).length).toBeGreaterThan(0);
    expect(told.as.text!()).toMatch(/\d+ instances, as of 2026-01-31T00:00:00Z$/);
  });

  test("keeps those of the others where one instance's list fails", async () => {
    const ids = ["a", "b"].map((letter) => `${letter.repeat(32)}in01`);
    for (const id of ids) emulator.addInstance({ service: BackupService.RDS, id, name: id[0] });
    const path = `instance_id=${ids[0]}`;
    emulator.fault({ service: BackupService.RDS, path, status: 403, times: -1 });
    const told = await ask(["rds"], { instances: true });
    expect(told.exit).toBe(3);
    expect(told.problems!.map(({ code }) => code)).toEqual(["NOT_PERMITTED"]);
    const rows = rowsOf(told);
    expect(rows.find(({ name }) => name === "b")).toMatchObject({ backups: 0, is_known: true });
    expect(rows.find(({ name }) => name === "a")).toMatchObject({
      ...{ service: "rds", id: ids[0], can_be_backed_up: true, is_known: false, backups: null },
      ...{ newest_id: null, newest_begin_time: null, newest_age_seconds: null },
    });
    expect(JSON.parse(told.as.json!()).failed).toEqual([
      {
        ...{ service: "rds", instance_id: ids[0], code: "NOT_PERMITTED" },
        message: expect.stringMatching(/^NOT_PERMITTED: /),
      },
    ]);
    expect(told.as.csv!()).toMatch(new RegExp(`^rds,${ids[0]},a,.*,false,,,,,2026`, "m"));
    expect(told.as.text!()).toMatch(/^rds +a +unknown +unknown +unknown +available +a{32}in01$/m);
    expect(told.as.text!()).toMatch(/instances?, as of .*\nNothing is known of what failed\.$/);
    expect((await ask(["rds"])).as.text!()).toMatch(/\d backups?, as of/);
  });

  test("never tells what failed as nothing, and how it failed in the words of the command", async () => {
    const told = await ask(["rds"], { name: "zzzzzzzzzzzzzzzzzzzzzz" });
    expect(told.exit).toBe(3);
    expect(told.as.text!()).toBe("Nothing is known of what failed.");
    expect(told.as.markdown!()).toContain("Nothing is known of what failed.");
    const { backups, failed } = JSON.parse(told.as.json!());
    expect({ backups, failed }).toEqual({
      backups: [],
      failed: [
        {
          ...{ service: "rds", instance_id: null, code: "INSTANCE_NOT_FOUND" },
          message: expect.stringContaining("Check its id"),
        },
      ],
    });
    expect(told.as.json!()).not.toContain("ifInstanceMissing");
    expect(told.as.ndjson!()).toBe("");
  });

  test("tells instances apart: by their service, and by their ids where names are the same", async () => {
    const services = [BackupService.RDS, BackupService.GEMINIDB];
    const ids = ["01", "06"].map((kind) => `${"c".repeat(32)}in${kind}`);
    for (const [i, service] of services.entries()) {
      emulator.addInstance({ service, id: ids[i]!, name: "twin" });
      const id = ids[i]!.replace("in", "br");
      emulator.addBackup({ service, id, instanceId: ids[i]!, beginTime: NOW });
    }
    const text = (await ask(["rds", "geminidb"])).as.text!();
    expect(text).toMatch(/^SERVICE +BEGUN \(UTC\) /);
    for (const [i, service] of services.entries()) {
      expect(text).toMatch(new RegExp(`^${service} .* twin \\(${ids[i]}\\) `, "m"));
    }
  });

  test("has each key of a row of JSON as a column of CSV", async () => {
    const told = await ask(["rds"], { instances: true });
    const [head] = told.as.csv!().split("\n");
    expect(head!.split(",")).toEqual(Object.keys(rowsOf(told)[0]!));
  });

  test.each(["gaussdb", "geminidb", "taurusdb", "dds"] as BackupService[])(
    "has those of %s whose instance is gone, by the id and the name that they carry",
    async (service) => {
      // The two other lists carry the id alone.
      const hasNames = [BackupService.DDS, BackupService.GEMINIDB].includes(service);
      for (const [id, instanceId] of [
        ["of-live", "live"],
        ["of-gone", "gone"],
      ] as const) {
        const instanceName = hasNames ? `${instanceId}-one` : undefined;
        const of = { service, instanceId, instanceName };
        const beginTime = new Date(NOW.getTime() - 60_000);
        emulator.addBackup({ ...of, id, beginTime, kind: BackupKind.MANUAL });
      }
      const records = [{ id: "live", name: "live-one", status: "normal" }];
      const body = JSON.stringify({ instances: records, total_count: 1 });
      emulator.fault({ service, path: "/instances", status: 200, times: -1, body });
      const told = await ask([service], { kind: "manual", within: "1h" });
      expect(told).toMatchObject({ exit: 0, notes: [] });
      const rows = rowsOf(told);
      const found = rows.map(({ id, instance_id, instance_name }) => {
        return [id, instance_id, instance_name];
      });
      expect(found.sort()).toEqual([
        ["of-gone", "gone", hasNames ? "gone-one" : null],
        ["of-live", "live", "live-one"],
      ]);
      const called = hasNames ? "gone-one \\(gone\\)" : "gone";
      expect(told.as.text!()).toMatch(new RegExp(` ${called} .*of-gone$`, "m"));
      expect(told.as.csv!()).toContain("of-gone");
      const instances = rowsOf(await ask([service], { instances: true }));
      expect(instances.map(({ id }) => id)).toEqual(["live"]);
    },
  );

  test("says once of which services nobody can tell what deleted instances have left", async () => {
    const note = /^RDS and DCS are asked instance by instance, so .* deleted .* --instance <id>$/;
    const told = await ask(["rds", "dcs", "dds"]);
    expect(told.notes).toEqual([expect.stringMatching(note)]);
    for (const options of [{ instance: INSTANCE }, { instances: true }]) {
      expect((await ask(["rds"], options)).notes).toEqual([]);
    }
  });

  test("refuses incremental backups of all instances: they are asked one by one", async () => {
    await expect(ask(["taurusdb-incremental"])).rejects.toThrow(/Give --instance or --name/);
    expect(emulator.requests).toEqual([]);
  });
});

describe("list of instances", () => {
  test("is of all their backups: a filter, by which another would be the newest, is refused", async () => {
    for (const options of [{ within: "1h" }, { kind: "manual" }]) {
      await expect(ask(["rds"], { instances: true, ...options })).rejects.toThrow(
        /^INVALID_ARGUMENT: --(within|kind) stands beside --instances/,
      );
    }
    expect(emulator.requests).toEqual([]);
  });

  test("says of each that has no backups of its own why", async () => {
    const letters = ["a", "b"].map((letter) => `${letter.repeat(32)}in01`) as [string, string];
    const { CREATING } = InstanceStatus;
    emulator.addInstance({ service: BackupService.RDS, id: letters[0], isReplica: true });
    emulator.addInstance({ service: BackupService.RDS, id: letters[1], status: CREATING });
    emulator.addInstanceRecord(BackupService.DCS, {
      ...{ instance_id: "alone", name: "cache", status: "RUNNING", cache_mode: "single" },
    });
    const text = (await ask(["rds", "dcs"], { instances: true })).as.text!();
    expect(text).toMatch(new RegExp(` available, replica +${letters[0]}$`, "m"));
    expect(text).toMatch(new RegExp(` creating +${letters[1]}$`, "m"));
    expect(text).toMatch(/ available, can't be backed up +alone$/m);
  });

  test("of one that nobody has is no empty list, but not known", async () => {
    for (const options of [
      { name: "nobody" },
      { instance: "e48e43ff268f4c0e879652d65e63d0fbin01" },
    ]) {
      const told = await ask(["rds"], { instances: true, ...options });
      expect(told.exit).toBe(3);
      expect(told.problems!.map(({ code }) => code)).toEqual(["INSTANCE_NOT_FOUND"]);
    }
  });

  test("takes an id or a name, not both", async () => {
    await expect(ask(["rds"], { instance: INSTANCE, name: "orders-1" })).rejects.toThrow(
      /^INVALID_ARGUMENT: both --instance and --name/,
    );
  });
});
