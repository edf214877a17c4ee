import { AutomatedBackups, InstanceStatus } from "../model/instance";
import { BackupService } from "../model/service";
import { escapeUri } from "../model/text";
import { databasePaging } from "./database";
import { Fields } from "./fields";
import { InstanceList, parameters } from "./service";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** What is kept of a record, by the paths of its keys: the rest changes by the hour, and is nobody's business. */
const KEPT = [
  ...["id", "name", "status", "type", "created", "datastore.type", "datastore.version"],
  ...["volume.size", "groups.volume.size", "backup_strategy"],
];

// Words of all pages: https://support.huaweicloud.com of each service, "Querying DB Instances", `status`.
const STATES: Record<string, InstanceStatus> = {
  ...words(InstanceStatus.AVAILABLE, "active", "normal", "running", "available"),
  ...words(InstanceStatus.CREATING, "build", "creating"),
  ...words(InstanceStatus.FROZEN, "frozen"),
  ...words(InstanceStatus.FAILED, "create fail", "createfail", "createfailed", "failed", "error"),
  ...words(InstanceStatus.FAILED, "abnormal", "enlargefail", "data_disk_full", "storage full"),
  ...words(InstanceStatus.CHANGING, "modifying", "rebooting", "restoring", "switchover"),
  ...words(InstanceStatus.CHANGING, "migrating", "backing up", "modifying database port"),
  ...words(InstanceStatus.CHANGING, "expanding", "upgrading", "restarting", "extending"),
  ...words(InstanceStatus.CHANGING, "modifying instance type", "reducing replication", "flushing"),
};

/** In what the lists of the database services differ. */
interface Dialect {
  readonly service: BackupService;
  readonly page: string;
  readonly actions: readonly string[];
  /** Of times that name none. */
  readonly zone?: "UTC";
  /** The version of the path, by the name of the cloud. @default - v3 */
  readonly version?: (cloud: string) => string;
  /** Where the sizes of its volumes stand. @default "volume" */
  readonly volumes?: "volume" | "groups" | "none";
}

/** A list of a database service: they share their names, and name an instance exactly. */
export function databaseInstances(dialect: Dialect): InstanceList {
  const { actions, page, service, version = () => "v3", volumes = "volume", zone } = dialect;
  return {
    page,
    actions,
    paging: { ...databasePaging("all"), records: "instances" },
    request: ({ id, name }, cloud) => ({
      path: `/${version(cloud)}/{project}/instances`,
      query: parameters({ id, name }),
      keep: KEPT,
    }),
    decode: (record) => {
      const { engine, engineVersion } = record.engine();
      const isReplica = record.text("type")?.toLowerCase() === "replica";
      return {
        service,
        id: record.text("id") ?? "",
        name: record.text("name"),
        status: record.state("status", STATES) ?? InstanceStatus.UNKNOWN,
        engine,
        engineVersion,
        createdAt: record.time("created", zone),
        isReplica,
        canBeBackedUp: !isReplica,
        volumeSizeBytes: volumes === "none" ? undefined : volumeIn(record, volumes),
        automatedBackups: strategyIn(record),
      };
    },
  };
}

/** DCS, whose list is of its v2 API on both clouds and has no policy. */
export const cacheInstances: InstanceList = {
  page: "DCS API Reference, Querying All DCS Instances (https://support.huaweicloud.com/intl/en-us/api-dcs/ListInstances.html)",
  actions: ["dcs:instance:list"],
  paging: {
    parameter: "offset",
    first: 0,
    size: 1000,
    records: "instances",
    total: "instance_num",
    totals: "all",
    id: "instance_id",
  },
  request: ({ id, name }) => ({
    path: "/v2/{project}/instances",
    // Without `name_equal` it searches for a part of the name.
    query: parameters({ instance_id: id, name, name_equal: name && "true" }),
    keep: [
      ...["instance_id", "name", "status", "engine", "engine_version", "created_at"],
      ...["max_memory", "spec_code", "cache_mode"],
    ],
  }),
  decode: (record) => ({
    service: BackupService.DCS,
    id: record.text("instance_id") ?? "",
    name: record.text("name"),
    status: record.state("status", STATES) ?? InstanceStatus.UNKNOWN,
    engine: record.text("engine"),
    engineVersion: record.text("engine_version"),
    createdAt: record.time("created_at"),
    // "Only master/standby and cluster instances can be backed up."
    canBeBackedUp: !/single/i.test(record.text("cache_mode") ?? record.text("spec_code") ?? ""),
    volumeSizeBytes: record.size("max_memory", MIB),
  }),
  detail: {
    actions: ["dcs:instance:get"],
    paging: {
      parameter: "offset",
      first: 0,
      size: 1,
      records: "",
      total: "",
      totals: "all",
      id: "instance_id",
      isSingle: true,
      isObject: true,
    },
    request: (instanceId) => ({
      path: `/v2/{project}/instances/${escapeUri(instanceId)}`,
      query: {},
      keep: ["instance_id", "instance_backup_policy.policy"],
    }),
    policy: (record) => {
      const policy = record.part("instance_backup_policy")?.part("policy");
      if (!policy) return { isOn: false };
      // A policy that was switched to manual stays as it was.
      const isOn = policy.state("backup_type", { auto: true, manual: false });
      if (isOn === undefined) return undefined;
      if (!isOn) return { isOn };
      const plan = policy.part("periodical_backup_plan");
      return {
        isOn,
        keepDays: policy.count("save_days"),
        window: plan?.text("begin_at"),
        weekdays: plan?.counts("backup_at"),
      };
    },
  },
};

function words(status: InstanceStatus, ...each: string[]): Record<string, InstanceStatus> {
  return Object.fromEntries(each.map((word) => [word, status]));
}

function volumeIn(record: Fields, volumes: "volume" | "groups"): number | undefined {
  const parts = volumes === "volume" ? [record] : record.parts("groups");
  const sizes = parts.flatMap((part) => part.part("volume")?.size("size", GIB) ?? []);
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0);
}

/** `backup_strategy`: `keep_days` 0 is off. */
function strategyIn(record: Fields): AutomatedBackups | undefined {
  const strategy = record.part("backup_strategy");
  const keepDays = strategy?.count("keep_days");
  if (!strategy || keepDays === undefined) return undefined;
  if (keepDays === 0) return { isOn: false };
  return { isOn: true, keepDays, window: strategy.text("start_time") };
}
