import type { EmulatedList } from "./list";
import { FULL } from "./drafts";
import {
  backupsKeys,
  byId,
  byType,
  databaseErrors,
  offsetWindow,
  oneToHundred,
  restoreTime,
} from "./rules";
import { CHINA, databaseStatus, offsetTimes } from "./write";

/** GaussDB page, "Querying Backups". */
export const gaussDb: EmulatedList = {
  service: "gaussDb",
  version: "v3", // URI format
  resource: "backups",
  instance: "optional", // Table 1, instance_id: Mandatory "No"
  offset: { name: "offset", first: 0 }, // Table 1, offset: minimum value 0, the default
  limit: oneToHundred, // Table 1, limit: minimum 1, maximum 100, default 100
  // Table 1, begin_time: "must be used together with end_time"; end_time: "must be later".
  window: { ...offsetWindow, endIs: "later" },
  filters: { backup_id: byId, backup_type: byType("auto", "manual") }, // Table 1
  // docs/apis/shared.md, The vendor's own restore windows: "GaussDB's page says mandatory".
  windows: { ...restoreTime, by: "mandatory day" },
  newestFirst: false, // no order on the page
  keys: backupsKeys, // Tables 2 and 3
  errors: {
    ...databaseErrors,
    parameter: "DBS.200001",
    project: { status: 403, code: "DBS.200044" }, // docs/apis/shared.md, Errors: "no permission"
    instance: { status: 404, code: "DBS.200002" }, // docs/apis/shared.md, Errors
  },
  // "Example normal response".
  samples: [
    {
      id: "a696cd25e4fc453aa503650225cece8bbr14",
      name: "GaussDB-hly-ha-20220509080110906",
      description: null,
      status: "FAILED",
      size: 0.0,
      type: "auto",
      datastore: {
        type: "GaussDB",
        version: "1.4",
      },
      begin_time: "2022-05-09T16:01:10+0800",
      end_time: "2022-05-09T16:04:31+0800",
      instance_id: "164abc6d35114095bb849d007b19db3bin14",
    },
    {
      id: "5651c62a7f12461c98020dd3abfe24ccbr14",
      name: "GaussDB-hly-master-20220509022658257",
      description: null,
      status: "FAILED",
      size: 0.0,
      type: "auto",
      datastore: {
        type: "GaussDB",
        version: "1.4",
      },
      begin_time: "2022-05-09T10:26:58+0800",
      end_time: "2022-05-09T10:30:17+0800",
      instance_id: "fd26e3bf26e5467587eec857e4f66ef0in14",
    },
  ],
  says: ["status", "description", "engine"], // Table 3
  // Table 3: size in MB; the example's times are at +0800.
  write: (spec) => ({
    id: `${spec.id}br14`,
    name: spec.name,
    description: spec.description ?? null,
    status: databaseStatus(spec),
    size: spec.bytes / 1024 ** 2,
    type: spec.kind,
    datastore: { type: "GaussDB", version: "8.1", ...spec.engine },
    ...offsetTimes(spec, CHINA),
    instance_id: spec.instance,
  }),
  namePrefix: "GaussDB-orders-",
  drafts: FULL, // Constraints: "only manual and automated full backups"
  generated: {
    kinds: ["auto", "auto", "auto", "manual"], // Table 3
    states: ["done", "done", "done", "done", "failed", "running"],
  },
};
