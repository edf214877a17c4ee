import fc from "fast-check";
import { Level, MAX_IN_FLIGHT } from "../../lib/cloud/level";

/** A host that serves so many at a time, each in 20 ms: the levels that it is asked at, answer by answer. */
function levelsAt(capacity: number, answers: number): number[] {
  const level = new Level();
  let now = 0;
  return Array.from({ length: answers }, () => {
    now += 20 / Math.min(level.limit, capacity);
    level.answered(now, true);
    return level.limit;
  });
}

describe("the level of a host", () => {
  test("begins at 8 and rises to what is allowed at most, where more are served as fast", () => {
    expect(new Level().limit).toBe(8);
    expect([...new Set(levelsAt(1_000, 400))]).toEqual([8, 12, 16]);
    expect(MAX_IN_FLIGHT).toBe(16);
  });

  test("comes back where more are no faster, and is tried again after a while", () => {
    const levels = levelsAt(8, 2_000);
    expect(levels.slice(20, 40)).toContain(12);
    expect(levels.slice(60, 300).every((each) => each === 8)).toBe(true);
    expect(levels.slice(300)).toContain(12);
    expect(levels.filter((each) => each > 8).length / levels.length).toBeLessThan(0.1);
  });

  test("stays where as many are never under way", () => {
    const level = new Level();
    for (let now = 0; now < 10_000; now += 10) level.answered(now, now % 50 !== 0);
    expect(level.limit).toBe(8);
  });

  test("is halved each time that the host has too many, down to one", () => {
    const level = new Level();
    const limits = Array.from({ length: 5 }, () => {
      level.tooMany();
      return level.limit;
    });
    expect(limits).toEqual([4, 2, 1, 1, 1]);
  });

  test("comes back to 8 where the host counts the requests of a time, and is not lowered by it", () => {
    const level = new Level();
    for (let now = 0; level.limit < 16; now++) level.answered(now / level.limit, true);
    level.limited();
    expect(level.limit).toBe(8);
    level.tooMany();
    level.limited();
    expect(level.limit).toBe(4);
  });

  test("is never below one nor above what is allowed, whatever happens", () => {
    const event = fc.oneof(
      fc.record({ after: fc.nat(50), isFull: fc.boolean() }),
      fc.constant("too many" as const),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const level = new Level();
        let now = 0;
        for (const each of events) {
          if (each === "too many") level.tooMany();
          else level.answered((now += each.after), each.isFull);
          expect(level.limit).toBeGreaterThanOrEqual(1);
          expect(level.limit).toBeLessThanOrEqual(MAX_IN_FLIGHT);
        }
      }),
    );
  });
});
