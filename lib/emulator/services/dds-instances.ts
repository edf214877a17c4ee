import { dds } from "./dds";
import {
  databaseInstances,
  datastoreTypeOf,
  exactly,
  gigabytes,
  ignored,
  type InstanceList,
  NETWORK,
  starred,
  strategyOf,
  zonelessTime,
} from "./instance-list";

/** DDS page, "Querying Instances and Details". */
export const ddsInstances: InstanceList = {
  ...databaseInstances,
  service: dds.service,
  errors: dds.errors,
  filters: {
    id: starred("id"), // as the name is; the page says nothing of it
    name: starred("name"), // name: exact, or fuzzy after an asterisk, which alone is refused
    mode: exactly(["Sharding", "ReplicaSet", "Single"], ({ mode }) => mode),
    datastore_type: exactly(["DDS-Community"], datastoreTypeOf),
    ...ignored("vpc_id", "subnet_id", "tags"),
  },
  newestFirst: true, // offset: from the instance that was created last
  // status, as GeminiDB's page has it: a choice.
  states: { available: "normal", creating: "creating", frozen: "frozen", failed: "abnormal" },
  says: ["volumeSizeBytes"],
  // port, pay_mode and the volume's size (GB): strings by the table, numbers in the example, as here.
  write: ({ id, name, createdMs, region, state = "available", ...spec }) => ({
    id,
    name,
    remark: "",
    status: ddsInstances.states[state],
    port: 8635,
    mode: "ReplicaSet", // as the made-up backups have it
    region,
    datastore: { type: "DDS-Community", version: "4.4", ...spec.engine },
    engine: "wiredTiger",
    created: zonelessTime(createdMs),
    updated: zonelessTime(createdMs),
    db_user_name: "rwuser",
    ssl: 1,
    ...NETWORK,
    backup_strategy: strategyOf(spec),
    pay_mode: 0,
    maintenance_window: "02:00-06:00",
    groups: [
      {
        type: "replica",
        volume: {
          size: gigabytes(spec.volumeBytes, 10),
          used: 0.33,
        },
        nodes: [],
      },
    ],
    enterprise_project_id: "0",
    time_zone: "",
    actions: [],
    tags: [],
  }),
};
