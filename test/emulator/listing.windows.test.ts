import type { ServiceName } from "../../lib/emulator/server";
import { type Reply, type Rig, sampleInstance, start, stopAll } from "./helpers";
import { expectRefused, ids, listOf, numbered, OFFSET_TIMES, PARAMETER_CODES } from "./lists";

let rig: Rig;
afterEach(stopAll);

const list = (service: ServiceName, query?: string): Promise<Reply> => listOf(rig, service, query);

describe("time windows", () => {
  const bounds = (begin: string, end: string): string => `begin_time=${begin}&end_time=${end}`;

  it.each(OFFSET_TIMES)("%s compares the begin time, both bounds included", async (service) => {
    rig = await start({ records: { [service]: numbered(service, 10) } });
    const reply = await list(
      service,
      bounds("2025-03-01T12:03:00%2B0000", "2025-03-01T12:05:00%2B0000"),
    );
    expect(ids(service, reply).sort()).toEqual(["3", "4", "5"]);
    expect(reply.body.total_count).toBe(3);
  });

  it.each(OFFSET_TIMES)("%s reads the offset of a bound", async (service) => {
    rig = await start({ records: { [service]: numbered(service, 10) } });
    const reply = await list(
      service,
      bounds("2025-03-01T20:03:00%2B0800", "2025-03-01T07:03:30-0500"),
    );
    expect(ids(service, reply)).toEqual(["3"]);
  });

  it.each(OFFSET_TIMES)("%s takes the raw plus that the pages' examples have", async (service) => {
    rig = await start();
    const raw = bounds("2025-03-01T20:00:00+0800", "2025-03-02T20:00:00+0800");
    const escaped = bounds("2025-03-01T12:00:00%2B0000", "2025-03-02T12:00:00%2B0000");
    const reply = await list(service, raw);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual((await list(service, escaped)).body);
  });

  it.each(OFFSET_TIMES)("%s refuses a raw plus where that is a space", async (service) => {
    rig = await start({ rawPlus: "space" });
    const reply = await list(
      service,
      bounds("2025-03-01T12:00:00+0000", "2025-03-02T12:00:00%2B0000"),
    );
    expectRefused(reply, "DBS.280447");
    expect(reply.body.error_msg).toContain("stands for a space");
  });

  it.each(OFFSET_TIMES)("%s refuses times it can't read", async (service) => {
    rig = await start();
    const end = "2030-01-01T00:00:00%2B0000";
    for (const zone of ["", "Z", "%2B00:00", "%2B08", "%2B0860", "%2B1500", "%200800"]) {
      expectRefused(await list(service, bounds(`2025-03-01T12:00:00${zone}`, end)), "DBS.280447");
    }
    const unreadable = [
      "2025-02-30T00:00:00",
      "2025-03-01T24:00:00",
      "2025-03-01T12:00:60",
      "2025-03-01%2012:00:00",
    ];
    for (const time of [
      ...unreadable,
      "2025-03-01T12:00",
      "20250301120000",
      "1740830400000",
      "yesterday",
    ]) {
      expectRefused(await list(service, bounds(`${time}%2B0000`, end)), PARAMETER_CODES[service]);
    }
  });

  it.each(OFFSET_TIMES)(
    "%s refuses a lone bound, and takes an empty one for none",
    async (service) => {
      rig = await start();
      expectRefused(
        await list(service, "begin_time=2025-03-01T12:00:00%2B0000"),
        PARAMETER_CODES[service],
      );
      expectRefused(
        await list(service, "end_time=2025-03-01T12:00:00%2B0000"),
        PARAMETER_CODES[service],
      );
      expectRefused(
        await list(service, bounds("", "2025-03-01T12:00:00%2B0000")),
        PARAMETER_CODES[service],
      );
      expect((await list(service, bounds("", ""))).status).toBe(200);
    },
  );

  it.each(["gaussDb", "rds", "taurusDb"] as const)(
    "%s refuses an end that is not later",
    async (service) => {
      rig = await start();
      const noon = "2025-03-01T12:00:00%2B0000";
      expectRefused(await list(service, bounds(noon, noon)), "DBS.280416");
      expectRefused(await list(service, bounds(noon, "2025-03-01T19:59:59%2B0800")), "DBS.280416");
      expect((await list(service, bounds(noon, "2025-03-01T20:00:01%2B0800"))).status).toBe(200);
    },
  );

  it("GeminiDB, whose page doesn't forbid it, finds nothing between bounds the wrong way round", async () => {
    rig = await start({ records: { geminiDb: numbered("geminiDb", 10) } });
    const reply = await list(
      "geminiDb",
      bounds("2025-03-02T00:00:00%2B0000", "2025-03-01T00:00:00%2B0000"),
    );
    expect([reply.status, reply.body.total_count]).toEqual([200, 0]);
  });

  it("leaves a record without a begin time out of every window", async () => {
    const records = [{ id: "timeless", begin_time: null, instance_id: sampleInstance("gaussDb") }];
    rig = await start({ records: { gaussDb: records } });
    expect(ids("gaussDb", await list("gaussDb"))).toEqual(["timeless"]);
    const wide = bounds("1970-01-01T00:00:00%2B0000", "2999-01-01T00:00:00%2B0000");
    expect(ids("gaussDb", await list("gaussDb", wide))).toEqual([]);
  });

  describe("of DCS", () => {
    beforeEach(async () => {
      rig = await start({ records: { dcs: numbered("dcs", 10) } });
    });

    it("are yyyyMMddHHmmss in UTC, both bounds included", async () => {
      const reply = await list("dcs", "beginTime=20250301120300&endTime=20250301120500");
      expect(ids("dcs", reply)).toEqual(["3", "4", "5"]);
      expect(reply.body.total_num).toBe(3);
    });

    it("may have one bound only", async () => {
      expect(ids("dcs", await list("dcs", "beginTime=20250301120800"))).toEqual(["8", "9"]);
      expect(ids("dcs", await list("dcs", "endTime=20250301120100"))).toEqual(["0", "1"]);
    });

    it("ignore the milliseconds of a record", async () => {
      const record = {
        backup_id: "ms",
        execution_at: "2025-03-01T13:00:00.999Z",
        instance_id: sampleInstance("dcs"),
      };
      rig.server.control({ op: "add", service: "dcs", record });
      expect(
        ids("dcs", await list("dcs", "beginTime=20250301130000&endTime=20250301130000")),
      ).toEqual(["ms"]);
    });

    it("refuse every other notation", async () => {
      for (const time of [
        "2025-03-01T12:00:00%2B0000",
        "20250301",
        "20250230120000",
        "20250301250000",
        "1740830400",
      ]) {
        expectRefused(await list("dcs", `beginTime=${time}`), "DCS.4001");
      }
    });

    it("refuse an end before the begin", async () => {
      expectRefused(
        await list("dcs", "beginTime=20250301120000&endTime=20250301115959"),
        "DCS.4025",
      );
      expect((await list("dcs", "beginTime=20250301120000&endTime=20250301120000")).status).toBe(
        200,
      );
    });
  });
});
