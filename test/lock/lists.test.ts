import fc from "fast-check";
import { entryDigest, formatLock } from "../../lib/lock/format";
import { cutLists } from "../../lib/lock/lists";
import { parseLock } from "../../lib/lock/parse";
import { Records } from "../../lib/services/records";
import { entryOf, lockOf, readWhole, record } from "../support/locks";

const NAME = "backups.lock.json";
const [ORDERS, LEDGER, EMPTY] = [entryOf("orders"), entryOf("ledger", 2), entryOf("empty", 0)];
const TEXT = formatLock(lockOf([ORDERS, LEDGER, EMPTY]));
const entry = (text: string, [key]: typeof ORDERS) => parseLock(text, NAME).entries.get(key)!;

describe("the lists of a lock", () => {
  test("are cut out of a text as it is written, and stay where they are in any other", () => {
    const cut = cutLists(Buffer.from(TEXT))!;
    expect(cut.lists).toHaveLength(2);
    expect(cut.text).not.toContain("backup-00");
    expect(JSON.parse(cut.text).lookups[ORDERS[0]].records).toEqual([{ cut: expect.any(Number) }]);
    expect(cutLists(Buffer.from(TEXT.replaceAll("\n", "\r\n")))).toBeUndefined();
    expect(cutLists(Buffer.from(JSON.stringify(JSON.parse(TEXT), undefined, 4)))).toBeUndefined();
    expect(
      cutLists(Buffer.from(TEXT.replace(/\n(?=.*000001br01)/, "\n=======\n"))),
    ).toBeUndefined();
    expect(cutLists(Buffer.from(TEXT.slice(0, TEXT.indexOf("000001br01"))))).toBeUndefined();
  });

  test("give what the whole text gives, whatever their records hold", () => {
    const more = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(more, { maxLength: 4 }), (held) => {
        const lock = lockOf([
          entryOf(
            "orders",
            held.map((each, i) => ({ ...each, ...record(0, i) })),
          ),
        ]);
        const text = formatLock(lock);
        const otherwise = text.replaceAll("\n", "\r\n");
        expect(formatLock(readWhole(text, NAME))).toBe(formatLock(readWhole(otherwise, NAME)));
        expect(formatLock(parseLock(text, NAME))).toBe(text);
      }),
    );
  });

  test("are checked where they are used, and say then which one was edited, and where", () => {
    const edited = TEXT.replace('"backup-000001br01"', '"backup-000009br01"');
    const isRight = (each: typeof ORDERS) => {
      try {
        return entry(edited, each).records.length > 0;
      } catch {
        return false;
      }
    };
    expect([ORDERS, LEDGER].filter(isRight)).toHaveLength(1);
    const other = isRight(ORDERS) ? LEDGER : ORDERS;
    expect(() => entry(edited, other).records).toThrow(
      /^LOCK_INVALID: backups\.lock\.json, line \d+: the lock was edited: RDS backups of instance /,
    );
  });

  test("that nobody has used are written as they stand: what was edited in them is still found", () => {
    const edited = TEXT.replace("orders-0", "orders-9");
    const again = formatLock(parseLock(edited, NAME));
    expect(again).toBe(edited);
    expect(() => readWhole(again, NAME)).toThrow(/the lock was edited/);
  });

  test("that are none, with the digest of what they are, are an error as well, not a crash", () => {
    const [key, rest] = LEDGER;
    const line = "{not a record}";
    const digest = entryDigest(key, rest, Records.inLines(Buffer.from(line)));
    const text = formatLock(lockOf([LEDGER]));
    const forged = text
      .replace(/(?<="records": \[\n {8}).*\n.*(?=\n {6}\])/, line)
      .replace(/sha256-[\da-f]{64}(?="\n {4}\}\n {2}\}\n\})/, digest);
    const { records } = entry(forged, LEDGER);
    expect(records.length).toBe(1);
    expect(() => records.all()).toThrow(
      /^LOCK_INVALID: an answer in the lock has records that are no JSON/,
    );
  });

  test("of no record, or with a digest of another, are found out as well", () => {
    const [first = "", second = ""] = TEXT.match(/sha256-[\da-f]{64}/g)!;
    const swapped = TEXT.replace(first, "x").replace(second, first).replace("x", second);
    expect(() => readWhole(swapped, NAME)).toThrow(/the lock was edited/);
    expect(() => readWhole(TEXT.replace("instance empty", "instance full"), NAME)).toThrow(
      /the lock was edited: RDS backups of instance full/,
    );
  });
});
