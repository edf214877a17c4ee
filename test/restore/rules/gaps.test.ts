import { gapsOf, longest } from "../../../lib/restore/rules/gaps";

const stretch = (start: number, end: number) => ({ start, end });

describe("gapsOf", () => {
  test("takes overlapping and touching stretches for one, in whatever order", () => {
    const covered = [stretch(20, 30), stretch(10, 22), stretch(30, 40), stretch(12, 14)];
    expect(gapsOf(covered, 10, 40, true)).toEqual([]);
    expect(gapsOf(covered, 5, 45, true)).toEqual([stretch(5, 10), stretch(40, 45)]);
  });

  test("leaves out the first edge where nothing is known from before", () => {
    expect(gapsOf([stretch(10, 20)], 0, 30, false)).toEqual([stretch(20, 30)]);
    expect(gapsOf([], 0, 30, false)).toEqual([]);
    expect(gapsOf([], 0, 30, true)).toEqual([stretch(0, 30)]);
  });

  test("looks at nothing outside", () => {
    expect(gapsOf([stretch(-9, -5), stretch(50, 60)], 0, 30, true)).toEqual([stretch(0, 30)]);
    expect(gapsOf([stretch(-9, -5)], 0, 30, false)).toEqual([]);
    expect(gapsOf([stretch(-9, 0)], 0, 30, false)).toEqual([stretch(0, 30)]);
    expect(gapsOf([stretch(-9, 5), stretch(25, 60)], 0, 30, false)).toEqual([stretch(5, 25)]);
  });
});

describe("longest", () => {
  test("is the newest of equal ones", () => {
    expect(longest([stretch(0, 5), stretch(10, 15), stretch(20, 21)])).toEqual(stretch(10, 15));
    expect(longest([stretch(50, 55), stretch(60, 67)])).toEqual(stretch(60, 67));
    expect(longest([])).toBeUndefined();
  });
});
