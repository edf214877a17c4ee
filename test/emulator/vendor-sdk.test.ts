// The emulator as others see it: the vendor's own SDK asks it, signs what it sends by its own code, and
// reads the answers into its own classes.
import {
  Backup,
  BackupEmulator,
  BackupService,
  Instances,
  RestoreWindow,
  ServiceEndpoints,
} from "../../lib";
import { generateRecords } from "../../lib/emulator/generate";
import type { ServiceName } from "../../lib/emulator/server";
import { DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY } from "../../lib/emulator/types";
import { appOn, SAMPLE } from "../support/app";
import { describeUnless } from "../support/programs";
import { queriesOfAll } from "../support/queries";
import { called, SdkAnswer, SdkCall, vendorSdk } from "../support/vendor-sdk";
import { ALL, LIST_KEYS } from "./lists";

type Call = Pick<SdkCall, "module" | "client"> & { readonly endpoint: keyof ServiceEndpoints };
type Row = { readonly [key: string]: unknown };

const SERVICES: Record<BackupService, Call> = {
  gaussdb: {
    ...{ module: "gaussdbforopengauss.v3", client: "GaussDBforopenGaussClient" },
    endpoint: "gaussDb",
  },
  rds: { module: "rds.v3", client: "RdsClient", endpoint: "rds" },
  geminidb: {
    ...{ module: "gaussdbfornosql.v3", client: "GaussDBforNoSQLClient" },
    endpoint: "geminiDb",
  },
  dcs: { module: "dcs.v2", client: "DcsClient", endpoint: "dcs" },
  taurusdb: { module: "gaussdb.v3", client: "GaussDBClient", endpoint: "taurusDb" },
  dds: { module: "dds.v3", client: "DdsClient", endpoint: "dds" },
};

// The query that reads the same list, by its construct's id, and what the SDK calls the list.
const LISTS: Record<ServiceName, { service: BackupService; query: string; action: string }> = {
  gaussDb: { service: BackupService.GAUSSDB, query: "gaussdb", action: "ListBackups" },
  rds: { service: BackupService.RDS, query: "rds", action: "ListBackups" },
  geminiDb: {
    ...{ service: BackupService.GEMINIDB, query: "geminidb" },
    action: "ShowAllInstancesBackupsNew",
  },
  dcs: { service: BackupService.DCS, query: "dcs", action: "ListBackupRecords" },
  taurusDb: {
    ...{ service: BackupService.TAURUSDB, query: "taurusdb" },
    action: "ShowGaussMySqlIncrementalBackupList",
  },
  taurusDbFull: {
    ...{ service: BackupService.TAURUSDB, query: "taurusdb-full-backups" },
    action: "ShowGaussMySqlBackupList",
  },
  dds: { service: BackupService.DDS, query: "dds", action: "ListBackups" },
};

const [SEED, COUNT, PAGE] = [3, 130, 50];
const NOW = new Date("2026-01-31T00:00:00Z");

const sdk = vendorSdk();

describeUnless("missing" in sdk ? sdk.missing : undefined, "the vendor's SDK for Python", () => {
  let emulator: BackupEmulator;
  beforeEach(() => {
    emulator = BackupEmulator.start({ now: NOW, seed: SEED, count: COUNT });
  });
  afterEach(() => emulator.close());

  const python = "python" in sdk ? sdk.python : "";

  function callOf(service: BackupService, action: string, parameters: SdkCall["parameters"] = {}) {
    const { endpoint, ...client } = SERVICES[service];
    return {
      ...{ ...client, action, parameters, endpoint: emulator.endpoints[endpoint]! },
      ...{ accessKey: DEFAULT_ACCESS_KEY, secretKey: DEFAULT_SECRET_KEY },
      projectId: emulator.projectId,
    };
  }

  async function ask(...calls: SdkCall[]): Promise<SdkAnswer[]> {
    return called(python, calls);
  }

  const listCall = (name: ServiceName, parameters: SdkCall["parameters"]) => {
    const { service, action } = LISTS[name];
    return callOf(service, action, { instance_id: SAMPLE[service], ...parameters });
  };
  const recordsIn = (name: ServiceName, { body }: SdkAnswer): Row[] => body[LIST_KEYS[name]];
  const totalIn = (name: ServiceName, { body }: SdkAnswer) =>
    body[name === "dcs" ? "total_num" : "total_count"];
  const idOf = (record: Row) => String(record["backup_id"] ?? record["id"]);

  /** What this library reads of the same list. */
  function ownBackups(name: ServiceName): Backup[] {
    const queries = queriesOfAll(appOn(emulator).stack);
    return queries.find(({ node }) => node.id === LISTS[name].query)!.all;
  }

  test.each(ALL)("reads all pages of %s, each record as this library does", async (name) => {
    const pages = await ask(
      ...[0, PAGE, 2 * PAGE, 3 * PAGE].map((offset) => listCall(name, { offset, limit: PAGE })),
    );
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(pages.map((page) => recordsIn(name, page).length)).toEqual([50, 50, 30, 0]);
    expect(pages.map((page) => totalIn(name, page))).toEqual([COUNT, COUNT, COUNT, COUNT]);
    const read = new Map(
      pages.flatMap((page) => recordsIn(name, page)).map((record) => [idOf(record), record]),
    );
    const held = generateRecords(name, SEED, COUNT, NOW.getTime()) as Row[];
    expect([...read.keys()].sort()).toEqual(held.map(idOf).sort());
    const own = ownBackups(name);
    expect(own.map(({ id }) => id).sort()).toEqual([...read.keys()].sort());
    for (const { id, raw } of own) expect(said(raw)).toMatchObject(said(read.get(id)!));
  });

  test.each(ALL)(
    "reads those of %s that lie in a window, as it writes its bounds",
    async (name) => {
      const [from, to] = [new Date("2025-12-20T00:00:00Z"), new Date("2026-01-01T12:30:00Z")];
      const [begin_time, end_time] = [from, to].map((bound) => written(name, bound)) as [
        string,
        string,
      ];
      const [page] = await ask(listCall(name, { begin_time, end_time, limit: PAGE }));
      const inside = ownBackups(name).filter(({ beginTime, createdAt }) => {
        const begin = beginTime ?? createdAt;
        return begin !== undefined && begin >= from && begin <= to;
      });
      expect(inside.length).toBeGreaterThan(5);
      expect(
        recordsIn(name, page!)
          .map((each) => idOf(each))
          .sort(),
      ).toEqual(inside.map(({ id }) => id).sort());
    },
  );

  test.each<[BackupService, string, string]>([
    [BackupService.GAUSSDB, "ListInstances", "id"],
    [BackupService.RDS, "ListInstances", "id"],
    [BackupService.GEMINIDB, "ListInstances", "id"],
    [BackupService.DCS, "ListInstances", "instance_id"],
    [BackupService.TAURUSDB, "ListGaussMySqlInstances", "id"],
    [BackupService.DDS, "ListInstances", "id"],
  ])("reads the instances of %s, as this library does", async (service, action, id) => {
    for (const name of ["second", "third"])
      emulator.addInstanceRecord(service, { [id]: name, name });
    const [first, rest] = await ask(
      callOf(service, action, { limit: 1 }),
      callOf(service, action, { offset: 1, limit: 10 }),
    );
    const read = [first!, rest!].map(({ body }) => body.instances.map((each: Row) => each[id]));
    expect(read.map(({ length }) => length)).toEqual([1, 2]);
    const own = new Instances(appOn(emulator).stack, "instances", { service });
    expect(read.flat().sort()).toEqual(own.all.map((each) => each.id).sort());
  });

  test.each<[BackupService, string, string, SdkCall["parameters"]]>([
    [BackupService.GAUSSDB, "ListRestoreTimes", "restore_time", { date: "2026-01-30" }],
    [BackupService.RDS, "ListRestoreTimes", "restore_time", { date: "2026-01-30" }],
    [BackupService.TAURUSDB, "ShowBackupRestoreTime", "restore_times", { date: "2026-01-30" }],
    [BackupService.DDS, "ListRestoreTimes", "restore_time", { date: "2026-01-30" }],
    [
      ...([BackupService.GEMINIDB, "ListRestoreTime", "restorable_time_periods"] as const),
      { start_time: "2026-01-30T00:00:00+0000", end_time: "2026-01-31T00:00:00+0000", limit: 10 },
    ],
  ])("reads the restore windows of %s", async (service, action, key, parameters) => {
    const window = {
      start: new Date("2026-01-30T04:00:00Z"),
      end: new Date("2026-01-30T05:00:00Z"),
    };
    emulator.setRestoreWindows(service, SAMPLE[service], [window as RestoreWindow]);
    const call = callOf(service, action, { instance_id: SAMPLE[service], ...parameters });
    const [answer] = await ask(call);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer!.body[key]).toMatchObject([
      { start_time: window.start.getTime(), end_time: window.end.getTime() },
    ]);
  });

  test("finds its project by the region, over IAM", async () => {
    const { projectId, ...call } = listCall("rds", { limit: 1 });
    const where = { iam: emulator.endpoints.iam!, region: emulator.region };
    const [answer] = await ask({ ...call, ...where });
    expect(recordsIn("rds", answer!)).toHaveLength(1);
    const { iam, rds } = emulator.endpoints;
    expect(emulator.requests).toEqual([
      `GET ${iam}/v3/projects?name=${emulator.region}`,
      expect.stringMatching(new RegExp(`^GET ${rds}/v3/${projectId}/backups\\?`)),
    ]);
  });

  test("is refused where its key is wrong, or where it asks for what there is not", async () => {
    const call = listCall("rds", { limit: 1 });
    const answers = await ask(
      { ...call, secretKey: "wrong" },
      { ...call, accessKey: "NOBODY" },
      { ...call, projectId: "another" },
      { ...call, parameters: { instance_id: "nowhere" } },
      { ...call, parameters: { ...call.parameters, limit: 101 } },
    );
    expect(answers).toMatchObject([
      { status: 401, code: "APIGW.0301", message: expect.stringContaining("signature fail") },
      { status: 401, code: "APIGW.0301", message: expect.stringContaining("ak not exist") },
      { status: 403, code: "DBS.200044" },
      { status: 404, code: "DBS.200045" },
      { status: 400, code: "DBS.280001" },
    ]);
  });
});

/** A bound as the list's page writes it. */
function written(name: ServiceName, date: Date): string {
  const [text] = date.toISOString().split(".");
  if (name === "dcs") return text!.replace(/\D/g, "");
  return name === "dds" ? text!.replace("T", " ") : `${text}+0000`;
}

/** Without nulls, by which the SDK says what is not there. */
function said(value: object): object {
  return JSON.parse(JSON.stringify(value), (_key, each) => each ?? undefined);
}
