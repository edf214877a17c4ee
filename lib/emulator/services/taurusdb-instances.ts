import {
  chinaTime,
  databaseInstances,
  exactly,
  datastoreTypeOf,
  ignored,
  type InstanceList,
  NETWORK,
  starred,
  strategyOf,
  typeOf,
} from "./instance-list";
import { taurusDb } from "./taurusdb";

/** TaurusDB pages, "Querying DB Instances" (ListGaussMySqlInstances and …UnifyStatus). */
export const taurusDbInstances: InstanceList = {
  ...databaseInstances,
  service: taurusDb.service,
  versions: ["v3", "v3.1"], // of the two pages
  errors: taurusDb.errors,
  filters: {
    id: starred("id"), // id and name: exact, or fuzzy after an asterisk, which alone is refused
    name: starred("name"),
    type: exactly(["Cluster"], typeOf),
    datastore_type: exactly(["gaussdb-mysql"], datastoreTypeOf),
    ...ignored("vpc_id", "subnet_id", "private_ip", "readonly_private_ip", "proxy_ip", "tags"),
  },
  newestFirst: false, // no order on the page
  // status of v3.1; v3 names none.
  states: { available: "normal", creating: "creating", failed: "abnormal" },
  says: [],
  // port, volume.size (GB, used) and keep_days: strings by the table, numbers in the examples, which
  // are followed here, as they are in their times: an underscore for the sign.
  write: ({ id, name, createdMs, region, state, ...spec }, version) => ({
    id,
    name,
    // The words of v3.1, where one is asked for; else those of the examples.
    status: state ? taurusDbInstances.states[state] : version === "v3.1" ? "normal" : "ACTIVE",
    type: "Cluster",
    port: 3306,
    private_ips: ["192.168.0.142"],
    readonly_private_ips: [],
    proxy_ips: [],
    db_user_name: "root",
    region,
    datastore: {
      type: "gaussdb-mysql",
      version: "8.0",
      kernel_version: "2.0.29.1",
      ...spec.engine,
    },
    created: underscored(createdMs),
    updated: underscored(createdMs),
    volume: { type: "POOL", size: 100 },
    ...NETWORK,
    flavor_ref: "gaussdb.mysql.c3.small.4",
    flavor_info: { vcpus: 8, ram: 16 },
    backup_strategy: strategyOf(spec),
    charge_info: { charge_mode: "postPaid" },
    enterprise_project_id: 0,
    time_zone: "UTC",
    tags: [],
  }),
};

/** "2018-08-20T02:33:49_0800" */
function underscored(ms: number): string {
  return chinaTime(ms).replace("+", "_");
}
