import { latestRestorable, whyNotNow } from "../../restore/candidates";
import { count, scaledBytes } from "../../restore/rules/measure";
import { InstanceBackups, isJudged } from "../../query/subjects";
import { Backup, newestFirst } from "../../model/backup";
import { BackupsError, refusal } from "../../model/errors";
import { Instance } from "../../model/instance";
import { literal, Literal } from "../../model/literal";
import { shown } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { forCommand } from "../advice";
import { durationIn, kindIn, listsIn } from "../arguments";
import { CloudOptions, Enquiry } from "../enquiry";
import { exitOf } from "../exit";
import { csv, json, markdownTable, ndjson, Row } from "../formats";
import { instanceIn, InstanceQuery, Listed, membersOf } from "../gather";
import { Told } from "../output";
import { age, Column, minute, table, second } from "../table";
import { Terminal } from "../terminal";

export interface ListOptions extends CloudOptions {
  readonly instance?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly within?: string;
  /** The instances with what is newest of each, in place of the backups. */
  readonly instances?: boolean;
}

/** Which backups are there? */
export async function list(
  services: readonly string[],
  options: ListOptions,
  terminal: Terminal,
): Promise<Told> {
  const lists = listsIn(services);
  const within = options.within === undefined ? undefined : durationIn(options.within);
  const kind = options.kind === undefined ? undefined : kindIn(options.kind);
  checkWhole(options);
  const one = instanceIn(options);
  const enquiry = new Enquiry(
    options,
    lists.map(({ service }) => service),
  );
  const findings = lists.map((which) => {
    if (one && !options.instances) {
      return ofInstance(new InstanceQuery(enquiry, which, one, { within }));
    }
    const matches = ({ id, name }: Instance) =>
      (one?.id ?? id) === id && (one?.name ?? name) === name;
    return ofMembers(membersOf(enquiry, which, within, false, matches));
  });
  await enquiry.load();
  const found = findings.map((find) => find());
  const problems = found.flatMap((each) => each.problems);
  const notes = found.flatMap(({ warnings }) => warnings);
  const { asOf } = enquiry;
  if (options.instances) {
    const instances = found.flatMap((each) => each.instances);
    if (one && instances.length + problems.length === 0) problems.push(nobody(options));
    const as = formatsOf(instances, instanceListing(asOf), problems, asOf, terminal);
    return { exit: exitOf(problems), problems, notes, as };
  }
  const listed = found
    .flatMap((each) => each.listed)
    .filter(({ backup }) => kind === undefined || backup.kind === kind)
    .sort((a, b) => newestFirst(a.backup, b.backup));
  const isOfServices = new Set(lists.map(({ service }) => service)).size > 1;
  const listing = backupListing(listed, isOfServices, asOf);
  const as = formatsOf(listed, listing, problems, asOf, terminal);
  return { exit: exitOf(problems), problems, notes, as };
}

/** The newest of some of the backups is not the newest. */
function checkWhole({ instances, kind, within }: ListOptions): void {
  const [filter] = Object.entries({ within, kind }).flatMap(([name, value]) =>
    value === undefined ? [] : `--${name}`,
  );
  if (!instances || filter === undefined) return;
  throw refusal(
    "INVALID_ARGUMENT",
    `${filter} stands beside --instances`,
    "It shows the newest of all backups of each instance: leave the filter out.",
  );
}

function nobody({ instance, name }: ListOptions): BackupsError {
  return refusal(
    "INSTANCE_NOT_FOUND",
    `there is no instance ${instance === undefined ? `named ${shown(name)}` : shown(instance)}`,
    "Check it, the region and the project.",
  );
}

interface Found {
  readonly listed: readonly Listed[];
  readonly instances: readonly InstanceBackups[];
  readonly warnings: readonly string[];
  readonly problems: readonly BackupsError[];
}

function nothing(problem: BackupsError): Found {
  return { listed: [], instances: [], warnings: [], problems: [problem] };
}

function ofInstance(query: InstanceQuery): () => Found {
  return () => {
    const { problem, value } = query.outcome();
    if (!value) return nothing(problem!);
    const { instance } = query;
    const listed = value.backups.map((backup) => ({ backup, instance }));
    return { listed, instances: [], warnings: value.warnings, problems: [] };
  };
}

function ofMembers(find: ReturnType<typeof membersOf>): () => Found {
  return () => {
    const { problem, value } = find();
    if (!value) return nothing(problem!);
    const { warnings } = value;
    const problems = value.instances.flatMap(({ backups }) => backups.problem ?? []);
    const instances = value.instances.flatMap(({ backups, instance }) =>
      backups.value ? [{ backups: backups.value, instance }] : [],
    );
    const listed = instances.flatMap(({ backups, instance }) =>
      backups.map((backup) => ({ backup, instance })),
    );
    return { listed, instances, warnings, problems };
  };
}

/** What a listing shows of each, for people and for programs. */
interface Listing<T> {
  /** "backup". */
  readonly noun: string;
  readonly columns: readonly Column<T>[];
  readonly row: (each: T, asOf: Date) => Row;
  /** The columns of CSV. */
  readonly keys: readonly string[];
}

const NOT_KNOWN = "Nothing is known of what failed.";

function formatsOf<T>(
  found: readonly T[],
  { columns, keys, noun, row }: Listing<T>,
  problems: readonly BackupsError[],
  asOf: Date,
  terminal: Terminal,
): Told["as"] {
  const failed =
    problems.length === 0
      ? undefined
      : problems.map(forCommand).map(({ code, message }) => ({ code, message }));
  const rows = () => found.map((each) => row(each, asOf));
  const shown = () => `${table(found, columns, terminal.columns)}\n`;
  const counted = found.length === 0 ? `No ${noun}s` : count(found.length, noun);
  // Nobody is to take what failed for nothing.
  const known = [
    ...(failed && found.length === 0 ? [] : [`${counted}, as of ${second(asOf)}`]),
    ...(failed ? [NOT_KNOWN] : []),
  ].join("\n");
  return {
    text: () => `${found.length === 0 ? "" : shown()}${known}`,
    json: () => json({ as_of: second(asOf), [`${noun}s`]: rows(), failed }),
    ndjson: () => ndjson(rows()),
    csv: () => csv(rows(), keys),
    markdown: () => {
      const shownRows = found.map((each) => columns.map(({ text }) => text(each)));
      const titles = columns.map(({ title }) => title);
      return `${markdownTable(shownRows, titles)}${failed ? `\n\n${NOT_KNOWN}` : ""}`;
    },
  };
}

/** The columns of the service and of the instance stand there where there are several. */
function backupListing(
  listed: readonly Listed[],
  isOfServices: boolean,
  asOf: Date,
): Listing<Listed> {
  const idsOf = new Map<string, Set<string>>();
  for (const each of listed) {
    const ids = idsOf.get(nameIn(each)) ?? new Set();
    idsOf.set(nameIn(each), ids.add(`${each.backup.service}/${idIn(each)}`));
  }
  const isTwin = (each: Listed) =>
    idsOf.get(nameIn(each))!.size > 1 && ![undefined, nameIn(each)].includes(idIn(each));
  const instance: Column<Listed> = {
    title: "INSTANCE",
    text: (each) => (isTwin(each) ? `${nameIn(each)} (${idIn(each)})` : nameIn(each)),
    // The id is what tells them apart.
    least: listed.some(isTwin) ? undefined : 8,
  };
  const isOfSeveral = new Set([...idsOf.values()].flatMap((ids) => [...ids])).size > 1;
  const columns = [
    ...(isOfServices ? [SERVICE_COLUMN] : []),
    ...backupColumns(asOf, isOfSeveral ? instance : undefined),
  ];
  return { noun: "backup", columns, row: backupRow, keys: BACKUP_KEYS };
}

function idIn({ backup, instance }: Listed): string | undefined {
  return instance?.id ?? backup.instanceId;
}

function nameIn(listed: Listed): string {
  const { backup, instance } = listed;
  return instance?.name ?? backup.instanceName ?? idIn(listed) ?? "unknown";
}

function instanceListing(asOf: Date): Listing<InstanceBackups> {
  const columns = instanceColumns(asOf);
  return { noun: "instance", columns, row: instanceRow, keys: INSTANCE_KEYS };
}

const SERVICE_COLUMN: Column<Listed> = { title: "SERVICE", text: ({ backup }) => backup.service };

const backupColumns = (asOf: Date, instanceOf: Column<Listed> | undefined): Column<Listed>[] => [
  { title: "BEGUN (UTC)", text: ({ backup }) => minute(backup.beginTime) },
  { title: "AGE", isNumber: true, text: ({ backup }) => age(backup.beginTime, asOf) },
  { title: "KIND", text: ({ backup }) => backup.kind },
  { title: "SIZE", isNumber: true, text: ({ backup }) => size(backup.sizeBytes) },
  { title: "RESTORABLE", least: 12, text: ({ backup }) => whyNotNow(backup, asOf) ?? "yes" },
  ...(instanceOf ? [instanceOf] : []),
  { title: "NAME", least: 8, text: ({ backup }) => backup.name ?? "" },
  // It is what is copied: never cut.
  { title: "ID", text: ({ backup }) => backup.id },
];

const BACKUP_KEYS = [
  ...["service", "id", "name", "instance_id", "instance_name", "kind", "status"],
  ...["is_restorable", "why_not", "begin_time", "end_time", "age_seconds", "size_bytes"],
  ...["engine", "engine_version", "as_of"],
];

/** What is known of a backup, flat where its record is, in snake_case: stable, a contract. */
export function backupRow({ backup, instance }: Listed, asOf: Date): Row {
  const begun = backup.beginTime?.getTime();
  const known = literal(backup) as { readonly [key: string]: Literal };
  return {
    ...known,
    instance_name: known["instance_name"] ?? instance?.name ?? null,
    as_of: second(asOf),
    age_seconds: begun === undefined ? null : Math.round((asOf.getTime() - begun) / 1_000),
    why_not: whyNotNow(backup, asOf) ?? null,
  };
}

const instanceColumns = (asOf: Date): Column<InstanceBackups>[] => [
  { title: "SERVICE", text: ({ instance }) => instance.service },
  { title: "NAME", least: 8, text: ({ instance }) => instance.name ?? "" },
  {
    title: "NEWEST (UTC)",
    text: ({ backups }) => newestOf(backups, asOf, (newest) => minute(newest.beginTime)),
  },
  {
    title: "AGE",
    isNumber: true,
    text: ({ backups }) => newestOf(backups, asOf, (newest) => age(newest.beginTime, asOf)),
  },
  { title: "BACKUPS", isNumber: true, text: ({ backups }) => String(backups.length) },
  { title: "STATUS", text: ({ instance }) => instance.status },
  { title: "ID", text: ({ instance }) => instance.id },
];

/** Of the newest that a restore could start from. */
function newestOf(backups: readonly Backup[], asOf: Date, text: (newest: Backup) => string) {
  const newest = latestRestorable(backups, asOf);
  return newest ? text(newest) : "none";
}

const INSTANCE_KEYS = [
  ...["service", "id", "name", "status", "engine", "engine_version", "can_be_backed_up"],
  "is_judged",
  ...["backups", "newest_id", "newest_begin_time", "newest_age_seconds", "as_of"],
];

/** An instance, and the newest backup that a restore could start from. */
export function instanceRow({ backups, instance }: InstanceBackups, asOf: Date): Row {
  const newest = latestRestorable(backups, asOf);
  const begun = newest?.beginTime;
  return {
    service: instance.service,
    id: instance.id,
    name: instance.name ?? null,
    status: instance.status,
    engine: instance.engine ?? null,
    engine_version: instance.engineVersion ?? null,
    can_be_backed_up: instance.canBeBackedUp,
    is_judged: isJudged(instance),
    backups: backups.length,
    newest_id: newest?.id ?? null,
    newest_begin_time: begun ? toRfc3339(begun) : null,
    newest_age_seconds: begun ? Math.round((asOf.getTime() - begun.getTime()) / 1_000) : null,
    as_of: second(asOf),
  };
}

function size(value: number | undefined): string {
  return value === undefined ? "unknown" : scaledBytes(value);
}
