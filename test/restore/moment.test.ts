import fc from "fast-check";
import { findMoment, newestMoment } from "../../lib/restore/moment";

const windows = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 10 })
  .map((edges) => edges.sort((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, i) => ({
      start: new Date(edges[2 * i]!),
      end: new Date(edges[2 * i + 1]!),
    })),
  );

/** Every millisecond that can be restored to, one by one. */
const moments = (list: { start: Date; end: Date }[]) =>
  Array.from({ length: 62 }, (_, t) => t).filter((t) =>
    list.some(({ start, end }) => start.getTime() <= t && t <= end.getTime()),
  );

describe("findMoment", () => {
  test("finds the moment, or the nearest on both sides, as looking at each moment does", () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 61 }), (list, time) => {
        const all = moments(list);
        const found = findMoment(list, new Date(time), new Date(61));
        if (all.includes(time)) return expect(found).toEqual({ moment: new Date(time) });
        expect(found.moment).toBeUndefined();
        expect(found.before?.getTime()).toBe(all.filter((t) => t < time).at(-1));
        expect(found.after?.getTime()).toBe(all.find((t) => t > time));
      }),
    );
  });

  test("takes both ends of a window for moments of it", () => {
    const [start, end, asOf] = [new Date(5), new Date(9), new Date(61)];
    for (const time of [start, end])
      expect(findMoment([{ start, end }], time, asOf)).toEqual({ moment: time });
  });

  test("never finds one in the future", () => {
    const asOf = new Date("2026-01-31T12:00:00Z");
    const start = new Date("2026-01-31T00:00:00Z");
    const list = [{ start, end: new Date("2026-02-02T00:00:00Z") }];
    const time = new Date("2026-01-31T13:00:00Z");
    expect(findMoment(list, time, asOf)).toEqual({ before: asOf });
  });
});

describe("newestMoment", () => {
  test("is the newest not later than asOf, as looking at each moment tells", () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 61 }), (list, asOf) => {
        const expected = moments(list)
          .filter((t) => t <= asOf)
          .at(-1);
        expect(newestMoment(list, new Date(asOf))?.getTime()).toBe(expected);
      }),
    );
  });
});
