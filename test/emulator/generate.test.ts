import { generateRecords } from "../../lib/emulator/generate";
import type { ServiceName } from "../../lib/emulator/server";
import { SERVICE_NAMES as ALL } from "../../lib/emulator/services/registry";
import { readRecordTime } from "../../lib/emulator/times";
import { listPath, NOW, sampleInstance, start, stopAll } from "./helpers";

type Backup = Record<string, string>;
const make = (service: ServiceName, seed = 1, count = 300): Backup[] =>
  generateRecords(service, seed, count, NOW) as Backup[];
const idKey = (service: ServiceName): string => (service === "dcs" ? "backup_id" : "id");

afterEach(stopAll);

it.each(ALL)("makes the same %s records for the same seed, and others for another", (service) => {
  expect(make(service)).toEqual(make(service));
  expect(make(service, 2)).not.toEqual(make(service));
});

it.each(ALL)(
  "makes as many %s records as asked, of one instance, each with its own id",
  (service) => {
    const records = make(service);
    expect(new Set(records.map((record) => record[idKey(service)])).size).toBe(300);
    expect(new Set(records.map((record) => record["instance_id"]))).toEqual(
      new Set([sampleInstance(service)]),
    );
  },
);

it.each(ALL)("makes %s records of which some begin together and none in the future", (service) => {
  const begins = make(service).map((record) => record["begin_time"] ?? record["execution_at"]);
  const known = begins.filter((begin) => typeof begin === "string");
  expect(new Set(known).size).toBeLessThan(known.length);
  for (const begin of known) expect(readRecordTime(begin)).toBeLessThan(NOW);
});

it.each<[ServiceName, string, string[]]>([
  ["gaussDb", "status", ["BUILDING", "COMPLETED", "FAILED"]],
  ["gaussDb", "type", ["auto", "manual"]],
  ["rds", "status", ["BUILDING", "COMPLETED", "DELETING", "FAILED"]],
  ["rds", "type", ["auto", "fragment", "incremental", "manual"]],
  ["geminiDb", "status", ["BUILDING", "COMPLETED", "FAILED"]],
  ["geminiDb", "type", ["Auto", "Manual"]],
  ["dcs", "status", ["backuping", "deleted", "expired", "failed", "succeed", "waiting"]],
  ["dcs", "is_support_restore", ["FALSE", "TRUE"]],
])("varies %s's %s over all that its page lists", (service, field, values) => {
  expect([...new Set(make(service).map((record) => record[field]))].sort()).toEqual(values);
});

it("uses names beyond ASCII", () => {
  expect(make("rds").some((record) => /[^\x20-\x7e]/.test(record["name"] ?? ""))).toBe(true);
});

it("is served instead of the default data, unless records are given", async () => {
  const rig = await start({
    generate: { seed: 1, count: 30 },
    records: { dcs: [] },
    instances: { dcs: ["x"] },
  });
  expect((await rig.get(listPath("gaussDb"))).body.total_count).toBe(30);
  expect((await rig.get(listPath("geminiDb"))).body.total_count).toBe(30);
  expect((await rig.get(listPath("taurusDb"))).body.total_count).toBe(30);
  expect((await rig.get(listPath("dcs", "x"))).body.total_num).toBe(0);
});
