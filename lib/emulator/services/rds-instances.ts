import {
  chinaTime,
  databaseInstances,
  datastoreTypeOf,
  exactly,
  gigabytes,
  ignored,
  type InstanceList,
  NETWORK,
  starred,
  strategyOf,
  typeOf,
} from "./instance-list";
import { engineOf, rds } from "./rds";

const PORTS: Record<string, number> = { MySQL: 3306, PostgreSQL: 5432, SQLServer: 1433 };

/** RDS page, "Querying DB Instances" (rds_01_0004). */
export const rdsInstances: InstanceList = {
  ...databaseInstances,
  service: rds.service,
  errors: rds.errors,
  filters: {
    id: starred("id"), // id and name: exact, or fuzzy after an asterisk, which alone is refused
    name: starred("name"),
    type: exactly(["Single", "Ha", "Replica"], typeOf),
    // datastore_type: case-sensitive. That another word is refused, instead of finding nothing, is a choice.
    datastore_type: exactly(["MySQL", "PostgreSQL", "SQLServer", "MariaDB"], datastoreTypeOf),
    ...ignored("eps_id", "vpc_id", "subnet_id", "tags", "group_type"),
  },
  newestFirst: false, // no order on the page
  // status has several words for a change; one of them.
  states: {
    available: "ACTIVE",
    creating: "BUILD",
    changing: "MODIFYING",
    frozen: "FROZEN",
    failed: "FAILED",
  },
  says: ["isReplica", "volumeSizeBytes"],
  // volume.size: GB, an integer; backup_strategy.keep_days: 0 to 732, an integer.
  write: (spec) => {
    const { id, name, createdMs, region, state = "available", volumeBytes } = spec;
    const engine = { ...engineOf(id), ...spec.engine };
    return {
      id,
      name,
      status: rdsInstances.states[state],
      type: spec.isReplica ? "Replica" : "Single",
      region,
      datastore: engine,
      created: chinaTime(createdMs),
      updated: chinaTime(createdMs + 1000),
      port: PORTS[engine.type],
      private_ips: ["192.168.0.142"],
      public_ips: [],
      db_user_name: engine.type === "SQLServer" ? "rdsuser" : "root",
      ...NETWORK,
      flavor_ref: "rds.mysql.s1.large",
      volume: { type: "ULTRAHIGH", size: gigabytes(volumeBytes, 100) },
      switch_strategy: "reliability",
      charge_info: { charge_mode: "postPaid" },
      backup_strategy: strategyOf(spec),
      maintenance_window: "02:00-06:00",
      nodes: [],
      related_instance: [],
      disk_encryption_id: "",
      enterprise_project_id: "0",
      time_zone: "UTC",
      tags: [],
    };
  },
};
