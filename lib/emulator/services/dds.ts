import { textOf } from "../record";
import { readUtc } from "../times";
import { FULL, MANUAL } from "./drafts";
import type { EmulatedList, Notation, Spec } from "./list";
import { backupsKeys, byId, byType, databaseErrors, oneToHundred, restoreTime } from "./rules";
import { databaseStatus, endOf, isUnderWay } from "./write";

const PLAIN_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** Table 1, begin_time: "The value is in UTC format", so it names no zone. */
const plain: Notation = {
  form: "yyyy-mm-dd hh:mm:ss",
  read: (text) => readUtc(PLAIN_TIME, text) ?? "format",
};

/** DDS page, "Querying the Backup List" (dds_api_0029). */
export const dds: EmulatedList = {
  service: "dds",
  version: "v3", // URI format
  resource: "backups",
  instance: "optional", // Table 1, instance_id: Mandatory "No"
  offset: { name: "offset", first: 0 }, // Table 1, offset: "greater than or equal to 0"
  limit: oneToHundred, // Table 1, limit: 1 to 100, "the first 100" by default
  // Table 1, notes: each bound makes the other mandatory. Which is later is not on the page.
  window: {
    begin: "begin_time",
    end: "end_time",
    notation: plain,
    together: true,
    endIs: "anything",
  },
  filters: {
    backup_id: byId,
    // Table 1, backup_type: Auto or Manual; the page's own example of an answer has "auto".
    backup_type: { ...byType("Auto", "Manual"), of: ({ type }) => capitalised(textOf(type)) },
    // Table 1, mode. Table 3 has no such field: a made-up record says it in its instance's name.
    mode: {
      allowed: ["Sharding", "ReplicaSet", "Single"],
      of: ({ instance_name: name }) => textOf(name)?.split(" ")[0],
    },
  },
  // "Querying the Restoration Time Ranges" (dds_api_0080): date is mandatory.
  windows: { ...restoreTime, by: "mandatory day" },
  newestFirst: true, // Table 1, offset: "the query starts from the latest created DB instance"
  keys: backupsKeys, // Tables 2 and 3
  errors: {
    ...databaseErrors,
    parameter: "DBS.200001",
    project: { status: 403, code: "DBS.280015" }, // docs/apis/shared.md, Errors
    instance: { status: 404, code: "DBS.280022" }, // docs/apis/shared.md, Errors; whose it is, is a choice
  },
  // "Response example".
  samples: [
    {
      id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      name: "backup-test",
      instance_id: "43e4feaab48f11e89039fa163ebaa7e4br01",
      instance_name: "cluster-test",
      datastore: { type: "DDS-Community", version: "4.0" },
      type: "auto",
      begin_time: "2018-08-06 12:41:14",
      end_time: "2018-08-06 12:43:14",
      status: "COMPLETED",
      size: 2803,
      description: "backup description",
    },
  ],
  instances: ["d5833c2854a4486cb7960f829269e211in02"], // of the example of dds_api_0080
  says: ["status", "description", "instanceName", "engine"], // Table 3
  // Table 3: size in KB; DISABLED is "being deleted".
  write: (spec) => ({
    id: `${spec.id}br02`,
    name: spec.name,
    instance_id: spec.instance,
    instance_name: spec.instanceName ?? "ReplicaSet of orders",
    datastore: { type: "DDS-Community", version: "4.4", ...spec.engine },
    type: capitalised(spec.kind),
    ...plainTimes(spec),
    status: spec.state === "deleting" ? "DISABLED" : databaseStatus(spec),
    size: Math.round(spec.bytes / 1024),
    description: spec.description ?? "",
  }),
  namePrefix: "dds-orders-",
  drafts: [...FULL, { ...MANUAL, ago: 20 * 86_400_000, state: "deleting", name: "not-wanted" }],
  generated: {
    kinds: ["auto", "auto", "auto", "manual"],
    states: ["done", "done", "done", "done", "failed", "running", "deleting"],
  },
};

function plainTimes(spec: Spec) {
  const written = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const begin_time = written(spec.beginMs);
  return isUnderWay(spec) ? { begin_time } : { begin_time, end_time: written(endOf(spec)) };
}

/** Samples write in small letters what the tables have with a capital. */
function capitalised(type: string | undefined): string | undefined {
  return type && type[0]!.toUpperCase() + type.slice(1).toLowerCase();
}
