import type { Answer } from "./answers";
import { listPage, type PageFault } from "./listing";
import { readLimit, readOffset, readParameters, wrong } from "./parameters";
import { fieldsOf, textOf } from "./record";
import type { Fields } from "./services/list";
import type { InstanceList, RestorableCall } from "./services/instance-list";

/** What a call for the instances that can be restored onto asks about. */
export interface RestorableQuery {
  /** The instance, or undefined where the backup tells. */
  readonly source: string | undefined;
  readonly backup: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Checks a call by its page's rules; throws the service's refusal. */
export function readRestorableQuery(
  list: InstanceList,
  call: RestorableCall,
  backupInPath: string | undefined,
  rawQuery: string,
): RestorableQuery {
  const names = call.isOfBackup ? [] : ["source_instance_id", "backup_id", "restore_time"];
  const sent = readParameters(list, [...names, "offset", "limit"], rawQuery);
  const [source, backup, moment] = names.map((name) => sent.get(name)?.value || undefined);
  if (!call.isOfBackup) {
    if (source === undefined) throw wrong(list, "The parameter source_instance_id is mandatory.");
    // "When the backup id is empty, by restore_time": one of the two.
    if (backup === undefined && !/^\d+$/.test(moment ?? "")) {
      throw wrong(list, "The parameter backup_id or restore_time is mandatory.");
    }
  }
  return {
    source,
    backup: backupInPath ?? backup,
    offset: readOffset(list, sent),
    limit: readLimit(list, sent),
  };
}

/**
 * Makes one page. "Filters the instances by topology": here a choice, the instances that are up and of the
 * source's version.
 */
export function restorablePage(
  list: InstanceList,
  call: RestorableCall,
  records: readonly Fields[],
  source: string,
  query: RestorableQuery,
  fault: PageFault,
): Answer {
  const { id } = list.keys;
  const versionOf = (record: Fields | undefined) => fieldsOf(record?.["datastore"])["version"];
  const wanted = versionOf(records.find((record) => textOf(record[id]) === source));
  const isUp = ({ status }: Fields) => /^(active|normal)$/i.test(String(status));
  const matching = records
    .filter((record) => isUp(record) && versionOf(record) === wanted)
    .map((record) => ({ instance_id: record[id], instance_name: record["name"] }));
  const keyed = { ...list, keys: { list: call.list, total: "total_count", id: "instance_id" } };
  return listPage(keyed, matching, query, "all", fault, () => "");
}
