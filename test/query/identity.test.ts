import fc from "fast-check";
import {
  BackupKind,
  BackupService,
  Cloud,
  Credentials,
  Duration,
  GeminiDbBackupType,
} from "../../lib";
import { SERVICES } from "../../lib/services/registry";
import { checkedQuery, Declared } from "../../lib/query/query";
import { Identity, identityOf, keyOf } from "../../lib/query/identity";
import { backupsOf, questionOf, windowsOf } from "../../lib/query/question";

const { RDS, GEMINIDB, DCS } = BackupService;
type Asked = Declared & { service?: BackupService; type?: GeminiDbBackupType };
const question = ({ service = RDS, ...declared }: Asked = {}) =>
  backupsOf(checkedQuery({ service, list: "backups" }, { instanceId: "orders", ...declared }, ""));

describe("the identity of a lookup", () => {
  test("is where, whose and what, as far as it was declared", () => {
    expect(identityOf(question(), {})).toEqual({
      service: "rds",
      list: "backups",
      instance_id: "orders",
    });
    const settings = {
      cloud: Cloud.openTelekomCloud(),
      region: "eu-de",
      projectId: "p1",
      projectName: "eu-de",
      credentials: Credentials.token("secret"),
      language: "zh-cn",
      caFile: "/ca.pem",
    };
    const asked = question({ within: Duration.days(7), backupType: BackupKind.MANUAL });
    expect(identityOf(asked, settings)).toEqual({
      ...{ cloud: "otc", region: "eu-de", project_id: "p1" },
      ...{ service: "rds", list: "backups", instance_id: "orders" },
      ...{ backup_type: "manual", within_ms: 604_800_000 },
    });
  });

  test("holds no port and no credential", () => {
    const at = (port: number) => Cloud.custom({ rds: `http://127.0.0.1:${port}/gate` });
    const [one, two] = [1, 2].map((port) =>
      identityOf(question(), { cloud: at(port), credentials: Credentials.token(`t${port}`) }),
    );
    expect(one).toEqual(two);
    expect(one).toMatchObject({ cloud: "custom", endpoint: "127.0.0.1/gate" });
  });

  test("tells services of one host apart, whose ports alone differ", () => {
    const cloud = Cloud.custom({
      gaussDb: "http://127.0.0.1:1",
      rds: "http://127.0.0.1:2",
      geminiDb: "http://127.0.0.1:3",
      dcs: "http://127.0.0.1:4",
      taurusDb: "http://127.0.0.1:5",
      dds: "http://127.0.0.1:6",
    });
    const identities = Object.values(BackupService).map((service) => {
      const list = Object.keys(SERVICES[service].lists)[0]!;
      const query = checkedQuery({ service, list }, { instanceId: "orders" }, "");
      return identityOf(backupsOf(query), { cloud });
    });
    expect(identities.map(({ endpoint }) => endpoint)).toEqual(identities.map(() => "127.0.0.1"));
    expect(new Set(identities.map(keyOf)).size).toBe(identities.length);
  });

  test("differs where another cloud, host, region, project or question is declared", () => {
    const custom = (rds: string) => ({ cloud: Cloud.custom({ rds }) });
    const keys = [
      identityOf(question(), {}),
      identityOf(question(), { cloud: Cloud.openTelekomCloud() }),
      identityOf(question(), { cloud: Cloud.huaweiCloud() }),
      identityOf(question(), custom("https://a.example")),
      identityOf(question(), custom("https://b.example")),
      identityOf(question(), custom("https://b.example/x")),
      identityOf(question(), { region: "eu-de" }),
      identityOf(question(), { region: "eu-nl" }),
      identityOf(question(), { projectId: "x" }),
      identityOf(question(), { projectName: "x" }),
      identityOf(question({ instanceId: "other" }), {}),
      identityOf(question({ backupId: "orders" }), {}),
      identityOf(question({ beginTime: new Date(0) }), {}),
      identityOf(question({ endTime: new Date(1000) }), {}),
      identityOf(question({ service: DCS }), {}),
      identityOf(windowsOf(RDS, "orders", { daysBefore: [0] })!, {}),
      identityOf(windowsOf(RDS, "orders", { daysBefore: [1] })!, {}),
      identityOf(windowsOf(RDS, "orders", { dates: ["2026-01-31"] })!, {}),
    ].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^(rds|dcs)\/[0-9a-f]{16}$/);
  });

  test("differs between the lists of one service", () => {
    const of = (list: string) =>
      backupsOf(checkedQuery({ service: BackupService.TAURUSDB, list }, { instanceId: "i" }, ""));
    const [usual, full] = ["backups", "full-backups"].map((list) => identityOf(of(list), {}));
    expect(usual).toEqual({ service: "taurusdb", list: "backups", instance_id: "i" });
    expect(full).toEqual({ service: "taurusdb", list: "full-backups", instance_id: "i" });
    expect(questionOf(full!)!.label).toBe("TaurusDB full backups of instance i");
  });

  test("is the same for what is the same to the service", () => {
    const same = (a: Asked, b: Asked) =>
      expect(identityOf(question(a), {})).toEqual(identityOf(question(b), {}));
    same({ within: Duration.days(7) }, { within: Duration.hours(168) });
    same({ service: GEMINIDB }, { service: GEMINIDB, type: GeminiDbBackupType.INSTANCE });
    same({ ifInstanceMissing: "empty" }, { ifInstanceMissing: "fail" });
  });
});

describe("a question that is read from an identity", () => {
  const time = fc.date({
    min: new Date(0),
    max: new Date("9999-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/);

  test("is the one that it was written of", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(BackupService)),
        id,
        optional(id),
        optional(time),
        optional(fc.integer({ min: 1, max: 1e9 })),
        (service, instanceId, backupId, beginTime, seconds) => {
          const within =
            seconds === undefined || beginTime ? undefined : Duration.seconds(seconds / 1_000);
          const asked = question({ service, instanceId, backupId, beginTime, within });
          const read = questionOf(identityOf(asked, { region: "eu-de" }))!;
          expect(read.identity).toEqual(asked.identity);
          expect(read.label).toBe(asked.label);
          const [asOf, now] = [new Date("2026-01-31"), new Date("2026-02-01")];
          expect(read.lists(asOf, now)).toEqual(asked.lists(asOf, now));
        },
      ),
    );
  });

  test("of windows asks for the same days", () => {
    for (const days of [{ daysBefore: [0, 1, 31] }, { dates: ["2026-01-31", "2026-02-01"] }]) {
      const asked = windowsOf(RDS, "orders", days)!;
      const read = questionOf(identityOf(asked, {}))!;
      const asOf = new Date("2026-01-31T23:59:59Z");
      expect(read.lists(asOf, asOf)).toEqual(asked.lists(asOf, asOf));
    }
  });

  test.each<[string, Identity]>([
    ["an unknown service", { service: "s3", list: "backups" }],
    ["a service that is a property of every object", { service: "constructor", list: "backups" }],
    ["an id that leads elsewhere", { service: "dcs", list: "backups", instance_id: "../x" }],
    ["no id where one is needed", { service: "rds", list: "backups" }],
    ["an id that is no text", { service: "rds", list: "backups", instance_id: 7 }],
    [
      "a window that can't be",
      { service: "rds", list: "backups", instance_id: "a", within_ms: -1 },
    ],
    [
      "a time that is none",
      { service: "rds", list: "backups", instance_id: "a", begin_time: "soon" },
    ],
    ["an unknown list", { service: "rds", list: "users", instance_id: "a" }],
    ["windows without days", { service: "rds", list: "windows", instance_id: "a" }],
    ["windows of DCS", { service: "dcs", list: "windows", instance_id: "a", days_before: [0] }],
    [
      "a date that leads elsewhere",
      { service: "rds", list: "windows", instance_id: "a", dates: ["../../x"] },
    ],
    [
      "a date that is none",
      { service: "rds", list: "windows", instance_id: "a", dates: ["2026-99-99"] },
    ],
    [
      "days beyond all time",
      { service: "rds", list: "windows", instance_id: "a", days_before: [1e12] },
    ],
    [
      "days that are none",
      { service: "rds", list: "windows", instance_id: "a", days_before: [-1] },
    ],
  ])("is none where there is %s", (_what, identity) => {
    expect(questionOf(identity)).toBeUndefined();
  });
});
