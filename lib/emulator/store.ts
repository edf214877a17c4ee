import type { ServiceRow } from "./services";
import { readRecordTime } from "./times";
import type { RestoreWindow, WindowReading } from "./types";

/** A record as it is served, and what filters look at, read once. */
interface Entry {
  record: unknown;
  id: string | undefined;
  instance: string | undefined;
  kind: string | undefined;
  engine: string | undefined;
  tableLevel: boolean;
  beginMs: number | undefined;
  endMs: number | undefined;
}

/** What a list call asked for; undefined asks for everything. */
export interface Criteria {
  instance: string | undefined;
  backupId: string | undefined;
  kind: string | undefined;
  engine: string | undefined;
  tableLevel: boolean | undefined;
  beginMs: number | undefined;
  endMs: number | undefined;
}

/** The records, instances and restore windows of one service. */
export class Store {
  private entries: Entry[];
  private readonly instances: Set<string>;
  private readonly windows = new Map<string, readonly RestoreWindow[]>();

  public constructor(
    private readonly row: ServiceRow,
    records: readonly unknown[],
    instances: readonly string[],
    windows: Readonly<Record<string, readonly RestoreWindow[]>>,
    tableRecords: readonly unknown[],
    private readonly reading: WindowReading,
  ) {
    this.entries = [
      ...records.map((record) => read(record, row)),
      ...tableRecords.map((record) => read(record, row, true)),
    ];
    this.instances = new Set(instances);
    for (const { instance } of this.entries) if (instance) this.instances.add(instance);
    for (const [instance, theirs] of Object.entries(windows)) this.setWindows(instance, theirs);
    this.sort();
  }

  /** Adds at the front where the page documents "newest first", else at the end. */
  public add(record: unknown, tableLevel?: boolean): void {
    const entry = read(record, this.row, tableLevel);
    if (entry.instance) this.instances.add(entry.instance);
    if (this.row.newestFirst) this.entries.unshift(entry);
    else this.entries.push(entry);
    this.sort();
  }

  /** Removes by id and says whether there was one. Its instance goes on existing. */
  public remove(id: string): boolean {
    const left = this.entries.filter((entry) => entry.id !== id.trim());
    const found = left.length < this.entries.length;
    this.entries = left;
    return found;
  }

  public knows(instance: string): boolean {
    return this.instances.has(instance);
  }

  /** Gives an instance, which exists from now on, these restore windows and no others. */
  public setWindows(instance: string, windows: readonly RestoreWindow[]): void {
    if (this.row.windows === undefined) {
      throw new Error(`The emulator's ${this.row.prefix.slice(1)} has no restore windows.`);
    }
    this.instances.add(instance);
    this.windows.set(instance, [...windows]);
  }

  /** The windows of an instance that touch a stretch of time, both bounds included, as given. */
  public windowsWithin(instance: string, beginMs: number, endMs: number): RestoreWindow[] {
    const windows = this.windows.get(instance) ?? [];
    return windows.filter(({ start, end }) => end >= beginMs && start <= endMs);
  }

  /** All records that match, in the order they are served in. */
  public select(criteria: Criteria): unknown[] {
    return this.entries
      .filter((entry) => matches(entry, criteria, this.reading))
      .map((entry) => entry.record);
  }

  /** GeminiDB page, Table 2, offset: newest first. Every other list keeps the order of insertion. */
  private sort(): void {
    if (!this.row.newestFirst) return;
    this.entries.sort((a, b) => (b.beginMs ?? -Infinity) - (a.beginMs ?? -Infinity) || 0);
  }
}

function matches(entry: Entry, criteria: Criteria, reading: WindowReading): boolean {
  const { instance, backupId, kind, engine, tableLevel, beginMs, endMs } = criteria;
  // A record that names no instance only comes from a test's own data; it belongs to every one.
  if (instance !== undefined && (entry.instance ?? instance) !== instance) return false;
  if (backupId !== undefined && entry.id !== backupId) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (engine !== undefined && entry.engine !== engine) return false;
  if (tableLevel !== undefined && entry.tableLevel !== tableLevel) return false;
  if (beginMs === undefined && endMs === undefined) return true;
  return lies(entry, beginMs ?? -Infinity, endMs ?? Infinity, reading);
}

/**
 * No page states which time a window is compared with, nor whether its bounds belong to it
 * (docs/apis/shared.md, Time filters). Here: by one of four readings, in whole seconds, both bounds
 * included; a record without the time that is compared lies in no window, but one that has not ended
 * still overlaps.
 */
function lies(
  { beginMs, endMs }: Entry,
  from: number,
  to: number,
  reading: WindowReading,
): boolean {
  const second = (ms = NaN) => ms - (ms % 1000);
  const [begin, end] = [second(beginMs), second(endMs)];
  switch (reading) {
    case "begin":
      return begin >= from && begin <= to;
    case "end":
      return end >= from && end <= to;
    case "contained":
      return begin >= from && end <= to;
    case "overlapping":
      return begin <= to && !(end < from);
  }
}

/**
 * Reads what the filters need. The record itself is served verbatim, but its keys and values are
 * trimmed for comparison: the RDS page's samples have the key `"id "` and the value `"…in03 "`.
 */
function read(record: unknown, row: ServiceRow, tableLevel?: boolean): Entry {
  const fields = trimmedKeys(record);
  return {
    record,
    id: text(fields[row.keys.id]),
    instance: text(fields["instance_id"]),
    kind: text(fields["type"]),
    // RDS page, Table 4, and GaussDB page, Table 4: engines are case-insensitive.
    engine: text(trimmedKeys(fields["datastore"])["type"])?.toLowerCase(),
    // GeminiDB page, Table 5, database_tables: empty for an instance backup; else whoever adds it says.
    tableLevel:
      tableLevel ??
      (Array.isArray(fields["database_tables"]) && fields["database_tables"].length > 0),
    // DCS page, Table 3: execution_at is null as long as the backup waits; created_at is its task's.
    beginMs: readRecordTime(fields[row.keys.begin] ?? fields["created_at"]),
    endMs: readRecordTime(fields[row.keys.end]),
  };
}

/** The record's fields under trimmed keys; none for what is no object. */
export function trimmedKeys(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.trim(), field]));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim() : undefined;
}
