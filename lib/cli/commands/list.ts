import { latestRestorable, whyNotNow } from "../../restore/candidates";
import { count, scaledBytes } from "../../restore/rules/measure";
import { isJudged } from "../../query/subjects";
import { Backup, newestFirst } from "../../model/backup";
import { BackupsError, refusal } from "../../model/errors";
import { Instance } from "../../model/instance";
import { literal, Literal } from "../../model/literal";
import { BackupService } from "../../model/service";
import { shown } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { WhichList } from "../../services/query";
import { listOf, SERVICES } from "../../services/registry";
import { forCommand } from "../advice";
import { durationIn, kindIn, listsIn } from "../arguments";
import { CloudOptions, Enquiry } from "../enquiry";
import { exitOf } from "../exit";
import { csv, json, markdownTable, ndjson, Row } from "../formats";
import { instanceIn, InstanceQuery, Listed, Members, membersOf, OfInstance } from "../gather";
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
      return ofInstance(new InstanceQuery(enquiry, which, one, { within }), which.service, one);
    }
    const matches = ({ id, name }: Instance) =>
      (one?.id ?? id) === id && (one?.name ?? name) === name;
    return ofMembers(membersOf(enquiry, which, within, false, matches), which.service);
  });
  await enquiry.load();
  const found = findings.map((find) => find());
  const failures = found.flatMap((each) => each.failures);
  const notes = found.flatMap(({ warnings }) => warnings);
  const { asOf } = enquiry;
  if (options.instances) {
    const instances = found.flatMap((each) => each.instances);
    if (one && instances.length + failures.length === 0) failures.push(nobody(options));
    const as = formatsOf(instances, instanceListing(asOf), failures, asOf, terminal);
    return { ...endOf(failures), notes, as };
  }
  const isUnknown = new Set(failures.flatMap((each) => (each.instanceId ? [] : [each.service])));
  const answered = lists.filter(({ service }) => !isUnknown.has(service));
  if (!one) notes.push(...withoutDeleted(answered));
  const listed = found
    .flatMap((each) => each.listed)
    .filter(({ backup }) => kind === undefined || backup.kind === kind)
    .sort((a, b) => newestFirst(a.backup, b.backup));
  const isOfServices = new Set(lists.map(({ service }) => service)).size > 1;
  const listing = backupListing(listed, isOfServices, asOf);
  const as = formatsOf(listed, listing, failures, asOf, terminal);
  return { ...endOf(failures), notes, as };
}

function endOf(failures: readonly Failure[]): Pick<Told, "exit" | "problems"> {
  const problems = failures.map(({ problem }) => problem);
  return { exit: exitOf(problems), problems };
}

/** Where a service lists the backups of an instance alone, nobody can tell what it still has of others. */
function withoutDeleted(lists: readonly WhichList[]): string[] {
  const labels = lists
    .filter((which) => listOf(which).isInstanceRequired)
    .map(({ service }) => SERVICES[service].label);
  if (labels.length === 0) return [];
  return [
    `${labels.join(" and ")} ${labels.length === 1 ? "is" : "are"} asked instance by instance, so backups of deleted instances are not listed: ask for them with --instance <id>`,
  ];
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

function nobody({ instance, name }: ListOptions): Failure {
  const problem = refusal(
    "INSTANCE_NOT_FOUND",
    `there is no instance ${instance === undefined ? `named ${shown(name)}` : shown(instance)}`,
    "Check it, the region and the project.",
  );
  return { problem, instanceId: instance };
}

/** What failed, and of whom it was, as far as that is known. */
interface Failure {
  readonly problem: BackupsError;
  readonly service?: BackupService;
  readonly instanceId?: string;
}

/** An instance with its backups, where these are known. */
type Member = Members["instances"][number];

interface Found {
  readonly listed: readonly Listed[];
  readonly instances: readonly Member[];
  readonly warnings: readonly string[];
  readonly failures: readonly Failure[];
}

function nothing(failure: Failure): Found {
  return { listed: [], instances: [], warnings: [], failures: [failure] };
}

function ofInstance(query: InstanceQuery, service: BackupService, { id }: OfInstance): () => Found {
  return () => {
    const { problem, value } = query.outcome();
    const { instance } = query;
    if (!value) return nothing({ problem: problem!, service, instanceId: id ?? instance?.id });
    const listed = value.backups.map((backup) => ({ backup, instance }));
    return { listed, instances: [], warnings: value.warnings, failures: [] };
  };
}

function ofMembers(find: ReturnType<typeof membersOf>, service: BackupService): () => Found {
  return () => {
    const { problem, value } = find();
    if (!value) return nothing({ problem: problem!, service });
    const { instances, unlisted, warnings } = value;
    const failures = instances.flatMap(({ backups, instance }) =>
      backups.problem ? [{ problem: backups.problem, service, instanceId: instance.id }] : [],
    );
    const listed = instances.flatMap(({ backups, instance }) =>
      (backups.value ?? []).map((backup) => ({ backup, instance })),
    );
    const others = unlisted().map((backup) => ({ backup }));
    return { listed: [...listed, ...others], instances, warnings, failures };
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
  failures: readonly Failure[],
  asOf: Date,
  terminal: Terminal,
): Told["as"] {
  const failed = failures.length === 0 ? undefined : failures.map(failureRow);
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

function failureRow({ instanceId, problem, service }: Failure): Row {
  const { code, message } = forCommand(problem);
  return { service: service ?? null, instance_id: instanceId ?? null, code, message };
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
  // One that is gone can be asked for by its id alone.
  const isTold = (each: Listed) =>
    (!each.instance || idsOf.get(nameIn(each))!.size > 1) &&
    ![undefined, nameIn(each)].includes(idIn(each));
  const instance: Column<Listed> = {
    title: "INSTANCE",
    text: (each) => (isTold(each) ? `${nameIn(each)} (${idIn(each)})` : nameIn(each)),
    // The id is what tells them apart, and what is copied.
    least: listed.some(isTold) ? undefined : 8,
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

function instanceListing(asOf: Date): Listing<Member> {
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

const instanceColumns = (asOf: Date): Column<Member>[] => [
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
  {
    title: "BACKUPS",
    isNumber: true,
    text: ({ backups: { value } }) => (value ? String(value.length) : "unknown"),
  },
  { title: "STATUS", text: ({ instance }) => statusOf(instance) },
  { title: "ID", text: ({ instance }) => instance.id },
];

/** Of the newest that a restore could start from. */
function newestOf(
  { value }: Member["backups"],
  asOf: Date,
  text: (newest: Backup) => string,
): string {
  if (!value) return "unknown";
  const newest = latestRestorable(value, asOf);
  return newest ? text(newest) : "none";
}

/** Its state, and why it has no backups of its own where it can't have any. */
function statusOf({ canBeBackedUp, isReplica, status }: Instance): string {
  if (isReplica) return `${status}, replica`;
  return canBeBackedUp ? status : `${status}, can't be backed up`;
}

const INSTANCE_KEYS = [
  ...["service", "id", "name", "status", "engine", "engine_version", "can_be_backed_up"],
  ...["is_judged", "is_known"],
  ...["backups", "newest_id", "newest_begin_time", "newest_age_seconds", "as_of"],
];

/** An instance, and the newest backup that a restore could start from: null where the lookup has failed. */
export function instanceRow({ backups: { isKnown, value }, instance }: Member, asOf: Date): Row {
  const newest = value && latestRestorable(value, asOf);
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
    is_known: isKnown,
    backups: value?.length ?? null,
    newest_id: newest?.id ?? null,
    newest_begin_time: begun ? toRfc3339(begun) : null,
    newest_age_seconds: begun ? Math.round((asOf.getTime() - begun.getTime()) / 1_000) : null,
    as_of: second(asOf),
  };
}

function size(value: number | undefined): string {
  return value === undefined ? "unknown" : scaledBytes(value);
}
