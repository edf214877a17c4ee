import { Duration, lengthOf } from "../../lib/model/duration";

describe("Duration", () => {
  test.each([
    [Duration.hours(26), 93_600_000, "26 hours"],
    [Duration.days(7), 604_800_000, "7 days"],
    [Duration.hours(48), 172_800_000, "2 days"],
    [Duration.days(0.5), 43_200_000, "12 hours"],
    [Duration.minutes(1), 60_000, "1 minute"],
    [Duration.seconds(0.25), 250, "250 milliseconds"],
    [Duration.hours(0), 0, "0 milliseconds"],
  ])("%s is %d milliseconds and reads %s", (duration, milliseconds, text) => {
    expect(duration.toMilliseconds()).toBe(milliseconds);
    expect(duration.toString()).toBe(text);
  });

  test("is up to a hundred years: no moment before today lies beyond what a Date can hold", () => {
    expect(Duration.days(36_525).toMilliseconds()).toBe(36_525 * 86_400_000);
    expect(() => Duration.days(1e8)).toThrow(/^INVALID_DURATION: .*up to 100 years/);
  });

  // The last is how cdktf encodes a number that it knows only at deploy.
  test.each([-1, NaN, Infinity, 1e300, '"3"', -8.10956221259138e298])("refuses %p", (told) => {
    const amount = typeof told === "string" ? JSON.parse(told) : told;
    expect(() => Duration.hours(amount)).toThrow(
      `INVALID_DURATION: a duration of ${told} hours is not possible. Allowed is a number from 0`,
    );
  });
});

describe("a length as people read it", () => {
  test.each([
    [0, "0 s"],
    [500, "0.5 s"],
    [1_001, "1.001 s"],
    [93_600_000, "1 day 2 h"],
    [93_600_500, "1 day 2 h 0.5 s"],
    [172_859_999, "2 days 59.999 s"],
    [-5_400_000, "-1 h 30 min"],
  ])("has all its units: %d milliseconds are %s", (milliseconds, text) => {
    expect(lengthOf(milliseconds)).toBe(text);
  });

  test("is rounded to whole seconds away from the limit: up where too long, down where too short", () => {
    expect(lengthOf(1, Math.ceil)).toBe("1 s");
    expect(lengthOf(93_600_001, Math.ceil)).toBe("1 day 2 h 1 s");
    expect(lengthOf(172_859_999, Math.ceil)).toBe("2 days 1 min");
    expect(lengthOf(86_399_999, Math.floor)).toBe("23 h 59 min 59 s");
  });
});
