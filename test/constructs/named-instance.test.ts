import { TerraformStack } from "cdktf";
import {
  BackupEmulator,
  BackupOutputs,
  BackupQuery,
  BackupService,
  ConsistencyGroup,
  DcsBackups,
  DdsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  IfInstanceMissing,
  Instances,
  LookupMode,
  MemoryLock,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTrigger,
  Rule,
  Selection,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { appOn } from "../support/app";
import { captured } from "../support/captured";
import { OwnStore } from "../support/locks";

const { RDS } = BackupService;
const QUERIES = {
  RdsBackups,
  GaussDbBackups,
  GeminiDbBackups,
  DcsBackups,
  DdsBackups,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
};

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const on = (settings = {}) => appOn(emulator, { projectId: emulator.projectId, ...settings });

/** The paths and names that were asked for. */
function asked(): string[] {
  return emulator.requests.map((line) => {
    const { pathname, searchParams } = new URL(line.split(" ")[1]!, "http://emulator");
    return [pathname.split("/").at(-1), searchParams.get("name")].filter(Boolean).join(" ");
  });
}

function add(id: string, name: string): void {
  const datastore = { type: "MySQL", version: "8.0" };
  const created = "2026-01-31T02:33:49+0800";
  emulator.addInstanceRecord(RDS, { id, name, status: "ACTIVE", datastore, created });
}

describe("a query by the name of its instance", () => {
  test.each(Object.entries(QUERIES))("has what one by its id has: %s", (_, Query) => {
    const { stack } = on();
    const Any = Query as new (scope: TerraformStack, id: string, props: object) => BackupQuery;
    const named = new Any(stack, "named", { instanceName: "orders-1" });
    const id = named._instanceId();
    const known = new Any(stack, "known", { instanceId: id });
    expect(named.all.map((backup) => backup.id)).toEqual(known.all.map((backup) => backup.id));
    expect(named.all.length).toBeGreaterThan(0);
    expect(named.latest?.id).toBe(known.latest?.id);
  });

  test("asks for the names first, for all of them together, then for their backups together", () => {
    const { stack } = on();
    const queries = ["orders-1", "orders-2"].map(
      (instanceName) => new RdsBackups(stack, instanceName, { instanceName }),
    );
    void queries[0]!.all;
    expect(asked().sort()).toEqual([
      ...["backups", "backups"],
      ...["instances orders-1", "instances orders-2"],
    ]);
    const known = asked().length;
    void queries[1]!.all;
    expect(asked()).toHaveLength(known);
  });

  test("is there as well once everything was loaded without blocking", async () => {
    const { provider, stack } = on();
    const query = new RdsBackups(stack, "q", { instanceName: "orders-1" });
    await provider.load();
    const known = asked().length;
    expect(query.all.length).toBeGreaterThan(0);
    expect(asked()).toHaveLength(known);
    expect(known).toBe(2);
  });

  test("needs no network on a frozen run, and the next run asks for both at once", () => {
    const lockStore = new MemoryLock();
    const make = (settings = {}) => {
      const { stack, synth } = on({ lockStore, ...settings });
      const backups = new RdsBackups(stack, "orders", { instanceName: "orders-1" });
      const target = new RestoreTarget(stack, "target", { backups, pin: { epoch: 1 } });
      new RestoreTrigger(stack, "trigger", { target });
      return { backups, json: synth() };
    };
    const first = make();
    const known = asked().length;
    const frozen = make({ mode: LookupMode.FROZEN });
    expect(asked()).toHaveLength(known);
    expect(frozen.json.locals).toEqual(first.json.locals);
    expect(frozen.backups.all.length).toBe(first.backups.all.length);
    make({ mode: LookupMode.LIVE });
    expect(asked().slice(known)).toEqual(expect.arrayContaining(["instances orders-1", "backups"]));
  });

  test("is refused where several have the name: with id, engine, version, creation and state of each", () => {
    add("1in01", "twin");
    add("2in01", "twin");
    const { stack } = on();
    const query = new RdsBackups(stack, "twins", { instanceName: "twin" });
    expect(() => query.all).toThrow(
      /^SEVERAL_INSTANCES: there are 2 RDS instances named "twin".*\n- "1in01": MySQL 8.0, created 2026-01-30T18:33:49Z, available\n- "2in01": /,
    );
    expect(asked()).toEqual(["instances twin"]);
  });

  test("is refused with the nearest names where none has it, once, and the lock keeps nothing of it", () => {
    const lockStore = new MemoryLock();
    add("1in01", "billing");
    const { app, stack } = on({ lockStore });
    const query = new RdsBackups(stack, "billing", { instanceName: "biling" });
    const problem =
      /INSTANCE_NOT_FOUND: there is no RDS instance named "biling". The nearest are "billing"\. .*construct: stack\/billing/;
    expect(() => query.all).toThrow(problem);
    let told = "";
    try {
      app.synth();
    } catch (error) {
      told = String(error);
    }
    expect(told).toMatch(problem);
    expect(told.match(/INSTANCE_NOT_FOUND/g)).toHaveLength(1);
    expect(lockStore.read() ?? "").not.toMatch(/biling"/);
  });

  test("that nobody has yet may be taken for one without backups", () => {
    const { stack, synth } = on();
    const ifInstanceMissing = IfInstanceMissing.EMPTY;
    const query = new RdsBackups(stack, "q", { instanceName: "to-be-made", ifInstanceMissing });
    expect(query.all).toEqual([]);
    expect(synth().output["q"].value).toMatchObject({ count: 0 });
  });

  test.each([
    [{ instanceName: "a", instanceId: "b" }, /^INVALID_NAME: .*stands beside instanceId/],
    [{ instanceName: "*a" }, /^INVALID_NAME: .*begins with \*/],
    [{ instanceName: "" }, /^INVALID_NAME/],
    [{}, /^INVALID_ID/],
  ])("is refused before anything is sent: %j", (props, expected) => {
    const { stack } = on();
    expect(() => new RdsBackups(stack, "q", props)).toThrow(expected);
  });

  test("may be restored to a moment, judged by a policy, and be in a group", () => {
    const { stack, synth } = on();
    const query = new RdsBackups(stack, "q", { instanceName: "orders-1" });
    const moment = new RestoreTarget(stack, "moment", {
      backups: query,
      selection: Selection.newestMoment(),
    });
    expect(moment.restoreTime).toBeInstanceOf(Date);
    const policy = new RecoveryPolicy(stack, "policy", {
      queries: [query],
      rules: [Rule.windowGap({ maxGap: Duration.hours(1) })],
    });
    expect(policy.findings.map(({ rule }) => rule)).toContain("window-gap");
    const group = new ConsistencyGroup(stack, "group", {
      members: [{ name: "one", backups: query, moments: true }],
      maxSpread: Duration.hours(1),
    });
    expect(group.picks).toHaveLength(1);
    synth();
  });

  test("that leads to another instance than last time is told, and a pin that holds the former stops the plan", () => {
    const lockStore = new OwnStore();
    add("1in01", "billing");
    const make = () => {
      const { stack, synth } = on({ lockStore, mode: LookupMode.LIVE });
      const backups = new RdsBackups(stack, "orders", { instanceName: "billing" });
      expect(backups.all).toEqual([]);
      return synth();
    };
    make();
    emulator.addInstanceRecord(RDS, { id: "1in01", name: "billing-old", status: "ACTIVE" });
    add("2in01", "billing");
    expect(captured(make)).toMatch(
      /the lock: RDS instances named billing: 2in01, where it was 1in01; a pin holds what it held/,
    );
  });
});

describe("a name in the lock, of a run that may take it from there", () => {
  const run = (lockStore: MemoryLock, props: object = {}) => {
    const made = on({ lockStore, mode: LookupMode.CACHED });
    const query = new RdsBackups(made.stack, "q", { instanceName: "orders-x", ...props });
    return { ...made, query };
  };

  test("that led to an instance that is gone leads to the one of today at the next run", () => {
    const lockStore = new MemoryLock();
    add("oldin01", "orders-x");
    run(lockStore).synth();
    emulator.close();
    emulator = BackupEmulator.start();
    add("newin02", "orders-x");
    const within = Duration.days(3);
    expect(() => run(lockStore, { within }).synth()).toThrow(/INSTANCE_NOT_FOUND/);
    expect(run(lockStore, { within }).query.all).toEqual([]);
  });

  test("that was nobody's is asked for again, and costs no list of all where it may be nobody's", () => {
    const lockStore = new MemoryLock();
    const ifInstanceMissing = IfInstanceMissing.EMPTY;
    const first = run(lockStore, { ifInstanceMissing });
    expect(first.query.all).toEqual([]);
    first.synth();
    expect(asked()).toEqual(["instances orders-x"]);
    add("newin01", "orders-x");
    const begin_time = new Date(Date.now() - 3_600_000).toISOString();
    emulator.addBackupRecord(RDS, {
      ...{ id: "b", instance_id: "newin01", type: "auto", status: "COMPLETED", size: 1 },
      ...{ begin_time, end_time: begin_time },
    });
    expect(run(lockStore, { ifInstanceMissing }).query.all).toHaveLength(1);
  });

  test("is no news where others have come whose names are merely like it", () => {
    const lockStore = new MemoryLock();
    add("1in01", "orders-x");
    const make = () => {
      const { stack, synth } = on({ lockStore, mode: LookupMode.LIVE });
      void new RdsBackups(stack, "q", { instanceName: "orders-x" }).all;
      synth();
    };
    make();
    const like = { id: "2in01", name: "ORDERS-X", status: "ACTIVE" };
    const body = JSON.stringify({
      instances: [{ id: "1in01", name: "orders-x", status: "ACTIVE" }, like],
      total_count: 2,
    });
    emulator.fault({ path: "/instances", body });
    expect(captured(make)).not.toMatch(/where it was/);
  });
});

describe("a target that has to last", () => {
  const until = (days: number) => new Date(Date.now() + days * 86_400_000);

  test.each([
    ["by its id", (stack: TerraformStack) => new RdsBackups(stack, "q", { instanceId: first() })],
    [
      "by its name",
      (stack: TerraformStack) => new RdsBackups(stack, "q", { instanceName: "orders-1" }),
    ],
    [
      "a cache",
      (stack: TerraformStack) => new DcsBackups(stack, "q", { instanceName: "orders-1" }),
    ],
  ])("takes no automated backup that may be gone by then, of an instance %s", (_, queryIn) => {
    const { stack } = on();
    const backups = queryIn(stack);
    const soon = new RestoreTarget(stack, "soon", { backups, mustLastFor: Duration.hours(1) });
    expect(soon.backup.id).toBe(backups.latest!.id);
    const late = new RestoreTarget(stack, "late", { backups, mustLastUntil: until(400) });
    const { chosen, rejected } = late.decision;
    expect(chosen?.kind ?? "manual").toBe("manual");
    expect(rejected.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^is kept until \S+ \(\d+ days\), and may be gone by \S+$/),
    );
  });

  test("asks for the policy once, and not where the name has told it", () => {
    const { stack } = on();
    const backups = new RdsBackups(stack, "q", { instanceName: "orders-1" });
    const target = new RestoreTarget(stack, "t", { backups, mustLastFor: Duration.days(1) });
    expect(target.isMet).toBe(true);
    expect(asked().filter((path) => path.startsWith("instances"))).toEqual(["instances orders-1"]);
  });

  test("says that a moment which has passed demands nothing", () => {
    const { stack, synth } = on();
    const backups = new RdsBackups(stack, "q", { instanceId: first() });
    const past = new Date("2020-01-01T00:00:00Z");
    const target = new RestoreTarget(stack, "t", { backups, mustLastUntil: past });
    synth();
    expect(target.node.metadata.map(({ data }) => data)).toEqual([
      expect.stringMatching(/mustLastUntil is 2020-01-01T00:00:00Z, which has passed: it demands/),
    ]);
  });

  test("takes no automated one where the policy is off, and a moment falls short beyond its days", () => {
    add("1in01", "off");
    emulator.addInstanceRecord(RDS, {
      ...{ id: first(), name: "orders-1", status: "ACTIVE" },
      backup_strategy: { keep_days: 0 },
    });
    const { stack } = on();
    const backups = new RdsBackups(stack, "q", { instanceId: first() });
    const target = new RestoreTarget(stack, "t", { backups, mustLastFor: Duration.days(1) });
    expect(target.decision.rejected.map(({ reason }) => reason)).toContain(
      "is automated, and nothing tells how long it is kept",
    );
    const moment = new RestoreTarget(stack, "m", {
      backups,
      selection: Selection.newestMoment(),
      mustLastFor: Duration.days(1),
    });
    expect(moment.decision.shortcomings).toEqual([
      "nothing tells how long the instance's moments can be restored to",
    ]);
  });

  test.each([
    [{ mustLastFor: Duration.days(1), mustLastUntil: until(1) }, /^INVALID_PROPERTY/],
    [{ mustLastFor: 5 as any }, /^INVALID_DURATION/],
    [{ mustLastFor: Duration.hours(0) }, /^INVALID_DURATION: mustLastFor is no time at all/],
    [{ mustLastUntil: "soon" as any }, /^INVALID_TIME/],
  ])("is refused before anything is sent: %#", (props, expected) => {
    const { stack } = on();
    const backups = new RdsBackups(stack, "q", { instanceId: "a" });
    expect(() => new RestoreTarget(stack, "t", { backups, ...props })).toThrow(expected);
    const all = new GaussDbBackups(stack, "all");
    const mustLastFor = Duration.days(1);
    expect(() => new RestoreTarget(stack, "u", { backups: all, mustLastFor })).toThrow(
      /^NO_INSTANCE/,
    );
  });

  function first(): string {
    return BackupEmulator.sampleInstances(RDS)[0]!;
  }
});

describe("a target onto an instance", () => {
  const onto = (record: object) => {
    emulator.addInstanceRecord(RDS, { id: "sin01", name: "staging", status: "ACTIVE", ...record });
    const { stack } = on();
    const backups = new RdsBackups(stack, "production", { instanceName: "orders-1" });
    const staging = new Instances(stack, "staging", { service: RDS, name: "staging" });
    return new RestoreTarget(stack, "clone", { backups, onto: staging });
  };

  test("is met where engine, version and volume fit", () => {
    const target = onto({
      datastore: { type: "MySQL", version: "8.0.28" },
      volume: { size: 4000 },
    });
    expect(target.decision.shortcomings).toEqual([]);
    expect(target.isMet).toBe(true);
  });

  test("is met while that one is being backed up: it is done before anybody restores", () => {
    expect(onto({ status: "BACKING UP" }).isMet).toBe(true);
  });

  test.each([
    [
      { datastore: { type: "PostgreSQL", version: "8.0" } },
      "of the engine MySQL, staging (sin01) of PostgreSQL",
    ],
    [{ datastore: { type: "MySQL", version: "5.7" } }, "of version 8.0, staging (sin01) of 5.7"],
    [{ volume: { size: 0 } }, "more than the 0 of staging (sin01)"],
    [{ status: "FROZEN" }, "staging (sin01) is frozen"],
  ])("falls short where it is %j", (record, expected) => {
    const target = onto({ datastore: { type: "MySQL", version: "8.0" }, ...record });
    expect(target.decision.shortcomings).toEqual([expect.stringContaining(expected)]);
  });

  describe.each([
    [
      "GaussDB",
      GaussDbBackups,
      BackupService.GAUSSDB,
      { type: "GaussDB", version: "8.1" },
      "ACTIVE",
    ],
    [
      ...(["GeminiDB", GeminiDbBackups, BackupService.GEMINIDB] as const),
      ...([{ type: "cassandra", version: "3.11" }, "normal"] as const),
    ],
  ] as const)("of %s", (label, Query, service, datastore, status) => {
    const make = (version: string) => {
      const record = { id: "s1", name: "staging", status, datastore: { ...datastore, version } };
      emulator.addInstanceRecord(service, record);
      const { stack } = on();
      const backups = new Query(stack, "production", { instanceName: "orders-1" });
      const staging = new Instances(stack, "staging", { service, name: "staging" });
      return new RestoreTarget(stack, "clone", { backups, onto: staging });
    };

    test("is met where the service names it among those that the backup can be restored onto", () => {
      expect(make(datastore.version).decision.shortcomings).toEqual([]);
      expect(asked()).toContain("restorable-instances");
    });

    test("falls short where the service does not name it, whatever the lists say", () => {
      expect(make("9.9").decision.shortcomings).toEqual([
        "the service does not name staging (s1) among the instances that it can be restored onto",
      ]);
    });

    test("is judged by both lists where the cloud does not know the call", () => {
      emulator.fault({
        path: "restorable-instances",
        status: 404,
        body: '{"error_code":"APIGW.0101"}',
      });
      expect(make("9.9").decision.shortcomings).toEqual([
        expect.stringMatching(/^it is of version \S+, staging \(s1\) of 9\.9$/),
      ]);
    });

    test(`says what ${label} answers where it can't be asked`, () => {
      emulator.fault({ path: "restorable-instances", status: 403, times: 9 });
      expect(() => make("9.9").decision).toThrow(/^NOT_PERMITTED/);
    });
  });

  test("of a moment of GaussDB asks whether that can be restored onto it", () => {
    const datastore = { type: "GaussDB", version: "8.1" };
    const record = { id: "s1", name: "staging", status: "ACTIVE", datastore };
    emulator.addInstanceRecord(BackupService.GAUSSDB, record);
    const { stack } = on();
    const target = new RestoreTarget(stack, "clone", {
      backups: new GaussDbBackups(stack, "production", { instanceName: "orders-1" }),
      selection: Selection.newestMoment(),
      onto: new Instances(stack, "s", { service: BackupService.GAUSSDB, name: "staging" }),
    });
    expect(target.isMet).toBe(true);
    const request = emulator.requests.find((line) => line.includes("restorable-instances"));
    expect(request).toContain(`restore_time=${target.restoreTime!.getTime()}`);
    expect(request).not.toContain("backup_id");
  });

  test("is decided on a frozen run as it was, of a cloud that the environment named", () => {
    const lockStore = new MemoryLock();
    const service = BackupService.GAUSSDB;
    const datastore = { type: "GaussDB", version: "8.1" };
    emulator.addInstanceRecord(service, { id: "s1", name: "staging", status: "ACTIVE", datastore });
    const decide = (settings: object) => {
      const cloud = undefined;
      const made = on({ cloud, lockStore, ...settings });
      const backups = new GaussDbBackups(made.stack, "q", {
        instanceId: BackupEmulator.sampleInstances(service)[0],
        outputs: BackupOutputs.NONE,
      });
      const staging = new Instances(made.stack, "s", { service, name: "staging" });
      const target = new RestoreTarget(made.stack, "t", { backups, onto: staging });
      made.synth();
      return target.decision.toJson();
    };
    const variables = {
      CDKTF_BACKUPS_ENDPOINTS: JSON.stringify(emulator.endpoints),
      OS_AUTH_URL: "https://iam.eu-de.otc.t-systems.com/v3",
    };
    const asOf = new Date();
    Object.assign(process.env, variables);
    let live;
    try {
      live = decide({ asOf, mode: LookupMode.LIVE });
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
    expect(asked()).not.toContain("restorable-instances");
    expect(decide({ asOf, mode: LookupMode.FROZEN, credentials: undefined })).toEqual(live);
  });

  test("is unmet where there is no such instance", () => {
    const { app, stack } = on();
    const backups = new RdsBackups(stack, "production", { instanceName: "orders-1" });
    const staging = new Instances(stack, "staging", { service: RDS, name: "staging" });
    const target = new RestoreTarget(stack, "clone", { backups, onto: staging });
    expect(target.isMet).toBe(false);
    expect(() => app.synth()).toThrow(
      /\[stack\/clone\] INSTANCE_NOT_FOUND: there is no RDS instance named "staging"/,
    );
  });
});
