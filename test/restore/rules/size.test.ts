import { BackupKind } from "../../../lib/model/backup";
import { Rule } from "../../../lib/restore/rules";
import { backup, evidenceOf, NO_FULL_ONES, NOW, subject, TAURUS } from "./support";

const size = Rule.size();

const MIB = 1024 ** 2;

/** Newest first, a day apart. */
const sized = (sizes: (number | undefined)[], kind = BackupKind.AUTOMATIC) =>
  sizes.map((sizeBytes, i) => backup(`${kind}${i}`, 1 + 24 * i, { sizeBytes, kind }));

const gib = (...sizes: number[]) => sized(sizes.map((each) => each * 1024 * MIB));

/** What to do about the newest size after so many of the same. */
const adviceAfter = (newest: number, before: number) =>
  size._check(subject(gib(newest, ...Array(5).fill(before))), NOW)[0]?.advice;

describe("size", () => {
  test("advises to look for what is missing, or for what grew", () => {
    expect(adviceAfter(1, 10)).toContain("whether data is missing");
    expect(adviceAfter(40, 10)).toContain("what grew");
  });

  test("tells a fall against the median of those before", () => {
    expect(evidenceOf(size, subject(gib(1, 10, 10, 10, 10, 10)))).toEqual([
      "the newest automatic backup automatic0 begun 2026-01-31T11:00:00Z has 1073741824 bytes (1 GiB), " +
        "9663676416 bytes (9 GiB) less than the median 10737418240 bytes (10 GiB) of the 5 before it; " +
        "up to 2147483648 bytes (2 GiB) are usual (MAD 0 bytes)",
    ]);
  });

  test("tells a rise", () => {
    expect(evidenceOf(size, subject(gib(40, 10, 11, 9, 10, 10)))[0]).toContain(
      "32212254720 bytes (30 GiB) more than",
    );
  });

  test("is not misled by a single odd one before it", () => {
    expect(evidenceOf(size, subject(gib(10, 10, 500, 10, 0, 10, 10)))).toEqual([]);
    expect(evidenceOf(size, subject(gib(1, 10, 500, 10, 10, 10, 10)))).toHaveLength(1);
  });

  test("allows as much as the sizes have always varied", () => {
    // Median 10, MAD 2: usual is 4 × 1.4826 × 2 = 11.86 GiB.
    const history = [6, 8, 10, 12, 14];
    expect(evidenceOf(size, subject(gib(21, ...history)))).toEqual([]);
    expect(evidenceOf(size, subject(gib(22, ...history)))).toHaveLength(1);
    expect(evidenceOf(Rule.size({ deviations: 3 }), subject(gib(21, ...history)))).toHaveLength(1);
  });

  test("allows exactly the floor in percent, and not a byte more", () => {
    const same = Array(5).fill(1000 * MIB);
    expect(evidenceOf(size, subject(sized([1200 * MIB, ...same])))).toEqual([]);
    expect(evidenceOf(size, subject(sized([1200 * MIB + 1, ...same])))).toHaveLength(1);
  });

  test("allows exactly the floor in MiB, even where all before were empty", () => {
    const same = Array(5).fill(0);
    expect(evidenceOf(size, subject(sized([1, ...same])))).toEqual([]);
    expect(evidenceOf(size, subject(sized([16 * MIB, ...same])))).toEqual([]);
    expect(evidenceOf(size, subject(sized([16 * MIB + 1, ...same])))).toHaveLength(1);
  });

  test("has no opinion without enough samples", () => {
    expect(evidenceOf(size, subject(gib(1, 10, 10, 10, 10)))).toEqual([]);
    expect(evidenceOf(Rule.size({ minSamples: 1 }), subject(gib(1, 10)))).toHaveLength(1);
  });

  test("looks back no farther than the history", () => {
    const list = subject(gib(10, 10, 10, 10, 90, 90, 90, 90));
    expect(evidenceOf(Rule.size({ minSamples: 3, history: 3 }), list)).toEqual([]);
    expect(evidenceOf(Rule.size({ minSamples: 3, history: 7, deviations: 0 }), list)).toHaveLength(
      1,
    );
  });

  test("judges automatic and manual ones apart", () => {
    const big = sized(Array(6).fill(9000 * MIB));
    const small = sized(Array(6).fill(100 * MIB), BackupKind.MANUAL);
    expect(evidenceOf(size, subject([...big, ...small]))).toEqual([]);
    const grown = sized([900 * MIB, ...Array(5).fill(100 * MIB)], BackupKind.MANUAL);
    expect(evidenceOf(size, subject([...big, ...grown]))[0]).toContain("the newest manual backup");
    const both = evidenceOf(size, subject([...gib(1, 9, 9, 9, 9, 9), ...grown]));
    expect(both.map((each) => each.split(" ")[2])).toEqual(["automatic", "manual"]);
  });

  test("passes over sizes that are not known, and finds nothing in an empty list", () => {
    expect(evidenceOf(size, subject([]))).toEqual([]);
    expect(evidenceOf(size, subject(sized(Array(9).fill(undefined))))).toEqual([]);
    for (const none of [undefined, NaN, Infinity, -1]) {
      const list = sized([none, 1, ...Array(5).fill(1000 * MIB)]);
      expect(evidenceOf(size, subject(list))[0]).toContain("automatic1");
    }
    const unread = Array.from({ length: 9 }, (_, i) =>
      backup(`b${i}`, undefined, { sizeBytes: i }),
    );
    expect(evidenceOf(size, subject(unread))).toEqual([]);
  });

  test("says nothing of TaurusDB", () => {
    expect(evidenceOf(Rule.size({ minSamples: 1 }), TAURUS)).toEqual([]);
    const list = gib(1, 10, 10, 10, 10, 10);
    expect(evidenceOf(size, subject(list, NO_FULL_ONES))).toEqual([]);
  });
});
