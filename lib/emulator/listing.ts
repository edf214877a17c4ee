import { type Answer, json } from "./answers";
import {
  readBound,
  readFilter,
  readLimit,
  readOffset,
  readParameters,
  type Values,
  wrong,
} from "./parameters";
import { fieldsOf } from "./record";
import type { EmulatedList } from "./services/list";
import type { Criteria } from "./store";
import type { Fault, Settings } from "./types";

/** Which page is asked for. */
export interface Paging {
  offset: number;
  limit: number;
}

/** A list call that broke no rule. */
export interface ListQuery extends Criteria, Paging {}

/** The parts of a fault that change a page instead of replacing it. */
export type PageFault = Pick<Fault, "endless" | "fields" | "pageCap" | "repeatFirstPage" | "total">;

/** Whose pages have their names for the records, the total and an id. */
interface Keyed {
  keys: Pick<EmulatedList["keys"], "list" | "total" | "id">;
}

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

/** Makes one page of all that match; `unseen` gives a new id each time it is called. */
export function listPage(
  list: Pick<EmulatedList, "offset"> & Keyed,
  matching: readonly unknown[],
  query: Paging & Partial<Pick<Criteria, "instance">>,
  totalCounts: "all" | "page",
  fault: PageFault,
  unseen: () => unknown,
): Answer {
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
  { keys }: Keyed,
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
