import { BackupEmulator, BackupService } from "../../../lib";
import {
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_SECRET_KEY,
  DEFAULT_USER_NAME,
  EmulatorConfig,
  Fault,
} from "../../../lib/emulator/types";
import { runCommand } from "../../support/command";

let emulator: BackupEmulator;
function start(config: EmulatorConfig = {}) {
  emulator = BackupEmulator._startWith(config);
}
afterEach(() => emulator.close());

const fault = (each: Fault) => emulator._control({ op: "fault", fault: each });
const doctor = (args: string[] = [], env: { [name: string]: string } = emulator.environment) =>
  runCommand(["doctor", ...args], { env });

/** The lines of the checks, by their names. */
function verdicts(stdout: string): { [name: string]: string } {
  const lines = stdout.matchAll(/^(ok|failed|skipped) +(\S+(?: (?:instances|backups|policy))?) /gm);
  return Object.fromEntries([...lines].map(([, verdict, name]) => [name, verdict]));
}

const SERVICES = ["gaussdb", "rds", "geminidb", "dcs", "taurusdb", "dds"];
const LISTS = SERVICES.flatMap((service) => [`${service} instances`, `${service} backups`]);
// The list of its instances does not say by which policy they are backed up.
const ASKED = [...LISTS, "dcs policy"];
const FIRST = ["environment", "cloud", "credentials", "network", "sign-in", "project", "clock"];

describe("doctor, where all works,", () => {
  beforeEach(() => start());

  test("says so of each step and of each list, and ends with 0", async () => {
    const { exit, stderr, stdout } = await doctor();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(verdicts(stdout)).toEqual(
      Object.fromEntries([...FIRST, ...ASKED].map((name) => [name, "ok"])),
    );
  });

  test("asks each list once, for one record; of instances for some, where one is needed", async () => {
    await doctor();
    const asked = emulator._requests().filter(({ service }) => service !== "iam");
    expect(asked).toHaveLength(ASKED.length);
    const isPolicy = ({ path }: { readonly path: string }) => /\/instances\/[^/]+$/.test(path);
    expect(asked.filter(isPolicy).map(({ query, service }) => ({ query, service }))).toEqual([
      { service: "dcs", query: {} },
    ]);
    const lists = asked.filter((each) => !isPolicy(each));
    const limits = Object.fromEntries(
      lists.map(({ path, query, service }) => [
        `${service} ${path.split("/").at(-1)}`,
        query["limit"],
      ]),
    );
    expect(limits).toEqual({
      ...Object.fromEntries(
        ["gaussDb", "rds", "geminiDb", "dcs", "taurusDb", "dds"].flatMap((service) =>
          ["instances", "backups"].map((list) => [`${service} ${list}`, "1"]),
        ),
      ),
      "rds instances": "20",
      "dcs instances": "20",
    });
  });

  test("asks the services that are named, and no other", async () => {
    const { exit, stdout } = await doctor(["dds", "taurusdb-incremental", "dds"]);
    expect(exit).toBe(0);
    const services = emulator._requests().map(({ service }) => service);
    expect([...new Set(services)].sort()).toEqual(["dds", "iam", "taurusDb"]);
    expect(Object.keys(verdicts(stdout)).slice(FIRST.length)).toEqual([
      ...["dds instances", "dds backups", "taurusdb instances", "taurusdb backups"],
    ]);
  });

  test("tells it to programs, and to a merge request", async () => {
    const [asJson, asMarkdown] = await Promise.all([
      doctor(["rds", "-f", "json"]),
      doctor(["rds", "-f", "markdown"]),
    ]);
    const { as_of, checks, is_ok, least_policies } = JSON.parse(asJson.stdout);
    expect({ as_of, is_ok, least_policies }).toEqual({
      as_of: expect.stringMatching(/Z$/),
      is_ok: true,
      least_policies: [],
    });
    expect(checks.at(-1)).toEqual({
      name: "rds backups",
      verdict: "ok",
      what: expect.stringMatching(/^\d+ in all$/),
      advice: null,
      host: new URL(emulator.endpoints.rds!).host,
      latency_ms: expect.any(Number),
      status: 200,
      code: null,
      service_code: null,
      request_id: null,
      actions: ["rds:backup:list"],
    });
    expect(asMarkdown.stdout).toMatch(/^\| Check \| Verdict \| What \|\n\| --- \|/);
  });

  test("names variables and shows none; the other family's have no say", async () => {
    const others = { OS_USERNAME: "somebody", OS_PASSWORD: "of-the-other-family" };
    for (const format of ["text", "json", "markdown"]) {
      const { stderr, stdout } = await doctor(["-f", format], {
        ...emulator.environment,
        ...others,
      });
      const said = stdout + stderr;
      expect(said.replaceAll("\\", "")).toMatch(
        /the OS_\* variables \(OS_USERNAME, OS_PASSWORD\) have no say/,
      );
      for (const name of Object.keys(emulator.environment)) {
        expect(said.replaceAll("\\", "")).toContain(name);
      }
      for (const secret of [
        DEFAULT_SECRET_KEY,
        emulator.environment["HW_ACCESS_KEY"]!,
        "of-the-other-family",
        "somebody",
      ]) {
        expect(said).not.toContain(secret);
      }
    }
  });

  test("signs in by password, and finds the project by its name", async () => {
    const { CDKTF_BACKUPS_ENDPOINTS = "", HW_REGION_NAME = "" } = emulator.environment;
    const { exit, stdout } = await doctor(["rds"], {
      CDKTF_BACKUPS_ENDPOINTS,
      HW_REGION_NAME,
      HW_USER_NAME: DEFAULT_USER_NAME,
      HW_USER_PASSWORD: DEFAULT_PASSWORD,
      HW_DOMAIN_NAME: DEFAULT_DOMAIN_NAME,
    });
    expect(exit).toBe(0);
    expect(stdout).toContain(`as user ${DEFAULT_USER_NAME} of domain ${DEFAULT_DOMAIN_NAME}`);
    expect(stdout).toContain(`${emulator.projectId}, of the name eu-de`);
    expect(stdout).not.toContain(DEFAULT_PASSWORD);
  });
});

describe("doctor, where the environment is not enough,", () => {
  beforeEach(() => start());

  test.each([
    ["nothing is set", {}, "failed", "failed", /Set HW_ACCESS_KEY and HW_SECRET_KEY, or/],
    [
      "half a key is set",
      { HW_ACCESS_KEY: "HALFAKEY0000001", HW_REGION_NAME: "eu-de" },
      "ok",
      "failed",
      /there is HW_ACCESS_KEY without HW_SECRET_KEY/,
    ],
    [
      "no region is named",
      { HW_ACCESS_KEY: "HALFAKEY0000001", HW_SECRET_KEY: "the-other-half" },
      "failed",
      "ok",
      /Set HW_REGION_NAME beside HW_\*/,
    ],
    [
      "two families mean two clouds",
      {
        HW_ACCESS_KEY: "HALFAKEY0000001",
        HW_SECRET_KEY: "the-other-half",
        HW_CLOUD: "myhuaweicloud.com",
        OS_TOKEN: "a-token-of-nobody",
        OS_AUTH_URL: "https://iam.eu-de.otc.t-systems.com/v3",
      },
      "failed",
      "ok",
      /Unset one family, or give --cloud/,
    ],
    [
      "clouds.yaml is missing",
      { OS_CLOUD: "mine", OS_CLIENT_CONFIG_FILE: "none.yaml" },
      "failed",
      "failed",
      /there is no clouds\.yaml/,
    ],
  ])(
    "as %s, it says so, asks nothing and ends with 1",
    async (_, env, cloud, credentials, said) => {
      const { exit, stderr, stdout } = await doctor(
        [],
        env as unknown as { [name: string]: string },
      );
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: "" });
      expect(verdicts(stdout)).toMatchObject({ cloud, credentials });
      expect(stdout).toMatch(said);
      expect(stdout).not.toMatch(/HALFAKEY|the-other-half|a-token-of-nobody/);
    },
  );

  test("as the keys are of another cloud than --cloud, it says whose they are", async () => {
    const env = {
      HW_ACCESS_KEY: "HALFAKEY0000001",
      HW_SECRET_KEY: "the-other-half",
      HW_REGION_NAME: "eu-de",
    };
    const { exit, stdout } = await doctor(["--cloud", "otc", "--region", "eu-de"], env);
    expect(exit).toBe(1);
    expect(verdicts(stdout)).toMatchObject({ cloud: "ok", credentials: "failed" });
    expect(stdout).toContain(
      "the HW_* variables (HW_ACCESS_KEY, HW_SECRET_KEY, HW_REGION_NAME) are of Huawei Cloud (HW_CLOUD names no other), so they have no say for Open Telekom Cloud",
    );
    const named = await doctor(["rds", "--cloud", "otc"], env);
    expect(verdicts(named.stdout)).toMatchObject({ cloud: "failed", credentials: "failed" });
    expect(named.stdout).toMatch(/no region of Open Telekom Cloud is named; the HW_\* variables/);
  });

  test("as the CA file can't be read, it ends with 1 as well", async () => {
    const { exit, stdout } = await doctor(["--ca-file", "none.pem"]);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^failed +network +CA_FILE_UNREADABLE: the CA file none\.pem/m);
    expect(emulator.requests).toEqual([]);
  });

  test("as IAM has no address and is needed, it ends with 1", async () => {
    const { rds } = emulator.endpoints;
    const { exit, stdout } = await doctor(["rds"], {
      CDKTF_BACKUPS_ENDPOINTS: JSON.stringify({ rds }),
      OS_REGION_NAME: "eu-de",
      OS_ACCESS_KEY: "SOMEBODYSKEY001",
      OS_SECRET_KEY: "somebodys-secret",
    });
    expect(exit).toBe(1);
    expect(verdicts(stdout)).toMatchObject({ project: "failed", rds: "skipped" });
  });

  test.each([
    ["a service that there is not", ["mysql"]],
    ["a format that is none", ["-f", "csv"]],
    ["a moment, which it has no use for", ["--as-of", "2026-01-01"]],
  ])("%s is wrong use: 1, before any request", async (_, args) => {
    const { exit, stdout } = await doctor(args);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(emulator.requests).toEqual([]);
  });
});

describe("doctor, where something fails,", () => {
  test("names the least rights that would do, also of what could not be asked, and ends with 3", async () => {
    start();
    fault({ service: "rds", status: 403, body: '{"error_msg": "no"}', times: -1 });
    fault({ service: "geminiDb", path: "/backups", status: 403, body: '{"error_msg": "no"}' });
    const { exit, stdout } = await doctor();
    expect(exit).toBe(3);
    const failing = Object.entries(verdicts(stdout)).filter(([, verdict]) => verdict !== "ok");
    expect(failing).toEqual([
      ["rds instances", "failed"],
      ["rds backups", "skipped"],
      ["geminidb backups", "failed"],
    ]);
    expect(stdout).toContain("Allow the user rds:instance:list in this project.");
    expect(stdout).toContain(
      "Allow the user nosql:backup:list (in identity policies gaussdbfornosql:backup:list)",
    );
    const policy = JSON.parse(stdout.slice(stdout.indexOf("{")));
    expect(policy).toEqual({
      Version: "1.1",
      Statement: [
        { Effect: "Allow", Action: ["nosql:backup:list", "rds:backup:list", "rds:instance:list"] },
      ],
    });
  });

  test("names the right to read the policies of DCS, which a check asks for", async () => {
    start();
    const [instance] = BackupEmulator.sampleInstances(BackupService.DCS) as [string];
    const path = `/v2/${emulator.projectId}/instances/${instance}`;
    fault({ service: "dcs", path, status: 403, body: '{"error_msg": "no"}' });
    const { exit, stdout } = await doctor(["dcs"]);
    expect(exit).toBe(3);
    expect(verdicts(stdout)).toMatchObject({
      ...{ "dcs instances": "ok", "dcs backups": "ok", "dcs policy": "failed" },
    });
    expect(stdout).toContain("Allow the user dcs:instance:get in this project.");
    expect(JSON.parse(stdout.slice(stdout.indexOf("{")))).toEqual({
      Version: "1.1",
      Statement: [{ Effect: "Allow", Action: ["dcs:instance:get"] }],
    });
  });

  test("names that right also where the list of the instances is refused", async () => {
    start();
    fault({ service: "dcs", status: 403, body: '{"error_msg": "no"}', times: -1 });
    const { stdout } = await doctor(["dcs"]);
    expect(verdicts(stdout)).toMatchObject({ "dcs backups": "skipped", "dcs policy": "skipped" });
    const { Statement } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    const actions = ["dcs:instance:get", "dcs:instance:getDataBackupLog", "dcs:instance:list"];
    expect(Statement).toEqual([{ Effect: "Allow", Action: actions }]);
  });

  test("names the right to find the project apart: IAM is a global service", async () => {
    start();
    fault({ service: "iam", status: 403, body: '{"error": {"message": "no"}}' });
    const { exit, stdout } = await doctor(["rds", "-f", "json"]);
    expect(exit).toBe(3);
    const { checks, is_ok, least_policies } = JSON.parse(stdout);
    expect(is_ok).toBe(false);
    expect(checks.at(-1)).toMatchObject({ name: "rds", verdict: "skipped" });
    expect(least_policies).toMatchObject([
      {
        scope: "global services",
        policy: { Statement: [{ Action: ["iam:projects:listProjects"] }] },
      },
    ]);
  });

  test("of a key that is another's, the sign-in has failed; its secret is not shown", async () => {
    start();
    const HW_SECRET_KEY = "the-secret-of-somebody-else";
    for (const format of ["text", "json", "markdown"]) {
      const { exit, stderr, stdout } = await doctor(["-f", format], {
        ...emulator.environment,
        HW_SECRET_KEY,
        HW_PROJECT_ID: emulator.projectId,
      });
      expect(exit).toBe(3);
      expect(stdout + stderr).not.toContain(HW_SECRET_KEY);
      if (format === "text") {
        expect(verdicts(stdout)).toMatchObject({ "sign-in": "failed", "dds backups": "failed" });
        expect(stdout).toContain("The secret key does not belong to this access key");
      }
    }
  });

  test("of a refused password, nothing behind it is asked", async () => {
    start();
    const { CDKTF_BACKUPS_ENDPOINTS = "", HW_REGION_NAME = "" } = emulator.environment;
    const { exit, stdout } = await doctor(["rds"], {
      CDKTF_BACKUPS_ENDPOINTS,
      HW_REGION_NAME,
      HW_USER_NAME: DEFAULT_USER_NAME,
      HW_USER_PASSWORD: "a-password-that-is-wrong",
      HW_DOMAIN_NAME: DEFAULT_DOMAIN_NAME,
    });
    expect(exit).toBe(3);
    expect(verdicts(stdout)).toMatchObject({
      ...{ "sign-in": "failed", project: "skipped", clock: "ok", rds: "skipped" },
    });
    expect(stdout).not.toContain("a-password-that-is-wrong");
  });

  test("of a clock that is off, it says by how much, also where it is why nothing is answered", async () => {
    start({ clockAheadMs: 3 * 3_600_000 });
    const { exit, stdout } = await doctor(["rds"]);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^failed +clock +CLOCK_SKEW: this machine's clock is [23] h .*behind/m);
    expect(stdout).toContain("set this machine's clock");
  });

  test("of a service that never answers, it says so in time, and what the others said", async () => {
    start();
    fault({ service: "dds", hang: true, times: -1 });
    const { exit, stdout } = await doctor(["rds", "dds", "--timeout", "5s"]);
    expect(exit).toBe(3);
    expect(verdicts(stdout)).toMatchObject({
      ...{ "rds instances": "ok", "rds backups": "ok" },
      ...{ "dds instances": "failed", "dds backups": "failed" },
    });
    expect(stdout).toMatch(/DEADLINE_EXCEEDED.*5 s/);
  });

  test("of a service without an address, it says where to give one", async () => {
    start();
    const { iam, rds } = emulator.endpoints;
    const { exit, stdout } = await doctor(["rds", "dds"], {
      CDKTF_BACKUPS_ENDPOINTS: JSON.stringify({ iam, rds }),
      OS_REGION_NAME: emulator.region,
      OS_ACCESS_KEY: emulator.environment["HW_ACCESS_KEY"]!,
      OS_SECRET_KEY: DEFAULT_SECRET_KEY,
    });
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^failed +dds +NO_ENDPOINT: the custom cloud has no address of DDS/m);
  });

  test("of an answer that is no list, it says so", async () => {
    start();
    fault({ service: "rds", path: "/instances", status: 200, body: "<html>Log in</html>" });
    const { exit, stdout } = await doctor(["rds"]);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^failed +rds instances +BAD_ANSWER: the answer is not JSON/m);
  });
});
