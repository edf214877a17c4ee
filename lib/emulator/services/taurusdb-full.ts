import { FULL } from "./drafts";
import type { EmulatedList } from "./list";
import { backupsKeys, byId, byType, offsetWindow, oneToHundred } from "./rules";
import { taurusDb } from "./taurusdb";
import { CHINA, databaseStatus, offsetTimes } from "./write";

/** TaurusDB page, "Querying Backups" (gaussdb_06_0004). */
export const taurusDbFull: EmulatedList = {
  service: "taurusDb",
  version: "v3", // URI
  resource: "backups",
  instance: "optional", // Table 2, instance_id: Mandatory "No"
  offset: { name: "offset", first: 0 }, // Table 2, offset: 0 by default, not negative
  limit: oneToHundred, // Table 2, limit: 1 to 100, default 100
  // Table 2, end_time: "must be later". That one bound needs the other is on the page of the
  // incremental backups; here it is a choice.
  window: { ...offsetWindow, endIs: "later" },
  filters: { backup_id: byId, backup_type: byType("auto", "manual") }, // Table 2
  windows: undefined, // the same call as beside the incremental backups
  newestFirst: false, // no order on the page
  keys: backupsKeys, // Tables 4 and 5
  errors: taurusDb.errors,
  // "Example Response". It has the backup's id for the instance's.
  samples: [
    {
      id: "c0c9f155c7b7423a9d30f0175998b63bbr01",
      name: "TaurusDB-e747-20200705185048266",
      begin_time: "2020-07-06T10:41:14+0800",
      end_time: "2020-07-16T10:41:14+0800",
      take_up_time: 2,
      status: "COMPLETED",
      type: "auto",
      size: 2803,
      datastore: { type: "gaussdb-mysql", version: "8.0" },
      instance_id: "c0c9f155c7b7423a9d30f0175998b63bbr01",
    },
  ],
  instances: ["61a4ea66210545909d74a05c27a7179ein07"], // of the incremental backups' sample
  says: ["status", "description", "engine"], // Table 5
  // Table 5: size in MB as a whole number, the duration in minutes; AVAILABLE beside COMPLETED.
  write: (spec) => ({
    id: `${spec.id}br07`,
    name: spec.name,
    ...offsetTimes(spec, CHINA),
    take_up_time: Math.round(spec.durationMs / 60_000),
    status: spec.kind === "manual" && spec.state === "done" ? "AVAILABLE" : databaseStatus(spec),
    type: spec.kind,
    size: Math.round(spec.bytes / 1024 ** 2),
    datastore: { type: "gaussdb-mysql", version: "8.0", ...spec.engine },
    instance_id: spec.instance,
    description: spec.description ?? "",
  }),
  namePrefix: "TaurusDB-e747-",
  drafts: FULL,
  generated: {
    kinds: ["auto", "auto", "auto", "manual"],
    states: ["done", "done", "done", "done", "failed", "running"],
  },
};
