import { textOf } from "../record";
import { dcs } from "./dcs";
import { exactly, gigabytes, ignored, type InstanceList, NETWORK } from "./instance-list";

/** DCS page, "Querying All DCS Instances" (ListInstances), and "Querying a DCS Instance" (ShowInstance). */
export const dcsInstances: InstanceList = {
  service: dcs.service,
  versions: ["v2"], // URI
  offset: { name: "offset", first: 0 }, // offset: at least 0
  limit: {
    default: 10, // limit: 1 to 1000, 10 unless set; its code, DCS.4001, stands in as with the backups
    allowed: (limit) => limit >= 1 && limit <= 1000,
    rule: "between 1 and 1000",
  },
  // Of status code 400: the code and the text for the offset.
  errors: {
    ...dcs.errors,
    offset: "DCS.4800",
    offsetMessage: "Invalid offset in the request.",
  },
  filters: {
    instance_id: exactly("any", (record) => record["instance_id"]),
    // name: fuzzy; name_equal: exact. That only the word "true" means so is a choice.
    name: {
      allowed: "any",
      selects: (record, value, { name_equal }) => {
        const name = textOf(record["name"]) ?? "";
        return name_equal === "true" ? name === value : name.includes(value);
      },
    },
    ...ignored("name_equal", "status", "include_failure", "include_delete"),
    ...ignored("tags", "ip", "capacity"),
  },
  newestFirst: false, // no order on the page
  keys: {
    list: "instances",
    total: "instance_num",
    id: "instance_id",
    created: "created_at",
  },
  // The list has no policy. instance_backup_policy: null in the page's example.
  detail: { version: "v2", besides: { instance_backup_policy: null } },
  // status has several words for a change; one of them.
  states: { available: "RUNNING", creating: "CREATING", changing: "RESTORING", failed: "ERROR" },
  says: ["volumeSizeBytes", "weekdays"],
  // capacity in GB, max_memory and used_memory in MB; az_codes as strings, which is the detail's
  // example: the list's has objects.
  write: ({ id, name, createdMs, engine, policy, state = "available", volumeBytes }) => ({
    instance_id: id,
    name,
    description: null,
    status: dcsInstances.states[state],
    engine: engine?.type ?? "Redis",
    engine_version: engine?.version ?? "5.0",
    spec_code: "redis.ha.xu1.large.r2.4",
    capacity: gigabytes(volumeBytes, 4),
    capacity_minor: null,
    max_memory: volumeBytes === undefined ? 4096 : Math.round(volumeBytes / 1024 ** 2),
    used_memory: 33,
    ip: "192.168.0.82",
    port: 6379,
    az_codes: ["eu-de-01"],
    charging_mode: 0,
    created_at: new Date(createdMs).toISOString(),
    ...NETWORK,
    maintain_begin: "02:00:00",
    maintain_end: "06:00:00",
    no_password_access: "false",
    enable_ssl: false,
    access_user: null,
    enterprise_project_id: "0",
    tags: [],
    instance_backup_policy:
      policy?.isOn === false
        ? null
        : {
            backup_policy_id: "1d91dd7e-33de-4216-bb14-19ad6db0f454",
            created_at: new Date(createdMs).toISOString(),
            updated_at: new Date(createdMs).toISOString(),
            tenant_id: "0624e839a54847039e9b2b46e8aa665a",
            policy: {
              backup_type: "auto",
              save_days: policy?.keepDays ?? 7, // 1 to 7
              periodical_backup_plan: {
                backup_at: policy?.weekdays ?? [1, 2, 3, 4, 5, 6, 7],
                begin_at: policy?.window ?? "02:00-03:00", // UTC; the period of the made-up backups
                period_type: "weekly",
              },
            },
          },
  }),
};
