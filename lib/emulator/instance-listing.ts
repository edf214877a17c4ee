import { type Answer, json, serviceError } from "./answers";
import type { Instances } from "./instances";
import { listPage, type PageFault, type Paging } from "./listing";
import { readFilter, readLimit, readOffset, readParameters, wrong } from "./parameters";
import { fieldsOf, textOf } from "./record";
import type { Fields } from "./services/list";
import type { InstanceList } from "./services/instance-list";
import { MINUTE, readRecordTime } from "./times";

/** Before the oldest backup of the published samples, so that every made-up instance is older than its own. */
const FIRST_CREATED = Date.UTC(2018, 0, 1);

/** A call for instances that broke no rule. */
export interface InstanceQuery extends Paging {
  /** By the name of the parameter. */
  values: Record<string, string | undefined>;
}

/** Checks a call by its page's rules; throws the service's refusal. */
export function readInstanceQuery(list: InstanceList, rawQuery: string): InstanceQuery {
  const names = [list.offset.name, "limit", ...Object.keys(list.filters)];
  const sent = readParameters(list, names, rawQuery);
  const values = Object.entries(list.filters).map(([name, filter]) => {
    const value = readFilter(list, sent, name, filter);
    if (filter.isStarred && value === "*") {
      throw wrong(list, `The parameter ${name} must not be an asterisk alone.`);
    }
    return [name, value] as const;
  });
  return {
    values: Object.fromEntries(values),
    offset: readOffset(list, sent),
    limit: readLimit(list, sent),
  };
}

/** Makes one page; `unseen` gives a new id each time it is called. */
export function instancesPage(
  list: InstanceList,
  records: readonly Fields[],
  query: InstanceQuery,
  fault: PageFault,
  unseen: () => unknown,
): Answer {
  const matching = records.filter((record) => matches(list, record, query.values));
  if (list.newestFirst) {
    const createdMs = (record: Fields) =>
      readRecordTime(fieldsOf(record)[list.keys.created]) ?? -Infinity;
    matching.sort((a, b) => createdMs(b) - createdMs(a) || 0);
  }
  const besides = new Set(Object.keys(list.detail?.besides ?? {}));
  const shown = matching.map((record) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !besides.has(key))),
  );
  return listPage(list, shown, query, "all", fault, unseen);
}

/** The one instance that a path names. */
export function instanceDetail(
  list: InstanceList,
  records: readonly Fields[],
  id: string,
  rawQuery: string,
): Answer {
  readParameters(list, [], rawQuery);
  const record = records.find((each) => idOf(list, each) === id);
  // docs/apis/shared.md, Errors. The page of the call itself has no such code.
  if (record === undefined) {
    throw serviceError(list, list.errors.instance, "The instance does not exist.");
  }
  return json(200, { ...list.detail?.besides, ...record });
}

/**
 * The instances of a service in the order in which they became known, each as it was given or else
 * made up. One that was given is the same under every version of the path, a choice made here.
 */
export function instanceRecords(
  list: InstanceList,
  instances: Instances,
  region: string,
  version: string,
): Fields[] {
  const records = instances.listed(version, (id, index) => {
    const createdMs = FIRST_CREATED + index * MINUTE;
    return list.write({ id, name: `orders-${index + 1}`, createdMs, region }, version);
  });
  return records as Fields[]; // What was given had an id.
}

/** The id of a record that was given; undefined for none. */
export function idOf({ keys }: InstanceList, record: unknown): string | undefined {
  return textOf(fieldsOf(record)[keys.id]) || undefined;
}

function matches(list: InstanceList, record: Fields, values: InstanceQuery["values"]): boolean {
  const fields = fieldsOf(record);
  return Object.entries(list.filters).every(([name, { selects }]) => {
    const value = values[name];
    return value === undefined || selects(fields, value, values);
  });
}
