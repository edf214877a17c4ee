import fc from "fast-check";
import { formatLock, LOCK_VERSION } from "../../lib/lock/format";
import { parseLock } from "../../lib/lock/parse";
import { entryOf, lockOf, record, readWhole } from "../support/locks";

const NAME = "backups.lock.json";
const parse = (text: string) => readWhole(text, NAME);
const LOCK = lockOf([entryOf("orders"), entryOf("ledger", 2), entryOf("empty", 0)], {
  decisions: { "recovery/target": "backup backup-000002br01" },
});
const TEXT = formatLock(LOCK);
const lineOf = (part: string) => TEXT.split("\n").findIndex((line) => line.includes(part)) + 1;

describe("a lock is read all the same", () => {
  test.each<[string, (text: string) => string]>([
    ["with other line endings", (text) => text.replaceAll("\n", "\r\n")],
    ["with a byte order mark", (text) => `\uFEFF${text}`],
    ["without its last line break", (text) => text.trimEnd()],
    ["by a formatter's indentation", (text) => JSON.stringify(JSON.parse(text), null, 8)],
    ["on one line", (text) => JSON.stringify(JSON.parse(text))],
    [
      "with its keys in another order",
      (text) => {
        const { lookups, stacks, version } = JSON.parse(text);
        const turned = Object.entries<any>(lookups).map(([key, { records, ...rest }]) => [
          key,
          {
            records: records.map((r: any) => Object.fromEntries(Object.entries(r).reverse())),
            ...rest,
          },
        ]);
        return JSON.stringify({ lookups: Object.fromEntries(turned.reverse()), stacks, version });
      },
    ],
  ])("%s", (_how, change) => {
    expect(change(TEXT)).not.toBe(TEXT);
    expect(formatLock(parse(change(TEXT)))).toBe(TEXT);
  });

  // One of these in a name, and the lock that was just written could never be read again.
  test.each<[string, any]>([
    ...["\u2028", "\u2029", "\u0085", "\r", "\n", "\r\n"].flatMap((end) =>
      ["=======", "<<<<<<< HEAD", ">>>>>>> theirs", "||||||| base"].map((marker): [string, any] => [
        `of the name ${JSON.stringify(end + marker)}`,
        { name: `prod${end}${marker}` },
      ]),
    ),
    ["of the name of a marker alone", { name: "=======" }],
    [
      "of keys that look like the lock's own, twice",
      { "a\u2028  ": { ": {x": 1 }, "b\u2028  ": { ": {x": 1 } },
    ],
    ["of half a character", { name: "\ud800" }],
    ["of a NUL and a byte order mark", { name: "\0\uFEFF", "\uFEFF": 1 }],
  ])("with a record %s", (_what, more) => {
    const lock = lockOf([
      entryOf("orders", [
        { ...record(0, 0), ...more },
        { ...record(0, 1), ...more },
      ]),
    ]);
    expect(parse(formatLock(lock))).toEqual(lock);
  });

  test("with what a lookup may lack, and what a name may hold", () => {
    const [key, entry] = entryOf("orders", [{ ...record(0, 0), name: "\uFEFFx" }]);
    const answered = { at: "2026-11-21T03:00:00.250Z", cloud: "custom", host: "" };
    const as_of = "2026-11-21T02:00:00Z";
    const missing = { code: "NOT_FOUND", service_code: "DBS.200045" };
    for (const each of [
      { ...entry, answered },
      { ...entry, answered: { ...answered, as_of, cloud: "huaweicloud" } },
      { ...entry, missing },
      { ...entry, missing: { code: "NOT_FOUND" } },
    ]) {
      const lock = lockOf([[key, each]]);
      expect(parse(formatLock(lock))).toEqual(lock);
      expect(parse(JSON.stringify(JSON.parse(formatLock(lock))))).toEqual(lock);
    }
  });

  test("where another formatter's indentation looks like the lock's own", () => {
    const [key, entry] = entryOf("orders");
    const [other, another] = entryOf("ledger");
    const lock = lockOf([
      [key, { ...entry, query: { ...entry.query, size: 7 } as never }],
      [other, { ...another, query: { ...another.query, size: 7 } as never }],
    ]);
    expect(parse(JSON.stringify(JSON.parse(formatLock(lock)), null, 1))).toEqual(lock);
  });

  test("with a stack of the name of one of its own fields", () => {
    const lock = lockOf([entryOf("orders")]);
    const stacks = new Map([["lookups", lock.stacks.get("recovery")!]]);
    expect(parse(formatLock({ ...lock, stacks })).stacks).toEqual(stacks);
  });

  test("where another lookup came in by a merge", () => {
    const ours = JSON.parse(TEXT);
    const theirs = JSON.parse(formatLock(lockOf([entryOf("theirs")])));
    const merged = { ...ours, lookups: { ...ours.lookups, ...theirs.lookups } };
    expect(parse(JSON.stringify(merged)).entries.size).toBe(4);
  });
});

describe("a lock is refused, with its line and the way out,", () => {
  const refused = (text: string): string => {
    try {
      parse(text);
    } catch (error) {
      return String((error as Error).message);
    }
    throw new Error("it was read");
  };

  test.each<[string, (text: string) => string, number, RegExp]>([
    [
      "where a record was edited",
      (text) => text.replace('"size":2049', '"size":9999'),
      lineOf(entryOf("orders")[0]),
      /was edited: RDS backups of instance (orders|ledger)/,
    ],
    [
      "where who answered was edited",
      (text) => text.replace('"project_id":"p1","region"', '"project_id":"p2","region"'),
      0,
      /edited/,
    ],
    ["where a label was edited", (text) => text.replace("RDS backups", "My backups"), 0, /edited/],
    [
      "where a record was taken out",
      (text) => text.replace(/\n.*backup-000001br01.*\n/, "\n"),
      0,
      /edited/,
    ],
    [
      "where a digest is missing",
      (text) => text.replace(/,\n +"digest": "[^"]*"/, ""),
      0,
      /edited/,
    ],
    [
      "with the markers of a merge",
      (text) => text.replace("\n", "\n<<<<<<< HEAD\n").replace(/\n$/, "\n>>>>>>> theirs\n"),
      2,
      /merge conflict/,
    ],
    [
      "with the markers of a merge, by the line endings of Windows",
      (text) => text.replace("\n", "\n=======\n").replaceAll("\n", "\r\n"),
      2,
      /merge conflict/,
    ],
    ["that is empty", () => "", 1, /no JSON/],
    [
      "where a line was broken",
      (text) => text.replace('"stacks": {', '"stacks" {'),
      lineOf('"stacks"'),
      /no JSON/,
    ],
    ["that is something else", () => "[]", 1, /no JSON object/],
    ["that has no version", (text) => text.replace('"version": 1', '"version": "1"'), 2, /version/],
    [
      "where a lookup is no longer one",
      (text) => text.replace(/"records": \[\]/, '"records": {}'),
      0,
      /can't be read/,
    ],
    [
      "where a stack is no longer one",
      (text) => text.replace('"with": []', '"with": "all"'),
      lineOf('"recovery": {'),
      /can't be read: recovery/,
    ],
    [
      "where what a stack asked was edited",
      (text) => text.replace('"recovery/q1"', '"recovery/q9"'),
      lineOf('"recovery": {'),
      /was edited: recovery/,
    ],
    [
      "where a decision was edited",
      (text) => text.replace('backup-000002br01"\n', 'backup-000001br01"\n'),
      lineOf('"recovery": {'),
      /was edited: recovery/,
    ],
    ["without its stacks", (text) => text.replace('"stacks"', '"stocks"'), 1, /has no `stacks`/],
    ["without its lookups", (text) => text.replace('\n  "lookups"', '\n  "x"'), 1, /no `lookups`/],
    [
      "without its version, though a record has one",
      (text) => text.replace('  "version": 1,\n', ""),
      1,
      /has no version/,
    ],
    [
      "with a field that is none of its own",
      (text) => text.replace('"version": 1,', '"version": 1,\n  "note": "mine",'),
      3,
      /can't be read: note/,
    ],
    [
      "with a field in a lookup that is none of its own",
      (text) => text.replace('"digest"', '"note": "mine", "digest"'),
      0,
      /can't be read/,
    ],
    ...(["1700000000", "20260101000000", "2026-13-01T00:00:00Z"] as const).map(
      (time) =>
        [
          `where the time ${time} is none`,
          (text: string) => text.replace(/"at":"[^"]*"/, `"at":"${time}"`),
          0,
          /can't be read/,
        ] as [string, (text: string) => string, number, RegExp],
    ),
    [
      "with a cloud that is none",
      (text) => text.replace('"cloud":"otc"', '"cloud":"x\\n::error::"'),
      0,
      /can't be read/,
    ],
    [
      "whose lookups stand in it twice",
      (text) => text.replace(/\n}\n$/, ',\n  "lookups": {}\n}\n'),
      0,
      /has "lookups" twice|has no/,
    ],
  ])("%s", (_what, change, line, reason) => {
    expect(change(TEXT)).not.toBe(TEXT);
    const message = refused(change(TEXT));
    expect(message).toMatch(reason);
    expect(message).toMatch(/^LOCK_INVALID: backups\.lock\.json, line \d+: /);
    if (line > 0) expect(Number(/line (\d+)/.exec(message)![1])).toBeGreaterThanOrEqual(1);
    if (line > 0 && !/edited/.test(message)) expect(message).toContain(`line ${line}:`);
    expect(message).toMatch(/not rebuilt silently.*git checkout.*CDKTF_BACKUPS_MODE=LIVE/);
  });

  // Each by itself: with its digest nobody would look any further.
  test.each<[string, (entry: any) => unknown]>([
    ["no object", () => []],
    ["without a label", ({ label: _, ...rest }) => rest],
    ["of a query that is a list", (entry) => ({ ...entry, query: [] })],
    ["of an answer that is none", (entry) => ({ ...entry, answered: "yes" })],
    ["missing in no way", (entry) => ({ ...entry, missing: null })],
    ["missing by no code", (entry) => ({ ...entry, missing: {} })],
    ["missing by a code behind a text", (entry) => ({ ...entry, missing: { code: "x NOT" } })],
    ["missing by a code before a text", (entry) => ({ ...entry, missing: { code: "NOT x" } })],
    ["missing by more", (entry) => ({ ...entry, missing: { code: "NOT", note: "" } })],
    ...["x y", "x\n::error::", " x", "x".repeat(65)].map((service_code): [string, any] => [
      `missing by the service's code ${JSON.stringify(service_code)}`,
      (entry: any) => ({ ...entry, missing: { code: "NOT", service_code } }),
    ]),
    ["with a record that is a text", (entry) => ({ ...entry, records: [{}, "x"] })],
    ...[
      { at: undefined },
      { at: "x2026-11-21T03:00:00Z" },
      { at: "2026-11-21T03:00:00Zx" },
      { at: "2026-11-21T03:00:00.2Z" },
      { at: "+012026-11-21T03:00:00Z" },
      { as_of: "yesterday" },
      { cloud: undefined },
      { region: 7 },
      { project_id: null },
      { host: undefined },
      { note: "mine" },
    ].map((change): [string, any] => [
      `answered by ${JSON.stringify(change)}, ${Object.keys(change)}`,
      (entry: any) => ({ ...entry, answered: { ...entry.answered, ...change } }),
    ]),
  ])("where a lookup is %s", (_what, change) => {
    const body = JSON.parse(TEXT);
    const [key] = Object.keys(body.lookups);
    body.lookups[key!] = change(body.lookups[key!]);
    expect(refused(JSON.stringify(body, null, 2))).toContain(`can't be read: ${key}`);
  });

  test.each<[string, object]>([
    ["of which one is a number", { with: ["a", 7] }],
    ["with lookups in a list", { lookups: [] }],
    ["with a lookup by a number", { lookups: { a: ["x"], b: [7] } }],
    ["with decisions in a list", { decisions: [] }],
    ["with a decision that is a number", { decisions: { a: "x", b: 7 } }],
    ["with more", { note: "mine" }],
  ])("where a stack is one %s", (_what, change) => {
    const body = JSON.parse(TEXT);
    Object.assign(body.stacks.recovery, change);
    expect(refused(JSON.stringify(body))).toContain("can't be read: recovery");
  });

  test.each(["0", "-1", "1.5", "null"])("where its version is %s", (version) => {
    const text = TEXT.replace('"version": 1', `"version": ${version}`);
    expect(refused(text)).toContain("line 2: the lock has no version");
  });

  test.each([
    ["<<<<<<< HEAD", "has the markers"],
    ["=======", "has the markers"],
    [">>>>>>> theirs", "has the markers"],
    ["||||||| base", "has the markers"],
    ["<<<<<<", "is no JSON"],
    ["======", "is no JSON"],
    [">>>>>>", "is no JSON"],
    ["||||||", "is no JSON"],
    ["x =======", "is no JSON"],
  ])("as a merge or another break by the line %j", (line, problem) => {
    expect(refused(`${line}\n${TEXT}`)).toContain(`line 1: the lock ${problem}`);
    expect(refused(TEXT.replace("\n", `\n${line}\n`))).toContain(`line 2: the lock ${problem}`);
  });

  test("at the line of a key, whatever the line endings, and of a cut at its last one", () => {
    const odd = (text: string) => text.replace('"with": []', '"with": "all"');
    const where = `line ${lineOf('"recovery": {')}: the lock can't be read: recovery`;
    expect(refused(odd(TEXT).replaceAll("\n", "\r\n"))).toContain(where);
    const cut = TEXT.slice(0, TEXT.indexOf(',\n  "lookups"'));
    expect(refused(`${cut}\n\n\n`)).toContain(
      `line ${cut.split("\n").length}: the lock is no JSON`,
    );
  });

  test("where a field of its own stands in it twice", () => {
    const twice = TEXT.replace('"version": 1,', '"version": 1,\n  "version":1,');
    expect(refused(twice)).toContain('line 3: the lock has "version" twice');
    expect(refused(twice.replaceAll("\n", "\r\n"))).toContain(
      'line 3: the lock has "version" twice',
    );
  });

  test("with all of it in one message", () => {
    expect(refused("[]")).toBe(
      "LOCK_INVALID: backups.lock.json, line 1: the lock is no JSON object. It is not rebuilt silently. Restore it (`git checkout -- backups.lock.json`; in a conflict, one side: `git checkout --ours -- backups.lock.json`), or delete it, and run `CDKTF_BACKUPS_MODE=LIVE npx cdktf synth`.",
    );
    expect(() => parseLock("[]", "the lock")).toThrow(
      "the lock, line 1: the lock is no JSON object. It is not rebuilt silently. Restore it, or delete it,",
    );
  });

  test("with its label, no longer than a line", () => {
    const [key, entry] = entryOf("orders");
    const text = formatLock(lockOf([[key, { ...entry, label: "l".repeat(200) }]]));
    const message = refused(text.replace('"size":2049', '"size":9999'));
    const line = text.split("\n").findIndex((each) => each.startsWith(`    "${key}"`)) + 1;
    expect(message).toContain(`line ${line}: the lock was edited: ${"l".repeat(160)}…`);
  });

  test("with a command that can be pasted, whatever the file is called", () => {
    expect(() => parseLock("", "my lock.json")).toThrow(/`git checkout -- 'my lock\.json'`/);
    expect(() => parseLock("", "the lock")).not.toThrow(/git/);
  });

  test("wherever it is cut off, at its last line", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: TEXT.trimEnd().length - 1 }), (length) => {
        const cut = TEXT.slice(0, length);
        const line = cut.trimEnd().split("\n").length;
        expect(refused(cut)).toContain(`line ${line}: the lock is no JSON from there on`);
      }),
    );
  });

  test("wherever a letter of a lookup was changed", () => {
    const lines = TEXT.split("\n");
    const from = lines.findIndex((line) => line.startsWith('  "lookups": {'));
    const start = lines.slice(0, from + 1).join("\n").length;
    fc.assert(
      fc.property(fc.integer({ min: start, max: TEXT.length - 8 }), (at) => {
        const letter = TEXT[at]!;
        fc.pre(/[a-z0-9]/.test(letter));
        const changed = letter === "x" ? "y" : "x";
        expect(refused(TEXT.slice(0, at) + changed + TEXT.slice(at + 1))).toMatch(/^LOCK_INVALID/);
      }),
    );
  });

  test("where a merge left a lookup twice", () => {
    const [key] = entryOf("orders");
    const twice = TEXT.replace(/("lookups": \{\n)( {4}"rds[^]*?\n {4}\},\n)/g, "$1$2$2");
    expect(twice).not.toBe(TEXT);
    expect(refused(twice)).toMatch(/line \d+: the lock has "rds\/[0-9a-f]{16}" twice/);
    expect(key).toMatch(/^rds/);
  });

  test("where a newer version of the library wrote it, which says what to do", () => {
    expect(refused(TEXT.replace('"version": 1', '"version": 2'))).toBe(
      `LOCK_TOO_NEW: backups.lock.json is of version 2, and this cdktf-backups knows versions up to ${LOCK_VERSION}. Update cdktf-backups to the version that wrote it.`,
    );
  });

  test("where records are nested without end", () => {
    const [key, entry] = entryOf("orders", [record(0, 0)]);
    const text = formatLock(lockOf([[key, entry]]));
    const deep = "[".repeat(5_000) + "]".repeat(5_000);
    expect(refused(text.replace('"size":2048', `"size":${deep}`))).toMatch(/can't be read/);
  });

  test("of 20 MB, broken at its end, without going through it over and over", () => {
    const lines = Array.from({ length: 80_000 }, (_, i) => JSON.stringify(record(_, i)));
    const parsing = jest.spyOn(JSON, "parse");
    expect(refused(`[\n${lines.join(",\n")},\n%\n]`)).toContain("line 80002:");
    expect(parsing).toHaveBeenCalledTimes(1);
    parsing.mockRestore();
  });
});
