import { bytes, count } from "../../../lib/restore/rules/measure";

describe("measures as people read them", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023.4, "1023 bytes"],
    [1024, "1024 bytes (1 KiB)"],
    [10.5 * 1024 ** 2, "11010048 bytes (10.5 MiB)"],
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
