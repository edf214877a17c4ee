import { BackupEmulator, BackupService } from "../../lib";
import { CloudOptions, Enquiry, patienceIn } from "../../lib/cli/enquiry";

let emulator: BackupEmulator;
const own = { ...process.env };
beforeAll(() => {
  emulator = BackupEmulator.start();
});
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^(HW|OS)_/.test(name)) delete process.env[name];
  Object.assign(process.env, emulator.environment);
});
afterEach(() => {
  process.env = { ...own };
});
afterAll(() => emulator.close());

const enquiry = (options: CloudOptions) => new Enquiry(options, [BackupService.RDS]);

describe("whom to ask", () => {
  test("is what the environment says, and before it what the arguments say", () => {
    expect(enquiry({}).source).toMatchObject({ timeoutMs: 120_000, maxLockAgeMs: 0 });
    const { settings, timeoutMs } = enquiry({
      ...{ cloud: "huaweicloud", region: "eu-nl", project: "p1", caFile: "ca.pem", timeout: "5m" },
    }).source;
    expect(settings).toMatchObject({ region: "eu-nl", projectId: "p1", caFile: "ca.pem" });
    expect(String(settings.cloud)).toBe("Huawei Cloud");
    expect(timeoutMs).toBe(300_000);
  });

  test("is as of now, or as of the moment that is given", () => {
    const asOf = "2026-01-31T04:00:00.000Z";
    expect(enquiry({ asOf: "2026-01-31T04:00Z" }).asOf.toISOString()).toBe(asOf);
    expect(Math.abs(enquiry({}).asOf.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    [{ cloud: "aws" }, /Allowed: otc, huaweicloud/],
    [{ region: "a/b" }, /INVALID_REGION/],
    [{ project: "" }, /INVALID_ID/],
    [{ project: "p1", projectName: "eu-de" }, /both --project and --project-name/],
    [{ projectName: "" }, /--project-name is blank/],
    [{ caFile: " " }, /--ca-file is blank/],
    [{ region: "" }, /--region is blank/],
    [{ timeout: "" }, /is no duration/],
    [{ asOf: "" }, /is no moment/],
  ])("can't be %j", (options, said) => {
    expect(() => enquiry(options)).toThrow(said);
    expect(emulator.requests).toEqual([]);
  });

  test("is nobody where a service has no address", () => {
    const { iam } = emulator.endpoints;
    process.env["CDKTF_BACKUPS_ENDPOINTS"] = JSON.stringify({ iam });
    process.env["OS_REGION_NAME"] = emulator.region;
    delete process.env["HW_ACCESS_KEY"];
    process.env["OS_ACCESS_KEY"] = process.env["OS_SECRET_KEY"] = "somebody";
    expect(() => enquiry({})).toThrow(/NO_ENDPOINT/);
  });
});

test("two minutes are what all lookups may take, unless something else is said", () => {
  expect(patienceIn({})).toBe(120_000);
  expect(patienceIn({ timeout: "90s" })).toBe(90_000);
});
