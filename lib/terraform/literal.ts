import { Backup } from "../model/backup";
import { defang } from "../model/text";
import { toRfc3339 } from "../model/time";

/** A value that Terraform takes as it is. */
export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };

/**
 * A value of ours as Terraform gets it: times in RFC 3339 with `Z`, what is undefined as null, texts
 * without anything that Terraform or cdktf would evaluate. All that is written passes through here.
 */
export function literal(value: unknown): Literal {
  if (typeof value === "string") return defang(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return toRfc3339(value);
  if (Array.isArray(value)) return value.map(literal);
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, inner]) => [key, literal(inner)]));
}

/** A backup in the shape of the outputs: snake_case, all keys always there. */
export function backupLiteral(backup: Backup): Literal {
  return literal({
    service: backup.service,
    id: backup.id,
    name: backup.name,
    description: backup.description,
    instance_id: backup.instanceId,
    instance_name: backup.instanceName,
    kind: backup.kind,
    status: backup.status,
    is_restorable: backup.isRestorable,
    size_bytes: backup.sizeBytes,
    begin_time: backup.beginTime,
    end_time: backup.endTime,
    engine: backup.engine,
    engine_version: backup.engineVersion,
    databases: backup.databases.map(({ name, tables }) => ({ name, tables })),
  });
}
