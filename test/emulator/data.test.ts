import { defaultRecords } from "../../lib/emulator/data";
import type { ServiceName } from "../../lib/emulator/server";
import { SERVICE_NAMES as ALL, SERVICES } from "../../lib/emulator/services/registry";
import { readRecordTime } from "../../lib/emulator/times";
import { instancesOf, listPath, NOW, start, stopAll } from "./helpers";

type Backup = Record<string, any>;
const HOUR = 3_600_000;

const idOf = (backup: Backup): string =>
  (backup["id"] ?? backup["backup_id"] ?? backup["id "]) as string;
const beginOf = (backup: Backup): number | undefined =>
  readRecordTime(backup["begin_time"] ?? backup["execution_at"]);
const recordsOf = (service: ServiceName): Backup[] =>
  defaultRecords(SERVICES[service], NOW) as Backup[];

/** The made-up records of one instance, without the samples. */
function recentOf(service: ServiceName, instance = instancesOf(service)[0] as string): Backup[] {
  return recordsOf(service)
    .slice(SERVICES[service].samples.length)
    .filter((backup) => backup["instance_id"] === instance);
}

function newest(backups: Backup[]): Backup | undefined {
  return [...backups].sort((a, b) => (beginOf(b) ?? 0) - (beginOf(a) ?? 0))[0];
}

it("keeps as many samples as the pages show", () => {
  expect(ALL.map((service) => SERVICES[service].samples.length)).toEqual([2, 3, 2, 1, 1, 1, 1]);
});

it("has the instances that the samples name, each once and without stray spaces", () => {
  expect(Object.fromEntries(ALL.map((service) => [service, instancesOf(service)]))).toEqual({
    gaussDb: ["164abc6d35114095bb849d007b19db3bin14", "fd26e3bf26e5467587eec857e4f66ef0in14"],
    rds: [
      "a48e43ff268f4c0e879652d65e63d0fbin01",
      "a48e43ff268f4c0e879652d65e63d0fbin03",
      "a48e43ff268f4c0e879652d65e63d0fbin04",
    ],
    geminiDb: ["43e4feaab48f11e89039fa163ebaa7e4br01", "43e4feaab48f11e89039fa163ebaa7e4br02"],
    dcs: ["5560df16-cebf-4473-95c4-d1b573c16e79"],
    taurusDb: ["61a4ea66210545909d74a05c27a7179ein07"],
    // Their samples have the backup's id for the instance's.
    taurusDbFull: ["61a4ea66210545909d74a05c27a7179ein07"],
    dds: ["d5833c2854a4486cb7960f829269e211in02"],
  });
});

it.each(ALL)("starts %s with the page's samples", (service) => {
  expect(recordsOf(service).slice(0, SERVICES[service].samples.length)).toEqual(
    SERVICES[service].samples,
  );
});

it.each(ALL)("gives every %s record an id of its own", (service) => {
  const ids = recordsOf(service).map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
});

it.each(ALL)("is the same for the same moment, for %s", (service) => {
  expect(defaultRecords(SERVICES[service], NOW)).toEqual(recordsOf(service));
});

it.each(ALL)("shares nothing but the samples of %s with another hour's", (service) => {
  const later = (defaultRecords(SERVICES[service], NOW + HOUR) as Backup[]).map(idOf);
  const shared = recordsOf(service)
    .map(idOf)
    .filter((id) => later.includes(id));
  expect(shared).toEqual((SERVICES[service].samples as Backup[]).map(idOf));
});

it.each(ALL)("has nothing of %s in the future", (service) => {
  for (const backup of recordsOf(service)) {
    expect(beginOf(backup) ?? 0).toBeLessThanOrEqual(NOW);
    expect(readRecordTime(backup["end_time"]) ?? 0).toBeLessThanOrEqual(NOW);
  }
});

it.each(ALL)("has neither newest nor oldest first for %s", (service) => {
  if (service === "taurusDb") return; // Oldest first is as good as any order that isn't newest first.
  const begins = recentOf(service).map((backup) => beginOf(backup) ?? NOW);
  const sorted = [...begins].sort((a, b) => a - b);
  expect(begins).not.toEqual(sorted);
  expect(begins).not.toEqual(sorted.reverse());
});

const FULL_CASES = (["gaussDb", "rds", "geminiDb"] as const).flatMap((service) =>
  instancesOf(service).map((instance) => [service, instance] as const),
);

it.each(FULL_CASES)("has what decisions need for %s %s", (service, instance) => {
  const recent = recentOf(service, instance).filter(
    (backup) => backup["database_tables"] === undefined,
  );
  const auto = recent.filter(
    (b) => String(b["type"]).toLowerCase() === "auto" && b["status"] === "COMPLETED",
  );
  const manual = recent.filter(
    (b) => String(b["type"]).toLowerCase() === "manual" && b["status"] === "COMPLETED",
  );
  const building = recent.filter((backup) => backup["status"] === "BUILDING");
  expect([auto.length, manual.length, building.length]).toEqual([7, 1, 1]);
  expect(newest(recent)?.["status"]).toBe("FAILED");
  expect(building[0]).not.toHaveProperty("end_time");
});

it("has RDS's incremental and differential backups, and one being deleted", () => {
  for (const instance of instancesOf("rds")) {
    const recent = recentOf("rds", instance);
    expect(recent.filter((backup) => backup["type"] === "incremental")).toHaveLength(12);
    expect(recent.filter((backup) => backup["type"] === "fragment")).toHaveLength(2);
    expect(recent.filter((backup) => backup["status"] === "DELETING")).toHaveLength(1);
  }
});

it("names the engine that each RDS sample names, and databases for SQL Server only", () => {
  const engines = instancesOf("rds").map((instance) => recentOf("rds", instance)[0]);
  expect(engines.map((backup) => backup?.["datastore"].type)).toEqual([
    "MySQL",
    "PostgreSQL",
    "SQLServer",
  ]);
  expect(engines.map((backup) => backup?.["databases"] !== undefined)).toEqual([
    false,
    false,
    true,
  ]);
});

it("has GeminiDB's table-level backups newer than every finished one of the instance", () => {
  const recent = recentOf("geminiDb").filter((backup) => backup["status"] === "COMPLETED");
  expect(newest(recent)?.["database_tables"]).toBeDefined();
  expect(recent.filter((backup) => backup["database_tables"] === undefined).length).toBeGreaterThan(
    0,
  );
});

it("has DCS's backup that can't be restored from newer than all that can", () => {
  const recent = recentOf("dcs");
  const finished = recent.filter((backup) => backup["status"] === "succeed");
  expect(newest(finished)).toMatchObject({ is_support_restore: "FALSE" });
  expect(finished.filter((backup) => backup["is_support_restore"] === "TRUE")).toHaveLength(8);
  expect(recent.find((backup) => backup["status"] === "waiting")).toMatchObject({
    execution_at: null,
  });
  expect(newest(recent)).toMatchObject({ status: "failed", error_code: "dcs.08.0002" });
  expect(recent.length).toBeGreaterThan(10);
});

it("has a TaurusDB incremental every four hours, each beginning where the last ended", () => {
  const recent = recentOf("taurusDb");
  expect(recent).toHaveLength(42);
  for (const [index, backup] of recent.entries()) {
    if (index > 0) expect(backup["begin_time"]).toBe(recent[index - 1]?.["end_time"]);
  }
});

it("writes each API's own units, times and ids", () => {
  const manual = (service: ServiceName): Backup =>
    recentOf(service).find((each) =>
      /before-migration/.test(each["name"] ?? each["backup_name"]),
    ) as Backup;
  const begin = "2025-06-13T01:00:00";
  const china = "2025-06-13T09:00:00+0800";
  const megabytes = 1503.75;
  expect(manual("gaussDb")).toMatchObject({ size: megabytes, begin_time: china, type: "manual" });
  expect(manual("rds")).toMatchObject({
    size: megabytes * 1024,
    begin_time: china,
    type: "manual",
  });
  expect(manual("geminiDb")).toMatchObject({
    size: megabytes * 1024,
    begin_time: `${begin}+0000`,
    type: "Manual",
  });
  expect(manual("dcs")).toMatchObject({
    size: megabytes * 1024 ** 2,
    execution_at: `${begin}.000Z`,
    backup_type: "manual",
  });
  expect(recentOf("taurusDb")[1]).toMatchObject({ size: 3.609375 * 1024 });
  const styles = {
    gaussDb: /^[0-9a-f]{32}br14$/,
    rds: /^[0-9a-f]{32}br01$/,
    geminiDb: /^[0-9a-f]{32}br06$/,
  };
  for (const [service, style] of Object.entries(styles))
    expect(idOf(manual(service as ServiceName))).toMatch(style);
  expect(idOf(manual("dcs"))).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

it("holds no default data beside records that were given for another list of the service", async () => {
  const rig = await start({ records: { taurusDb: [] } });
  expect((await rig.get(listPath("taurusDbFull"))).body.backups).toEqual([]);
  expect((await rig.get(listPath("taurusDb"))).status).toBe(404);
  await stopAll();
});
