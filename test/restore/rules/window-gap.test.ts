import { Duration } from "../../../lib/model/duration";
import { Rule } from "../../../lib/restore/rules";
import { ago, evidenceOf, NO_FULL_ONES, subject, TAURUS } from "./support";

const windowGap = Rule.windowGap();

/** Windows from so many to so many hours before NOW. */
const windows = (...stretches: [from: number, to: number][]) =>
  subject([], { windows: stretches.map(([from, to]) => ({ start: ago(from), end: ago(to) })) });

describe("window-gap", () => {
  test("has no opinion where no windows are known", () => {
    expect(evidenceOf(windowGap, subject([]))).toEqual([]);
    expect(evidenceOf(windowGap, TAURUS)).toEqual([]);
  });

  test("tells the longest gap, and how many were too long", () => {
    expect(evidenceOf(windowGap, windows([200, 100], [96, 40], [38, 0.1]))).toEqual([
      "in the 7 days up to 2026-01-31T12:00:00Z no moment can be restored to for 4 h, from 2026-01-27T08:00:00Z to 2026-01-27T12:00:00Z; 2 gaps of more than 1 h",
    ]);
  });

  test("accepts a gap of exactly the longest time, and not a second more", () => {
    expect(evidenceOf(windowGap, windows([200, 50], [49, 1]))).toEqual([]);
    expect(evidenceOf(windowGap, windows([200, 50], [49 - 1 / 3600, 0]))[0]).toContain("1 h 1 s");
    expect(evidenceOf(Rule.windowGap({ maxGap: Duration.hours(3) }), windows([9, 3]))).toEqual([]);
  });

  test("counts the time since the last window", () => {
    expect(evidenceOf(windowGap, windows([200, 5]))[0]).toContain("for 5 h");
  });

  test("counts the time before the first one only where a window reaches back that far", () => {
    expect(evidenceOf(windowGap, windows([20, 0]))).toEqual([]);
    expect(evidenceOf(windowGap, windows([500, 400], [20, 0]))[0]).toContain(
      "for 6 days 4 h, from 2026-01-24T12:00:00Z",
    );
  });

  test("takes windows that overlap or touch for one, in whatever order", () => {
    expect(evidenceOf(windowGap, windows([60, 0], [200, 50], [190, 180]))).toEqual([]);
  });

  test("tells that no moment can be restored to", () => {
    const none = ["no moment of the 7 days up to 2026-01-31T12:00:00Z can be restored to"];
    expect(evidenceOf(windowGap, windows())).toEqual(none);
    expect(evidenceOf(windowGap, windows([400, 300]))).toEqual(none);
    expect(evidenceOf(windowGap, windows([-1, -5]))).toEqual(none);
    // Exchanged ends, or none that can be read, are no window.
    expect(evidenceOf(windowGap, windows([1, 5]))).toEqual(none);
    expect(evidenceOf(windowGap, windows([NaN, 0]))).toEqual(none);
  });

  test("takes both ends of the past days for moments of them", () => {
    expect(evidenceOf(windowGap, windows([400, 168]))[0]).toContain("for 7 days, from");
    expect(evidenceOf(windowGap, windows([0, -5]))).toEqual([]);
  });

  test("measures between points, as GeminiDB gives them", () => {
    expect(
      evidenceOf(Rule.windowGap({ maxGap: Duration.hours(24) }), windows([30, 30], [6, 6])),
    ).toEqual([]);
    expect(
      evidenceOf(Rule.windowGap({ maxGap: Duration.hours(24) }), windows([30, 30], [5, 5])),
    ).toHaveLength(1);
  });

  test("judges TaurusDB by its windows", () => {
    const list = { ...windows([200, 5]), ...NO_FULL_ONES };
    expect(evidenceOf(windowGap, list)).toHaveLength(1);
  });
});
