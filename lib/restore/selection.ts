import { Backup, BackupKind } from "../model/backup";
import { refusal } from "../model/errors";
import { checkedId } from "../model/ids";
import {
  brand,
  by,
  checkedOptions,
  checkedValue,
  DATE,
  listOf,
  oneOf,
  required,
  Shape,
  SIZE,
  TEXT,
  withMethods,
} from "../model/shape";
import { toRfc3339 } from "../model/time";
import { whyNotNow } from "./candidates";

/** A condition of your own on a backup; the reason is told where it is not met. */
export interface IBackupCondition {
  /**
   * Undefined where the backup may be chosen, else why not: "is not tagged as verified".
   * @param backup One that nothing else keeps from being chosen.
   */
  rejects(backup: Backup): string | undefined;
}

/** What a backup must be to be chosen; everything that is given must hold. */
export interface SelectionFilter {
  /** Only these kinds. @default - AUTOMATIC and MANUAL */
  readonly kinds?: BackupKind[];
  /** Only names that match: `*` is any text, `?` any character. @default - any name */
  readonly nameGlob?: string;
  /** Only backups of this engine version, as the service sends it. @default - any version */
  readonly engineVersion?: string;
  /** Only backups of at least so many bytes. @default - any size */
  readonly minSizeBytes?: number;
  /** A condition of your own. @default - none */
  readonly condition?: IBackupCondition;
}

/**
 * Which backup a restore would start from.
 *
 * Whatever is selected, a backup is only chosen if a restore can start from it: it is completed, a
 * full backup of the instance (a differential one only where `kinds` names FRAGMENT), not forbidden
 * by the service, and it has a begin time.
 */
export class Selection {
  /**
   * The newest, by `beginTime`.
   * @param filter What it must be besides.
   * @throws `INVALID_KIND` for kinds that no restore starts from, or none; `INVALID_SIZE` for less than 0;
   * `INVALID_PROPERTY` for another property that can't be, or is none.
   */
  public static latest(filter: SelectionFilter = {}): Selection {
    return new Selection("latest", checkedFilter("latest", filter));
  }

  /**
   * The newest that was complete at that moment or before: `endTime` ≤ `time`.
   * @param time The moment.
   * @param filter What it must be besides.
   * @throws `INVALID_TIME` for no valid Date; what `latest` throws.
   */
  public static latestBefore(time: Date, filter: SelectionFilter = {}): Selection {
    const before = validTime("latestBefore", time);
    return new Selection("latestBefore", checkedFilter("latestBefore", filter), before);
  }

  /**
   * The backup of this id, if a restore can start from it.
   * @param id As the service has it.
   * @throws `INVALID_ID` for what can't be one.
   */
  public static byId(id: string): Selection {
    return new Selection("byId", {}, undefined, checkedId("id", id, ""));
  }

  /**
   * A point in time: the instance as it was at that moment. Asks the service which moments can be
   * restored to; DCS has none, GeminiDB only for Cassandra and InfluxDB.
   * @param time The moment.
   * @throws `INVALID_TIME` for no valid Date.
   */
  public static pointInTime(time: Date): Selection {
    return new Selection("pointInTime", {}, validTime("pointInTime", time));
  }

  /** The newest moment that can be restored to: the least that is lost. */
  public static newestMoment(): Selection {
    return new Selection("newestMoment", {});
  }

  private constructor(
    private readonly kind: "latest" | "latestBefore" | "byId" | "pointInTime" | "newestMoment",
    private readonly filter: SelectionFilter,
    private readonly time?: Date,
    private readonly id?: string,
  ) {
    const { kinds } = filter;
    const impossible = (kinds ?? []).filter((each) => !CHOOSABLE.includes(each));
    if (impossible.length > 0 || kinds?.length === 0) {
      throw refusal(
        "INVALID_KIND",
        `a selection by kinds [${kinds!.join(", ")}] can choose nothing`,
        "Allowed are BackupKind.AUTOMATIC, MANUAL and FRAGMENT: no restore starts from another alone.",
      );
    }
  }

  /** As a person reads it: "the newest manual backup named nightly-*". */
  public toString(): string {
    const { kinds, nameGlob, engineVersion, minSizeBytes, condition } = this.filter;
    const parts = [
      kinds && `of kind ${kinds.join(" or ")}`,
      nameGlob && `named ${nameGlob}`,
      engineVersion && `of version ${engineVersion}`,
      minSizeBytes && `of at least ${minSizeBytes} bytes`,
      condition && "that meets the program's own condition",
    ].filter(Boolean);
    const what = {
      latest: "the newest backup",
      latestBefore: `the newest backup complete at ${this.time?.toISOString()}`,
      byId: `the backup ${this.id}`,
      pointInTime: `the instance as of ${this.time?.toISOString()}`,
      newestMoment: "the newest moment that can be restored to",
    }[this.kind];
    return [what, ...parts].join(", ");
  }

  /** Whether it names a backup, so that the instance doesn't matter. @internal */
  public _isById(): boolean {
    return this.kind === "byId";
  }

  /** Whether it selects a moment, not a backup; then the moment, if it is a given one. @internal */
  public _moment(): { readonly time?: Date } | undefined {
    return this.kind === "pointInTime" || this.kind === "newestMoment"
      ? { time: this.time }
      : undefined;
  }

  /** For the newest backup: the moment that it is the newest before, if one is given. @internal */
  public _newest(): { readonly before?: Date } | undefined {
    const isNewest = this.kind === "latest" || this.kind === "latestBefore";
    return isNewest ? { before: this.time } : undefined;
  }

  /** The id of the backup, or the moment in RFC 3339, where it names one. @internal */
  public _names(): string | undefined {
    if (this.kind === "byId") return this.id;
    return this.kind === "pointInTime" && this.time ? toRfc3339(this.time) : undefined;
  }

  /** Undefined where the backup may be chosen as of that moment, else why not. @internal */
  public _rejects(backup: Backup, asOf: Date): string | undefined {
    if (this.kind === "byId" && backup.id !== this.id) return "is not the one that was asked for";
    // Who names a differential backup by its id means it.
    const kinds = this.kind === "byId" ? CHOOSABLE : this.filter.kinds;
    return whyNotNow(backup, asOf, kinds) ?? this.filterRejects(backup);
  }

  private filterRejects(backup: Backup): string | undefined {
    const { kinds, nameGlob, engineVersion, minSizeBytes, condition } = this.filter;
    if (kinds && !kinds.includes(backup.kind))
      return `is ${backup.kind}, not ${kinds.join(" or ")}`;
    if (nameGlob !== undefined && !matchesGlob(backup.name ?? "", nameGlob)) {
      return `is named ${backup.name ?? "nothing"}, not ${nameGlob}`;
    }
    if (engineVersion !== undefined && backup.engineVersion !== engineVersion) {
      return `is of version ${backup.engineVersion ?? "unknown"}, not ${engineVersion}`;
    }
    if (minSizeBytes !== undefined && !((backup.sizeBytes ?? -1) >= minSizeBytes)) {
      return `is ${backup.sizeBytes ?? "an unknown number of"} bytes, less than ${minSizeBytes}`;
    }
    // A begin after its own end is a record that contradicts itself: both have to fit.
    const [begin, done] = [backup.beginTime!, backup.endTime];
    if (this.time !== undefined && !(done && begin <= this.time && done <= this.time)) {
      if (begin > this.time) return `was begun only at ${begin.toISOString()}`;
      const end = done?.toISOString() ?? "at an unknown time";
      return `was complete ${end}, not by ${this.time.toISOString()}`;
    }
    return condition?.rejects(backup);
  }
}

const CHOOSABLE = [BackupKind.AUTOMATIC, BackupKind.MANUAL, BackupKind.FRAGMENT];

/** `*` is any text, `?` any character, all else itself. Linear, whatever the pattern. */
export function matchesGlob(text: string, glob: string): boolean {
  let [t, g, star, mark] = [0, 0, -1, 0];
  const [letters, pattern] = [[...text], [...glob]];
  while (t < letters.length) {
    if (pattern[g] === "*") [star, mark] = [g++, t];
    else if (pattern[g] === "?" || pattern[g] === letters[t]) [t, g] = [t + 1, g + 1];
    else if (star >= 0) [g, mark, t] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[g] === "*") g++;
  return g === pattern.length;
}

const FILTER: Shape<SelectionFilter> = {
  kinds: by("INVALID_KIND", listOf(by("INVALID_KIND", oneOf("BackupKind", BackupKind)))),
  nameGlob: { ...TEXT, allowed: "a text, in which * is any text and ? any character" },
  engineVersion: TEXT,
  minSizeBytes: SIZE,
  condition: withMethods<IBackupCondition>("rejects"),
};

function checkedFilter(factory: string, filter: SelectionFilter): SelectionFilter {
  return checkedOptions(`Selection.${factory}`, filter, FILTER);
}

function validTime(factory: string, time: Date): Date {
  return checkedValue("time", time, required(DATE), { source: `Selection.${factory}` });
}

brand(Selection, "Selection");
