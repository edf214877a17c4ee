import { BackupService } from "../../lib/model/service";
import { decodeWindows } from "../../lib/services/windows";
import { SERVICES } from "../../lib/services/registry";

const at = (start_time: unknown, end_time: unknown) => ({ start_time, end_time });
const DAY = Date.UTC(2026, 0, 31);

describe("restore windows", () => {
  test("are sorted, and joined where they touch or overlap", () => {
    const T = 1_700_000_000_000;
    const records = [at(T + 50, T + 60), at(T, T + 10), at(T + 10, T + 20), at(`${T + 5}`, T + 7)];
    expect(decodeWindows(records)).toEqual([
      { start: new Date(T), end: new Date(T + 20) },
      { start: new Date(T + 50), end: new Date(T + 60) },
    ]);
  });

  test.each([
    [at(undefined, 1)],
    [at("soon", "later")],
    [at(1_700_000_000_001, 1_700_000_000_000)],
    [at(1_700_000_000_000, "later")],
    [at("soon", 1_700_000_000_000)],
  ])("that can't be read (%j) are an error: it may be the one that matters", (record) => {
    expect(() => decodeWindows([record])).toThrow(
      /^BAD_ANSWER: a restore window can't be read: .*Report it to the service's support/,
    );
  });

  test("are points where both ends are one moment", () => {
    const point = { start: new Date(1_700_000_000_000), end: new Date(1_700_000_000_000) };
    expect(decodeWindows([at(1_700_000_000_000, 1_700_000_000_000)])).toEqual([point]);
  });

  test.each([
    ["rds", { records: "restore_time", totals: "all", isSingle: true }],
    ["gaussdb", { records: "restore_time", totals: "all", isSingle: true }],
    ["dds", { records: "restore_time", totals: "all", isSingle: true }],
    ["taurusdb", { records: "restore_times", totals: "all", isSingle: true }],
    ["geminidb", { records: "restorable_time_periods", totals: "ambiguous", isWithoutLimit: true }],
  ])("of %s come in one answer, or in pages without a limit: %j", (service, wanted) => {
    expect(SERVICES[service as BackupService].windows?.paging).toEqual({
      ...{ parameter: "offset", first: 0, size: 100, total: "total_count" },
      ...{ id: "start_time", idWith: "end_time" },
      ...wanted,
    });
  });

  test("are asked for by day, or by bounds, as each page says", () => {
    const list = (service: `${BackupService}`) =>
      SERVICES[service as BackupService].windows?.list("i/1", DAY);
    const byDay = {
      path: "/v3/{project}/instances/i%2F1/restore-time",
      query: { date: "2026-01-31" },
    };
    expect([list("rds"), list("gaussdb"), list("taurusdb")]).toEqual([byDay, byDay, byDay]);
    expect(list("geminidb")).toEqual({
      path: "/v3/{project}/instances/i%2F1/backups/restorable-time-periods",
      query: { start_time: "2026-01-31T00:00:00+0000", end_time: "2026-02-01T00:00:00+0000" },
    });
    expect(list("dcs")).toBeUndefined();
  });
});
