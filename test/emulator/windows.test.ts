import { instancesOf, NOW, type Reply, type Rig, sampleInstance, start, stopAll } from "./helpers";
import { expectRefused, PARAMETER_CODES } from "./lists";
import {
  at,
  BY_DAY,
  DAY,
  holding,
  HOUR,
  MINUTE,
  pairs,
  pathOf,
  plainly,
  RESTORABLE,
  type Restorable,
  windowsOf,
} from "./restorable";

let rig: Rig;
afterEach(stopAll);

const windows = (service: Restorable, query?: string, instance?: string): Promise<Reply> =>
  windowsOf(rig, service, query, instance);

const EARLY: [number, number] = [at("2025-06-10T06:00:00"), at("2025-06-10T18:00:00")];
const LATE: [number, number] = [at("2025-06-11T22:00:00"), at("2025-06-13T02:00:00")];

describe("the default restore windows", () => {
  const GAP = at("2025-06-12T02:00:00");

  it.each(["rds", "taurusDb"] as const)(
    "of %s reach back seven days, with a gap of 90 minutes three nights ago",
    async (service) => {
      rig = await start();
      for (const instance of instancesOf(service)) {
        const found = pairs(service, await windows(service, "", instance));
        expect(found.sort(([a], [b]) => a - b)).toEqual([
          [NOW - 7 * DAY, GAP],
          [GAP + 90 * MINUTE, NOW - 5 * MINUTE],
        ]);
      }
    },
  );

  it("of GaussDB are the same, asked for by the day", async () => {
    rig = await start();
    for (const instance of instancesOf("gaussDb")) {
      const on = async (date: string): Promise<unknown> =>
        pairs("gaussDb", await windows("gaussDb", `date=${date}`, instance));
      const before = [NOW - 7 * DAY, GAP];
      const after = [GAP + 90 * MINUTE, NOW - 5 * MINUTE];
      expect(await on("2025-06-07")).toEqual([]);
      expect(await on("2025-06-08")).toEqual([before]);
      expect(await on("2025-06-12")).toEqual([after, before]);
      expect(await on("2025-06-15")).toEqual([after]);
      expect(await on("2025-06-16")).toEqual([]);
    }
  });

  it("of GeminiDB are three points a day and one stretch", async () => {
    rig = await start();
    const week = "start_time=2025-06-08T00:00:00%2B0000&end_time=2025-06-16T00:00:00%2B0000";
    for (const instance of instancesOf("geminiDb")) {
      const found = pairs("geminiDb", await windows("geminiDb", week, instance));
      const points = found.filter(([from, to]) => from === to).map(([point]) => point);
      expect([points.length, new Set(points).size]).toEqual([21, 21]);
      for (let day = 1; day <= 7; day += 1) {
        const [from, to] = [NOW - day * DAY, NOW - (day - 1) * DAY];
        expect(points.filter((point) => point >= from && point < to)).toHaveLength(3);
      }
      expect(found.filter(([from, to]) => from !== to)).toEqual([[NOW - 3 * HOUR, NOW - HOUR]]);
    }
  });

  it.each(RESTORABLE)("of %s follow the emulator's now, whatever the hour", async (service) => {
    for (const now of [at("2024-03-01T00:00:00"), at("2024-03-01T03:59:00")]) {
      rig = await start({ now });
      const today = new Date(now - 5 * MINUTE).toISOString().slice(0, 10);
      const query = service === "geminiDb" ? "" : `date=${today}`;
      const found = pairs(service, await windows(service, query));
      expect(found.length).toBeGreaterThan(0);
      for (const [from, to] of found) {
        expect(from).toBeGreaterThanOrEqual(now - 7 * DAY);
        expect(from).toBeLessThanOrEqual(to);
        expect(to).toBeLessThan(now);
      }
      const again = await start({ now });
      const other = await again.get(`${pathOf(service)}?${query}`);
      expect(pairs(service, other)).toEqual(found);
    }
  });

  it.each(RESTORABLE)("of %s are left out beside records that are not default", async (service) => {
    const instance_id = sampleInstance(service);
    rig = await start({ records: { [service]: [{ id: "1", instance_id }] } });
    expect(pairs(service, await rig.get(plainly(service)))).toEqual([]);
    rig = await start({ generate: { seed: 1, count: 3 } });
    expect(pairs(service, await rig.get(plainly(service)))).toEqual([]);
  });
});

describe("a day of restore windows", () => {
  it.each(BY_DAY)("%s sends whole windows that touch it", async (service) => {
    rig = await start(holding(service, LATE, EARLY));
    const on = async (date: string): Promise<unknown> =>
      pairs(service, await windows(service, `date=${date}`));
    expect(await on("2025-06-09")).toEqual([]);
    expect(await on("2025-06-10")).toEqual([EARLY]);
    for (const date of ["2025-06-11", "2025-06-12", "2025-06-13"]) {
      expect(await on(date)).toEqual([LATE]);
    }
    expect(await on("2025-06-14")).toEqual([]);
  });

  it.each(BY_DAY)("%s begins and ends it at midnight UTC", async (service) => {
    const midnight = at("2025-06-11T00:00:00");
    const eve: [number, number] = [midnight - HOUR, midnight - 1];
    const stroke: [number, number] = [midnight - HOUR, midnight];
    const last: [number, number] = [midnight + DAY - 1, midnight + DAY + HOUR];
    const next: [number, number] = [midnight + DAY, midnight + DAY + HOUR];
    rig = await start(holding(service, eve, stroke, last, next));
    const found = pairs(service, await windows(service, "date=2025-06-11"));
    expect(found).toEqual([stroke, last]);
  });

  it.each(["rds", "taurusDb"] as const)("%s sends all windows without one", async (service) => {
    rig = await start(holding(service, [0, 1], LATE, EARLY));
    expect(pairs(service, await windows(service))).toEqual([[0, 1], LATE, EARLY]);
  });

  it("GaussDB demands one", async () => {
    rig = await start();
    const reply = await windows("gaussDb");
    expectRefused(reply, PARAMETER_CODES.gaussDb);
    expect(reply.body.error_msg).toContain("date is mandatory");
  });

  it.each(BY_DAY)("%s refuses one that it can't read", async (service) => {
    rig = await start();
    const unreadable = ["", "2025-02-30", "2025-13-01", "20250611", "11-06-2025", "2025-6-11"];
    for (const date of [
      ...unreadable,
      "2025-06-11T00:00:00%2B0000",
      "2025-06-11+",
      "1749600000000",
      "today",
    ]) {
      expectRefused(await windows(service, `date=${date}`), PARAMETER_CODES[service]);
    }
    expect((await windows(service, "date=2024-02-29")).status).toBe(200);
  });
});

describe("GeminiDB's restorable time periods", () => {
  const range = (from: string, to: string): Promise<Reply> =>
    windows("geminiDb", `start_time=${from}&end_time=${to}`);
  const POINT: [number, number] = [at("2025-06-12T12:00:00"), at("2025-06-12T12:00:00")];

  it("are those of the day before now, unless bounds are given", async () => {
    const before: [number, number] = [NOW - 3 * DAY, NOW - DAY - 1];
    const first: [number, number] = [NOW - DAY, NOW - DAY];
    const now: [number, number] = [NOW, NOW + HOUR];
    const after: [number, number] = [NOW + 1, NOW + HOUR];
    rig = await start(holding("geminiDb", before, first, now, after));
    expect(pairs("geminiDb", await windows("geminiDb"))).toEqual([first, now]);
    const since = await windows("geminiDb", "start_time=2025-06-01T00:00:00%2B0000");
    expect(pairs("geminiDb", since)).toEqual([before, first, now]);
    const to = await windows("geminiDb", "end_time=2025-06-15T11:59:59%2B0000");
    expect(pairs("geminiDb", to)).toEqual([first]);
  });

  it("are those that touch the bounds, which belong to them", async () => {
    rig = await start(holding("geminiDb", LATE, POINT, EARLY));
    const found = async (from: string, to: string): Promise<unknown> =>
      pairs("geminiDb", await range(from, to));
    const noon = "2025-06-12T12:00:00%2B0000";
    expect(await found(noon, noon)).toEqual([LATE, POINT]);
    expect(await found("2025-06-12T20:00:00%2B0800", "2025-06-12T07:00:00-0500")).toEqual([
      LATE,
      POINT,
    ]);
    expect(await found("2025-06-12T12:00:01%2B0000", "2025-06-14T00:00:00%2B0000")).toEqual([LATE]);
    expect(await found("2025-06-10T00:00:00%2B0000", "2025-06-10T06:00:00%2B0000")).toEqual([
      EARLY,
    ]);
    expect(await found("2025-06-10T18:00:01%2B0000", "2025-06-11T21:59:59%2B0000")).toEqual([]);
    expect(await found("2025-06-13T00:00:00%2B0000", "2025-06-10T00:00:00%2B0000")).toEqual([]);
  });

  it("are refused for bounds that can't be read", async () => {
    rig = await start({ rawPlus: "space" });
    const end = "2025-06-14T00:00:00%2B0000";
    for (const zone of ["", "Z", "%2B00:00", "%2B1500"]) {
      expectRefused(await range(`2025-06-12T12:00:00${zone}`, end), "DBS.280447");
      expectRefused(await range(end, `2025-06-12T12:00:00${zone}`), "DBS.280447");
    }
    for (const time of ["2025-02-30T00:00:00%2B0000", "2025-06-12", "1749600000000"]) {
      expectRefused(await range(time, end), "DBS.200001");
    }
    const plus = await range("2025-06-12T12:00:00+0000", end);
    expectRefused(plus, "DBS.280447");
    expect(plus.body.error_msg).toContain("stands for a space");
  });

  describe("over several pages", () => {
    const all = Array.from({ length: 1005 }, (_, index): [number, number] => [
      NOW - HOUR + index,
      NOW - HOUR + index,
    ]);
    const page = async (query = ""): Promise<unknown> =>
      pairs("geminiDb", await windows("geminiDb", query));
    beforeEach(async () => {
      rig = await start(holding("geminiDb", ...all));
    });

    it("come a thousand at a time or fewer, counted from the offset, and tell how many there are", async () => {
      expect(await page()).toEqual(all.slice(0, 1000));
      expect(await page("offset=1000")).toEqual(all.slice(1000));
      expect(await page("offset=1005")).toEqual([]);
      expect(await page("limit=100")).toEqual(all.slice(0, 100));
      expect(await page("offset=1000&limit=3")).toEqual(all.slice(1000, 1003));
      expect(await page("limit=0")).toEqual([]);
      const { body } = await windows("geminiDb", "offset=1000&limit=3");
      expect(body.total_count).toBe(1005);
    });

    it("are refused for a limit that is none", async () => {
      for (const limit of ["-1", "1001", "1.5", ""]) {
        expectRefused(await windows("geminiDb", `limit=${limit}`), PARAMETER_CODES.geminiDb);
      }
    });

    it("are refused for an offset that is none", async () => {
      for (const offset of ["-1", "1.5", "", "x", "2147483648"]) {
        expectRefused(await windows("geminiDb", `offset=${offset}`), "DBS.280440");
      }
    });

    it("suffer the faults of pages", async () => {
      rig.server.control({ op: "fault", fault: { pageCap: 3 } });
      expect(await page("offset=5")).toEqual(all.slice(5, 8));
      rig.server.control({ op: "fault", fault: { repeatFirstPage: true } });
      expect(await page("offset=100")).toEqual(all.slice(0, 1000));
      rig.server.control({ op: "fault", fault: { endless: true, times: 3 } });
      const seen = new Set<number>();
      for (const offset of [0, 1000, 100_000]) {
        const found = (await page(`offset=${offset}`)) as [number, number][];
        for (const [point] of found) seen.add(point);
      }
      expect(seen.size).toBe(3000);
      expect(await page("offset=1005")).toEqual([]);
    });
  });
});
