import { LookupMode, modeOf, pruneDaysIn } from "../../lib/lookup/mode";

describe("the mode of lookups", () => {
  test("is CACHED where nobody says anything", () => {
    expect(modeOf(undefined, {})).toBe(LookupMode.CACHED);
    expect(modeOf(undefined, { CDKTF_BACKUPS_MODE: " " })).toBe(LookupMode.CACHED);
  });

  test.each(Object.values(LookupMode))("is %s where the program says so", (mode) => {
    expect(modeOf(mode, {})).toBe(mode);
  });

  test("is the environment's, whatever the program says", () => {
    for (const insisted of ["FROZEN", "frozen", " Frozen "]) {
      expect(modeOf(LookupMode.LIVE, { CDKTF_BACKUPS_MODE: insisted })).toBe(LookupMode.FROZEN);
    }
  });

  test("is an error where there is none of that name, which says who gave it", () => {
    expect(() => modeOf(undefined, { CDKTF_BACKUPS_MODE: "offline" }, "app/p")).toThrow(
      "INVALID_MODE: CDKTF_BACKUPS_MODE is no mode. Allowed are LIVE, CACHED and FROZEN. [construct: app/p]",
    );
    expect(() => modeOf("LIVE" as LookupMode, {})).toThrow(/^INVALID_MODE: mode is "LIVE"/);
  });
});

describe("the days after which a lock is pruned", () => {
  test("are a whole number, or none", () => {
    expect(pruneDaysIn({})).toBeUndefined();
    expect(pruneDaysIn({ CDKTF_BACKUPS_PRUNE_DAYS: "" })).toBeUndefined();
    expect(pruneDaysIn({ CDKTF_BACKUPS_PRUNE_DAYS: "0" })).toBe(0);
    expect(pruneDaysIn({ CDKTF_BACKUPS_PRUNE_DAYS: " 30 " })).toBe(30);
  });

  test.each(["true", "-1", "1.5", "1e3", "999999"])("%s is refused", (days) => {
    expect(() => pruneDaysIn({ CDKTF_BACKUPS_PRUNE_DAYS: days })).toThrow(/^INVALID_PRUNE_DAYS: /);
  });
});
