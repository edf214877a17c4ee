// What a person asks of NDJSON: DuckDB reads it as it is, and answers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupKind, BackupService, BackupStatus } from "../../lib";
import { runCommand } from "../support/command";
import { describeUnless, ENVIRONMENT, run, temporaryFolder } from "../support/programs";
import { blocksOf } from "../support/markdown";
import { pythonWith } from "../support/python";

const duckdb = pythonWith("duckdb", "DuckDB for Python", ["duckdb==2.0.0"]);
const HOUR = 3_600_000;

// By name: the hours since its newest backup began; none has none.
const FLEET: { readonly [name: string]: number | undefined } = {
  "orders-fresh": 2,
  "orders-stale": 30,
  "orders-never": undefined,
  "'; drop table\u2028x": 50,
  "备份-🗄️": 27,
};
// RDS and DCS tell nothing of instances that are gone.
const OF_LISTED = /^note: RDS (and DCS are|is) asked instance by instance, so [^\n]*\n$/;
const LATE = ["'; drop table\u2028x", "orders-never", "orders-stale", "备份-🗄️"];

describeUnless("missing" in duckdb ? duckdb.missing : undefined, "DuckDB", () => {
  const python = "python" in duckdb ? duckdb.python : "";
  const folder = temporaryFolder("duckdb");
  let emulator: BackupEmulator;
  beforeAll(() => {
    const none = Object.values(BackupService).map((service) => [service, []]);
    emulator = BackupEmulator.start({ records: Object.fromEntries(none) });
    for (const service of [BackupService.RDS, BackupService.DDS]) {
      const ending = service === BackupService.RDS ? "in01" : "in02";
      Object.entries(FLEET).forEach(([name, hours], i) => {
        const id = `${String(i).padStart(32, "0")}${ending}`;
        emulator.addInstance({ service, id, name });
        if (hours === undefined) return;
        for (const ago of [hours, hours + 24, hours + 48]) {
          const beginTime = new Date(Date.now() - ago * HOUR);
          emulator.addBackup({
            ...{ service, instanceId: id, name: `${name}-${ago}`, kind: BackupKind.AUTOMATIC },
            id: `${service === BackupService.RDS ? "a" : "b"}${String(i * 100 + ago).padStart(31, "0")}br01`,
            ...{ beginTime, endTime: new Date(beginTime.getTime() + 60_000) },
            // RDS's list names no instance, DDS's does.
            instanceName: service === BackupService.DDS ? name : undefined,
            ...{ status: BackupStatus.COMPLETED, sizeBytes: 1024 ** 3 },
          });
        }
      });
    }
  });
  afterAll(() => emulator.close());

  /** Rows of a query, over what a command line prints. */
  async function asked(
    args: readonly string[],
    query: string,
    ended: { exit: number; stderr: RegExp } = { exit: 0, stderr: /^$/ },
  ): Promise<unknown[][]> {
    const { exit, stderr, stdout } = await runCommand([...args, "-f", "ndjson"], {
      env: emulator.environment,
    });
    expect({ exit, stderr }).toEqual({
      exit: ended.exit,
      stderr: expect.stringMatching(ended.stderr),
    });
    writeFileSync(join(folder, "rows.ndjson"), stdout);
    const program = `import duckdb, json\nprint(json.dumps(duckdb.sql(${JSON.stringify(query)}).fetchall(), default=str))`;
    const read = await run(python, ["-c", program], { cwd: folder, env: ENVIRONMENT });
    expect(read).toMatchObject({ code: 0, stderr: "" });
    return JSON.parse(read.stdout);
  }

  test("says which instances have no backup of the last 26 hours", async () => {
    const rows = await asked(
      ["list", "rds", "dds", "--instances"],
      "SELECT service, name FROM 'rows.ndjson' WHERE can_be_backed_up AND (newest_age_seconds IS NULL OR newest_age_seconds > 26 * 3600) ORDER BY service, name",
    );
    expect(rows).toEqual(["dds", "rds"].flatMap((service) => LATE.map((name) => [service, name])));
  });

  test("answers what docs/cli.md asks, as that page has it", async () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "cli.md"), "utf8");
    const code = blocksOf(page, "sql")[0]!.code;
    const rows = await asked(
      ["list", "rds", "--instances"],
      // Its times as texts: Python would need another package for them.
      `SELECT COLUMNS(*)::VARCHAR FROM (${code.replace("instances.ndjson", "rows.ndjson").replace(/;\s*$/, "")})`,
    );
    // Nobody's first, then the oldest.
    expect(rows.map(([, name]) => name)).toEqual([
      ...["orders-never", "'; drop table\u2028x", "orders-stale", "备份-🗄️"],
    ]);
    expect(rows[0]).toEqual(["rds", "orders-never", expect.any(String), "true", null]);
  });

  test("names by it also the instance of which nothing is known, as its lookup has failed", async () => {
    const [fresh] = Object.keys(FLEET);
    const id = `${"0".repeat(32)}in01`;
    emulator.fault({
      service: BackupService.RDS,
      path: `instance_id=${id}`,
      status: 403,
      times: 1,
    });
    const page = readFileSync(join(__dirname, "..", "..", "docs", "cli.md"), "utf8");
    const query = blocksOf(page, "sql")[0]!.code.replace("instances.ndjson", "rows.ndjson");
    const rows = await asked(
      ["list", "rds", "--instances"],
      `SELECT name, is_known, id FROM (${query.replace(/;\s*$/, "")}) WHERE NOT is_known`,
      { exit: 3, stderr: /^NOT_PERMITTED: / },
    );
    expect(rows).toEqual([[fresh, false, id]]);
  });

  test("says the same of the backups, but for who has none", async () => {
    const rows = await asked(
      ["list", "all"],
      "SELECT service, instance_name FROM 'rows.ndjson' WHERE is_restorable GROUP BY ALL HAVING max(begin_time) < max(as_of) - INTERVAL 26 HOUR ORDER BY ALL",
      { exit: 0, stderr: OF_LISTED },
    );
    const having = LATE.filter((name) => FLEET[name] !== undefined);
    expect(rows).toEqual(
      ["dds", "rds"].flatMap((service) => having.map((name) => [service, name])),
    );
  });

  test("knows times as times, and sizes and ages as numbers", async () => {
    const types = "column_type FROM (DESCRIBE SELECT begin_time, as_of, size_bytes, age_seconds";
    const query = `SELECT ${types} FROM 'rows.ndjson')`;
    expect(await asked(["list", "rds"], query, { exit: 0, stderr: OF_LISTED })).toEqual([
      ...[["TIMESTAMP WITH TIME ZONE"], ["TIMESTAMP WITH TIME ZONE"], ["BIGINT"], ["BIGINT"]],
    ]);
  });
});
