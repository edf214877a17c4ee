import type { Instances } from "./instances";
import { fieldsOf, textOf } from "./record";
import type { EmulatedList, RestoreWindow } from "./services/list";
import { readRecordTime } from "./times";
import type { WindowReading } from "./types";

/** A record as it is served, and what a call compares, read once. */
interface Entry {
  record: unknown;
  id: string | undefined;
  instance: string | undefined;
  /** By the name of the filter. */
  values: Record<string, string | undefined>;
  beginMs: number | undefined;
  endMs: number | undefined;
}

/** What a list call asked for; undefined asks for everything. */
export interface Criteria {
  instance: string | undefined;
  /** By the name of the filter. */
  values: Record<string, string | undefined>;
  beginMs: number | undefined;
  endMs: number | undefined;
}

/** The records of one list. */
export class Store {
  private entries: Entry[];

  public constructor(
    private readonly list: EmulatedList,
    /** Of the list's service. */
    public readonly instances: Instances,
    records: readonly unknown[],
    tableRecords: readonly unknown[],
    private readonly reading: WindowReading,
  ) {
    this.entries = [
      ...records.map((record) => read(record, list)),
      ...tableRecords.map((record) => read(record, list, true)),
    ];
    for (const { instance } of this.entries) if (instance) instances.add(instance);
    this.sort();
  }

  /** Adds at the front where the page documents "newest first", else at the end. */
  public add(record: unknown, isTableLevel?: boolean): void {
    const entry = read(record, this.list, isTableLevel);
    if (entry.instance) this.instances.add(entry.instance);
    if (this.list.newestFirst) this.entries.unshift(entry);
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

  /** Gives an instance, which exists from now on, these restore windows and no others. */
  public setWindows(instance: string, windows: readonly RestoreWindow[]): void {
    const { service, windows: call } = this.list;
    if (call === undefined) {
      throw new Error(`The emulator's ${service.toLowerCase()} has no restore windows.`);
    }
    this.instances.setWindows(instance, windows);
  }

  /** The instance of a backup; undefined where there is no such backup. */
  public instanceOf(id: string | undefined): string | undefined {
    return this.entries.find((entry) => entry.id === id)?.instance;
  }

  /** All records that match, in the order they are served in. */
  public select(criteria: Criteria): unknown[] {
    return this.entries
      .filter((entry) => matches(entry, criteria, this.reading))
      .map((entry) => entry.record);
  }

  /** GeminiDB page, Table 2, offset: newest first. Every other list keeps the order of insertion. */
  private sort(): void {
    if (!this.list.newestFirst) return;
    this.entries.sort((a, b) => (b.beginMs ?? -Infinity) - (a.beginMs ?? -Infinity) || 0);
  }
}

function matches(entry: Entry, criteria: Criteria, reading: WindowReading): boolean {
  const { instance, values, beginMs, endMs } = criteria;
  // A record that names no instance only comes from a test's own data; it belongs to every one.
  if (instance !== undefined && (entry.instance ?? instance) !== instance) return false;
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && entry.values[name] !== value) return false;
  }
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
 * Reads what calls compare. The record itself is served verbatim, but its keys and values are
 * trimmed for comparison: the RDS page's samples have the key `"id "` and the value `"…in03 "`.
 */
function read(record: unknown, list: EmulatedList, givenLevel?: boolean): Entry {
  const fields = fieldsOf(record);
  const { keys, filters } = list;
  // Where the record doesn't show it, whoever adds it says it.
  const isTableLevel = givenLevel ?? list.isTableLevel?.(fields) ?? false;
  const values = Object.entries(filters).map(([name, { of }]) => [
    name,
    textOf(of(fields, isTableLevel)),
  ]);
  return {
    record,
    id: textOf(fields[keys.id]),
    instance: textOf(fields["instance_id"]),
    values: Object.fromEntries(values) as Entry["values"],
    // DCS page, Table 3: execution_at is null as long as the backup waits; created_at is its task's.
    beginMs: readRecordTime(fields[keys.begin] ?? fields["created_at"]),
    endMs: readRecordTime(fields[keys.end]),
  };
}
