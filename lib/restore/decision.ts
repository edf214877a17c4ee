import { Backup, BackupKind } from "../model/backup";
import { lengthOf } from "../model/duration";
import { refusal } from "../model/errors";
import { AutomatedBackups, keptFrom, keptUntil } from "../model/instance";
import { toPlain, writtenAs } from "../model/literal";
import { excerpt, printable } from "../model/text";
import { DAY_MS, timeOf, toRfc3339 } from "../model/time";
import { whyNotNow, whyNotOf } from "./candidates";
import { ConsistencyPick } from "./consistency";
import { MomentSearch } from "./moment";
import { Selection } from "./selection";

const MAX_SUMMARY = 4_000;

/** A backup that was seen and not chosen. */
export interface RejectedBackup {
  /** The backup. */
  readonly backup: Backup;
  /** Why it was not chosen: "has failed". */
  readonly reason: string;
}

/** What a restore would make; checked against the chosen backup. */
export interface RestoreDestination {
  /** The engine version that the instance will have. @default - not checked */
  readonly engineVersion?: string;
  /** The size of the volume that the instance will have, in bytes. @default - not checked */
  readonly volumeSizeBytes?: number;
}

/** Until when the choice has to be there, and how long the service keeps what it makes by itself. */
export interface Lasting {
  readonly until: Date;
  /** Undefined where nothing tells. */
  readonly policy?: AutomatedBackups;
}

/** What a decision is taken from. */
export interface DecisionInput {
  readonly subject: string;
  readonly backups: readonly Backup[];
  readonly selection: Selection;
  readonly asOf: Date;
  /** Where no backups from before were asked for. */
  readonly since?: Date;
  /** The instance that was asked about. */
  readonly instanceId?: string;
  readonly maxAgeMs?: number;
  readonly destination?: RestoreDestination;
  /** Why the choice can't be restored onto the instance that is meant. */
  readonly misfits?: (chosen: Backup | undefined, restoreTime: Date | undefined) => string[];
  readonly lasting?: Lasting;
  /** For a selection of a moment: what can be restored to around it. */
  readonly moment?: MomentSearch;
  /** Of a member of a set: what the set has of it, and why; the selection then only says what could have been. */
  readonly picked?: {
    readonly pick?: ConsistencyPick;
    readonly isMet: boolean;
    readonly reason: string;
  };
}

/**
 * Which backup was chosen, which were not, and why: for every backup that was seen.
 *
 * Given whole to the framework, it is its `toJson()`; to `JSON.stringify`, the same without its nulls.
 */
export class RestoreDecision {
  /** @internal */
  public static _of(input: DecisionInput): RestoreDecision {
    return new RestoreDecision(input);
  }

  /** The chosen backup; undefined where none is suitable. One that has a shortcoming is still chosen. */
  public readonly chosen?: Backup;
  /** The moment to restore to, where the selection is of a moment and it can be restored to. */
  public readonly restoreTime?: Date;
  /** The moment that ages count back from. */
  public readonly asOf: Date;
  /** Why this one was chosen, or why none. */
  public readonly reason: string;
  /** What keeps the chosen backup from being good enough: its age, its version, its size. */
  public readonly shortcomings: string[];
  /** Every other backup that was seen, newest first. */
  public readonly rejected: RejectedBackup[];
  private readonly subject: string;
  private readonly selection: string;
  private readonly isOfMetSet: boolean;

  private constructor(input: DecisionInput) {
    const { backups, selection, since, asOf, subject } = input;
    this.subject = subject;
    this.selection = selection.toString();
    this.isOfMetSet = input.picked?.isMet ?? true;
    this.asOf = timeOf(asOf);
    checkOneInstance(input);
    const judged = backups.map((backup) => ({
      backup,
      reason:
        whyNotOf(backup, input.instanceId) ??
        whyNotChosen(backup, input) ??
        (input.lasting && !input.moment ? whyGone(backup, input.lasting) : undefined),
    }));
    const suitable = judged.filter(({ reason }) => reason === undefined);
    this.restoreTime = input.moment?.moment ?? input.picked?.pick?.restoreTime;
    // A moment is restored from its window; the backup only tells which one it builds on.
    this.chosen = suitable[0]?.backup;
    this.rejected = judged.flatMap(({ backup, reason }) => {
      if (backup === this.chosen) return [];
      const why = printable(reason ?? `is older than ${this.chosen!.id}`);
      return [writtenAs({ backup, reason: why }, (rejected) => ({ ...rejected }))];
    });
    this.shortcomings = this.hasChoice ? shortcomingsOf(this.chosen, this.restoreTime, input) : [];
    this.reason = printable(
      input.picked
        ? input.picked.reason
        : input.moment
          ? momentReason(input.moment, selection)
          : this.chosen
            ? `it is ${this.selection}; of ${backups.length} that were seen${since ? ` (those begun since ${toRfc3339(since)} alone were asked for)` : ""}, a restore could start from ${suitable.length}`
            : `a restore could start from none of the ${backups.length} backups that were seen (wanted: ${this.selection})`,
    );
  }

  /** Whether there is a suitable backup, and it is good enough. */
  public get isMet(): boolean {
    return this.hasChoice && this.isOfMetSet && this.shortcomings.length === 0;
  }

  private get hasChoice(): boolean {
    return this.chosen !== undefined || this.restoreTime !== undefined;
  }

  /** As a person reads it in an incident: what was chosen, and why not each of the others. */
  public toText(): string {
    const { asOf, chosen, isMet, reason, rejected, restoreTime, selection, shortcomings } = this;
    return decisionText({
      subject: this.subject,
      selection,
      asOf,
      isMet,
      chosen,
      restoreTime,
      reason,
      shortcomings,
      rejected,
    });
  }

  /**
   * As a pipeline reads it: plain JSON with stable keys, times in RFC 3339 with `Z`.
   *
   * It has `subject`, `selection`, `as_of`, `is_met`, `chosen`, `restore_time`, `reason`, `shortcomings`
   * and `rejected`; `chosen` and `restore_time` may be null. `chosen`, and each of `rejected` beside its
   * `reason`, has what is known of a `Backup` in snake_case, but for `raw`; `id`, `name`, `instance_id`,
   * `kind`, `status`, `begin_time`, `end_time` and `size_bytes` stand there in any case, if need be as null.
   */
  public toJson(): any {
    return {
      subject: this.subject,
      selection: this.selection,
      as_of: toRfc3339(this.asOf),
      is_met: this.isMet,
      chosen: this.chosen ? summary(this.chosen) : null,
      restore_time: this.restoreTime ? toRfc3339(this.restoreTime) : null,
      reason: this.reason,
      shortcomings: this.shortcomings,
      rejected: this.rejected.map(({ backup, reason }) => ({ ...summary(backup), reason })),
    };
  }

  /** The decision for a command: bounded, printable, without a time that changes by itself. @internal */
  public _summary(): string {
    const rejected = this.rejected.map(({ backup, reason }) => `${excerpt(backup.id)} ${reason}`);
    const text = [`wanted: ${this.selection}`, `because ${this.reason}`, ...rejected].join("; ");
    // A variable of 140 kB fails the apply, and so does a NUL.
    return excerpt(text, MAX_SUMMARY);
  }

  /** The candidates that came nearest, and what kept each from being chosen. @internal */
  public _nearest(count = 5): string {
    const nearest = this.rejected.slice(0, count);
    if (nearest.length === 0) return "The list of backups is empty.";
    const each = nearest.map(({ backup, reason }) => `${excerpt(backup.id)} ${reason}`);
    return `The nearest: ${each.join("; ")}.`;
  }
}

writtenAs(RestoreDecision.prototype, (decision) => decision.toJson() as object);

/** The newest of several instances is of no instance in particular; an id is of one, whatever else is listed. */
function checkOneInstance(input: DecisionInput): void {
  const { backups, selection, subject, instanceId, picked } = input;
  if (instanceId !== undefined || picked) return;
  const instances = [...new Set(backups.flatMap(({ instanceId }) => instanceId ?? []))];
  if (instances.length <= 1 || selection._isById()) return;
  throw refusal(
    "SEVERAL_INSTANCES",
    `the backups to choose from (${subject}) are of ${instances.length} instances: ${instances.slice(0, 5).join(", ")}${instances.length > 5 ? ", …" : ""}`,
    "Give the query an `instanceId`, or choose with Selection.byId: the newest of several is of no instance in particular.",
  );
}

function whyNotChosen(backup: Backup, input: DecisionInput): string | undefined {
  const { asOf, moment, picked, selection } = input;
  if (moment) return whyNotBase(backup, moment, asOf);
  if (picked && backup.id === picked.pick?.backup?.id) return undefined;
  return selection._rejects(backup, asOf) ?? (picked && "is not of the set");
}

/** Why a moment can't be built on the backup: it must be full, and complete by then. */
function whyNotBase(backup: Backup, { moment }: MomentSearch, asOf: Date): string | undefined {
  const reason = whyNotNow(backup, asOf);
  if (reason !== undefined || moment === undefined) return reason ?? "is a backup, not a moment";
  if (backup.endTime && backup.endTime <= moment) return undefined;
  return `was complete only after ${toRfc3339(moment)}`;
}

/** A promise is made by what is known alone: the newest one outlives its date only as long as it is the newest. */
function whyGone(backup: Backup, { policy, until }: Lasting): string | undefined {
  if (backup.kind === BackupKind.MANUAL) return undefined;
  const end = keptUntil(backup, policy);
  if (!end) return "is automated, and nothing tells how long it is kept";
  if (end >= until) return undefined;
  return `is kept until ${toRfc3339(end)} (${policy!.keepDays} days), and may be gone by ${toRfc3339(until)}`;
}

function momentReason(search: MomentSearch, selection: Selection): string {
  if (search.moment) return "the service says that this moment can be restored to";
  const near = [
    search.before && `the last one before it is ${toRfc3339(search.before)}`,
    search.after && `the first one after it is ${toRfc3339(search.after)}`,
  ].filter(Boolean);
  const newest = search.newest
    ? `; the newest moment that can be restored to is ${toRfc3339(search.newest)}`
    : "";
  const none = `the service names none within a month of it${newest}`;
  const where = near.length > 0 ? near.join(", ") : none;
  return `no moment like that can be restored to (wanted: ${selection.toString()}): ${where}`;
}

function shortcomingsOf(
  chosen: Backup | undefined,
  restoreTime: Date | undefined,
  input: DecisionInput,
): string[] {
  const { asOf, maxAgeMs = Infinity, destination, lasting, misfits } = input;
  const found: string[] = [];
  const age = asOf.getTime() - (restoreTime ?? chosen!.beginTime!).getTime();
  if (age > maxAgeMs) {
    found.push(
      `it is ${lengthOf(age, Math.ceil)} old, more than the ${lengthOf(maxAgeMs)} that are allowed`,
    );
  }
  if (restoreTime && lasting) {
    const { policy, until } = lasting;
    const end = keptFrom(restoreTime, policy);
    if (!end) found.push("nothing tells how long the instance's moments can be restored to");
    else if (end < until) {
      found.push(
        `it can be restored to until ${toRfc3339(end)} (${policy!.keepDays} days), and perhaps no longer by ${toRfc3339(until)}`,
      );
    }
  }
  found.push(...(misfits?.(chosen, restoreTime) ?? []));
  const { engineVersion, volumeSizeBytes } = destination ?? {};
  const { engineVersion: version = "unknown", sizeBytes } = chosen ?? {};
  if (engineVersion !== undefined && version !== engineVersion) {
    found.push(`it is of version ${version}, the destination of ${engineVersion}`);
  }
  // What is not known can't be trusted to fit.
  if (volumeSizeBytes !== undefined && !(isSize(sizeBytes) && sizeBytes <= volumeSizeBytes)) {
    const size = isSize(sizeBytes) ? `${sizeBytes} bytes,` : "of unknown size, perhaps";
    found.push(`it is ${size} more than the ${volumeSizeBytes} of the destination's volume`);
  }
  return found.map(printable);
}

function isSize(bytes: number | undefined): bytes is number {
  return (bytes ?? -1) >= 0;
}

/** A decision as it is told, be it one that a synthesis has written. */
export interface ToldDecision {
  readonly subject: string;
  readonly selection: string;
  readonly asOf: Date;
  readonly isMet: boolean;
  readonly chosen?: ToldBackup;
  readonly restoreTime?: Date;
  readonly reason: string;
  readonly shortcomings: readonly string[];
  readonly rejected: readonly {
    readonly backup: Pick<ToldBackup, "id" | "beginTime">;
    readonly reason: string;
  }[];
}

/** What is told of a backup that was chosen. */
export type ToldBackup = Pick<
  Backup,
  "id" | "name" | "beginTime" | "sizeBytes" | "engine" | "engineVersion"
> & { readonly kind: string };

/** As a person reads it in an incident. */
export function decisionText(decision: ToldDecision): string {
  const { asOf, chosen, isMet, reason, rejected, restoreTime, selection } = decision;
  const verdict = isMet ? "MET" : (chosen ?? restoreTime) ? "NOT GOOD ENOUGH" : "UNMET";
  const lines = [
    `${decision.subject}: ${verdict}`,
    `  as of    ${toRfc3339(asOf)}`,
    `  wanted   ${selection}`,
  ];
  if (restoreTime) lines.push(`  moment   ${toRfc3339(restoreTime)}`);
  if (chosen) lines.push(`  chosen   ${describeBackup(chosen, asOf)}`);
  lines.push(`  because  ${reason}`);
  for (const shortcoming of decision.shortcomings) lines.push(`  but      ${shortcoming}`);
  if (rejected.length > 0) lines.push(`  not chosen (${rejected.length}):`);
  for (const { backup, reason: why } of rejected) {
    const time = backup.beginTime ? toRfc3339(backup.beginTime) : "at an unknown time";
    lines.push(`    ${time.padEnd(20)}  ${excerpt(backup.id)}  ${why}`);
  }
  return lines.map(printable).join("\n");
}

function describeBackup(backup: ToldBackup, asOf: Date): string {
  const { beginTime, sizeBytes } = backup;
  const begun = beginTime
    ? `begun ${toRfc3339(beginTime)} (${humanTime(asOf.getTime() - beginTime.getTime())} before)`
    : "begun at an unknown time";
  const size = sizeBytes === undefined ? "unknown size" : `${sizeBytes} bytes`;
  const engine = [backup.engine, backup.engineVersion].filter(Boolean).join(" ");
  return [
    `${excerpt(backup.id)}${backup.name ? ` "${excerpt(backup.name)}"` : ""}`,
    backup.kind,
    begun,
    size,
    engine,
  ]
    .filter(Boolean)
    .join(", ");
}

// What a summary has first, in this order, and null where it is not known.
const ALWAYS = {
  id: null,
  name: null,
  instance_id: null,
  kind: null,
  status: null,
  begin_time: null,
  end_time: null,
  size_bytes: null,
};

function summary(backup: Backup) {
  return { ...ALWAYS, ...(toPlain(backup) as object) };
}

/** Roughly, as a person says it: "3 days 4 h", "4 h 12 min", "12 min". */
export function humanTime(milliseconds: number): string {
  const step = Math.abs(milliseconds) < DAY_MS ? 60_000 : 3_600_000;
  const whole = Math.trunc(milliseconds / step) * step;
  return whole === 0 ? "0 min" : lengthOf(whole);
}
