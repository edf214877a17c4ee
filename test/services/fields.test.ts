import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { SERVICES } from "../../lib/services/registry";
import { decodeOne, decodeRecords } from "./support";

const KNOWN = { type: "auto", status: "COMPLETED" };
const rds = (record: object) => decodeOne(BackupService.RDS, { id: "a", ...KNOWN, ...record });

describe("a field", () => {
  test.each([
    ["a number as text", { size: " 2803 " }, { sizeBytes: 2803 * 1024 }],
    ["a fraction", { size: 0.109375 }, { sizeBytes: 112 }],
    ["a fraction as text", { size: "0.109375" }, { sizeBytes: 112 }],
    ["a power of ten as text", { size: "1.5e1" }, { sizeBytes: 15 * 1024 }],
    ["a power with its sign", { size: "1500E-12" }, { sizeBytes: 0 }],
    ["a power with a plus", { size: "15e+10" }, { sizeBytes: 15e10 * 1024 }],
    ["a number for a flag's text", { name: true }, { name: "true" }],
    ["nothing at all", { size: 0 }, { sizeBytes: 0 }],
    [
      "another case",
      { status: "completed", type: "Auto" },
      { status: "completed", kind: "automatic" },
    ],
    ["a sibling's word", { status: "succeed" }, { status: BackupStatus.COMPLETED }],
    ["a number for a text", { name: 7 }, { name: "7" }],
    ["an engine in lower case", { datastore: { type: "mysql" } }, { engine: "MySQL" }],
    ["another in lower case", { datastore: { type: "postgresql" } }, { engine: "PostgreSQL" }],
    ["a third in lower case", { datastore: { type: "sqlserver" } }, { engine: "SQLServer" }],
    ["a fourth in lower case", { datastore: { type: "gaussdb" } }, { engine: "GaussDB" }],
    ["an engine on no page", { datastore: { type: "MariaDB" } }, { engine: "MariaDB" }],
    ["epoch milliseconds", { begin_time: 1557477076166 }, { beginTime: new Date(1557477076166) }],
    ["a key with a space", { " name ": "nightly" }, { name: "nightly" }],
    ["the plain key beside one with a space", { "name ": "b", name: "a" }, { name: "a" }],
    ["the plain key before one with a space", { name: "a", "name ": "b" }, { name: "a" }],
  ])("may be sent as %s", (_what, record, expected) => {
    const { backup, warnings } = rds(record);
    expect(backup).toMatchObject(expected);
    expect(warnings).toEqual([]);
  });

  test.each([undefined, null, "", "  "])("that is absent (%p) is no warning", (value) => {
    const { backup, warnings } = rds({
      name: value,
      size: value,
      begin_time: value,
      end_time: value,
      datastore: value,
      databases: value,
      instance_id: value,
    });
    expect(warnings).toEqual([]);
    expect(backup.sizeBytes ?? backup.beginTime ?? backup.name ?? backup.engine).toBeUndefined();
  });

  test.each([undefined, null, "", "  "])("type or status that is absent (%p) warns", (value) => {
    const { backup, warnings } = rds({ type: value, status: value });
    expect(backup).toMatchObject({ kind: BackupKind.UNKNOWN, status: BackupStatus.UNKNOWN });
    expect(warnings).toEqual(["RDS backup a: type is missing", "RDS backup a: status is missing"]);
  });

  test.each([
    ["size", "large", "is not a size"],
    ["size", -1, "is not a size"],
    ["size", "0x10", "is not a size"],
    ["size", 1e300, "is not a size"],
    ["size", {}, "is not a size"],
    ["size", ["7"], "is not a size"],
    ["size", true, "is not a size"],
    ["begin_time", "soon", "is not a time with a zone"],
    ["begin_time", "2022-05-09T16:01:10", "is not a time with a zone"],
    ["end_time", 1, "is not a time with a zone"],
    ["status", "PAUSED", "is none of building"],
    ["type", "snapshot", "is none of auto, manual, incremental, fragment"],
    ["type", ["auto"], "is none of auto"],
    ["type", "constructor", "is none of auto"],
    ["name", {}, "is not a text"],
    ["datastore", "MySQL", "is not an object"],
    ["databases", { name: "x" }, "is not a list of databases"],
    ["databases", [{ label: "x" }], "has a database without a name"],
    ["databases", ["x"], "is not an object"],
    ["datastore", { type: {} }, "a, datastore: type {} is not a text"],
  ])(
    "%s that is %p can't be understood: undefined, and a warning that names it and the backup",
    (key, value, problem) => {
      const { backup, warnings } = rds({ [key]: value });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(new RegExp(`^RDS backup a(:|,) ${key}`));
      expect(warnings[0]).toContain(problem);
      expect(backup.databases).toEqual([]);
      expect(backup.raw[key]).toEqual(value);
    },
  );

  test("that Terraform would evaluate is defanged with a warning; raw alone keeps it", () => {
    const { backup, warnings } = rds({ name: '${file("/etc/passwd")}' });
    expect(backup.name).toBe("$_{file('/etc/passwd')}");
    expect(backup.raw["name"]).toBe('${file("/etc/passwd")}');
    expect(warnings).toEqual([
      expect.stringMatching(/^RDS backup a: name .* broken by a visible _, ' or \/$/),
    ]);
    expect(warnings.join()).not.toContain("${");
  });
});

const LISTS = Object.values(SERVICES).flatMap(({ label, lists, service }) =>
  Object.entries(lists).map(
    ([list, api]) => [`${label}, ${api.noun}`, service, list, api] as const,
  ),
);

describe.each(LISTS)("any record of %s", (_label, service, list, api) => {
  // Of the vendor's page, and those of its siblings: published samples have them.
  const keys = Object.values(SERVICES).flatMap(({ service }) => fieldsOfPage(service));

  test("whose id can't be read has an empty one", () => {
    const { backup, warnings } = decodeOne(service, { [api.paging.id]: {} }, list);
    expect(backup.id).toBe("");
    expect(warnings.join()).toContain(`${api.paging.id} {} is not a text`);
  });

  test("is decoded without a crash, a NaN, an Invalid Date or a loss", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(fc.constantFrom(...keys), fc.anything(), {
            noNullPrototype: true,
          }),
        ),
        (records) => {
          const numbered = records.map((record, i) => ({
            ...record,
            [api.paging.id]: `b${i}`,
          }));
          const { backups } = decodeRecords(service, numbered, { list });
          expect(backups).toHaveLength(numbered.length);
          for (const backup of backups) {
            expect(backup.sizeBytes ?? 0).not.toBeNaN();
            for (const time of [backup.beginTime, backup.endTime]) {
              expect(time?.getTime() ?? 0).not.toBeNaN();
            }
          }
        },
      ),
    );
  });
});

/** The fields of a record as the vendor's page has them, but for its id. */
function fieldsOfPage(service: string): string[] {
  const file = join(__dirname, "pages", `${service}.json`);
  const { response } = JSON.parse(readFileSync(file, "utf8")) as { response: { name: string }[] };
  return response.flatMap(
    ({ name }) => /^\w+\[\]\.(?!(?:backup_)?id$)(\w+)$/.exec(name)?.[1] ?? [],
  );
}
