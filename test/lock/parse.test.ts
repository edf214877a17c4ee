import fc from "fast-check";
import { formatLock, LOCK_VERSION } from "../../lib/lock/format";
import { parseLock } from "../../lib/lock/parse";
import { entryOf, lockOf, record } from "../support/locks";

const NAME = "backups.lock.json";
const parse = (text: string) => parseLock(text, NAME);
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
