import { Construct } from "constructs";
import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import {
  ANY_TEXT,
  by,
  checkedProps,
  declareProps,
  DURATION,
  FLAG,
  listOf,
  made,
  required,
  struct,
} from "../model/shape";
import { toRfc3339 } from "../model/time";
import { chooseConsistent, ConsistencyChoice } from "../restore/consistency";
import { humanTime } from "../restore/decision";
import { Selection } from "../restore/selection";
import { literal } from "../model/literal";
import { settledIn, writeOutput } from "../terraform/output";
import { requireStack } from "../terraform/problems";
import { writeDecision } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { groundsOf, judge, problemOf, tellIfOutdated } from "./judge";
import { isFatal, ON_UNMET, Unmet } from "./unmet";
import { WindowLookup } from "./window-lookup";

/** One of several instances that are restored together. */
export interface ConsistencyGroupMember {
  /** Its name, unique in the group. */
  readonly name: string;
  /** The backups to choose from; of one instance. */
  readonly backups: BackupQuery;
  /** Which of them may be chosen. @default Selection.latest() */
  readonly selection?: Selection;
  /** Whether it may be restored to a moment: asks the service for its windows. @default false */
  readonly moments?: boolean;
}

/** What is restored together, and how close together it must be. */
export interface ConsistencyGroupProps {
  /** The members, at least one. */
  readonly members: ConsistencyGroupMember[];
  /** How far apart in time they may be. @default - any spread */
  readonly maxSpread?: Duration;
  /** How old the oldest may be. @default - any age */
  readonly maxAge?: Duration;
  /** What happens where there is no such set. @default Unmet.FAIL */
  readonly onUnmet?: Unmet;
}

/** What one member is restored from, and to when. */
export interface ConsistencyGroupPick {
  /** The member's name. */
  readonly member: string;
  /** Its backup. @default - none: it is restored to `restoreTime` */
  readonly backup?: Backup;
  /** The moment to restore to. @default - none: the backup itself is restored */
  readonly restoreTime?: Date;
  /** The moment whose state it will be in. */
  readonly moment: Date;
}

/**
 * Backups of several instances that are restored together: the set that is closest together in time,
 * and among equally close ones the newest. Where all members have restore windows with a moment in
 * common, it is the newest such moment.
 */
export class ConsistencyGroup extends Construct {
  private readonly windows = new Map<ConsistencyGroupMember, WindowLookup>();
  private memo?: Outcome<ConsistencyChoice>;

  /**
   * @param props What is restored together, and how close together it must be.
   * @throws `INVALID_DURATION`, `INVALID_MEMBER`, `INVALID_PROPERTY` or `NO_MEMBERS` for a property or members
   * that can't be; of one with
   * moments `NO_INSTANCE` where its query names none, `NO_POINT_IN_TIME` where the service can't restore
   * to one; `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ConsistencyGroupProps,
  ) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "a ConsistencyGroup");
    this.check();
    for (const member of props.members) {
      if (member.moments)
        this.windows.set(member, new WindowLookup(this, member.backups, undefined));
    }
    const report = judge(
      this,
      groundsOf(
        props.members.map(({ backups }) => backups),
        () => [...this.windows.values()].flatMap(({ all }) => all),
      ),
      () => problemOf(this.outcome, isFatal(props.onUnmet)),
      () => this.outcome.value && sentence(this.outcome.value),
    );
    writeOutput(
      this,
      `What the members of ${id} are restored from, as of the synthesis`,
      (context) => {
        const choice = settledIn(context, report, this.outcome, isFatal(props.onUnmet));
        const picks = choice?.picks ?? [];
        return Object.fromEntries(
          picks.map(({ member, backup, restoreTime }) => [
            member,
            literal({ backup_id: backup?.id, restore_time: restoreTime }),
          ]),
        );
      },
    );
    writeDecision(this, () => this.summary());
  }

  /**
   * Whether there is a set within the constraints; always safe to ask. False also where a lookup
   * failed, which its query reports.
   */
  public get isMet(): boolean {
    return this.outcome.value?.isMet ?? false;
  }

  /**
   * One pick of each member, in their order; empty where a member can't be restored at all.
   * @throws `SEVERAL_INSTANCES` where a member's backups are of several; what `BackupQuery.all` throws.
   */
  public get picks(): ConsistencyGroupPick[] {
    return [...this.choice.picks];
  }

  /**
   * From the earliest to the latest moment, in milliseconds; undefined where there are no picks.
   * @throws What `picks` throws.
   */
  public get spreadMilliseconds(): number | undefined {
    return this.choice.spreadMs;
  }

  /**
   * The age of the earliest moment, in milliseconds; undefined where there are no picks.
   * @throws What `picks` throws.
   */
  public get worstAgeMilliseconds(): number | undefined {
    return this.choice.worstAgeMs;
  }

  /**
   * The member that keeps the set from being closer together, or newer.
   * @throws What `picks` throws.
   */
  public get limitedBy(): string | undefined {
    return this.choice.limitedBy;
  }

  /**
   * Why this set, or why none.
   * @throws What `picks` throws.
   */
  public get reason(): string {
    return this.choice.reason;
  }

  private get choice(): ConsistencyChoice {
    return this.outcome.required;
  }

  private get outcome(): Outcome<ConsistencyChoice> {
    const { maxAge, maxSpread, members } = this.props;
    this.memo ??= Outcome.of(
      () =>
        chooseConsistent(
          members.map((member) => this.candidatesOf(member)),
          {
            asOf: members[0]!.backups._asOf(),
            maxSpreadMs: maxSpread?.toMilliseconds(),
            maxAgeMs: maxAge?.toMilliseconds(),
          },
        ),
      (choice) => (choice.isMet ? undefined : this.unmet(choice)),
    );
    return this.memo;
  }

  private get at() {
    return { constructPath: this.node.path };
  }

  private candidatesOf(member: ConsistencyGroupMember) {
    const selection = member.selection ?? Selection.latest();
    // Read first: a frozen run knows its moment once an answer was taken.
    const { all } = member.backups;
    const asOf = member.backups._asOf();
    const candidates = all.filter((backup) => selection._rejects(backup, asOf) === undefined);
    const instances = new Set(candidates.map(({ instanceId }) => instanceId));
    if (instances.size > 1) {
      throw refusal(
        "SEVERAL_INSTANCES",
        `the backups of the member ${member.name} are of ${instances.size} instances`,
        "Give its query an `instanceId`.",
        this.at,
      );
    }
    return { name: member.name, candidates, windows: this.windows.get(member)?.recent() };
  }

  private check(): void {
    const names = this.props.members.map(({ name }) => name);
    if (names.length === 0) {
      throw refusal("NO_MEMBERS", "the group has no members", "Give at least one.", this.at);
    }
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined || names.some((name) => !isMemberName(name))) {
      throw refusal(
        "INVALID_MEMBER",
        twice === undefined
          ? `the members are named ${names.join(", ")}`
          : `two members are named ${twice}`,
        "Names are unique, of letters, digits, - and _, and not __proto__: the output has them for keys.",
        this.at,
      );
    }
    for (const { selection } of this.props.members) {
      if (selection?._moment()) {
        throw refusal(
          "INVALID_MEMBER",
          "a member selects a moment",
          "Say `moments: true` instead.",
          this.at,
        );
      }
    }
  }

  private unmet({ reason }: ConsistencyChoice): BackupsError {
    return refusal(
      "NO_CONSISTENT_SET",
      reason.replace(/\.$/, ""),
      "Make backups closer together, or allow a larger `maxSpread` or `maxAge`.",
      this.at,
    );
  }

  private freshUntil(): Date | undefined {
    const { maxAge, members } = this.props;
    const { worstAgeMs } = this.choice;
    if (!maxAge || worstAgeMs === undefined) return undefined;
    const left = maxAge.toMilliseconds() - worstAgeMs;
    return new Date(members[0]!.backups._asOf().getTime() + left);
  }

  private summary(): unknown {
    const choice = this.outcome.value;
    if (!choice) return null;
    const { picks, isMet, spreadMs, worstAgeMs, limitedBy, reason } = choice;
    if (isMet) tellIfOutdated(this, this.props.members[0]!.backups, this.freshUntil());
    return {
      is_met: isMet,
      picks: picks.map(({ member, backup, moment }) => ({
        member,
        backup_id: backup?.id ?? null,
        moment: toRfc3339(moment),
      })),
      spread: spreadMs === undefined ? null : humanTime(spreadMs),
      worst_age: worstAgeMs === undefined ? null : humanTime(worstAgeMs),
      limited_by: limitedBy ?? null,
      reason,
    };
  }
}

/** What was decided, for those who review a lock. */
function sentence({ picks }: ConsistencyChoice): string {
  const each = picks.map(({ member, backup, moment }) =>
    backup ? `${member} from backup ${backup.id}` : `${member} to moment ${toRfc3339(moment)}`,
  );
  return each.join(", ") || "none";
}

/** cdktf assigns to keys, and an assignment to `__proto__` makes none. */
function isMemberName(name: unknown): boolean {
  return typeof name === "string" && /^[A-Za-z0-9_-]+$/.test(name) && name !== "__proto__";
}

declareProps<ConsistencyGroupProps>(ConsistencyGroup, "ConsistencyGroup", {
  members: required(
    listOf(
      struct<ConsistencyGroupMember>({
        name: required(by("INVALID_MEMBER", ANY_TEXT)),
        backups: required(made("BackupQuery")),
        selection: made("Selection", ", such as Selection.latest()"),
        moments: FLAG,
      }),
    ),
  ),
  maxSpread: DURATION,
  maxAge: DURATION,
  onUnmet: ON_UNMET,
});
