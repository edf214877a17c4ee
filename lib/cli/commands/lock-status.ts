import { Lock, LockEntry, timeOf, whoseIs } from "../../lock/format";
import { askersOf, keysOf, Unanswered, unansweredIn } from "../../lock/stacks";
import { lookups } from "../../lookup/ending";
import { lengthOf } from "../../model/duration";
import { excerpt } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { MAX_CLOCK_SKEW_MS } from "../../restore/candidates";
import { durationIn, timeIn } from "../arguments";
import { ExitCode } from "../exit";
import { json, markdown, markdownTable } from "../formats";
import { unansweredText, wholeLock } from "../lock";
import { Told } from "../output";
import { age, Column, minute, table, second } from "../table";
import { painted, Terminal } from "../terminal";

export interface LockStatusOptions {
  readonly asOf?: string;
  readonly maxAge?: string;
}

/** What does the lock hold, how old, and whose? */
export function lockStatus(
  file: string | undefined,
  options: LockStatusOptions,
  terminal: Terminal,
): Told {
  const asOf = options.asOf === undefined ? new Date() : timeIn(options.asOf);
  const maxAgeMs =
    options.maxAge === undefined ? undefined : durationIn(options.maxAge).toMilliseconds();
  const { name, read } = wholeLock(file);
  const { lock } = read;
  const held = heldIn(lock, asOf, maxAgeMs);
  const lacking = unansweredIn(lock);
  const findings = maxAgeMs === undefined ? [] : findingsIn(held, lacking, asOf, maxAgeMs);
  const facts = { name, lock, held, lacking, findings, asOf };
  return {
    exit: findings.length > 0 ? ExitCode.FINDINGS : ExitCode.MET,
    as: {
      text: () => textOf(facts, terminal),
      json: () => jsonOf(facts),
      markdown: () => markdownOf(facts),
    },
  };
}

interface Held {
  readonly key: string;
  readonly entry: LockEntry;
  readonly at: Date;
  /** The constructs that ask. */
  readonly askers: readonly string[];
  /** Undefined where nobody said how old it may be. */
  readonly isTooOld?: boolean;
}

interface Facts {
  readonly name: string;
  readonly lock: Lock;
  readonly held: readonly Held[];
  readonly lacking: readonly Unanswered[];
  readonly findings: readonly string[];
  readonly asOf: Date;
}

/** The oldest first. */
function heldIn(lock: Lock, asOf: Date, maxAgeMs: number | undefined): Held[] {
  const askers = askersOf(lock);
  const held = [...lock.entries].map(([key, entry]): Held => {
    const ageMs = asOf.getTime() - timeOf(entry);
    return {
      key,
      entry,
      at: new Date(timeOf(entry)),
      askers: askers.get(key) ?? [],
      // One from the future is from a wrong clock: nothing tells how old it is.
      isTooOld: maxAgeMs === undefined ? undefined : ageMs > maxAgeMs || ageMs < -MAX_CLOCK_SKEW_MS,
    };
  });
  return held.sort((a, b) => timeOf(a.entry) - timeOf(b.entry) || (a.key < b.key ? -1 : 1));
}

function findingsIn(
  held: readonly Held[],
  lacking: readonly Unanswered[],
  asOf: Date,
  maxAgeMs: number,
): string[] {
  const old = held.filter(({ askers, isTooOld }) => isTooOld && askers.length > 0);
  return [
    ...old.map(({ at, entry }) => {
      const ageMs = asOf.getTime() - at.getTime();
      const how = ageMs < 0 ? "from the future" : `${lengthOf(ageMs, Math.ceil)} old`;
      return `${excerpt(entry.label)} is ${how}, not ${lengthOf(maxAgeMs)} at most`;
    }),
    ...lacking.map(unansweredText),
  ];
}

function textOf({ asOf, findings, held, lacking, lock, name }: Facts, terminal: Terminal): string {
  const stacks = [...lock.stacks].map(([id, stack]) => {
    const [asked, decided] = [new Set(keysOf(stack)).size, Object.keys(stack.decisions).length];
    return `  ${excerpt(id)}: ${lookups(asked)}, ${decided === 1 ? "1 decision" : `${decided} decisions`}`;
  });
  return [
    `${excerpt(name)}: ${summary(held, lock)}, as of ${second(asOf)}`,
    ...stacks,
    ...(held.length > 0 ? ["", table(held, COLUMNS(asOf), terminal.columns)] : []),
    ...(findings.length > 0 || lacking.length > 0 ? [""] : []),
    ...findings.map((each) => painted(each, "red", terminal)),
    ...(findings.length > 0 ? [] : lacking.map(unansweredText)),
  ].join("\n");
}

function summary(held: readonly Held[], { stacks }: Lock): string {
  const records = held.reduce((sum, { entry }) => sum + entry.records.length, 0);
  const unasked = held.filter(({ askers }) => askers.length === 0).length;
  return [
    stacks.size === 1 ? "1 stack" : `${stacks.size} stacks`,
    `${lookups(held.length)}${unasked > 0 ? ` (${unasked} that no stack asks any more)` : ""}`,
    records === 1 ? "1 record" : `${records} records`,
  ].join(", ");
}

const COLUMNS = (asOf: Date): Column<Held>[] => [
  { title: "ANSWERED (UTC)", text: ({ at }) => minute(at) },
  { title: "AGE", isNumber: true, text: ({ at }) => age(at, asOf) },
  { title: "RECORDS", isNumber: true, text: ({ entry }) => recordsOf(entry) },
  { title: "LOOKUP", least: 24, text: ({ entry }) => excerpt(entry.label) },
  { title: "ASKED BY", least: 8, text: ({ askers }) => askers.join(", ") || "nobody" },
  { title: "WHOSE", least: 12, text: ({ entry }) => whoseIs(entry.answered) },
];

/** Where the service knew no such instance there are none. */
function recordsOf({ missing, records }: LockEntry): string {
  return missing ? "missing" : String(records.length);
}

function jsonOf({ asOf, findings, held, lacking, lock, name }: Facts): string {
  return json({
    file: name,
    as_of: second(asOf),
    findings,
    stacks: [...lock.stacks].map(([id, stack]) => ({
      id,
      with: stack.with,
      lookups: [...new Set(keysOf(stack))],
      unanswered: lacking.find((each) => each.stack === id)?.keys ?? [],
      decisions: stack.decisions,
    })),
    lookups: held.map(({ askers, at, entry, isTooOld, key }) => ({
      key,
      label: entry.label,
      asked_by: askers,
      answered_at: toRfc3339(at),
      age_seconds: Math.round((asOf.getTime() - at.getTime()) / 1_000),
      is_too_old: isTooOld ?? null,
      counts_back_from: entry.answered.as_of ?? null,
      cloud: entry.answered.cloud,
      region: entry.answered.region ?? null,
      project_id: entry.answered.project_id ?? null,
      host: entry.answered.host,
      missing: entry.missing?.code ?? null,
      records: entry.records.length,
    })),
  });
}

function markdownOf({ asOf, findings, held, lock, name }: Facts): string {
  const columns = COLUMNS(asOf);
  return [
    `**${markdown(excerpt(name))}**: ${markdown(summary(held, lock))}, as of ${second(asOf)}`,
    ...(findings.length > 0 ? ["", ...findings.map((each) => `- ${markdown(each)}`)] : []),
    "",
    markdownTable(
      held.map((each) => columns.map(({ text }) => text(each))),
      columns.map(({ title }) => title),
    ),
  ].join("\n");
}
