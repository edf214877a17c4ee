import fc from "fast-check";
import { askedWindow, exactWindow } from "../../lib/query/window";
import { describe as describeQuery } from "../../lib/query/query";
import { Query } from "../../lib/services/query";
import { BackupKind } from "../../lib/model/backup";
import { BackupService } from "../../lib/model/service";
import { Duration } from "../../lib/model/duration";

const AS_OF = new Date("2026-01-31T12:00:00.500Z");
const DAY = 86_400_000;
const query = (more: Partial<Query>): Query => ({
  ...{ service: BackupService.RDS, list: "backups", instanceId: "i", filters: {} },
  ...more,
});

describe("the window that is asked for", () => {
  test("begins a day before and ends a day from now, when every backup has ended, in whole seconds", () => {
    const beginTime = new Date("2026-01-10T00:00:00.250Z");
    const endTime = new Date("2026-01-20T00:00:00.250Z");
    expect(askedWindow(query({ beginTime, endTime }), AS_OF, AS_OF)).toEqual({
      begin: Date.parse("2026-01-09T00:00:00Z"),
      end: Date.parse("2026-02-01T12:00:01Z"),
    });
  });

  test("of a lone begin ends a day from now, of a lone end begins in 1970", () => {
    const time = new Date("2026-01-10T00:00:00Z");
    expect(askedWindow(query({ beginTime: time }), AS_OF, AS_OF)).toEqual({
      begin: time.getTime() - DAY,
      end: Date.parse("2026-02-01T12:00:01Z"),
    });
    expect(askedWindow(query({ endTime: time }), AS_OF, AS_OF)).toEqual({
      begin: 0,
      end: Date.parse("2026-02-01T12:00:01Z"),
    });
  });

  test("that is open reaches to now, though asOf may lie in the past", () => {
    const beginTime = new Date("2025-12-01T00:00:00Z");
    const asOf = new Date("2025-12-24T00:00:00Z");
    const { end } = askedWindow(query({ beginTime }), asOf, AS_OF)!;
    expect(end).toBeGreaterThan(AS_OF.getTime());
  });

  test("never needs a year of five digits", () => {
    const endTime = new Date("9999-12-31T23:59:59.999Z");
    expect(askedWindow(query({ endTime }), AS_OF, AS_OF)!.end).toBe(
      Date.parse("9999-12-31T23:59:59Z"),
    );
  });

  test("of `within` ends at asOf", () => {
    expect(exactWindow(query({ within: Duration.days(7) }), AS_OF)).toEqual({
      begin: AS_OF.getTime() - 7 * DAY,
      end: AS_OF.getTime(),
    });
  });

  test("is none where none is wanted", () => {
    expect(askedWindow(query({}), AS_OF, AS_OF)).toBeUndefined();
  });

  test("always holds the one that is wanted, and ends after it begins", () => {
    const time = fc.option(
      fc.date({ min: new Date(0), max: new Date("9000-01-01"), noInvalidDate: true }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(time, time, (beginTime, endTime) => {
        fc.pre(beginTime === undefined || endTime === undefined || endTime > beginTime);
        const window = askedWindow(query({ beginTime, endTime }), AS_OF, AS_OF);
        if (!window) return expect(beginTime ?? endTime).toBeUndefined();
        expect(window.end).toBeGreaterThan(window.begin);
        expect(window.begin % 1000).toBe(0);
        expect(window.end % 1000).toBe(0);
        if (beginTime) expect(window.begin).toBeLessThanOrEqual(beginTime.getTime());
        if (endTime) expect(window.end).toBeGreaterThanOrEqual(endTime.getTime());
      }),
    );
  });
});

describe("a backup that began inside the wanted window", () => {
  const DAYS = (n: number) => Math.round(n * DAY);
  // How a server may read a window, with or without its bounds; a backup that goes on has no end.
  const READINGS: Record<
    string,
    (begin: number, end: number, from: number, to: number) => boolean
  > = {
    "its begin": (begin, _end, from, to) => begin >= from && begin <= to,
    "its begin, strictly": (begin, _end, from, to) => begin > from && begin < to,
    "its end": (_begin, end, from, to) => end >= from && end <= to,
    "its end, strictly": (_begin, end, from, to) => end > from && end < to,
    "all of it": (begin, end, from, to) => begin >= from && end <= to,
    "some of it": (begin, end, from, to) => begin <= to && end >= from,
  };

  test.each(Object.entries(READINGS))(
    "is in the answer of a server that compares %s",
    (_, reading) => {
      const now = AS_OF.getTime();
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: DAYS(400) }),
          fc.integer({ min: 1, max: DAYS(60) }),
          fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          // A MySQL incremental may even end before it begins; a backup of a large instance takes days.
          fc.integer({ min: -DAYS(0.5), max: DAYS(9) }),
          fc.boolean(),
          (ago, length, where, duration, isWithin) => {
            const from = now - ago - length;
            const window = isWithin
              ? { within: Duration.seconds(Math.ceil((ago + length) / 1000)) }
              : { beginTime: new Date(from), endTime: new Date(from + length) };
            const exact = exactWindow(query(window), AS_OF);
            const begin = exact.begin! + Math.floor(where * (exact.end! - exact.begin!));
            const end = Math.min(begin + duration, now);
            const asked = askedWindow(query(window), AS_OF, AS_OF)!;
            // The services compare whole seconds.
            const [b, e] = [begin, end].map((ms) => Math.floor(ms / 1000) * 1000) as [
              number,
              number,
            ];
            expect(reading(b, e, asked.begin, asked.end)).toBe(true);
          },
        ),
        { numRuns: 500 },
      );
    },
  );
});

describe("a query as a person reads it", () => {
  test("names service, instance and filters", () => {
    const all = query({ backupType: BackupKind.MANUAL, within: Duration.days(7), backupId: "b" });
    expect(describeQuery(all)).toBe("RDS backups of instance i (id b, manual, within 7 days)");
    expect(describeQuery(query({ instanceId: undefined }))).toBe("RDS backups of all instances");
  });
});
