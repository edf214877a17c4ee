import type { ServiceName } from "../../lib/emulator/server";
import { PROJECT, type Rig, start, stopAll } from "./helpers";

let rig: Rig;
afterEach(stopAll);

// As they stand on the pages, the raw plus of their times included; host and project are the emulator's.
const REQUESTS: [string, ServiceName, string, string][] = [
  [
    "GaussDB",
    "gaussDb",
    "88be33e4c5a64ceba42b42da89310111in14",
    `/gaussdb/v3/${PROJECT}/backups?instance_id=88be33e4c5a64ceba42b42da89310111in14&backup_id=88be1234c5a64ceba42b42da89310111br14&backup_type=auto&begin_time=2022-05-09T16:15:50+0800&end_time=2022-05-09T16:20:45+0800&limit=1&offset=1`,
  ],
  ["GaussDB, without parameters", "gaussDb", "i", `/gaussdb/v3/${PROJECT}/backups`],
  [
    "RDS",
    "rds",
    "43e4feaab48f11e89039fa163ebaa7e4br01",
    `/rds/v3/${PROJECT}/backups?instance_id=43e4feaab48f11e89039fa163ebaa7e4br01&backup_id=c0c9f155c7b7423a9d30f0175998b63bbr01&backup_type=auto&offset=0&limit=10&begin_time=2018-08-06T10:41:14+0800&end_time=2018-08-16T10:41:14+0800`,
  ],
  [
    "GeminiDB",
    "geminiDb",
    "c0c9f155c7b7423a9d30f0175998b63bin01",
    `/geminidb/v3.1/${PROJECT}/backups?instance_id=c0c9f155c7b7423a9d30f0175998b63bin01&offset=2&limit=2&begin_time=2019-05-27T03:38:51+0000&end_time=2019-05-28T03:38:51+0000&type=DatabaseTable`,
  ],
  [
    "TaurusDB",
    "taurusDb",
    "61a4ea66210545909d74a05c27a7179ein07",
    `/taurusdb/v3/${PROJECT}/instances/61a4ea66210545909d74a05c27a7179ein07/incremental-backups?offset=0&limit=10&begin_time=2022-07-06T10:41:14+0800&end_time=2022-07-16T10:41:14+0800`,
  ],
  [
    "TaurusDB's full backups",
    "taurusDbFull",
    "43e4feaab48f11e89039fa163ebaa7e4br01",
    `/taurusdb/v3/${PROJECT}/backups?instance_id=43e4feaab48f11e89039fa163ebaa7e4br01&backup_id=c0c9f155c7b7423a9d30f0175998b63bbr01&backup_type=auto&offset=0&limit=10&begin_time=2020-07-06T10:41:14+0800&end_time=2020-07-16T10:41:14+0800`,
  ],
  [
    "DDS",
    "dds",
    "c0c9f155c7b7423a9d30f0175998b63bin01",
    // The page's own example has its spaces as they are, which no client can send.
    `/dds/v3/${PROJECT}/backups?instance_id=c0c9f155c7b7423a9d30f0175998b63bin01&offset=0&limit=10&begin_time=2018-08-06%2010:41:14&end_time=2018-08-16%2010:41:14`,
  ],
];

test.each(REQUESTS)(
  "the example request of the page of %s is answered",
  async (_, name, id, path) => {
    rig = await start({ instances: { [name]: [id] } });
    const reply = await rig.get(path);
    expect(reply.status).toBe(200);
    expect(reply.body.backups).toEqual(expect.any(Array));
  },
);

test("a parameter is called mandatory only where its page does", async () => {
  rig = await start();
  const said = async (path: string) => (await rig.get(path)).body.error_msg;
  expect(await said(`/rds/v3/${PROJECT}/backups`)).toContain("is mandatory");
  for (const path of [
    `/rds/v3/${PROJECT}`,
    `/gaussdb/v3/${PROJECT}`,
    `/geminidb/v3.1/${PROJECT}`,
  ]) {
    expect(await said(`${path}/backups?instance_id=`)).toBe(
      "The parameter instance_id must not be empty.",
    );
  }
});
