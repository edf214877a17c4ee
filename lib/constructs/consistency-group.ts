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
import { shown } from "../model/text";
import { toRfc3339 } from "../model/time";
import { chooseConsistent, ConsistencyChoice } from "../restore/consistency";
import { humanTime } from "../restore/decision";
import { RestoreDestination } from "../restore/decision";
import { Selection } from "../restore/selection";
import { literal } from "../model/literal";
import { Pin, writeSetPin } from "../terraform/choice";
import { GateSet } from "../terraform/gate";
import { settledIn, writeOutput } from "../terraform/output";
import { requireStack } from "../terraform/problems";
import { writeDecision } from "../terraform/stack-files";
import { BackupQuery } from "./backup-query";
import { Instances } from "./instances";
import { groundsOf, judge, tellIfOutdated, unmetProblem } from "./judge";
import { DESTINATION, PIN, RestorePin, RestoreTarget } from "./restore-target";
import { asMember } from "./target-set";
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
  /**
   * Whether it may be restored to a moment: asks the service for its windows. In a group with a pin it then
   * is restored to a moment in any case, never from a backup.
   * @default false
   */
  readonly moments?: boolean;
  /**
   * What a restore of it would make; of a group with a pin. The set is met only where what is chosen fits.
   * @default - not checked
   */
  readonly destination?: RestoreDestination;
  /**
   * The instance that it would be restored onto, as `RestoreTargetProps.onto`; of a group with a pin.
   * @default - not checked
   */
  readonly onto?: Instances;
}

/** What is restored together, and how close together it must be. */
export interface ConsistencyGroupProps {
  /** The members, at least one. */
  readonly members: ConsistencyGroupMember[];
  /**
   * How far apart in time they may be: of the sets within it the newest is taken.
   * @default - any spread: the closest set is taken, however old
   */
  readonly maxSpread?: Duration;
  /** How old the oldest may be. @default - any age */
  readonly maxAge?: Duration;
  /** What happens where there is no such set. @default Unmet.FAIL */
  readonly onUnmet?: Unmet;
  /**
   * Keeps the set until the epoch is raised, and gives each member a target to act on (`targetOf`). All
   * are kept in one, so that none moves without the others; where the set is unmet, or too old, none does.
   * @default - the set follows the newest, and there are no targets
   */
  readonly pin?: RestorePin;
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
 * Backups of several instances that are restored together: of the sets that are close enough (`maxSpread`)
 * the newest; where none is, or nothing says what is, the closest in time, and among equally close ones the
 * newest. Where all members have restore windows with a moment in common, it is the newest such moment, unless
 * newer backups are close enough.
 *
 * It writes one output named after it, of each member its `{backup_id, restore_time}` (where it is pinned,
 * the pin's).
 */
export class ConsistencyGroup extends Construct {
  private readonly windows = new Map<ConsistencyGroupMember, WindowLookup>();
  private readonly members = new Map<string, RestoreTarget>();
  private chosen?: Outcome<ConsistencyChoice>;
  private memo?: Outcome<ConsistencyChoice>;
  private pins?: ReadonlyMap<string, Pin>;

  /**
   * @param props What is restored together, and how close together it must be.
   * @throws `INVALID_DURATION`, `INVALID_MEMBER`, `INVALID_PROPERTY` or `NO_MEMBERS` for a property or members
   * that can't be; of one with
   * moments `NO_INSTANCE` where its query names none, `NO_POINT_IN_TIME` where the service can't restore
   * to one; `INVALID_PIN` for an epoch that can't be, `NOT_PINNED` for a
   * member's destination without a pin; `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands.
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
    if (props.pin) this.makeTargets(props.pin);
    const report = judge(
      this,
      groundsOf(
        props.members.map(({ backups }) => backups),
        () => [
          ...[...this.windows.values()].flatMap(({ all }) => all),
          ...this.targets.flatMap((target) => target._furtherLookups),
        ],
      ),
      () =>
        unmetProblem(
          this.outcome,
          props.onUnmet,
          this.targets.map(({ _choice }) => _choice),
        ),
      () => this.outcome.value && sentence(this.outcome.value, props.pin),
    );
    writeOutput(
      this,
      `What the members of ${id} are restored from, as of the synthesis`,
      (context) => {
        const choice = settledIn(context, report, this.outcome, this.isFatal);
        if (this.pins) {
          const held = [...this.pins].map(([member, { choice }]) => {
            return [member, { backup_id: choice.backup_id, restore_time: choice.restore_time }];
          });
          return Object.fromEntries(held) as { [member: string]: { [name: string]: string } };
        }
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
    return this.outcome.isKnown && this.outcome.problem === undefined;
  }

  /**
   * The target of each member, in their order: what a RestoreTrigger, an InPlaceRestore or a
   * NewInstanceRestore acts on; empty without a `pin`. They are kept together: where one of them can't be
   * restored, or the set is not good enough, nothing acts on any of them.
   */
  public get targets(): RestoreTarget[] {
    return [...this.members.values()];
  }

  /**
   * The target of one member; see `targets`.
   * @param member The member's name.
   * @throws `NOT_PINNED` where the group has no `pin`, without which nothing holds its members together;
   * `INVALID_MEMBER` where it has no such member.
   */
  public targetOf(member: string): RestoreTarget {
    const target = this.members.get(member);
    if (target) return target;
    const asked = shown(member);
    if (!this.props.pin) {
      throw refusal(
        "NOT_PINNED",
        `the target of ${asked} is asked for, and the group has no pin, without which nothing holds its members together`,
        "Give the group a pin: `pin: { epoch: 1 }`.",
        this.at,
      );
    }
    throw refusal(
      "INVALID_MEMBER",
      `the group has no member ${asked}`,
      `Its members: ${[...this.members.keys()].join(", ")}.`,
      this.at,
    );
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

  /** The set, and why nothing may act on any of it. */
  private get outcome(): Outcome<ConsistencyChoice> {
    this.memo ??= Outcome.of(
      () => this.set.required,
      (choice) => (choice.isMet ? this.misfit() : this.unmet(choice)),
    );
    return this.memo;
  }

  /** The set that is to be had, be it that a member does not fit where it would be restored to. */
  private get set(): Outcome<ConsistencyChoice> {
    const { maxAge, maxSpread, members } = this.props;
    this.chosen ??= Outcome.of(() =>
      chooseConsistent(
        members.map((member) => this.candidatesOf(member)),
        {
          asOf: members[0]!.backups._asOf(),
          maxSpreadMs: maxSpread?.toMilliseconds(),
          maxAgeMs: maxAge?.toMilliseconds(),
        },
      ),
    );
    return this.chosen;
  }

  private makeTargets(pin: RestorePin): void {
    const { maxAge, members, onUnmet } = this.props;
    const scope = new Construct(this, "targets");
    const gates = new GateSet();
    for (const { backups, destination, moments, name, onto, selection } of members) {
      const props = asMember(
        { backups, destination, onto, onUnmet, pin, selection },
        {
          isMoment: moments ?? false,
          maxAgeMs: maxAge?.toMilliseconds(),
          gates,
          pick: () => {
            const set = this.set.required;
            return { set, pick: set.picks.find(({ member }) => member === name) };
          },
          outcome: () => this.outcome,
          freshUntil: () => this.freshUntil(),
          pin: () => this.pins!.get(name)!,
        },
      );
      this.members.set(name, new RestoreTarget(scope, name, props));
    }
    const today = [...this.members].map(([name, { _choice }]) => [name, _choice.today] as const);
    this.pins = writeSetPin(this, pin.epoch, new Map(today));
  }

  /** Whether it fails the synthesis where it is unmet. */
  private get isFatal(): boolean {
    return (
      isFatal(this.props.onUnmet) || this.targets.some(({ _choice }) => _choice.neededBy.length > 0)
    );
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
    const isOfMoments = this.props.pin !== undefined && member.moments;
    const windows = this.windows.get(member)?.recent();
    return { name: member.name, candidates, windows, isOfMoments };
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
    for (const { destination, name, onto, selection } of this.props.members) {
      if (!this.props.pin && (destination !== undefined || onto !== undefined)) {
        throw refusal(
          "NOT_PINNED",
          `${name} has ${onto === undefined ? "a destination" : "`onto`"}, and the group has no pin: nothing acts on it`,
          "Give the group a pin (`pin: { epoch: 1 }`), or leave it out.",
          this.at,
        );
      }
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

  /** Why a member does not fit where it would be restored to. */
  private misfit(): BackupsError | undefined {
    const found = [...this.members].flatMap(([name, { _shortcomings }]) =>
      _shortcomings.map((each) => `${name}: ${each}`),
    );
    if (found.length === 0) return undefined;
    return refusal(
      "BACKUP_NOT_GOOD_ENOUGH",
      `the set falls short: ${found.join("; ")}`,
      "Make newer or fitting backups, or change what the members demand.",
      this.at,
    );
  }

  private freshUntil(): Date | undefined {
    const { maxAge, members } = this.props;
    const { worstAgeMs } = this.set.value ?? {};
    if (!maxAge || worstAgeMs === undefined) return undefined;
    const left = maxAge.toMilliseconds() - worstAgeMs;
    return new Date(members[0]!.backups._asOf().getTime() + left);
  }

  private summary(): unknown {
    const choice = this.outcome.value;
    if (!choice) return null;
    const { picks, spreadMs, worstAgeMs, limitedBy, reason } = choice;
    const { isMet } = this;
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
function sentence({ picks }: ConsistencyChoice, pin: RestorePin | undefined): string {
  const each = picks.map(({ member, backup, moment }) =>
    backup ? `${member} from backup ${backup.id}` : `${member} to moment ${toRfc3339(moment)}`,
  );
  const held = pin && each.length > 0 ? `, once the pin's epoch ${pin.epoch} is raised` : "";
  return `${each.join(", ") || "none"}${held}`;
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
        destination: DESTINATION,
        onto: made("Instances"),
      }),
    ),
  ),
  maxSpread: DURATION,
  pin: PIN,
  maxAge: DURATION,
  onUnmet: ON_UNMET,
});
