import { TerraformOutput } from "cdktf";
import {
  BackupEmulator,
  BackupEmulatorOptions,
  BackupOutputs,
  BackupProvider,
  BackupProviderProps,
  BackupService,
  Duration,
  Instances,
  InstanceStatus,
  LookupMode,
  MemoryLock,
  ProjectBackups,
  ProjectBackupsProps,
  RdsBackups,
  RecoveryPolicy,
  RecoveryPolicyProps,
  Rule,
  RuleId,
} from "../../lib";
import { heldRules } from "../../lib/restore/rules";
import { appOn, SAMPLE, settingsFor } from "../support/app";

const { DCS, GAUSSDB, GEMINIDB, RDS, TAURUSDB } = BackupService;
const NOW = new Date("2026-01-31T12:00:00Z");
const HOUR_MS = 3_600_000;
const FIVE = [DCS, GAUSSDB, GEMINIDB, RDS, TAURUSDB];
/** Of TaurusDB the full backups. */
const listOf = (service: BackupService) =>
  service === TAURUSDB ? "taurusdb/full-backups" : service;

const emulators: BackupEmulator[] = [];
function start(options: BackupEmulatorOptions): BackupEmulator {
  const emulator = BackupEmulator.start({ now: NOW, ...options });
  emulators.push(emulator);
  return emulator;
}
afterEach(() => {
  while (emulators.length > 0) emulators.pop()!.close();
});

/** An automatic backup begun so many hours before NOW, as its service lists it. */
function record(service: BackupService, instance: string, hours: number, more: object = {}) {
  const [begin, end] = [hours, hours - 0.1].map((ago) => new Date(NOW.getTime() - ago * HOUR_MS));
  const id = `${instance}-${hours}`;
  if (service === DCS) {
    const [created_at, updated_at] = [begin, end].map((time) => time!.toISOString());
    return {
      ...{ backup_id: id, backup_name: id, instance_id: instance, size: 1, status: "succeed" },
      ...{ backup_type: "auto", is_support_restore: "TRUE", execution_at: created_at },
      ...{ created_at, updated_at, ...more },
    };
  }
  const time = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "+0000");
  return {
    ...{ id, name: id, type: "auto", status: "COMPLETED", size: 1, instance_id: instance },
    ...{ begin_time: time(begin!), end_time: time(end!) },
    ...{ datastore: { type: "MySQL", version: "8.0" }, ...more },
  };
}

/** An instance as its service lists it. */
function listed(service: BackupService, id: string, name: string, more: object = {}) {
  if (service === DCS) {
    return {
      ...{ instance_id: id, name, status: "RUNNING", engine: "Redis", engine_version: "5.0" },
      ...{ spec_code: "redis.ha.xu1.large.r2.4", ...more },
    };
  }
  return {
    ...{ id, name, status: "ACTIVE", type: "Single", volume: { size: 40 } },
    ...{ datastore: { type: "MySQL", version: "8.0" }, created: "2025-01-01T00:00:00+0000" },
    ...{ backup_strategy: { start_time: "02:00-03:00", keep_days: 7 }, ...more },
  };
}

/** A project with these instances of RDS, each with backups begun so many hours ago. */
function rdsProject(
  each: { [id: string]: readonly number[] },
  more: { [id: string]: object } = {},
) {
  const ids = Object.keys(each);
  return start({
    records: { [RDS]: ids.flatMap((id) => each[id]!.map((hours) => record(RDS, id, hours))) },
    instanceRecords: { [RDS]: ids.map((id) => listed(RDS, id, `${id}-db`, more[id])) },
  });
}

function projectOn(
  emulator: BackupEmulator,
  props: Partial<ProjectBackupsProps> = {},
  settings: BackupProviderProps = {},
) {
  const { stack, ...app } = appOn(emulator, { asOf: NOW, ...settings });
  const project = new ProjectBackups(stack, "project", { services: [RDS], ...props });
  return { stack, project, ...app };
}

/** How often lists were asked for, by service and by what they list. */
function requestsOf(emulator: BackupEmulator) {
  const counts: { [list: string]: number } = {};
  for (const { path, service } of emulator._requests()) {
    const [, , , ...rest] = path.split("/");
    const list = rest.at(-1)?.includes("backups") ? "backups" : "instances";
    if (!rest.includes("instances") && list === "instances") continue;
    const name = `${service.toLowerCase()} ${list}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const idsOf = (project: ProjectBackups) => project.instances.map(({ instance }) => instance.id);

describe("the backups of a project", () => {
  test("are those of each instance, newest first, and the newest that can be restored", () => {
    const emulator = rdsProject({ b: [1, 25, 49], a: [30] });
    const { project } = projectOn(emulator);
    const found = project.instances.map(({ backups, instance, latest }) => ({
      ...{ id: instance.id, name: instance.name, latest: latest?.id },
      backups: backups.map(({ id }) => id),
    }));
    expect(found).toEqual([
      { id: "a", name: "a-db", latest: "a-30", backups: ["a-30"] },
      { id: "b", name: "b-db", latest: "b-1", backups: ["b-1", "b-25", "b-49"] },
    ]);
    expect(project.withoutBackup).toEqual([]);
    expect(project.warnings).toEqual([]);
  });

  test("of all services are in the order of service, name and id", () => {
    const emulator = start({});
    const { project } = projectOn(emulator, { services: Object.values(BackupService).reverse() });
    const found = project.instances.map(({ instance }) => instance);
    const keys = found.map(({ id, name, service }) => `${service} ${name} ${id}`);
    expect(keys).toEqual([...keys].sort());
    expect(new Set(found.map(({ service }) => service)).size).toBe(6);
    // Of TaurusDB the full ones: no restore starts from an incremental one.
    const taurus = project.instances.find(({ instance }) => instance.id === SAMPLE.taurusdb);
    expect(new Set(taurus?.backups.map(({ kind }) => kind))).toEqual(
      new Set(["automatic", "manual"]),
    );
  });

  test("leave out what is of an instance that doesn't match, or is there no more", () => {
    const emulator = start({
      records: { [GAUSSDB]: ["a", "b", "gone"].map((id) => record(GAUSSDB, id, 5)) },
    });
    const instances = ["a", "b"].map((id) => listed(GAUSSDB, id, `orders-${id}`));
    emulator.fault({
      ...{ service: GAUSSDB, path: "/instances", status: 200 },
      body: JSON.stringify({ instances, total_count: 2 }),
    });
    const { project } = projectOn(emulator, { services: [GAUSSDB], nameGlob: "*-a" });
    expect(project.instances).toHaveLength(1);
    expect(project.instances[0]?.backups.map(({ id }) => id)).toEqual(["a-5"]);
  });

  test("that name no instance are counted for none, with a warning", () => {
    const emulator = start({
      records: { [GAUSSDB]: [] },
      instanceRecords: { [GAUSSDB]: [listed(GAUSSDB, "a", "a"), listed(GAUSSDB, "b", "b")] },
    });
    const lists = [record(GAUSSDB, "a", 5), { ...record(GAUSSDB, "", 6), id: "lost" }];
    emulator.fault({
      ...{ service: GAUSSDB, path: "/backups", status: 200 },
      body: JSON.stringify({ backups: lists, total_count: 2 }),
    });
    const { project } = projectOn(emulator, { services: [GAUSSDB] });
    expect(project.withoutBackup.map(({ id }) => id)).toEqual(["b"]);
    expect(project.warnings).toEqual([
      "GaussDB: 1 of the listed backups name no instance, the first of them is lost: they are counted for none",
    ]);
  });

  test("within the past days alone make an instance with older ones one without", () => {
    const emulator = rdsProject({ a: [5], b: [100] });
    const { project } = projectOn(emulator, { within: Duration.days(2) });
    expect(idsOf(project)).toEqual(["a", "b"]);
    expect(project.withoutBackup.map(({ id }) => id)).toEqual(["b"]);
  });
});

describe("which instances are in it", () => {
  const emulatorOf = () =>
    start({
      records: {
        [RDS]: [record(RDS, "usual", 5), record(RDS, "broken", 5, { status: "FAILED" })],
        [DCS]: [record(DCS, "pair", 5)],
      },
      instanceRecords: {
        [RDS]: [
          listed(RDS, "usual", "orders"),
          listed(RDS, "broken", "orders-broken"),
          listed(RDS, "bare", "orders-bare"),
          listed(RDS, "new", "orders-new", { status: "BUILD", created: "" }),
          listed(RDS, "replica", "orders-read", { type: "Replica" }),
          listed(RDS, "pg", "users", { datastore: { type: "PostgreSQL", version: "16" } }),
        ],
        [DCS]: [
          listed(DCS, "pair", "cache"),
          listed(DCS, "single", "cache-1", { spec_code: "redis.single.au1.large.1" }),
        ],
      },
    });

  test("all of them; without a backup are those that should have one", () => {
    const { project } = projectOn(emulatorOf(), { services: [RDS, DCS] });
    expect(idsOf(project)).toEqual([
      ...["pair", "single", "usual", "bare", "broken", "new", "replica", "pg"],
    ]);
    expect(project.withoutBackup.map(({ id }) => id)).toEqual(["bare", "broken", "pg"]);
    const byId = (id: string) => project.instances.find(({ instance }) => instance.id === id)!;
    expect(byId("new").instance.status).toBe(InstanceStatus.CREATING);
    expect(byId("broken").backups).toHaveLength(1);
    for (const id of ["replica", "single"]) expect(byId(id).backups).toEqual([]);
  });

  test("those whose names match; of the others no backups are asked for", () => {
    const emulator = emulatorOf();
    const { project } = projectOn(emulator, { nameGlob: "orders-b*" });
    expect(idsOf(project)).toEqual(["bare", "broken"]);
    expect(requestsOf(emulator)).toEqual({ "rds instances": 1, "rds backups": 2 });
  });

  test("those of an engine, whatever the case", () => {
    const { project } = projectOn(emulatorOf(), { engine: "postgresql" });
    expect(idsOf(project)).toEqual(["pg"]);
  });

  test("a replica and a cache of a single node are not asked for backups, one being created is", () => {
    const emulator = emulatorOf();
    const { project } = projectOn(emulator, { services: [RDS, DCS], withPolicies: true });
    expect(project.instances).toHaveLength(8);
    const urls = emulator.requests.join("\n");
    expect(urls).not.toMatch(/instance_id=replica|instances\/single/);
    expect(urls).toMatch(/instance_id=new/);
  });

  test("one being created that the list of backups does not know yet has none", () => {
    const emulator = emulatorOf();
    const missing = {
      ...{ service: RDS, status: 404, times: -1 },
      body: JSON.stringify({
        error_code: "DBS.200002",
        error_msg: "The DB instance does not exist.",
      }),
    };
    emulator.fault({ ...missing, path: "instance_id=new" });
    const { project } = projectOn(emulator);
    expect(idsOf(project)).toContain("new");
    expect(project.warnings).toEqual([]);
    // Another one is there, so it is not taken for one without backups.
    emulator.fault({ ...missing, path: "instance_id=bare" });
    const other = projectOn(emulator).project;
    expect(() => other.instances).toThrow(
      /^INSTANCE_NOT_FOUND: .*query: RDS backups of instance bare/s,
    );
  });

  test("have the policies of caches where they are asked for", () => {
    const policy = {
      backup_type: "auto",
      save_days: 3,
      periodical_backup_plan: { backup_at: [1], begin_at: "02:00-03:00" },
    };
    const emulator = start({
      records: { [DCS]: [record(DCS, "a", 5)] },
      instanceRecords: { [DCS]: [listed(DCS, "a", "a", { instance_backup_policy: { policy } })] },
    });
    const policyOf = (withPolicies: boolean) =>
      projectOn(emulator, { services: [DCS], withPolicies }).project.instances[0]?.instance
        .automatedBackups;
    expect(policyOf(false)).toBeUndefined();
    expect(policyOf(true)).toEqual({
      ...{ isOn: true, keepDays: 3, window: "02:00-03:00", weekdays: [1] },
    });
  });
});

describe("a project of 300 instances", () => {
  const COUNT = 60;
  /** 60 of each service, each with a backup of today and one of yesterday. */
  function fleet(): BackupEmulator {
    const ids = Array.from({ length: COUNT }, (_, i) => `i${String(i).padStart(2, "0")}`);
    const perService = <T>(
      nameOf: (service: BackupService) => string,
      of: (s: BackupService) => T,
    ) => Object.fromEntries(FIVE.map((service) => [nameOf(service), of(service)]));
    return start({
      records: perService(listOf, (service) =>
        ids.flatMap((id) => [6, 30].map((hours) => record(service, id, hours))),
      ),
      instanceRecords: perService(String, (service) =>
        ids.map((id) => listed(service, id, `name-${id}`)),
      ),
    });
  }

  test("takes the fewest requests that its services allow", () => {
    const emulator = fleet();
    const { project } = projectOn(emulator, { services: FIVE });
    expect(project.instances).toHaveLength(300);
    expect(project.instances.every(({ backups }) => backups.length === 2)).toBe(true);
    expect(project.withoutBackup).toEqual([]);
    // Instances: a page holds 100 (DCS: 1000). 60 is a length at which a server may cut its pages, so a second
    // page shows that nothing follows. Backups: 120 of a project are two pages; RDS and DCS have no list of
    // a project, so each instance costs one request.
    const counts = requestsOf(emulator);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(136);
    expect(counts).toEqual({
      "dcs instances": 2,
      "dcs backups": 60,
      "gaussdb instances": 2,
      "gaussdb backups": 2,
      "geminidb instances": 2,
      "geminidb backups": 2,
      "rds instances": 2,
      "rds backups": 60,
      "taurusdb instances": 2,
      "taurusdb backups": 2,
    });
  });

  test("asks for what is known from the start in one batch, and for each instance side by side", () => {
    const emulator = start({
      records: { [RDS]: [], [GAUSSDB]: [] },
      instanceRecords: {
        [RDS]: ["a", "b", "c", "d"].map((id) => listed(RDS, id, id)),
        [GAUSSDB]: [listed(GAUSSDB, "g", "g")],
      },
      latency: Duration.seconds(0.4),
    });
    const { project } = projectOn(emulator, { services: [RDS, GAUSSDB] });
    expect(project.instances).toHaveLength(5);
    const lists = emulator._requests().filter(({ path }) => /instances|backups/.test(path));
    const [first, later] = [lists.slice(0, 3), lists.slice(3)];
    const named = first.map(({ path, service }) => service + path.replace(/\/v3\/\w+/, ""));
    expect(named.sort()).toEqual(["gaussDb/backups", "gaussDb/instances", "rds/instances"]);
    expect(later.map(({ query }) => query["instance_id"]).sort()).toEqual(["a", "b", "c", "d"]);
    // One after the other they would take as long as three answers at least.
    const times = later.map(({ at }) => at);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1_200);
  });

  test("is asked for once, whoever else asks the same", () => {
    const emulator = rdsProject({ a: [5], b: [6] });
    const { project, stack } = projectOn(emulator);
    const others = [
      new ProjectBackups(stack, "again", { services: [RDS] }),
      new ProjectBackups(stack, "named", { services: [RDS], nameGlob: "a*" }),
    ];
    const instances = new Instances(stack, "instances", { service: RDS });
    const query = new RdsBackups(stack, "query", { instanceId: "a" });
    expect(idsOf(project)).toEqual(["a", "b"]);
    expect(others.map(idsOf)).toEqual([["a", "b"], ["a"]]);
    expect(instances.all).toHaveLength(2);
    expect(query.all).toHaveLength(1);
    expect(requestsOf(emulator)).toEqual({ "rds instances": 1, "rds backups": 2 });
  });
});

describe("a frozen run", () => {
  test("has the same from the lock, and asks nobody", () => {
    const lockStore = new MemoryLock();
    const emulator = start({ instances: { [RDS]: ["bare"] } });
    const props = { services: FIVE, withPolicies: true, outputs: BackupOutputs.ALL };
    const settings = { lockStore, projectId: emulator.projectId };
    const live = projectOn(emulator, props, settings).synth();
    const count = emulator.requests.length;
    const frozen = projectOn(emulator, props, { ...settings, mode: LookupMode.FROZEN });
    expect(frozen.synth().output).toEqual(live.output);
    expect(frozen.project.withoutBackup.map(({ id }) => id)).toContain("bare");
    expect(emulator.requests).toHaveLength(count);
  });

  test("whose lock lacks the backups of an instance says so", () => {
    const lockStore = new MemoryLock();
    const emulator = rdsProject({ a: [5] });
    const settings = { lockStore, projectId: emulator.projectId };
    const { stack, synth } = appOn(emulator, { asOf: NOW, ...settings });
    new Instances(stack, "instances", { service: RDS });
    synth();
    const frozen = projectOn(emulator, {}, { ...settings, mode: LookupMode.FROZEN });
    expect(() => frozen.project.instances).toThrow(/^LOCK_MISSING: .*of instance a/s);
  });
});

describe("a lookup that fails", () => {
  const forbidden = { status: 403, body: "{}", times: -1 };

  test("is told once, by the project, and a policy leaves it to it", () => {
    const emulator = rdsProject({ a: [5] });
    emulator.fault({ service: RDS, path: "/instances", ...forbidden });
    const { app, project, stack } = projectOn(emulator);
    new RecoveryPolicy(stack, "policy", { projects: [project] });
    let message = "";
    try {
      app.synth();
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/\[stack\/project\] NOT_PERMITTED: .*query: RDS instances/s);
    expect(message.match(/NOT_PERMITTED/g)).toHaveLength(1);
    expect(() => project.instances).toThrow(/^NOT_PERMITTED/);
    expect(() => project.withoutBackup).toThrow(/^NOT_PERMITTED/);
    expect(() => project.warnings).toThrow(/^NOT_PERMITTED/);
  });

  test("is told though nobody reads it", () => {
    const emulator = rdsProject({ a: [5] });
    emulator.fault({ service: RDS, path: "/instances", ...forbidden });
    const { app, stack } = projectOn(emulator, { outputs: BackupOutputs.NONE });
    new Instances(stack, "other", { service: GEMINIDB });
    expect(() => app.synth()).toThrow(/\[stack\/project\] NOT_PERMITTED/);
  });

  test("among several is told with the others, each cause once", () => {
    const emulator = start({
      records: { [RDS]: [] },
      instanceRecords: { [RDS]: Array.from({ length: 14 }, (_, i) => listed(RDS, `i${i}`, "n")) },
    });
    emulator.fault({ service: RDS, path: "/backups", ...forbidden });
    emulator.fault({ service: GEMINIDB, ...forbidden });
    const { project } = projectOn(emulator, { services: [RDS, GEMINIDB] });
    let message = "";
    try {
      void project.instances;
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/LOOKUPS_FAILED: 16 lookups failed:\n- NOT_PERMITTED/);
    expect(message.split("\n- ").length).toBeLessThanOrEqual(12);
  });
});

describe("a project is refused", () => {
  const emulatorOf = () => start({ instances: {} });
  const refused = (props: object) => () => projectOn(emulatorOf(), props as never);

  test.each([
    [{ services: [] }, /^INVALID_PROPERTY: services is empty/],
    [{ services: undefined }, /^INVALID_PROPERTY: services is missing/],
    [
      { services: "rds" },
      /^INVALID_PROPERTY: services is "rds". Allowed is a list, each item of which is a value of BackupService/,
    ],
    [{ services: [RDS, RDS] }, /^INVALID_PROPERTY: services has rds several times/],
    [{ services: ["redis"] }, /^INVALID_SERVICE: services\[0\] is "redis"/],
    [{ nameGlob: " " }, /^INVALID_PROPERTY: nameGlob is " "/],
    [{ nameGlob: 7 }, /^INVALID_PROPERTY: nameGlob is 7/],
    [{ engine: "${var.engine}" }, /^INVALID_PROPERTY: engine is /],
    [{ within: Duration.days(0) }, /^INVALID_WINDOW: within is 0/],
    [{ within: 7 }, /^INVALID_DURATION: within is 7/],
  ])("with %p", (props, message) => {
    expect(refused(props)).toThrow(message);
    expect(refused(props)).toThrow(/construct: stack\/project/);
  });
});

describe("the policies that Instances asks for", () => {
  test("are those of the caches that can be backed up, with what could not be understood", () => {
    const odd = { backup_type: "auto", save_days: "few" };
    const emulator = start({
      records: { [DCS]: [] },
      instanceRecords: {
        [DCS]: [
          listed(DCS, "a", "a", { instance_backup_policy: { policy: odd } }),
          listed(DCS, "b", "b", { instance_backup_policy: null }),
          listed(DCS, "c", "c", { spec_code: "dcs.single_node" }),
        ],
      },
    });
    const { stack } = appOn(emulator, { asOf: NOW });
    const instances = new Instances(stack, "caches", { service: DCS, withPolicies: true });
    expect(instances.all.map(({ automatedBackups }) => automatedBackups)).toEqual([
      ...[{ isOn: true }, { isOn: false }, undefined],
    ]);
    expect(instances.warnings).toEqual([
      'DCS instance a, instance_backup_policy, policy: save_days "few" is not a whole number',
    ]);
    expect(requestsOf(emulator)).toEqual({ "dcs instances": 3 });
  });
});

describe("the output of a project", () => {
  test("may be one of the program's own, with instances and backups whole", () => {
    const { project, stack, synth } = projectOn(rdsProject({ a: [5], b: [] }));
    new TerraformOutput(stack, "mine", { value: project.instances });
    expect(synth().output.mine.value).toMatchObject([
      { instance: { id: "a", can_be_backed_up: true }, backups: [{ id: "a-5" }] },
      { instance: { id: "b" }, backups: [], latest: null },
    ]);
    expect(JSON.stringify(project.instances[1])).toMatch(/^\{"instance":\{.*\},"backups":\[\]\}$/);
  });

  const outputOf = (outputs?: BackupOutputs) => {
    const emulator = rdsProject({ a: [5], b: [] });
    return projectOn(emulator, { outputs }).synth().output;
  };

  test("has the count, and which instances are without a backup", () => {
    expect(outputOf().project).toEqual({
      description: "Instances of RDS and their backups, as of the synthesis",
      value: { instances: 2, without_backup: [{ service: "rds", id: "b", name: "b-db" }] },
    });
  });

  test("has each instance with its newest backup where all is asked for", () => {
    const { value } = outputOf(BackupOutputs.ALL).project;
    expect(value.all).toMatchObject([
      { instance: { id: "a", status: "available" }, latest: { id: "a-5" } },
      { instance: { id: "b", status: "available" }, latest: null },
    ]);
    expect(value.instances).toBe(2);
  });

  test("is none where none is wanted", () => {
    expect(outputOf(BackupOutputs.NONE)).toBeUndefined();
  });
});

describe("a policy of a project", () => {
  const off = { backup_strategy: { start_time: "02:00-03:00", keep_days: 0 } };
  const short = { backup_strategy: { start_time: "02:00-03:00", keep_days: 1 } };

  function policyOn(
    emulator: BackupEmulator,
    props: Partial<ProjectBackupsProps> = {},
    more: Partial<RecoveryPolicyProps> = {},
  ) {
    const { project, stack, ...app } = projectOn(emulator, props);
    const given = { projects: [project], ...more };
    return { project, stack, policy: new RecoveryPolicy(stack, "policy", given), ...app };
  }

  test("judges each instance for itself, and says where there is no backup at all", () => {
    const emulator = rdsProject(
      { good: [5, 29, 53, 77, 101, 125, 149], none: [], off: [5, 29], replica: [], new: [] },
      { off, new: { status: "BUILD", created: "" }, replica: { type: "Replica" } },
    );
    const { policy } = policyOn(emulator);
    const found = policy.findings.map(({ rule, subject }) => `${subject} ${rule}`);
    expect(found.filter((each) => /good|replica|new/.test(each))).toEqual([
      "stack/project/good automated-only",
    ]);
    expect(found.filter((each) => each.includes("none"))).toEqual([
      "stack/project/none rpo",
      "stack/project/none count",
      "stack/project/none coverage",
    ]);
    expect(found).toContain("stack/project/off automated-backups");
    const [rpo] = policy.findings.filter(({ rule }) => rule === RuleId.RPO);
    expect(rpo?.evidence).toBe("RDS instance none-db (none): there is no backup of it at all");
  });

  test("fails the synthesis, and writes findings and evidence", () => {
    const { app } = policyOn(rdsProject({ none: [] }));
    expect(() => app.synth()).toThrow(
      /\[stack\/policy\] RECOVERY_POLICY: rpo: \[stack\/project\/none\] RDS instance none-db/,
    );
    const rules = heldRules([Rule.rpo()]).map((rule) => rule.withLevel("warning" as never));
    const { synth } = policyOn(rdsProject({ none: [] }), {}, { rules });
    expect(synth().output.policy.value.findings).toContainEqual({
      ...{ rule: "rpo", level: "warning", subject: "stack/project/none" },
    });
  });

  test("says that it looked at the past days alone", () => {
    const within = Duration.days(2);
    const { policy } = policyOn(rdsProject({ a: [100] }), { within });
    const [rpo] = policy.findings;
    expect(rpo?.evidence).toBe(
      "RDS instance a-db (a), backups within 2 days: it has no backup begun since 2026-01-29T12:00:00Z",
    );
  });

  test("knows the backup policies", () => {
    const emulator = rdsProject({ off: [5], short: [5], late: [30], usual: [5] }, { off, short });
    const rules = heldRules([Rule.missedWindow(), Rule.retention(Duration.days(3))]);
    const { policy } = policyOn(emulator, {}, { rules });
    const ofPolicies = ["automated-backups", "retention", "missed-window"];
    const found = policy.findings.filter(({ rule }) => ofPolicies.includes(rule));
    expect(found.map(({ rule, subject }) => `${subject} ${rule}`)).toEqual([
      "stack/project/late missed-window",
      "stack/project/off automated-backups",
      "stack/project/short retention",
      // Begun at seven, and the window began at two: they are not missed.
    ]);
    expect(found[0]?.evidence).toMatch(/^RDS instance late-db \(late\): no automatic backup/);
  });

  test("asks for no restore windows", () => {
    const emulator = rdsProject({ a: [5] });
    const { policy } = policyOn(emulator, {}, { rules: [Rule.windowGap()] });
    expect(policy.findings.filter(({ rule }) => rule === RuleId.WINDOW_GAP)).toEqual([]);
    expect(emulator.requests.join()).not.toContain("restore-time");
  });

  test("judges queries beside projects, and is suppressed for all instances of one", () => {
    const emulator = rdsProject({ a: [100] });
    const { policy, project, stack } = policyOn(emulator);
    const queries = [new RdsBackups(stack, "query", { instanceId: "a" })];
    const both = new RecoveryPolicy(stack, "both", { queries, projects: [project] });
    const rpo = (each: RecoveryPolicy) =>
      each.findings.filter(({ rule }) => rule === RuleId.RPO).map(({ subject }) => subject);
    expect(rpo(both)).toEqual(["stack/query", "stack/project/a"]);
    expect(rpo(policy)).toEqual(["stack/project/a"]);
    RecoveryPolicy.suppress(project, RuleId.RPO, "made anew every night");
    expect(rpo(new RecoveryPolicy(stack, "calm", { projects: [project] }))).toEqual([]);
  });

  test("has to have something to look at", () => {
    const { project, stack } = projectOn(rdsProject({ a: [5] }));
    expect(() => new RecoveryPolicy(stack, "nothing", {})).toThrow(
      /^INVALID_PROPERTY: there are neither queries nor projects/,
    );
    expect(() => new RecoveryPolicy(stack, "no", { projects: [7 as never] })).toThrow(
      /^INVALID_PROPERTY: projects\[0\] is 7. Allowed is a ProjectBackups/,
    );
    expect(project.instances).toHaveLength(1);
  });

  test("that is broken keeps what it was judged by out of the lock", () => {
    const lockStore = new MemoryLock();
    const emulator = rdsProject({ a: [100] });
    const settings = { lockStore, projectId: emulator.projectId };
    const { app, project, stack } = projectOn(emulator, {}, settings);
    new RecoveryPolicy(stack, "policy", { projects: [project] });
    expect(() => app.synth()).toThrow(/RECOVERY_POLICY/);
    const frozen = projectOn(emulator, {}, { ...settings, mode: LookupMode.FROZEN });
    expect(() => frozen.project.instances).toThrow(/^LOCK_MISSING/);
  });
});

test("the samples of the emulator are instances of the project", () => {
  const { project } = projectOn(start({}), { services: [RDS] });
  expect(idsOf(project)).toContain(SAMPLE.rds);
});

test("all of a project is there once it was loaded without blocking", async () => {
  const emulator = BackupEmulator.start();
  try {
    const { provider, stack } = appOn(emulator, { projectId: emulator.projectId });
    const services = [BackupService.RDS, BackupService.DCS, BackupService.GAUSSDB];
    const project = new ProjectBackups(stack, "all", { services, withPolicies: true });
    await provider.load();
    const known = emulator.requests.length;
    expect(project.instances.length).toBeGreaterThan(0);
    expect(emulator.requests).toHaveLength(known);
  } finally {
    emulator.close();
  }
});

test("what a lock has of one service keeps nobody waiting for another that was not sent yet", async () => {
  const emulator = start({});
  const lockStore = new MemoryLock();
  const common = { projectId: emulator.projectId, timeout: Duration.seconds(5) };
  const first = appOn(emulator, { mode: LookupMode.LIVE, lockStore, ...common });
  new ProjectBackups(first.stack, "rds", { services: [RDS] });
  first.synth();
  // The thread that asks has left by then.
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  const { provider, stack } = appOn(emulator, { mode: LookupMode.CACHED, lockStore, ...common });
  const live = { ...settingsFor(emulator), ...common, mode: LookupMode.LIVE };
  const asked = new BackupProvider(stack, "live", live);
  const dcs = new ProjectBackups(stack, "dcs", { services: [DCS], provider: asked });
  const rds = new ProjectBackups(stack, "rds", { services: [RDS], provider });
  expect(dcs.instances.length).toBeGreaterThan(0);
  expect(rds.instances.length).toBeGreaterThan(0);
});

test("an instance that is gone takes the list that named it out of the lock: the next run asks again", () => {
  const lockStore = new MemoryLock();
  const run = (emulator: BackupEmulator, within?: Duration) => {
    const settings = { lockStore, projectId: emulator.projectId, mode: LookupMode.CACHED };
    const made = appOn(emulator, settings);
    const project = new ProjectBackups(made.stack, "project", { services: [DCS], within });
    return { ...made, project };
  };
  const instance = (instance_id: string) => ({ instance_id, name: "cache", status: "RUNNING" });
  const before = start({ records: { [DCS]: [] }, instanceRecords: { [DCS]: [instance("old")] } });
  run(before).synth();
  const after = start({ records: { [DCS]: [] }, instanceRecords: { [DCS]: [instance("new")] } });
  expect(() => run(after, Duration.days(3)).synth()).toThrow(/INSTANCE_NOT_FOUND/);
  const { project } = run(after, Duration.days(3));
  expect(project.instances.map(({ instance: { id } }) => id)).toEqual(["new"]);
});

test.each([
  ["all backups", undefined],
  ["those of six hours alone, which can't tell", Duration.hours(6)],
])("a window whose backup was begun is not missed: asked for %s", (_, within) => {
  const emulator = start({
    records: {
      [GAUSSDB]: [
        {
          ...{ id: "b1", type: "auto", status: "COMPLETED", size: 1, instance_id: "i1" },
          ...{ begin_time: "2026-01-31T02:10:00+0000", end_time: "2026-01-31T02:20:00+0000" },
        },
      ],
    },
    instanceRecords: {
      [GAUSSDB]: [
        {
          ...{ id: "i1", name: "i", status: "ACTIVE" },
          backup_strategy: { start_time: "02:00-03:00", keep_days: 7 },
        },
      ],
    },
  });
  const { stack } = appOn(emulator, { asOf: NOW });
  const project = new ProjectBackups(stack, "project", { services: [GAUSSDB], within });
  const rules = [Rule.missedWindow()];
  const { findings } = new RecoveryPolicy(stack, "policy", { projects: [project], rules });
  expect(findings.map(({ rule }) => rule)).not.toContain(RuleId.MISSED_WINDOW);
});
