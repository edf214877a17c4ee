import { bytes, count, span } from "../../../lib/restore/rules/measure";

describe("measures as people read them", () => {
  test.each([
    [0, "0 s"],
    [1, "1 s"],
    [1_000, "1 s"],
    [93_600_000, "1 day 2 h"],
    [93_600_001, "1 day 2 h 1 s"],
    [172_859_999, "2 days 1 min"],
  ])("%d milliseconds are %s", (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text);
  });

  test("a span that is too short is rounded down", () => {
    expect(span(86_399_999, Math.floor)).toBe("23 h 59 min 59 s");
  });

  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023.4, "1023 bytes"],
    [1024, "1024 bytes (1 KiB)"],
    [1.5 * 1024 ** 3, "1610612736 bytes (1.5 GiB)"],
    [5000 * 1024 ** 4, "5497558138880000 bytes (5000 TiB)"],
  ])("%d bytes are %s", (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });

  test("one is singular", () => {
    expect([count(0, "gap"), count(1, "gap"), count(2, "gap")]).toEqual([
      "0 gaps",
      "1 gap",
      "2 gaps",
    ]);
  });
});
