import fc from "fast-check";
import {
  midnightOf,
  parseTime,
  timeOf,
  toCompactTime,
  toOffsetTime,
  toRfc3339,
} from "../../lib/model/time";

const iso = (value: unknown) => parseTime(value)?.toISOString();
const anyTime = fc.date({
  min: new Date("2001-09-09T02:00:00Z"),
  max: new Date("2099-12-31T00:00:00Z"),
  noInvalidDate: true,
});

describe("parseTime", () => {
  test.each([
    ["2022-05-09T16:01:10+0800", "2022-05-09T08:01:10.000Z"],
    ["2022-05-09T16:01:10+08:00", "2022-05-09T08:01:10.000Z"],
    ["2022-05-09T16:01:10+08", "2022-05-09T08:01:10.000Z"],
    ["2022-05-09T01:01:10-0530", "2022-05-09T06:31:10.000Z"],
    ["2019-05-10T08:31:16.166Z", "2019-05-10T08:31:16.166Z"],
    ["2019-05-10T08:31:16.166999Z", "2019-05-10T08:31:16.166Z"],
    ["2019-05-10T08:31:16.1Z", "2019-05-10T08:31:16.100Z"],
    ["2019-05-10 08:31:16 UTC", "2019-05-10T08:31:16.000Z"],
    [" 2019-05-10T08:31:16Z ", "2019-05-10T08:31:16.000Z"],
    ["20190510083116", "2019-05-10T08:31:16.000Z"],
    [1557477076166, "2019-05-10T08:31:16.166Z"],
    [1557477076, "2019-05-10T08:31:16.000Z"],
    ["1557477076", "2019-05-10T08:31:16.000Z"],
    [1e9, "2001-09-09T01:46:40.000Z"],
    [1e11, "1973-03-03T09:46:40.000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"],
    ["2022-05-09T16:01:10+1400", "2022-05-09T02:01:10.000Z"],
    ["1557477076166", "2019-05-10T08:31:16.166Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
  ])("reads %s as %s", (value, expected) => {
    expect(iso(value)).toBe(expected);
  });

  test.each([
    ["no zone: it could be any of a day's hours", "2022-05-09T16:01:10"],
    ["30 February", "2022-02-30T00:00:00Z"],
    ["29 February of a year without one", "2023-02-29T00:00:00Z"],
    ["an hour of 24", "2022-05-09T24:00:00Z"],
    ["a minute of 60", "2022-05-09T16:60:10Z"],
    ["an offset of 15 hours", "2022-05-09T16:01:10+1500"],
    ["an offset of 75 minutes", "2022-05-09T16:01:10+0075"],
    ["a time before 1970", "1969-12-31T23:59:59Z"],
    ["a time in a sentence", "at 2022-05-09T16:01:10Z"],
    ["a time with more behind it", "2022-05-09T16:01:10Z or so"],
    ["digits with a letter before them", "x20220509160110"],
    ["digits with a letter behind them", "20220509160110x"],
    ["a second less than 1e9, which is no time of a backup", 999_999_999],
    ["milliseconds of the year 2286", 1e13],
    ["a month of 13", "20221301000000"],
    ["a word", "yesterday"],
    ["an empty text", ""],
    ["zero", 0],
    ["NaN", NaN],
    ["a date alone", "2022-05-09"],
    ["an object", {}],
    ["null", null],
    ["a number of 16 digits", 1557477076166000],
  ])("does not understand %s", (_why, value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  test("never gives an Invalid Date, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), (value) => {
        const time = parseTime(value);
        expect(time === undefined || !Number.isNaN(time.getTime())).toBe(true);
      }),
    );
  });

  test("reads back every moment in every notation that the APIs use", () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: -12 * 60, max: 14 * 60 }), (time, offset) => {
        const seconds = new Date(Math.floor(time.getTime() / 1000) * 1000);
        expect(iso(toOffsetTime(seconds.getTime()))).toBe(seconds.toISOString());
        expect(iso(toCompactTime(seconds.getTime()))).toBe(seconds.toISOString());
        expect(iso(toRfc3339(time))).toBe(time.toISOString());
        expect(iso(time.getTime())).toBe(time.toISOString());
        const local = new Date(seconds.getTime() + offset * 60_000).toISOString().slice(0, 19);
        const pad = (n: number) => String(n).padStart(2, "0");
        const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`;
        expect(iso(`${local}${zone}`)).toBe(seconds.toISOString());
      }),
    );
  });
});

describe("a time of ours", () => {
  const time = timeOf(new Date("2022-05-09T08:01:10Z"));

  test("given whole to the framework, or to JSON, is written in RFC 3339", () => {
    expect((time as unknown as { resolve(): string }).resolve()).toBe("2022-05-09T08:01:10Z");
    expect(JSON.stringify({ time })).toBe('{"time":"2022-05-09T08:01:10Z"}');
  });

  test("has its day's begin in UTC", () => {
    expect(new Date(midnightOf(time)).toISOString()).toBe("2022-05-09T00:00:00.000Z");
  });
});

describe("the notations that are written", () => {
  const time = new Date("2022-05-09T08:01:10.250Z");

  test("an offset without a colon for the database services", () => {
    expect(toOffsetTime(time.getTime())).toBe("2022-05-09T08:01:10+0000");
  });
  test("digits alone for DCS", () => {
    expect(toCompactTime(time.getTime())).toBe("20220509080110");
  });
  test("RFC 3339 with Z for Terraform, with a fraction only where there is one", () => {
    expect(toRfc3339(time)).toBe("2022-05-09T08:01:10.250Z");
    expect(toRfc3339(new Date("2022-05-09T08:01:10Z"))).toBe("2022-05-09T08:01:10Z");
  });
});
