import type { ServiceName } from "../../lib/emulator/server";
import { SERVICE_NAMES } from "../../lib/emulator/services/registry";
import { listPath, type Reply, type Rig, sampleInstance } from "./helpers";

export const ALL = SERVICE_NAMES;
export const OFFSET_TIMES: ServiceName[] = [
  ...["gaussDb", "rds", "geminiDb", "taurusDb", "taurusDbFull"],
] as ServiceName[];
export const LIST_KEYS: Record<ServiceName, string> = {
  gaussDb: "backups",
  rds: "backups",
  geminiDb: "backups",
  dcs: "backup_record_response",
  taurusDb: "backups",
  taurusDbFull: "backups",
  dds: "backups",
};
export const PARAMETER_CODES: Record<ServiceName, string> = {
  gaussDb: "DBS.200001",
  rds: "DBS.280001",
  geminiDb: "DBS.200001",
  dcs: "DCS.4001",
  taurusDb: "DBS.280001",
  taurusDbFull: "DBS.280001",
  dds: "DBS.200001",
};

/** One service's list, with RDS's mandatory instance filled in. */
export function listOf(rig: Rig, service: ServiceName, query = ""): Promise<Reply> {
  const base = service === "rds" ? `instance_id=${sampleInstance("rds")}` : "";
  const whole = [base, query].filter((part) => part !== "").join("&");
  return rig.get(`${listPath(service)}?${whole}`);
}

export function ids(service: ServiceName, reply: Reply): string[] {
  const key = service === "dcs" ? "backup_id" : "id";
  return (reply.body[LIST_KEYS[service]] as Record<string, string>[]).map(
    (each) => each[key] ?? "",
  );
}

export function expectRefused(reply: Reply, code: string): void {
  expect([reply.status, reply.body.error_code]).toEqual([400, code]);
  expect(typeof reply.body.error_msg).toBe("string");
}

/** Records with ids 0, 1, …, one a minute from noon of 1 March 2025 UTC. */
export function numbered(service: ServiceName, count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => {
    const begin = new Date(Date.UTC(2025, 2, 1, 12, index)).toISOString();
    const written = `${begin.slice(0, 19)}+0000`;
    const instance_id = sampleInstance(service);
    return service === "dcs"
      ? { backup_id: String(index), execution_at: begin, instance_id }
      : { id: String(index), begin_time: written, instance_id };
  });
}
