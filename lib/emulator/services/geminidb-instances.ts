import { geminiDb } from "./geminidb";
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

/** GeminiDB page, "Querying Instances and Details" (nosql_05_0016). */
export const geminiDbInstances: InstanceList = {
  ...databaseInstances,
  service: geminiDb.service,
  errors: geminiDb.errors,
  filters: {
    id: starred("id"), // exact, or fuzzy after an asterisk; that one alone is refused is on the other pages
    name: starred("name"),
    datastore_type: exactly(
      ["cassandra", "mongodb", "influxdb", "redis", "dynamodb", "hbase"],
      datastoreTypeOf,
    ),
    mode: {
      allowed: [
        "Cluster",
        "CloudNativeCluster",
        "RedisCluster",
        "Replication",
        "InfluxdbSingle",
        "EnhancedCluster",
        "ReplicaSet",
      ],
      // mode: ignored where datastore_type is not sent
      selects: (record, value, { datastore_type }) =>
        datastore_type === undefined || record["mode"] === value,
    },
    ...ignored("vpc_id", "subnet_id"),
  },
  // ShowRestorableList: /backups/{backup_id}/restorable-instances; restorable_instances, total_count
  restorable: { list: "restorable_instances", isOfBackup: true },
  newestFirst: true, // offset: from the instance that was created last
  // status, which has no word for a change.
  states: { available: "normal", creating: "creating", frozen: "frozen", failed: "abnormal" },
  says: ["volumeSizeBytes"],
  // groups: an array by the table, an object in the example; its volume.size: GB, a number in the
  // example and a string by the table; port the other way round. Here as the table has groups, and
  // the rest as in the example. backup_strategy.keep_days: 0 to 35, an integer.
  write: ({ id, name, createdMs, region, state = "available", ...spec }) => ({
    id,
    name,
    status: geminiDbInstances.states[state],
    port: "8635",
    mode: "Cluster",
    region,
    datastore: {
      type: "cassandra",
      version: "3.11",
      whole_version: "3.11.3",
      patch_available: false,
      ...spec.engine,
    },
    engine: "rocksDB",
    created: zonelessTime(createdMs),
    updated: zonelessTime(createdMs),
    db_user_name: "rwuser",
    ...NETWORK,
    backup_strategy: strategyOf(spec),
    pay_mode: 0,
    maintenance_window: "02:00-06:00",
    groups: [
      {
        id: "0b0ff12541794e1084f6827e424be2d6gr06",
        status: "normal",
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
  }),
};
