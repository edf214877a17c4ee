import { ALL } from "./lists";
import { EmulatorServer, type ServiceName } from "../../lib/emulator/server";
import { listPath, PROJECT, type Rig, sampleInstance, sign, start, stopAll } from "./helpers";

const pathOf = (service: ServiceName): string =>
  service === "rds"
    ? `${listPath(service)}?instance_id=${sampleInstance("rds")}`
    : listPath(service);
const otherProject = (path: string): string => path.replace(PROJECT, "f".repeat(32));

let rig: Rig;
beforeEach(async () => {
  rig = await start();
});
afterEach(stopAll);

it("gives each service a port of its own, and no path", async () => {
  const server = new EmulatorServer({});
  const endpoints = await server.listen();
  await server.close();
  expect(Object.keys(endpoints).sort()).toEqual(
    ["dcs", "dds", "gaussDb", "geminiDb", "iam", "metadata", "rds", "taurusDb"].sort(),
  );
  const urls = Object.values(endpoints);
  expect(new Set(urls).size).toBe(urls.length);
  for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

it.each(ALL)("%s accepts a token, and a signature", async (service) => {
  const path = pathOf(service);
  expect((await rig.get(path)).status).toBe(200);
  expect((await rig.send(path, { headers: sign(rig.url(path)) })).status).toBe(200);
});

it.each(ALL)("%s refuses a caller who shows nothing", async (service) => {
  const reply = await rig.send(pathOf(service));
  expect([reply.status, reply.body.error_code]).toEqual([401, "APIGW.0301"]);
  expect(reply.body.error_msg).toContain("x-auth-token not found");
});

it.each<[ServiceName, number, string]>([
  ["gaussDb", 403, "DBS.280056"],
  ["rds", 403, "DBS.280056"],
  ["geminiDb", 403, "DBS.280056"],
  ["dcs", 401, "DCS.1001"],
  ["taurusDb", 403, "DBS.280056"],
])("%s refuses an unknown or expired token with %i %s", async (service, status, code) => {
  const unknown = await rig.get(pathOf(service), { "X-Auth-Token": "never-issued" });
  expect([unknown.status, unknown.body.error_code]).toEqual([status, code]);
  rig.server.control({ op: "expireTokens" });
  const expired = await rig.get(pathOf(service));
  expect([expired.status, expired.body.error_code]).toEqual([status, code]);
});

it("lets a token live as long as configured", async () => {
  const brief = await start({ tokenLifetimeMs: 0 });
  expect((await brief.get(listPath("gaussDb"))).body.error_code).toBe("DBS.280056");
});

it.each<[ServiceName, string]>([
  ["gaussDb", "DBS.200044"],
  ["rds", "DBS.200044"],
  ["geminiDb", "DBS.280015"],
  ["dcs", "DCS.1004"],
  ["taurusDb", "DBS.280015"],
])("%s refuses another project with 403 %s", async (service, code) => {
  const path = pathOf(service);
  const other = otherProject(path);
  for (const reply of [
    await rig.get(other),
    await rig.send(other, { headers: sign(rig.url(other)) }),
    await rig.get(path, { "X-Project-Id": "f".repeat(32) }),
  ]) {
    expect([reply.status, reply.body.error_code]).toEqual([403, code]);
  }
  expect((await rig.get(path, { "X-Project-Id": PROJECT })).status).toBe(200);
});

it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])(
  "answers %s to a list with 405",
  async (method) => {
    const headers = { "X-Auth-Token": rig.token };
    for (const service of ALL) {
      const reply = await rig.send(pathOf(service), { method, headers });
      expect([reply.status, reply.headers.allow]).toEqual([405, "GET"]);
    }
  },
);

it("answers the wrong method on IAM and metadata with 405", async () => {
  expect((await rig.send("/iam/v3/auth/tokens")).status).toBe(405);
  expect((await rig.send("/iam/v3/projects", { method: "POST" })).status).toBe(405);
  expect((await rig.send("/metadata/openstack/latest/securitykey", { method: "PUT" })).status).toBe(
    405,
  );
});

it.each([
  "/rds/",
  "/rds/v3/backups",
  `/rds/rds/v3/${PROJECT}/backups`,
  `/dcs/v3/${PROJECT}/backups`,
  `/rds/v3/${PROJECT}/instances/x/incremental-backups`,
  `/rds/v3.1/${PROJECT}/backups`,
  `/rds/v3/${PROJECT}/backups/`,
  `/rds//v3/${PROJECT}/backups`,
  `/geminidb/v3/${PROJECT}/backups`,
  `/dcs/v3/${PROJECT}/instances/x/backups`,
  `/dcs/v1.0/${PROJECT}/backups`,
  `/taurusdb/v3/${PROJECT}/instances/x/backups`,
  "/iam/v3",
  "/metadata/latest",
  "/rds//",
  "/rds/%",
])("answers the path %s with 404 of the gateway", async (path) => {
  const reply = await rig.get(path);
  expect([reply.status, reply.body.error_code]).toEqual([404, "APIGW.0101"]);
  expect(reply.body.request_id).toBe(reply.headers["x-request-id"]);
});

it("puts a request id, another each time, on every answer", async () => {
  const paths = [
    ...ALL.map(pathOf),
    "/rds/nowhere",
    "/iam/v3/projects",
    "/metadata/openstack/latest/securitykey",
  ];
  const replies = await Promise.all(paths.map((path) => rig.get(path)));
  const ids = replies.map((reply) => reply.headers["x-request-id"]);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(paths.length);
});
