import fc from "fast-check";
import {
  AutomatedBackups,
  Backup,
  BackupEmulator,
  BackupKind,
  BackupQuery,
  BackupService,
  BackupStatus,
  EmulatedBackup,
  EmulatedInstance,
  GeminiDbBackups,
  Instance,
  Instances,
  InstanceStatus,
  TaurusDbBackups,
} from "../../lib";
import { appOn } from "../support/app";
import { queriesOfAll } from "../support/queries";

const { AUTOMATIC, FRAGMENT, INCREMENTAL, MANUAL } = BackupKind;
const { BUILDING, COMPLETED, DELETED, DELETING, EXPIRED, FAILED } = BackupStatus;
const [KIB, MIB, GIB] = [1024, 1024 ** 2, 1024 ** 3];
const NOON = Date.UTC(2026, 0, 31, 12);
const DATABASE_STATES = [COMPLETED, BUILDING, FAILED];

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start({ count: 0 });
});
afterAll(() => emulator.close());

/** What the page of each list says of a backup, by the name of its query in `queriesOfAll`. */
const LISTS: { [name: string]: { [what in keyof EmulatedBackup]?: any[] } & { unit: number } } = {
  gaussdb: {
    ...{ kind: [AUTOMATIC, MANUAL], status: DATABASE_STATES, unit: MIB / 4 },
    ...{ description: ["by hand"], engine: ["GaussDB"], engineVersion: ["8.1", "V2.0"] },
  },
  rds: {
    kind: [AUTOMATIC, MANUAL, FRAGMENT, INCREMENTAL],
    ...{ status: [...DATABASE_STATES, DELETING], unit: KIB },
    ...{ engine: ["MySQL", "PostgreSQL", "SQLServer"], engineVersion: ["5.7"] },
    databases: [[], [{ name: "orders", tables: [] }]],
  },
  geminidb: {
    ...{ kind: [AUTOMATIC, MANUAL], status: DATABASE_STATES, unit: 1 },
    ...{ description: ["by hand"], instanceName: ["orders"] },
    ...{ engine: ["cassandra", "redis"], engineVersion: ["3.4"] },
    databases: [
      [],
      [
        { name: "a", tables: ["b", "c"] },
        { name: "d", tables: [] },
      ],
    ],
  },
  dcs: {
    ...{ kind: [AUTOMATIC, MANUAL], status: [...DATABASE_STATES, EXPIRED, DELETED], unit: 1 },
    ...{ description: ["by hand"], isSupportRestore: [false] },
  },
  taurusdb: { kind: [INCREMENTAL], unit: 1 },
  "taurusdb-full-backups": {
    ...{ kind: [AUTOMATIC, MANUAL], status: DATABASE_STATES, unit: MIB },
    ...{ description: ["by hand"], engine: ["gaussdb-mysql"], engineVersion: ["8.0"] },
  },
  dds: {
    ...{ kind: [AUTOMATIC, MANUAL], status: [...DATABASE_STATES, DELETING], unit: KIB },
    ...{ description: ["by hand"], instanceName: ["orders"] },
    ...{ engine: ["DDS-Community"], engineVersion: ["4.0"] },
  },
};
const serviceOf = (name: string) => name.split("-")[0] as BackupService;

/** Backups that the list can have, of one instance. */
function backupsOf(name: string): fc.Arbitrary<Omit<EmulatedBackup, "instanceId">[]> {
  const { unit, kind, ...others } = LISTS[name]!;
  const step = name === "dcs" ? 1 : 1000;
  const options = Object.fromEntries(
    Object.entries(others).map(([key, values]) => [key, fc.constantFrom(...(values as any[]))]),
  );
  const backup = fc.record(
    {
      ...{ service: fc.constant(serviceOf(name)), kind: fc.constantFrom(...kind!) },
      id: fc.stringMatching(/^[0-9a-f]{32}(in|br)\d\d$/),
      beginTime: fc.nat(100_000).map((count) => new Date(NOON + count * step)),
      endTime: fc.nat(100_000).map((count) => new Date(NOON + (100_000 + count) * step)),
      name: fc.stringMatching(/^[a-zäß][a-zäß0-9_ .-]{0,30}[a-z]$/),
      sizeBytes: fc.nat(1_000_000).map((count) => count * unit),
      ...options,
    },
    { requiredKeys: ["service", "kind", "id", "beginTime"] },
  );
  const inOrder = backup.map(({ endTime, isSupportRestore, ...rest }: any) => ({
    ...rest,
    ...(rest.status === BUILDING || endTime === undefined ? {} : { endTime }),
    ...(isSupportRestore === undefined ? {} : { isSupportRestore }),
  }));
  return fc.uniqueArray(inOrder, { selector: ({ id }) => id, maxLength: 12 });
}

/** What the library has to read: what is given, and what of the rest has a default of the emulator's. */
function expected(name: string, given: Omit<EmulatedBackup, "instanceId">): Partial<Backup> {
  const hasStatus = LISTS[name]!.status !== undefined;
  const status = hasStatus ? (given.status ?? COMPLETED) : BackupStatus.UNKNOWN;
  // The page of DCS has one time, of completion.
  const hasEnd = name === "dcs" ? status === COMPLETED : status !== BUILDING;
  return {
    name: given.id,
    sizeBytes: GIB,
    ...given,
    status,
    endTime: hasEnd ? (given.endTime ?? given.beginTime) : undefined,
  };
}

describe.each(Object.keys(LISTS))("a backup that is described for %s", (name) => {
  test("is read back as it was described, without a warning", () => {
    let runs = 0;
    fc.assert(
      fc.property(backupsOf(name), (backups) => {
        const instanceId = `orders-${++runs}`;
        for (const backup of backups) emulator.addBackup({ ...backup, instanceId });
        const { stack } = appOn(emulator);
        emulator.addInstance({ service: serviceOf(name), id: instanceId });
        const queries = queriesOfAll(stack, { instanceId });
        const query = queries.find(({ node }) => node.id === name) as BackupQuery;
        // Of the others each list would be asked, and nearly all know no such instance.
        for (const other of queries) if (other !== query) stack.node.tryRemoveChild(other.node.id);
        expect(query.warnings).toEqual([]);
        expect(query.all).toHaveLength(backups.length);
        for (const given of backups) {
          const read = { ...query.byId(given.id) };
          expect(read).toMatchObject({ instanceId, ...expected(name, given) });
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("what a list has no field or word for is refused, with what is allowed:", () => {
  const base = { id: "b1", instanceId: "orders", beginTime: new Date("2026-01-31T04:00:00Z") };
  const { DCS, DDS, GAUSSDB, GEMINIDB, RDS, TAURUSDB } = BackupService;
  test.each<[string, Partial<EmulatedBackup>, string]>([
    [
      "a description of RDS",
      { service: RDS, description: "by hand" },
      "NOT_LISTED: the list of rds has no field for description. It has status, engine, databases. Leave description out.",
    ],
    [
      "a kind",
      { service: GAUSSDB, kind: FRAGMENT },
      'NOT_LISTED: gaussdb lists nothing of the kind "fragment". Allowed: automatic, manual.',
    ],
    [
      "a state",
      { service: DCS, status: DELETING },
      'NOT_LISTED: dcs lists nothing of the status "deleting". Allowed: completed, building, failed, expired, deleted.',
    ],
    [
      "UNKNOWN",
      { service: DDS, status: BackupStatus.UNKNOWN },
      'NOT_LISTED: dds lists nothing of the status "unknown". Allowed: completed, building, failed, deleting.',
    ],
    [
      "a state of TaurusDB's incremental backups",
      { service: TAURUSDB, kind: INCREMENTAL, status: COMPLETED },
      "NOT_LISTED: the list of taurusdb (incremental backups) has no field for status. Leave status out.",
    ],
    [
      "the tables of RDS",
      { service: RDS, databases: [{ name: "a", tables: ["b"] }] },
      "NOT_LISTED: the list of rds has no field for the tables of a. Give each database without tables.",
    ],
    [
      "the databases of DDS",
      { service: DDS, databases: [{ name: "a", tables: [] }] },
      "NOT_LISTED: the list of dds has no field for databases. It has status, description, instanceName, engine. Leave databases out.",
    ],
    [
      "the engine of a cache",
      { service: DCS, engineVersion: "5.0" },
      "NOT_LISTED: the list of dcs has no field for engine. It has status, description, isSupportRestore. Leave engine out.",
    ],
    [
      "an end of what is being made",
      { service: RDS, status: BUILDING, endTime: new Date() },
      "NOT_LISTED: rds lists no endTime of a backup that is being made. Leave it out.",
    ],
    [
      "a failed backup of DCS that can be restored",
      { service: DCS, status: FAILED, isSupportRestore: true },
      "NOT_LISTED: dcs restores from no backup that is failed, and isSupportRestore is true. Leave it out, or make the status completed.",
    ],
    [
      "an end before the begin",
      { service: GEMINIDB, endTime: new Date("2026-01-31T03:00:00Z") },
      "INVALID_TIME: endTime (2026-01-31T03:00:00.000Z) lies before beginTime (2026-01-31T04:00:00.000Z). Allowed is the same moment, or a later one.",
    ],
    [
      "a size below nothing",
      { service: RDS, sizeBytes: -1 },
      "INVALID_SIZE: BackupEmulator.addBackup: sizeBytes is -1. Allowed is a whole number of bytes from 0.",
    ],
    [
      "no time",
      { service: RDS, beginTime: new Date("never") },
      'INVALID_TIME: BackupEmulator.addBackup: beginTime is no valid Date. Allowed is a Date from 1970 on, such as new Date("2026-01-31T04:00:00Z").',
    ],
  ])("%s", (_what, given, message) => {
    expect(() => emulator.addBackup({ ...base, ...given } as EmulatedBackup)).toThrow(message);
  });

  test("a blank id, and a service that is none", () => {
    const blank = { ...base, service: RDS, instanceId: " " };
    expect(() => emulator.addBackup(blank)).toThrow(/^INVALID_ID: instanceId is empty/);
    const ecs = { ...base, service: "ecs" as BackupService };
    expect(() => emulator.addBackup(ecs)).toThrow(/^INVALID_SERVICE: .*service is "ecs"/);
    const instance = { id: "a", service: "ecs" as BackupService };
    expect(() => emulator.addInstance(instance)).toThrow(/^INVALID_SERVICE: .*service is "ecs"/);
  });

  test.each<[Partial<EmulatedInstance>, string]>([
    [
      { service: GEMINIDB, isReplica: true },
      "NOT_LISTED: the list of geminidb has no field for isReplica. It has volumeSizeBytes. Leave isReplica out.",
    ],
    [
      { service: TAURUSDB, volumeSizeBytes: GIB },
      "NOT_LISTED: the list of taurusdb has no field for volumeSizeBytes. Leave volumeSizeBytes out.",
    ],
    [
      { service: RDS, automatedBackups: { isOn: true, weekdays: [1] } },
      "NOT_LISTED: the list of rds has no field for weekdays. It has isReplica, volumeSizeBytes. Leave weekdays out.",
    ],
    [
      { service: DCS, status: InstanceStatus.FROZEN },
      'NOT_LISTED: dcs lists nothing of the status "frozen". Allowed: available, creating, changing, failed.',
    ],
  ])("of an instance: %o", (given, message) => {
    const instance = { id: "i1", ...given } as EmulatedInstance;
    expect(() => emulator.addInstance(instance)).toThrow(message);
  });
});

test("a backup of an id that is there takes its place", () => {
  const backup = { service: BackupService.TAURUSDB, id: "b1", instanceId: "replaced" };
  emulator.addBackup({ ...backup, beginTime: new Date("2026-01-30T04:00:00Z") });
  emulator.addBackup({ ...backup, beginTime: new Date("2026-01-31T04:00:00Z"), kind: MANUAL });
  const { all } = new TaurusDbBackups(appOn(emulator).stack, "q", { instanceId: "replaced" });
  expect(all.map(({ kind }) => kind)).toEqual([MANUAL]);
});

test("a backup of databases of GeminiDB stands among those of databases and tables", () => {
  const databases = [{ name: "a", tables: [] }];
  const [service, instanceId] = [BackupService.GEMINIDB, "tables"];
  emulator.addBackup({ service, instanceId, id: "b1", beginTime: new Date(), databases });
  const { all } = new GeminiDbBackups(appOn(emulator).stack, "q", { instanceId });
  expect(all).toEqual([]);
});

describe("an instance that is described", () => {
  const { AVAILABLE, CHANGING, CREATING, FAILED, FROZEN } = InstanceStatus;
  const policy: AutomatedBackups = { isOn: true, keepDays: 3, window: "22:00-23:00" };
  const SAID: { [service in BackupService]: [InstanceStatus[], Partial<EmulatedInstance>] } = {
    rds: [[AVAILABLE, CREATING, CHANGING, FROZEN, FAILED], { isReplica: true }],
    gaussdb: [[AVAILABLE, CREATING, CHANGING, FROZEN, FAILED], {}],
    geminidb: [[AVAILABLE, CREATING, FROZEN, FAILED], {}],
    dds: [[AVAILABLE, CREATING, FROZEN, FAILED], {}],
    taurusdb: [[AVAILABLE, CREATING, FAILED], {}],
    dcs: [
      [AVAILABLE, CREATING, CHANGING, FAILED],
      { automatedBackups: { ...policy, weekdays: [1, 3] } },
    ],
  };

  test.each(Object.values(BackupService))("is read back as it was described: %s", (service) => {
    const [states, more] = SAID[service];
    const volumeSizeBytes = service === BackupService.TAURUSDB ? undefined : 40 * GIB;
    const described = states.map((status, i) => ({
      ...{ service, id: `i${i}`, name: `orders ${i}`, status, volumeSizeBytes },
      ...{ engine: "MySQL", engineVersion: "8.0", createdAt: new Date("2026-01-31T04:00:00Z") },
      automatedBackups: i === 0 ? policy : { isOn: false },
      ...(i === 0 ? more : {}),
    }));
    for (const instance of described) emulator.addInstance(instance);
    const { stack } = appOn(emulator);
    const read = new Instances(stack, "instances", {
      service,
      withPolicies: service === BackupService.DCS,
    });
    const byId = new Map(read.all.map((instance: Instance) => [instance.id, instance]));
    for (const instance of described) {
      expect({ ...byId.get(instance.id) }).toMatchObject(instance);
    }
    expect(read.warnings).toEqual([]);
  });

  test("is of its id's name, and available, unless it is said", () => {
    emulator.addInstance({ service: BackupService.RDS, id: "plain" });
    const { stack } = appOn(emulator);
    const instances = new Instances(stack, "i", { service: BackupService.RDS, name: "plain" });
    expect(instances.only).toMatchObject({ id: "plain", status: AVAILABLE });
  });
});
