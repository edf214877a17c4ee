import {
  readCompactTime,
  readDay,
  readOffsetTime,
  readRecordTime,
  writeOffsetTime,
} from "../../lib/emulator/times";

const MOMENT = Date.UTC(2022, 4, 9, 8, 1, 10);

it.each([
  [480, "2022-05-09T16:01:10+0800"],
  [0, "2022-05-09T08:01:10+0000"],
  [-210, "2022-05-09T04:31:10-0330"],
])("writes a time at %i minutes from UTC, and reads it back", (offset, text) => {
  expect(writeOffsetTime(MOMENT, offset)).toBe(text);
  expect(readOffsetTime(text)).toBe(MOMENT);
});

it.each([
  "2022-05-09T16:01:10",
  "2022-05-09T16:01:10Z",
  "2022-05-09T16:01:10+08:00",
  "2022-05-09T16:01:10 0800",
])("finds the time zone of %j wrong", (text) => expect(readOffsetTime(text)).toBe("zone"));

it.each([
  "",
  "2022-05-09",
  "2022-13-01T00:00:00+0000",
  "2023-02-29T00:00:00+0000",
  "22-05-09T16:01:10+0800",
])("finds the format of %j wrong", (text) => expect(readOffsetTime(text)).toBe("format"));

it("reads a leap day", () => {
  expect(readOffsetTime("2024-02-29T00:00:00+0000")).toBe(Date.UTC(2024, 1, 29));
});

it("reads the compact notation as UTC, and nothing else", () => {
  expect(readCompactTime("20170718235959")).toBe(Date.UTC(2017, 6, 18, 23, 59, 59));
  for (const text of [
    "",
    "2017071823595",
    "20170718235960",
    "20171318235959",
    "2017-07-18T23:59:59",
  ]) {
    expect(readCompactTime(text)).toBeUndefined();
  }
});

it("reads a day as its first moment in UTC, and nothing else", () => {
  expect(readDay("2024-02-29")).toBe(Date.UTC(2024, 1, 29));
  for (const text of ["", "2023-02-29", "20240229", "2024-2-29", " 2024-02-29", "0000-00-00"]) {
    expect(readDay(text)).toBeUndefined();
  }
});

it("reads a record's time in either notation, with stray spaces, or not at all", () => {
  expect(readRecordTime(" 2022-05-09T16:01:10+0800 ")).toBe(MOMENT);
  expect(readRecordTime("2022-05-09T08:01:10.461Z")).toBe(MOMENT + 461);
  expect(readRecordTime("2022-05-09 08:01:10")).toBe(MOMENT);
  for (const value of [null, undefined, 7, "", "soon"])
    expect(readRecordTime(value)).toBeUndefined();
});
