import { Records } from "../../lib/services/records";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import fc from "fast-check";
import { entryDigest, formatLock, Lock, stackDigest, whoseIs } from "../../lib/lock/format";
import { SERVICES } from "../../lib/services/registry";
import { entryOf, lockOf, readWhole } from "../support/locks";

const NAME = "backups.lock.json";
const parse = (text: string) => readWhole(text, NAME);
/** Its records as values: of the bytes that hold them each would be compared. */
const inPlain = ({ stacks, entries }: Lock) => ({
  stacks,
  entries: [...entries].map(([key, entry]) => ({ ...entry, key, records: entry.records.all() })),
});
const LOCK = lockOf([entryOf("orders"), entryOf("ledger", 2), entryOf("empty", 0)], {
  decisions: { "recovery/target": "backup backup-000002br01" },
});
const TEXT = formatLock(LOCK);

describe("a lock's text", () => {
  test("comes back as it was written, and gives the same text again", () => {
    expect(parse(TEXT)).toEqual(LOCK);
    expect(formatLock(parse(TEXT))).toBe(TEXT);
  });

  test("does whatever records hold", () => {
    const records = fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(records, (all) => {
        const lock = lockOf([entryOf("orders", JSON.parse(JSON.stringify(all)))]);
        const text = formatLock(lock);
        expect(inPlain(parse(text))).toEqual(inPlain(lock));
        expect(formatLock(parse(text))).toBe(text);
      }),
    );
  });

  // What looks like a merge, a key or a line of the file, after what some call a line break.
  const LOOKALIKE = fc
    .tuple(
      fc.constantFrom("", "prod", "\uFEFF", "\ud800", "\0", "__proto__"),
      fc.constantFrom("\u2028", "\u2029", "\u0085", "\n", "\r", "\r\n", "  ", "\n    "),
      fc.constantFrom(
        "=======",
        "<<<<<<< HEAD",
        ">>>>>>> theirs",
        "|||||||",
        "  ",
        '"a": {',
        ": {x",
      ),
    )
    .map((parts) => parts.join(""));
  const hostile = fc.oneof(LOOKALIKE, fc.string({ unit: "binary" }), fc.constant("__proto__"));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      hostile,
      fc.double(),
      fc.constantFrom(null, true, -0, 1e308, 2 ** 60, Infinity, "x".repeat(100_000)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(hostile, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  test("comes back whatever stands in it: no name, key or label bricks it", () => {
    const records = fc.array(fc.dictionary(hostile, value, { maxKeys: 4 }), { maxLength: 4 });
    const stack = fc.record({
      with: fc.array(hostile, { maxLength: 2 }),
      decisions: fc.dictionary(hostile, hostile, { maxKeys: 3, noNullPrototype: true }),
    });
    fc.assert(
      fc.property(
        records,
        stack,
        hostile,
        hostile,
        (all, { with: others, decisions }, id, label) => {
          const [key, entry] = entryOf("orders", all);
          const { stacks, entries } = lockOf([[key, { ...entry, label }]], { decisions });
          const recovery = { ...stacks.get("recovery")!, with: [...others].sort() };
          const lock = { stacks: new Map([[id, recovery]]), entries };
          const text = formatLock(lock);
          expect(inPlain(parse(text))).toEqual(inPlain(lock));
          expect(formatLock(parse(text))).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("has a record a line, and everything in an order that does not depend on when it came", () => {
    expect(TEXT.split("\n").filter((line) => line.includes('"id":"backup-'))).toHaveLength(5);
    const reversed = { ...LOCK, entries: new Map([...LOCK.entries].reverse()) };
    expect(formatLock(reversed)).toBe(TEXT);
    const others = (...ids: string[]) => formatLock(lockOf([], { with: ids }));
    expect(others("z", "a")).toBe(others("a", "z"));
    expect(others("z", "a")).not.toBe(others("z"));
    const stacks = ["two", "three", "one"].map(
      (id) => [id, { with: ["z", "a"], lookups: {}, decisions: {} }] as const,
    );
    const [text, turned] = [stacks, [...stacks].reverse()].map((some) =>
      formatLock({ stacks: new Map(some), entries: new Map() }),
    );
    expect(turned).toBe(text);
    expect(formatLock(parse(text!))).toBe(text);
  });

  test("changes in three lines for one new backup", () => {
    const later = lockOf(
      [entryOf("orders", 4, "2026-11-22T03:00:00Z"), entryOf("ledger", 2), entryOf("empty", 0)],
      LOCK.stacks.get("recovery"),
    );
    const before = new Set(TEXT.split("\n"));
    const added = formatLock(later)
      .split("\n")
      .filter((line) => !before.has(line));
    // Who answered when, the record before (it gets a comma), the new one, the digest.
    expect(added).toHaveLength(4);
    expect(added.join()).toContain("backup-000003br01");
  });

  test("has a digest for each entry, which another answer to the same question changes", () => {
    const [key, entry] = entryOf("orders", 0);
    const digestOf = (missing?: { code: string }) =>
      entryDigest(key, { ...entry, missing }, Records.of([]));
    const digests = [digestOf(), digestOf({ code: "a" }), digestOf({ code: "b" })];
    expect(new Set(digests).size).toBe(3);
    const stack = LOCK.stacks.get("recovery")!;
    const withOthers = ["a", "b"].map((id) => stackDigest("recovery", { ...stack, with: [id] }));
    expect(withOthers[0]).not.toBe(withOthers[1]);
    for (const each of digests) expect(each).toMatch(/^sha256-[0-9a-f]{64}$/);
  });

  test("says on one line who gave an answer, as far as it is known", () => {
    const answered = { cloud: "otc", host: "rds.eu-de.otc.t-systems.com" };
    expect(whoseIs(answered)).toBe("project unknown (otc) at rds.eu-de.otc.t-systems.com");
    const whole = { ...answered, region: "eu-de", project_id: "p1", as_of: "2026-01-31T00:00:00Z" };
    expect(whoseIs(whole)).toBe(
      "project p1 (otc, eu-de, as of 2026-01-31T00:00:00Z) at rds.eu-de.otc.t-systems.com",
    );
  });

  test("has a schema that names every service and every list", () => {
    const file = join(__dirname, "..", "..", "backups.lock.schema.json");
    const { $defs } = JSON.parse(readFileSync(file, "utf8"));
    const services = Object.keys(SERVICES);
    const FURTHER = ["windows", "instances", "policy", "restorable"];
    const lists = Object.values(SERVICES).flatMap((api) => Object.keys(api.lists));
    const { service, list } = $defs.lookup.properties.query.properties;
    expect($defs.key.pattern).toBe(`^(${services.join("|")})/[0-9a-f]{16}$`);
    expect(service.enum).toEqual(services);
    expect([...list.enum].sort()).toEqual([...new Set([...lists, ...FURTHER])].sort());
  });

  test("fits the schema that is published", () => {
    const file = join(__dirname, "..", "..", "backups.lock.schema.json");
    const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(file, "utf8")));
    const [key, entry] = entryOf("to-be", 0);
    const missing = { code: "INSTANCE_NOT_FOUND", service_code: "DBS.200045" };
    for (const lock of [LOCK, lockOf([[key, { ...entry, missing }]])]) {
      validate(JSON.parse(formatLock(lock)));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ ...JSON.parse(TEXT), version: "1" })).toBe(false);
    expect(validate({ ...JSON.parse(TEXT), lookups: { x: {} } })).toBe(false);
  });
});
