import { App, Lazy, TerraformStack } from "cdktf";
import { StackSynthesizer } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupKind,
  BackupOutputs,
  BackupProvider,
  BackupQuery,
  BackupService,
  BackupsUsageError,
  DcsBackups,
  DdsBackups,
  DdsMode,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  GeminiDbBackupType,
  GeminiDbDatastoreType,
  RdsBackups,
  RestoreTarget,
  RestoreTrigger,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { queriesOfAll } from "../support/queries";
import { appOn, SAMPLE, settingsFor } from "../support/app";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const lists = () => emulator._requests().filter(({ service }) => service !== "iam");

describe("a query", () => {
  test("sends nothing when it is declared", () => {
    const { stack } = appOn(emulator);
    new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    expect(emulator.requests).toEqual([]);
  });

  test("reaches every filter of its vendor's page", () => {
    const { stack } = appOn(emulator, { language: "zh-cn" });
    const window = {
      beginTime: new Date("2026-01-10T00:00:00Z"),
      endTime: new Date("2026-01-12T00:00:00Z"),
    };
    // The end is a day from now: by then every backup has ended, whichever time is compared.
    const end_time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
    const asked = { begin_time: "2026-01-09T00:00:00+0000", end_time };
    void new GaussDbBackups(stack, "gaussdb", {
      ...window,
      instanceId: SAMPLE.gaussdb,
      backupId: "b",
      backupType: BackupKind.MANUAL,
    }).all;
    void new RdsBackups(stack, "rds", {
      ...window,
      instanceId: SAMPLE.rds,
      backupId: "b",
      backupType: BackupKind.INCREMENTAL,
    }).all;
    void new GeminiDbBackups(stack, "geminidb", {
      ...window,
      instanceId: SAMPLE.geminidb,
      backupId: "b",
      backupType: BackupKind.AUTOMATIC,
      datastoreType: GeminiDbDatastoreType.CASSANDRA,
      type: GeminiDbBackupType.DATABASE_TABLE,
    }).all;
    void new DcsBackups(stack, "dcs", { ...window, instanceId: SAMPLE.dcs }).all;
    void new TaurusDbIncrementalBackups(stack, "taurusdb", {
      ...window,
      instanceId: SAMPLE.taurusdb,
    }).all;
    void new TaurusDbBackups(stack, "taurusdb-full", {
      ...window,
      instanceId: SAMPLE.taurusdb,
      backupId: "b",
      backupType: BackupKind.MANUAL,
    }).all;
    void new DdsBackups(stack, "dds", {
      ...window,
      instanceId: SAMPLE.dds,
      backupId: "b",
      backupType: BackupKind.AUTOMATIC,
      mode: DdsMode.REPLICA_SET,
    }).all;
    const page = { offset: "0", limit: "100" };
    // Of DCS, whose window reaches to now, a second page as well.
    const first = lists().filter(({ query }) => (query["start"] ?? "1") === "1");
    expect(first.map(({ query }) => query)).toEqual([
      { ...page, ...asked, instance_id: SAMPLE.gaussdb, backup_id: "b", backup_type: "manual" },
      { ...page, ...asked, instance_id: SAMPLE.rds, backup_id: "b", backup_type: "incremental" },
      {
        ...page,
        ...asked,
        instance_id: SAMPLE.geminidb,
        backup_id: "b",
        backup_type: "Auto",
        datastore_type: "cassandra",
        type: "DatabaseTable",
      },
      {
        start: "1",
        limit: "100",
        beginTime: "20260109000000",
        endTime: expect.stringMatching(/^20\d{12}$/),
      },
      { offset: "0", limit: "50", ...asked },
      { ...page, ...asked, instance_id: SAMPLE.taurusdb, backup_id: "b", backup_type: "manual" },
      {
        ...page,
        begin_time: "2026-01-09 00:00:00",
        end_time: expect.stringMatching(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/),
        instance_id: SAMPLE.dds,
        backup_id: "b",
        backup_type: "Auto",
        mode: "ReplicaSet",
      },
    ]);
    expect(lists().every(({ headers }) => headers["x-language"] === "zh-cn")).toBe(true);
    // A raw plus would arrive as a space.
    expect(lists().filter(({ url }) => url.includes("+"))).toEqual([]);
  });

  describe.each(["begin", "end", "contained", "overlapping"] as const)(
    "of a window, at services that compare it by the reading %s",
    (windowReading) => {
      const at = (hours: number) =>
        new Date(Date.UTC(2026, 0, 10) + hours * 3_600_000).toISOString();
      // The TaurusDB page's own sample lasts 24 h 04 min.
      const long = { id: "long", begin: at(1), end: at(28) };
      const others = [
        { id: "before", begin: at(-1), end: at(2) },
        { id: "after", begin: at(25), end: at(26) },
      ];
      const database = ({ id, begin, end }: typeof long) => ({
        ...{ id, instance_id: "i", begin_time: begin, end_time: end },
        ...{ type: "manual", status: "COMPLETED" },
      });
      const cache = ({ id, begin, end }: typeof long) => ({
        ...{ backup_id: id, instance_id: "i", execution_at: begin, created_at: begin },
        ...{
          updated_at: end,
          backup_type: "manual",
          status: "succeed",
          is_support_restore: "TRUE",
        },
      });
      const window = { beginTime: new Date(at(0)), endTime: new Date(at(24)) };

      test("none that began inside is lost, and no other is there", () => {
        emulator.close();
        const all = [...others, long];
        emulator = BackupEmulator._startWith({
          windowReading,
          records: {
            ...{ rds: all.map(database), gaussDb: all.map(database) },
            ...{ taurusDb: all.map(database), taurusDbFull: all.map(database) },
            dcs: all.map(cache),
            dds: all.map(database),
            geminiDb: all.map((each) => ({ ...database(each), type: "Manual" })),
          },
        });
        const { stack } = appOn(emulator);
        const props = { instanceId: "i", ...window };
        for (const query of queriesOfAll(stack, props)) {
          expect(query.all.map(({ id }) => id)).toEqual(["long"]);
        }
      });
    },
  );

  describe.each(["Instance", "all"] as const)(
    "of GeminiDB, at a service that lists %s where no type is sent",
    (untyped) => {
      test("has backups of the instance alone, and those of tables only in its own list", () => {
        emulator.close();
        const record = (id: string) => ({
          ...{ id, instance_id: "i", type: "Manual", status: "COMPLETED", database_tables: null },
          ...{ begin_time: "2026-01-10T00:00:00+0000", end_time: "2026-01-10T01:00:00+0000" },
        });
        emulator = BackupEmulator._startWith({
          ...{
            untyped,
            tableRecords: [record("tables")],
            records: { geminiDb: [record("whole")] },
          },
        });
        const { stack, synth } = appOn(emulator);
        const of = (id: string, type?: GeminiDbBackupType) =>
          new GeminiDbBackups(stack, id, { instanceId: "i", type, outputs: BackupOutputs.ALL });
        const [plain, all] = [of("plain"), of("all", GeminiDbBackupType.ALL)];
        const tables = of("tables", GeminiDbBackupType.DATABASE_TABLE);
        expect(plain.all.map(({ id }) => id)).toEqual(["whole"]);
        expect(all.all.map(({ id, level, isRestorable }) => [id, level, isRestorable])).toEqual([
          ["tables", "databaseTable", false],
          ["whole", "instance", true],
        ]);
        expect(tables.latest).toBeUndefined();
        expect(new RestoreTarget(stack, "target", { backups: all }).backup.id).toBe("whole");
        const { backups } = synth().output.all.value;
        expect(backups[0]).toMatchObject({
          id: "tables",
          level: "databaseTable",
          is_partial: true,
        });
      });
    },
  );

  test.each([
    [{ service: "rds", instanceId: "i" }, "backups", 'an object, "backups"'],
    ["toString", "backups", '"toString", "backups"'],
    [BackupService.TAURUSDB, "fullBackups", '"taurusdb", "fullBackups"'],
    [BackupService.RDS, "constructor", '"rds", "constructor"'],
  ])("of a subclass that names %p, %p is refused", (service, list, shown) => {
    class Own extends BackupQuery {
      constructor(scope: Construct) {
        super(scope, "q", {}, service as BackupService, list);
      }
    }
    expect(() => new Own(appOn(emulator).stack)).toThrow(
      `INVALID_SERVICE: the query is of ${shown}, which is no list that is known. Allowed are`,
    );
  });

  test.each([
    ["RDS", RdsBackups, { datastoreType: "redis" }, "datastoreType"],
    ["GaussDB", GaussDbBackups, { type: "all" }, "type"],
    ["DCS", DcsBackups, { type: "instance" }, "type"],
  ] as const)(
    "of %s is refused with a filter that only another service knows",
    (label, Query, filter, name) => {
      const { stack } = appOn(emulator);
      const props = { instanceId: "i", ...filter };
      expect(() => new Query(stack, "q", props)).toThrow(
        `INVALID_FILTER: ${name} "${filter[name as never]}" is none that ${label} knows. Leave it out: the list of ${label} has no such filter; that of GeminiDB has.`,
      );
    },
  );

  test.each(["en", "EN-US", "de-de", ""])(
    "is refused in the language %j, which no page has",
    (language) => {
      expect(() => appOn(emulator, { language })).toThrow(
        /^INVALID_LANGUAGE: .*Allowed is a language that the services know, "en-us" or "zh-cn"/,
      );
    },
  );

  test("applies the filters that its API lacks", () => {
    const { stack } = appOn(emulator);
    const all = new DcsBackups(stack, "all", { instanceId: SAMPLE.dcs }).all;
    const manual = all.filter(({ kind }) => kind === BackupKind.MANUAL);
    const some = { instanceId: SAMPLE.dcs, backupType: BackupKind.MANUAL };
    expect(new DcsBackups(stack, "manual", some).all.map(({ id }) => id)).toEqual(
      manual.map(({ id }) => id),
    );
    const one = { instanceId: SAMPLE.dcs, backupId: all[3]!.id };
    expect(new DcsBackups(stack, "one", one).all.map(({ id }) => id)).toEqual([all[3]!.id]);
    expect(manual.length).toBeLessThan(all.length);
  });

  test("counts `within` back from asOf, and takes what begins then", () => {
    const { stack, provider } = appOn(emulator);
    const within = Duration.days(2);
    const all = new RdsBackups(stack, "all", { instanceId: SAMPLE.rds }).all;
    const recent = new RdsBackups(stack, "recent", { instanceId: SAMPLE.rds, within }).all;
    const since = provider.asOf.getTime() - within.toMilliseconds();
    expect(recent).toHaveLength(
      all.filter(({ beginTime }) => beginTime!.getTime() >= since).length,
    );
    expect(recent.length).toBeGreaterThan(0);
    expect(recent.length).toBeLessThan(all.length);
  });

  test("takes for the latest the newest that a restore can start from", () => {
    const { stack } = appOn(emulator);
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    expect(query.all[0]?.isRestorable).toBe(false);
    expect(query.latest).toBe(query.all.find(({ isRestorable }) => isRestorable));
  });

  test("finds a backup by its id, or lists what there is", () => {
    const { stack } = appOn(emulator);
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    const [first] = query.all;
    expect(query.byId(first!.id)).toBe(first);
    expect(() => query.byId("nope")).toThrow(
      new RegExp(
        `^BACKUP_NOT_FOUND: there is no backup "nope". There are ${first!.id}, .* and \\d+ more`,
      ),
    );
  });
});

describe("before anything is sent", () => {
  type Case = [string, (stack: Construct) => unknown, RegExp];
  const id = SAMPLE.rds;
  const now = new Date("2026-01-31T00:00:00Z");
  test.each<Case>([
    [
      "an RDS query without an instance",
      (s) => new RdsBackups(s, "q", {} as never),
      /^INVALID_ID: instanceId is missing/,
    ],
    [
      "an empty id",
      (s) => new DcsBackups(s, "q", { instanceId: "" }),
      /^INVALID_ID: instanceId is empty or blank/,
    ],
    [
      "an id with a slash",
      (s) => new TaurusDbIncrementalBackups(s, "q", { instanceId: "a/../b" }),
      /^INVALID_ID: instanceId holds a slash/,
    ],
    [
      "an id of two dots",
      (s) => new DcsBackups(s, "q", { instanceId: ".." }),
      /^INVALID_ID: .*another path/,
    ],
    [
      "a blank id that could be left out",
      (s) => new GaussDbBackups(s, "q", { instanceId: " " }),
      /^INVALID_ID/,
    ],
    [
      "a blank backup id",
      (s) => new GaussDbBackups(s, "q", { backupId: " " }),
      /^INVALID_ID: backupId/,
    ],
    [
      "a token",
      (s) => new RdsBackups(s, "q", { instanceId: Lazy.stringValue({ produce: () => "x" }) }),
      /^INVALID_ID: .*knows only at deploy/,
    ],
    [
      "a kind that GaussDB lacks",
      (s) => new GaussDbBackups(s, "q", { backupType: BackupKind.INCREMENTAL }),
      /^INVALID_KIND: backupType "incremental" is no kind that GaussDB can list. Allowed: BackupKind.AUTOMATIC, BackupKind.MANUAL/,
    ],
    [
      "a kind that TaurusDB's full backups lack",
      (s) => new TaurusDbBackups(s, "q", { backupType: BackupKind.INCREMENTAL }),
      /^INVALID_KIND: .*no kind that TaurusDB can list among its full backups. Allowed: BackupKind.AUTOMATIC, BackupKind.MANUAL/,
    ],
    [
      "a kind that TaurusDB lacks",
      (s) =>
        new TaurusDbIncrementalBackups(s, "q", {
          instanceId: id,
          backupType: BackupKind.AUTOMATIC,
        }),
      /^INVALID_KIND: .*Allowed: BackupKind.INCREMENTAL/,
    ],
    [
      "a kind that nobody can ask for",
      (s) => new RdsBackups(s, "q", { instanceId: id, backupType: BackupKind.UNKNOWN }),
      /^INVALID_KIND: /,
    ],
    [
      "an end before its begin",
      (s) => new RdsBackups(s, "q", { instanceId: id, beginTime: now, endTime: new Date(0) }),
      /^INVALID_WINDOW: endTime 1970-01-01T00:00:00.000Z is not after beginTime 2026/,
    ],
    [
      "an end at its begin",
      (s) => new DcsBackups(s, "q", { instanceId: id, beginTime: now, endTime: now }),
      /^INVALID_WINDOW/,
    ],
    [
      "an Invalid Date",
      (s) => new RdsBackups(s, "q", { instanceId: id, beginTime: new Date("x") }),
      /^INVALID_TIME: beginTime is no valid Date/,
    ],
    [
      "a window said twice",
      (s) => new RdsBackups(s, "q", { instanceId: id, beginTime: now, within: Duration.days(1) }),
      /^INVALID_WINDOW: within \(1 day\) stands beside beginTime/,
    ],
    [
      "a window of nothing",
      (s) => new RdsBackups(s, "q", { instanceId: id, within: Duration.days(0) }),
      /^INVALID_WINDOW: within is 0/,
    ],
    [
      "a timeout of nothing",
      (s) => new BackupProvider(s, "p", { timeout: Duration.days(0) }),
      /^INVALID_DURATION: timeout is 0/,
    ],
    [
      "an asOf that is none",
      (s) => new BackupProvider(s, "p", { asOf: new Date("x") }),
      /^INVALID_TIME: asOf/,
    ],
    [
      "an asOf of a year that no lock could be read with",
      (s) => new BackupProvider(s, "p", { asOf: new Date(Date.UTC(12_000, 0)) }),
      /^INVALID_TIME: asOf is \+012000-01-01/,
    ],
  ])("%s is refused, with the value, what is allowed and where", (_what, declare, message) => {
    const attempt = () => declare(appOn(emulator).stack);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(BackupsUsageError);
    expect(emulator.requests).toEqual([]);
  });

  test("HCL output is refused: cdktf can't write the outputs in it", () => {
    const app = new App({ outdir: appOn(emulator).outdir, hclOutput: true });
    const stack = new TerraformStack(app, "stack");
    expect(() => new RdsBackups(stack, "q", { instanceId: id })).toThrow(/^HCL_OUTPUT: /);
  });

  test("a query outside a stack is refused: nothing would write or validate it", () => {
    const { app } = appOn(emulator);
    expect(() => new RdsBackups(app, "q", { instanceId: id })).toThrow(/^OUTSIDE_A_STACK: /);
  });
});

describe("the provider of a query", () => {
  test("is that of the nearest scope that has one", () => {
    const { stack } = appOn(emulator, { projectId: "wrong" });
    const group = new Construct(stack, "group");
    new BackupProvider(group, "own", settingsFor(emulator));
    expect(new RdsBackups(group, "rds", { instanceId: SAMPLE.rds }).all.length).toBeGreaterThan(0);
    expect(() => new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }).all).toThrow();
  });

  test("may be declared after the query", () => {
    const stack = new TerraformStack(new App({ outdir: appOn(emulator).outdir }), "stack");
    const query = new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds });
    new BackupProvider(stack, "later", settingsFor(emulator));
    expect(query.all.length).toBeGreaterThan(0);
  });

  test("has to be said where the nearest scope has several", () => {
    const { app, stack, provider } = appOn(emulator);
    new BackupProvider(app, "second", settingsFor(emulator));
    const attempt = () => new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }).all;
    expect(attempt).toThrow(
      /^SEVERAL_PROVIDERS: the App has several BackupProviders \(provider, second\). Say which/,
    );
    const told = new RdsBackups(stack, "told", { instanceId: SAMPLE.rds, provider });
    expect(told.all.length).toBeGreaterThan(0);
  });

  test("is the environment where there is none", () => {
    const before = { ...process.env };
    try {
      Object.assign(process.env, emulator.environment);
      const stack = new TerraformStack(new App({ outdir: appOn(emulator).outdir }), "stack");
      expect(new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }).all.length).toBeGreaterThan(
        0,
      );
    } finally {
      process.env = before;
    }
  });

  test("gives all queries one clock reading", async () => {
    const { app, provider } = appOn(emulator);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const other = new BackupProvider(new TerraformStack(app, "other"), "p", settingsFor(emulator));
    expect(other.asOf).toEqual(provider.asOf);
    const asOf = new Date("2026-01-31T00:00:00Z");
    expect(new BackupProvider(app, "fixed", { asOf }).asOf).toEqual(asOf);
  });
});

describe("the output of a query", () => {
  test("is one object under its own name: count, latest, and the list on request", () => {
    const { stack, synth } = appOn(emulator);
    const query = new RdsBackups(stack, "orders", { instanceId: SAMPLE.rds });
    new DcsBackups(stack, "cache", { instanceId: SAMPLE.dcs, outputs: BackupOutputs.ALL });
    new GaussDbBackups(stack, "silent", { outputs: BackupOutputs.NONE });
    const { output } = synth();
    expect(Object.keys(output).sort()).toEqual(["cache", "orders"]);
    expect(output.orders.value).toEqual({
      service: "rds",
      count: query.all.length,
      latest: expect.objectContaining({ id: query.latest!.id }),
    });
    expect(output.orders.description).toBe(
      `RDS backups of instance ${SAMPLE.rds}, as of the synthesis`,
    );
    expect(output.cache.value.backups).toHaveLength(output.cache.value.count);
    const keys =
      "service id name description instance_id instance_name kind status is_restorable is_partial size_bytes begin_time end_time created_at updated_at engine engine_version databases level is_support_restore error_code error_message backup_format progress period is_associated_with_ddm";
    for (const backup of output.cache.value.backups) {
      expect(Object.keys(backup).sort()).toEqual(keys.split(" ").sort());
      for (const time of [backup.begin_time, backup.end_time]) {
        expect(time ?? "2026-01-31T00:00:00Z").toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      }
    }
  });

  test("is complete though nobody read a value, from one batch", () => {
    const { stack, synth } = appOn(emulator);
    new RdsBackups(stack, "orders", { instanceId: SAMPLE.rds });
    new TaurusDbIncrementalBackups(stack, "logs", { instanceId: SAMPLE.taurusdb });
    const { output } = synth();
    expect(output.orders.value.count).toBeGreaterThan(0);
    expect(output.logs.value).toEqual({ service: "taurusdb", count: 43, latest: null });
    expect(lists()).toHaveLength(2);
  });

  test("has cdktf's own unique name below the top of the stack", () => {
    const { stack, synth } = appOn(emulator);
    new RdsBackups(new Construct(stack, "group"), "orders", { instanceId: SAMPLE.rds });
    expect(Object.keys(synth().output)).toEqual([
      expect.stringMatching(/^group_orders_[0-9A-F]{8}$/),
    ]);
  });

  test("of the same input has the same bytes", () => {
    const asOf = new Date();
    const bytes = () => {
      const { stack, synth } = appOn(emulator, { asOf });
      const within = Duration.days(5);
      new RdsBackups(stack, "orders", {
        instanceId: SAMPLE.rds,
        within,
        outputs: BackupOutputs.ALL,
      });
      return JSON.stringify(synth().output);
    };
    expect(bytes()).toBe(bytes());
  });
});

describe("a lookup that fails at synthesis", () => {
  test("is reported for all queries at once, each with its construct", () => {
    const { stack, app } = appOn(emulator);
    new RdsBackups(stack, "one", { instanceId: "nobody" });
    new DcsBackups(stack, "two", { instanceId: "nobody" });
    new GaussDbBackups(stack, "healthy");
    expect(() => app.synth()).toThrow(
      /\[stack\/one\] INSTANCE_NOT_FOUND: [^]*\[stack\/two\] INSTANCE_NOT_FOUND: /,
    );
    expect(lists()).toHaveLength(3);
  });

  test("leaves a configuration that no Terraform takes, not one in which a backup has gone", () => {
    const { stack, app, outdir } = appOn(emulator);
    const backups = new RdsBackups(stack, "one", { instanceId: "nobody" });
    new RestoreTrigger(stack, "trigger", {
      target: new RestoreTarget(stack, "target", { backups }),
    });
    // As the `cdktf` command has it, which reports the errors itself.
    stack.synthesizer = new StackSynthesizer(stack, true);
    app.synth();
    const file = join(outdir, "stacks", "stack", "cdk.tf.json");
    const { terraform } = JSON.parse(readFileSync(file, "utf8"));
    expect(terraform.required_version).toBe("< 0.0.1");
  });

  test("is thrown where nobody runs the validations that would report it", () => {
    const app = new App({ outdir: appOn(emulator).outdir, skipValidation: true });
    const stack = new TerraformStack(app, "stack");
    new BackupProvider(stack, "p", settingsFor(emulator));
    new RdsBackups(stack, "one", { instanceId: "nobody" });
    expect(() => app.synth()).toThrow(/INSTANCE_NOT_FOUND/);
  });

  test("is asked for again by a query that is declared later", () => {
    const { stack } = appOn(emulator);
    emulator.fault({ service: BackupService.RDS, status: 403, body: "{}" });
    const first = new RdsBackups(stack, "first", { instanceId: SAMPLE.rds });
    expect(() => first.all).toThrow(/^NOT_PERMITTED/);
    const second = new RdsBackups(stack, "second", { instanceId: SAMPLE.rds });
    expect(second.all.length).toBeGreaterThan(0);
  });

  test("because nothing says whom to ask is reported like any other", () => {
    const before = { ...process.env };
    try {
      for (const name of Object.keys(process.env)) {
        if (/^(HW|OS|HUAWEICLOUD|CDKTF_BACKUPS)_/.test(name)) delete process.env[name];
      }
      const app = new App({ outdir: appOn(emulator).outdir });
      new RdsBackups(new TerraformStack(app, "stack"), "rds", { instanceId: "x" });
      expect(() => app.synth()).toThrow(/\[stack\/rds\] NO_CREDENTIALS|\[stack\/rds\] NO_CLOUD/);
    } finally {
      process.env = before;
    }
  });
});
