import fc from "fast-check";
import { merged, stretch } from "../../lib/model/stretch";

const between = (start: number, end: number) => ({ start, end });
/** Each moment, one by one. */
const moments = (stretches: { start: number; end: number }[]) =>
  Array.from({ length: 40 }, (_, t) => t).filter((t) =>
    stretches.some(({ start, end }) => start <= t && t <= end),
  );

describe("merged", () => {
  test("takes stretches that overlap or touch for one, in whatever order", () => {
    const all = [between(20, 30), between(10, 22), between(30, 40), between(12, 14)];
    expect(merged([...all, between(42, 42)])).toEqual([between(10, 40), between(42, 42)]);
  });

  test("leaves out what has no valid time, or ends before it starts", () => {
    expect(merged([stretch(undefined), stretch(new Date(1), new Date(NaN))])).toEqual([]);
    expect(merged([between(5, 4), stretch(new Date(7))])).toEqual([between(7, 7)]);
  });

  test("holds the same moments in order and apart, and changes nothing of what it is given", () => {
    const times = fc.tuple(fc.nat(38), fc.nat(38));
    fc.assert(
      fc.property(fc.array(times.map(([start, end]) => between(start, end))), (all) => {
        const result = merged(Object.freeze(all));
        expect(moments(result)).toEqual(moments(all));
        result.slice(1).forEach(({ start }, i) => expect(start).toBeGreaterThan(result[i]!.end));
      }),
    );
  });
});
