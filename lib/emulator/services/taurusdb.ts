import { incrementals } from "./drafts";
import type { EmulatedList } from "./list";
import { backupsKeys, databaseErrors, offsetWindow, restoreTime } from "./rules";
import { CHINA, offsetTimes } from "./write";

/** TaurusDB page, "Querying Incremental Backups". */
export const taurusDb: EmulatedList = {
  service: "taurusDb",
  version: "v3", // URI
  resource: "incremental-backups",
  instance: "path", // URI
  offset: { name: "offset", first: 0 }, // query parameters, offset: 0 by default, not negative
  // Query parameters, limit: "Value: 10 (default value), 20, or 50".
  limit: { default: 10, allowed: (limit) => [10, 20, 50].includes(limit), rule: "10, 20 or 50" },
  // Query parameters: each bound makes the other mandatory; end_time "must be later".
  window: { ...offsetWindow, endIs: "later" },
  filters: {},
  // docs/apis/shared.md, The vendor's own restore windows: the same path, the plural in the answer.
  windows: { ...restoreTime, list: "restore_times" },
  newestFirst: false, // no order on the page
  keys: backupsKeys, // response parameters
  errors: {
    ...databaseErrors,
    parameter: "DBS.280001",
    project: { status: 403, code: "DBS.280015" }, // docs/apis/shared.md, Errors
    instance: { status: 404, code: "DBS.280022" }, // docs/apis/shared.md, Errors
  },
  // "Example Response".
  samples: [
    {
      id: "f0d2aea28d26t4848b8c84ed3fea1822fbr07",
      name: "GaussDBforMySQL--20230728181555006",
      begin_time: "2022-07-07T12:41:14+0800",
      end_time: "2022-07-08T12:45:14+0800",
      size: 0.109375,
      instance_id: "61a4ea66210545909d74a05c27a7179ein07",
    },
  ],
  says: [], // response parameters: no more than name, times and size
  // Response parameters: size in KB, fractional in the example; no status, no type.
  write: (spec) => ({
    id: `${spec.id}br07`,
    name: spec.name,
    ...offsetTimes(spec, CHINA),
    size: spec.bytes / 1024,
    instance_id: spec.instance,
  }),
  namePrefix: "GaussDBforMySQL--",
  drafts: incrementals(4, 7 * 24), // Function: this call lists incremental backups only
  generated: { kinds: ["incremental"], states: ["done"] },
};
