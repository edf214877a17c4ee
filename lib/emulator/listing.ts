import { type Answer, json } from "./answers";
import {
  readBound,
  readInteger,
  readOffset,
  readParameters,
  type Values,
  wrong,
} from "./parameters";
import { fieldsOf } from "./record";
import type { EmulatedList, Filter } from "./services/list";
import type { Criteria, Store } from "./store";
import type { Fault, Settings } from "./types";

/** A list call that broke no rule. */
export interface ListQuery extends Criteria {
  offset: number;
  limit: number;
}

/** The parts of a fault that change a page instead of replacing it. */
export type PageFault = Pick<Fault, "endless" | "fields" | "pageCap" | "repeatFirstPage" | "total">;

/** Checks a list call by its page's rules; throws the service's refusal. */
export function readListQuery(
  list: EmulatedList,
  instanceInPath: string | undefined,
  rawQuery: string,
  settings: Pick<Settings, "rawPlus" | "untyped">,
): ListQuery {
  const sent = readParameters(list, parametersOf(list), rawQuery);
  const values = Object.entries(list.filters).map(([name, filter]) => {
    const otherwise = settings.untyped === "all" ? undefined : filter.default;
    return [name, readFilter(list, sent, name, filter) ?? otherwise] as const;
  });
  return {
    values: Object.fromEntries(values),
    instance: instanceInPath ?? readInstance(list, sent),
    offset: readOffset(list, sent),
    limit: readLimit(list, sent),
    ...readWindow(list, sent, settings.rawPlus),
  };
}

/** Makes one page; `unseen` gives a new id each time it is called. */
export function listPage(
  list: EmulatedList,
  store: Store,
  query: ListQuery,
  totalCounts: "all" | "page",
  fault: PageFault,
  unseen: () => unknown,
): Answer {
  const matching = store.select(query);
  // All pages: an offset is the index of a record, from 0, or from 1 for DCS's "sequence
  // number".
  const from = fault.repeatFirstPage ? 0 : query.offset - list.offset.first;
  const size = Math.min(query.limit, fault.pageCap ?? Infinity);
  if (fault.endless) {
    const instance = query.instance === undefined ? {} : { instance_id: query.instance };
    const template = { ...fieldsOf(matching[0]), ...instance };
    const page = Array.from({ length: size }, () => ({ ...template, [list.keys.id]: unseen() }));
    const endless = from + 2 * query.limit;
    return pageAnswer(list, page, totalCounts === "page" ? page.length : endless, fault);
  }
  const page = matching.slice(from, from + size);
  // GaussDB page, example (167 with 2 shown), and GeminiDB page, example (4 with 2 shown): the
  // total counts all pages. DCS page, Table 2, total_num: "Number of obtained backup records",
  // which may be either (docs/apis/dcs.md).
  return pageAnswer(list, page, totalCounts === "page" ? page.length : matching.length, fault);
}

function pageAnswer(
  { keys }: EmulatedList,
  page: readonly unknown[],
  total: number,
  { fields, total: lie }: PageFault,
): Answer {
  const records = fields ? page.map((record) => ({ ...fieldsOf(record), ...fields })) : page;
  return json(200, { [keys.list]: records, [keys.total]: told(total, page.length, lie) });
}

function told(total: number, length: number, lie: PageFault["total"]): unknown {
  if (lie === undefined) return total;
  if (lie === "page") return length;
  return "add" in lie ? total + lie.add : lie.is;
}

/** The parameters that the list's page names. */
function parametersOf(list: EmulatedList): string[] {
  return [
    list.offset.name,
    "limit",
    list.window.begin,
    list.window.end,
    ...Object.keys(list.filters),
    ...(list.instance === "path" ? [] : ["instance_id"]),
  ];
}

function readInstance(list: EmulatedList, values: Values): string | undefined {
  const instance = values.get("instance_id")?.value;
  // RDS page, Table 1, instance_id: mandatory.
  if (instance === undefined && list.instance === "mandatory") {
    throw wrong(list, "The parameter instance_id is mandatory.");
  }
  if (instance === "") throw wrong(list, "The parameter instance_id must not be empty.");
  return instance;
}

function readFilter(
  list: EmulatedList,
  values: Values,
  name: string,
  { allowed }: Filter,
): string | undefined {
  const value = values.get(name)?.value;
  if (value === undefined) return undefined;
  if (value === "") {
    const code = name === "backup_id" ? list.errors.backupId : undefined;
    throw wrong(list, `The parameter ${name} must not be empty.`, code);
  }
  // The pages' lists of values are exact; GeminiDB page, Table 2, backup_type says so in words.
  if (allowed !== "any" && !allowed.includes(value)) {
    throw wrong(list, `The parameter ${name} must be one of ${allowed.join(", ")}.`);
  }
  return value;
}

function readLimit(list: EmulatedList, values: Values): number {
  const limit = readInteger(values.get("limit")?.value, list.limit.default);
  if (limit === undefined || !list.limit.allowed(limit)) {
    throw wrong(list, `The parameter limit must be ${list.limit.rule}.`);
  }
  return limit;
}

function readWindow(
  list: EmulatedList,
  values: Values,
  rawPlus: Settings["rawPlus"],
): Pick<Criteria, "beginMs" | "endMs"> {
  const { begin, end, together, endIs } = list.window;
  const beginMs = readBound(list, values, begin, rawPlus);
  const endMs = readBound(list, values, end, rawPlus);
  if (together && (beginMs === undefined) !== (endMs === undefined)) {
    throw wrong(list, `The parameters ${begin} and ${end} must be used together.`);
  }
  if (beginMs !== undefined && endMs !== undefined) {
    const refused =
      (endIs === "later" && endMs <= beginMs) || (endIs === "not earlier" && endMs < beginMs);
    if (refused) {
      throw wrong(list, `The ${end} must be ${endIs} than the ${begin}.`, list.errors.endTime);
    }
  }
  return { beginMs, endMs };
}
