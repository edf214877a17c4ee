import { type Answer, json, serviceError } from "./answers";
import {
  readBound,
  readInteger,
  readOffset,
  readParameters,
  type Values,
  wrong,
} from "./parameters";
import type { ServiceRow } from "./services";
import { type Criteria, type Store, trimmedKeys } from "./store";
import type { Fault, Settings } from "./types";

/** A list call that broke no rule. */
export interface ListQuery extends Criteria {
  offset: number;
  limit: number;
}

/** The parts of a fault that change a page instead of replacing it. */
export type PageFault = Pick<Fault, "pageCap" | "repeatFirstPage" | "endless">;

/** Checks a list call by its page's rules; throws the service's refusal. */
export function readListQuery(
  row: ServiceRow,
  instanceInPath: string | undefined,
  rawQuery: string,
  settings: Pick<Settings, "rawPlus" | "untyped">,
): ListQuery {
  const values = readParameters(row, parametersOf(row), rawQuery);
  const filter = (name: string): string | undefined => readFilter(row, values, name);
  const backupId = filter("backup_id");
  const kind = filter("backup_type");
  const engine = filter("datastore_type");
  const type = filter("type");
  const query = {
    instance: instanceInPath ?? readInstance(row, values),
    backupId,
    kind,
    engine,
    tableLevel: row.filters["type"] === undefined ? undefined : levelOf(type, settings.untyped),
    offset: readOffset(row, values),
    limit: readLimit(row, values),
  };
  return { ...query, ...readWindow(row, values, settings.rawPlus) };
}

/** GeminiDB page, Table 2, which contradicts itself: see `untyped` of the configuration. */
function levelOf(type: string | undefined, untyped: Settings["untyped"]): boolean | undefined {
  if (type !== undefined) return type === "DatabaseTable";
  return untyped === "all" ? undefined : false;
}

/** Makes one page; `unseen` gives a new id each time it is called. */
export function listPage(
  row: ServiceRow,
  store: Store,
  query: ListQuery,
  totalCounts: "all" | "page",
  fault: PageFault,
  unseen: () => string,
): Answer {
  const matching = store.select(query);
  // All five pages: an offset is the index of a record, from 0, or from 1 for DCS's "sequence
  // number".
  const from = fault.repeatFirstPage ? 0 : query.offset - row.offset.first;
  const size = Math.min(query.limit, fault.pageCap ?? Infinity);
  if (fault.endless) {
    const instance = query.instance === undefined ? {} : { instance_id: query.instance };
    const template = { ...trimmedKeys(matching[0]), ...instance };
    const page = Array.from({ length: size }, () => ({ ...template, [row.keys.id]: unseen() }));
    return pageAnswer(row, page, totalCounts === "page" ? page.length : from + 2 * query.limit);
  }
  const page = matching.slice(from, from + size);
  // GaussDB page, example (167 with 2 shown), and GeminiDB page, example (4 with 2 shown): the
  // total counts all pages. DCS page, Table 2, total_num: "Number of obtained backup records",
  // which may be either (docs/apis/dcs.md).
  return pageAnswer(row, page, totalCounts === "page" ? page.length : matching.length);
}

function pageAnswer(row: ServiceRow, page: readonly unknown[], total: number): Answer {
  return json(200, { [row.keys.list]: page, [row.keys.total]: total });
}

/** The parameters that the list's page names. */
function parametersOf(row: ServiceRow): string[] {
  return [
    row.offset.name,
    "limit",
    row.window.begin,
    row.window.end,
    ...Object.keys(row.filters),
    ...(row.instance === "path" ? [] : ["instance_id"]),
  ];
}

function readInstance(row: ServiceRow, values: Values): string | undefined {
  const instance = values.get("instance_id")?.value;
  // RDS page, Table 1, instance_id: mandatory.
  if (instance === undefined && row.instance === "mandatory") {
    throw wrong(row, "The parameter instance_id is mandatory.");
  }
  if (instance === "") throw wrong(row, "The parameter instance_id must not be empty.");
  return instance;
}

function readFilter(row: ServiceRow, values: Values, name: string): string | undefined {
  const value = values.get(name)?.value;
  const allowed = row.filters[name];
  if (value === undefined || allowed === undefined) return undefined;
  if (value === "") {
    const code = name === "backup_id" ? row.errors.backupId : row.errors.parameter;
    throw serviceError(400, code, `The parameter ${name} must not be empty.`);
  }
  // The pages' lists of values are exact; GeminiDB page, Table 2, backup_type says so in words.
  if (allowed !== "any" && !allowed.includes(value)) {
    throw wrong(row, `The parameter ${name} must be one of ${allowed.join(", ")}.`);
  }
  return value;
}

function readLimit(row: ServiceRow, values: Values): number {
  const limit = readInteger(values.get("limit")?.value, row.limit.default);
  if (limit === undefined || !row.limit.allowed(limit)) {
    throw wrong(row, `The parameter limit must be ${row.limit.rule}.`);
  }
  return limit;
}

function readWindow(
  row: ServiceRow,
  values: Values,
  rawPlus: Settings["rawPlus"],
): Pick<Criteria, "beginMs" | "endMs"> {
  const { begin, end, together, endIs } = row.window;
  const beginMs = readBound(row, values, begin, rawPlus);
  const endMs = readBound(row, values, end, rawPlus);
  if (together && (beginMs === undefined) !== (endMs === undefined)) {
    throw wrong(row, `The parameters ${begin} and ${end} must be used together.`);
  }
  if (beginMs !== undefined && endMs !== undefined) {
    const refused =
      (endIs === "later" && endMs <= beginMs) || (endIs === "not earlier" && endMs < beginMs);
    if (refused) {
      throw serviceError(400, row.errors.endTime, `The ${end} must be ${endIs} than the ${begin}.`);
    }
  }
  return { beginMs, endMs };
}
