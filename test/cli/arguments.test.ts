import * as fc from "fast-check";
import { BackupKind, BackupService } from "../../lib";
import { durationIn, kindIn, listsIn, timeIn } from "../../lib/cli/arguments";

describe("a duration", () => {
  test.each([
    ["90m", 5_400],
    ["90min", 5_400],
    ["26h", 93_600],
    ["7d", 604_800],
    ["2w", 1_209_600],
    ["1d12h", 129_600],
    ["1.5h", 5_400],
    ["30s", 30],
  ])("%s is %d s", (text, seconds) => {
    expect(durationIn(text).toMilliseconds()).toBe(seconds * 1_000);
  });

  test.each([
    "",
    "7",
    "d",
    "7 d",
    "-7d",
    "7D",
    "1e3h",
    "1.h",
    "7d ",
    "P7D",
    "7y",
    "0s",
    "9".repeat(9) + "w",
  ])("%j is none", (text) => {
    expect(() => durationIn(text)).toThrow(/INVALID_(ARGUMENT|DURATION)/);
  });

  test("of any text is one or refused by a code, never a crash", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.dhmswin ") }), (text) => {
        try {
          expect(durationIn(text).toMilliseconds()).toBeGreaterThan(0);
        } catch (error) {
          expect(String(error)).toMatch(/INVALID_(ARGUMENT|DURATION)/);
        }
      }),
    );
  });
});

describe("a moment", () => {
  test.each([
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31T04:00Z", "2026-01-31T04:00:00.000Z"],
    ["2026-01-31 04:00:05+02:00", "2026-01-31T02:00:05.000Z"],
    ["2026-01-31T04:00:05.25-0130", "2026-01-31T05:30:05.250Z"],
  ])("%s is %s", (text, iso) => {
    expect(timeIn(text).toISOString()).toBe(iso);
  });

  test.each([
    "",
    "now",
    "2026-01-31T04:00",
    "2026-02-30",
    "2026-13-01",
    "31.01.2026",
    "1769832000",
  ])("%j is none: without an offset it would be another one on another machine", (text) => {
    expect(() => timeIn(text)).toThrow(/INVALID_ARGUMENT/);
  });
});

describe("services", () => {
  test("are each asked once; all is every list of full backups", () => {
    expect(listsIn(["rds", "rds"])).toEqual([{ service: BackupService.RDS, list: "backups" }]);
    expect(
      listsIn(["all", "rds"])
        .map(({ service }) => service)
        .sort(),
    ).toEqual(Object.values(BackupService).sort());
    expect(listsIn(["taurusdb", "taurusdb-incremental"]).map(({ list }) => list)).toEqual([
      ...["full-backups", "backups"],
    ]);
  });

  test.each(["RDSS", "constructor", "", "toString"])("%j is none", (word) => {
    expect(() => listsIn([word])).toThrow(/is no service/);
  });
});

test("a kind is one of those that a backup can have", () => {
  expect(kindIn("Manual")).toBe(BackupKind.MANUAL);
  expect(() => kindIn("unknown")).toThrow(/Allowed: automatic, manual, incremental, fragment/);
});
