import { BackupKind, BackupLevel, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { geminiDb } from "../../lib/services/geminidb";
import { Query } from "../../lib/services/query";
import { withLevel } from "../../lib/services/level";
import { decodeOne, queryFor, sample } from "./support";

const requests = (more: Partial<Query>) =>
  geminiDb.lists.backups.requests(queryFor(BackupService.GEMINIDB, more));

describe("GeminiDB", () => {
  test("decodes the published sample whole: backups of tables, which are never restorable", () => {
    const { backups, warnings, total } = sample(BackupService.GEMINIDB, "geminidb");
    expect(total).toBe(4);
    expect(warnings).toEqual([]);
    const common = {
      service: BackupService.GEMINIDB,
      instanceName: "cluster-test",
      description: "backup description",
      status: BackupStatus.COMPLETED,
      isRestorable: false,
      sizeBytes: 2803 * 1024,
      beginTime: new Date("2019-05-27T03:38:51Z"),
      endTime: new Date("2019-05-27T03:39:51Z"),
      engine: "cassandra",
      engineVersion: "3.4",
      databases: [
        { name: "DATABASE_X", tables: ["TABLE_A", "TABLE_B", "TABLE_C"] },
        { name: "DATABASE_Y", tables: [] },
      ],
    };
    expect(backups).toMatchObject([
      {
        ...common,
        id: "43e4feaab48f11e89039fa163ebaa7e4br01",
        name: "backup-test",
        kind: BackupKind.AUTOMATIC,
      },
      {
        ...common,
        id: "43e4feaab48f11e89039fa163ebaa7e4br02",
        name: "backup-test-2",
        kind: BackupKind.MANUAL,
      },
    ]);
  });

  test("calls a completed backup of an instance restorable, whether its tables are null, empty or absent", () => {
    for (const database_tables of [null, [], undefined]) {
      const record = { id: "a", type: "Auto", status: "COMPLETED", database_tables };
      expect(decodeOne(BackupService.GEMINIDB, record).backup.isRestorable).toBe(true);
    }
  });

  test("doesn't call one restorable whose tables can't be read: it may be of tables alone", () => {
    const record = { id: "a", type: "Auto", status: "COMPLETED", database_tables: "orders" };
    const { backup, warnings } = decodeOne(BackupService.GEMINIDB, record);
    expect(backup.isRestorable).toBe(false);
    expect(warnings).toEqual([
      'GeminiDB backup a: database_tables "orders" is not a list of databases',
    ]);
  });

  test("takes a record of the list of tables for no backup of the instance, whatever it names", () => {
    for (const database_tables of [[{ database_name: "x" }], null, [], undefined]) {
      const record = { id: "a", type: "Auto", status: "COMPLETED", database_tables };
      const marked = withLevel(record, BackupLevel.DATABASE_TABLE);
      const { backup, warnings } = decodeOne(BackupService.GEMINIDB, marked);
      expect(warnings).toEqual([]);
      expect(backup).toMatchObject({
        ...{ level: BackupLevel.DATABASE_TABLE, isPartial: true, isRestorable: false },
      });
      expect(backup.raw).toEqual(record);
      const plain = withLevel(record, BackupLevel.INSTANCE);
      expect(plain).toEqual(record);
      expect(decodeOne(BackupService.GEMINIDB, plain).backup.level).toBe(BackupLevel.INSTANCE);
    }
  });

  test("keeps the level under a name that locks have, and takes what is none for tables", () => {
    const record = { id: "a", type: "Auto", status: "COMPLETED" };
    expect(withLevel(record, undefined)).toBe(record);
    expect(withLevel(record, BackupLevel.DATABASE_TABLE)).toEqual({
      ...record,
      "cdktf-backups:level": "databaseTable",
    });
    const levelOf = (mark: unknown) =>
      decodeOne(BackupService.GEMINIDB, { ...record, "cdktf-backups:level": mark }).backup.level;
    expect(levelOf("instance")).toBe(BackupLevel.INSTANCE);
    expect(levelOf("else")).toBe(BackupLevel.DATABASE_TABLE);
  });

  test("reads the names of tables, and warns of a list that is none", () => {
    const tablesOf = (table_names: unknown) => {
      const database_tables = [{ database_name: "x", table_names }];
      const record = { id: "a", type: "Auto", status: "COMPLETED", database_tables };
      const { backup, warnings } = decodeOne(BackupService.GEMINIDB, record);
      return [backup.databases, ...warnings];
    };
    expect(tablesOf(["t", null])).toEqual([[{ name: "x", tables: ["t"] }]]);
    expect(tablesOf(undefined)).toEqual([[{ name: "x", tables: [] }]]);
    expect(tablesOf("t")).toEqual([
      [{ name: "x", tables: [] }],
      'GeminiDB backup a, database_tables: table_names "t" is not a list of names',
    ]);
  });

  test("has filters of its own, with the words of its page and one for both lists", () => {
    expect(geminiDb.lists.backups.filters).toEqual({
      datastoreType: { allowed: ["cassandra", "redis", "mongodb", "influxdb"] },
      type: { allowed: ["instance", "databaseTable", "all"], default: "instance", all: "all" },
    });
  });

  test("spells the kind with a capital, as its page demands", () => {
    for (const [kind, word] of [
      [BackupKind.AUTOMATIC, "Auto"],
      [BackupKind.MANUAL, "Manual"],
    ] as const) {
      const [request] = requests({ backupType: kind });
      expect(request?.query).toEqual({ backup_type: word, type: "Instance" });
    }
  });

  test("always says what it asks for: instances, tables, or both in two lists", () => {
    const types = (type?: string) =>
      requests({ filters: type === undefined ? {} : { type } }).map(({ query }) => query["type"]);
    expect(types()).toEqual(["Instance"]);
    expect(types("instance")).toEqual(["Instance"]);
    expect(types("databaseTable")).toEqual(["DatabaseTable"]);
    expect(types("all")).toEqual(["Instance", "DatabaseTable"]);
  });

  test("asks with the parameters of its page, on v3.1", () => {
    const filters = { datastoreType: "redis" };
    expect(requests({ instanceId: "i", backupId: "b", filters })).toEqual([
      {
        level: BackupLevel.INSTANCE,
        path: "/v3.1/{project}/backups",
        query: { instance_id: "i", backup_id: "b", datastore_type: "redis", type: "Instance" },
      },
    ]);
  });
});
