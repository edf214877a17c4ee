import { refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { BackupService } from "../model/service";
import { excerpt, nearest } from "../model/text";
import { toRfc3339 } from "../model/time";
import { SERVICES } from "../services/registry";

const MAX_SHOWN = 5;

/**
 * The only one, or an error that says which there are.
 * @param all Of the service, for the names that are most like it.
 */
export function onlyOf(
  instances: readonly Instance[],
  service: BackupService,
  name: string | undefined,
  all: () => readonly Instance[],
): Instance {
  const [one, ...others] = instances;
  if (one && others.length === 0) return one;
  const { label } = SERVICES[service];
  const named = name === undefined ? "" : ` named "${name}"`;
  if (one) {
    throw refusal(
      "SEVERAL_INSTANCES",
      `there are ${instances.length} ${label} instances${named}`,
      "Give the id of one of them:",
      { list: instances.map(described) },
    );
  }
  const near = name === undefined ? [] : namesLike(name, all());
  throw refusal(
    "INSTANCE_NOT_FOUND",
    `there is no ${label} instance${named}`,
    near.length > 0
      ? `The nearest are ${near.map((each) => `"${excerpt(each, 80)}"`).join(", ")}. A name counts letter for letter.`
      : "Check the name, the region and the project. A query of an instance that this stack creates takes it for one without backups by `ifInstanceMissing: IfInstanceMissing.EMPTY`.",
  );
}

/** The names that are most like it. */
function namesLike(name: string, all: readonly Instance[]): string[] {
  const names = [...new Set(all.flatMap((each) => each.name ?? []))];
  return nearest(name, names, Math.max(3, name.length / 2)).slice(0, MAX_SHOWN);
}

function described({ createdAt, engine, engineVersion, id, status }: Instance): string {
  const created = createdAt ? `, created ${toRfc3339(createdAt)}` : "";
  const what = [engine, engineVersion].filter(Boolean).join(" ");
  return `"${excerpt(id)}": ${what}${created}, ${status}`;
}
