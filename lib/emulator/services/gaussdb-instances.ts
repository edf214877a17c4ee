import { gaussDb } from "./gaussdb";
import {
  databaseInstances,
  gigabytes,
  ignored,
  type InstanceList,
  NETWORK,
  starred,
  strategyOf,
} from "./instance-list";

/** GaussDB page, "Querying DB Instances (v3)" (gaussdb_api_143). */
export const gaussDbInstances: InstanceList = {
  ...databaseInstances,
  service: gaussDb.service,
  errors: gaussDb.errors,
  filters: {
    id: starred("id"), // id and name: exact, or fuzzy after an asterisk, which alone is refused
    name: starred("name"),
    // Two of these select nothing for another reason: type and datastore_type name Enterprise and GaussDB where the example has "enterprise" and
    // "GaussDB(for openGauss)".
    ...ignored("type", "datastore_type", "vpc_id", "subnet_id", "tags", "charge_mode"),
  },
  // ListRestorableInstances: source_instance_id (mandatory), backup_id or restore_time; instance_list, total_count
  restorable: { list: "instance_list", isOfBackup: false },
  newestFirst: false, // no order on the page
  // status has several words for a change; one of them.
  states: {
    available: "ACTIVE",
    creating: "BUILD",
    changing: "REBOOTING",
    frozen: "FROZEN",
    failed: "FAILED",
  },
  says: ["volumeSizeBytes"],
  // created: "yyyy-mm-dd hh:mm:ss timezone"; volume.size: GB, an integer; backup_used_space: KB, a
  // string. The engine is called as on the page of the backups.
  write: ({ id, name, createdMs, region, state = "available", ...spec }) => ({
    id,
    status: gaussDbInstances.states[state],
    name,
    port: 8000,
    type: "enterprise",
    ha: { consistency: "strong", replication_mode: "sync" },
    region,
    datastore: { type: "GaussDB", version: "8.1", ...spec.engine },
    created: spacedTime(createdMs),
    updated: spacedTime(createdMs + 1_098_000),
    volume: {
      type: "ULTRAHIGH",
      size: gigabytes(spec.volumeBytes, 120),
    },
    nodes: [],
    private_ips: ["192.168.28.81 / 192.168.27.52 / 192.168.16.253"],
    public_ips: [],
    replica_num: 3,
    db_user_name: "root",
    ...NETWORK,
    flavor_ref: "gaussdb.opengauss.ee.dn.m6.large.8.in",
    flavor_info: { vcpu: 2, mem: 16 },
    switch_strategy: "Reliability",
    charge_info: { charge_mode: "postPaid" },
    backup_strategy: strategyOf(spec),
    maintenance_window: "18:00-22:00",
    enterprise_project_id: "0",
    instance_mode: "enterprise",
    time_zone: "UTC+08:00",
    backup_used_space: "37846",
  }),
};

/** "2021-01-15 01:46:40 UTC" */
function spacedTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
