import { Construct } from "constructs";
import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import {
  by,
  checkedProps,
  DATE,
  declareProps,
  DURATION,
  FLAG,
  made,
  required,
  SIZE,
  struct,
  TEXT,
  whole,
} from "../model/shape";
import { excerpt } from "../model/text";
import { Lasting, RestoreDecision, RestoreDestination } from "../restore/decision";
import { Selection } from "../restore/selection";
import { tell } from "../cloud/notice";
import { Answered } from "../lock/format";
import { Lookup } from "../lookup/lookup";
import { listOf } from "../services/registry";
import { Choice } from "../terraform/choice";
import { writeCheck, writeLocal } from "../terraform/check";
import { literal } from "../model/literal";
import { writeDecision } from "../terraform/stack-files";
import { settledIn, writeOutput } from "../terraform/output";
import { Problem, requireStack } from "../terraform/problems";
import { BackupQuery } from "./backup-query";
import { Instances } from "./instances";
import { groundsOf, judge, tellIfOutdated, unmetProblem } from "./judge";
import { sessionOf } from "./provider";
import { OntoLookup } from "./onto-lookup";
import { PolicyLookup } from "./policy-lookup";
import { RecentLookup } from "./recent-lookup";
import { formatted, RestoreChoice } from "./restore-choice";
import { memberOf, SetMember } from "./target-set";
import { isFatal, ON_UNMET, Unmet } from "./unmet";
import { WindowLookup } from "./window-lookup";

/** Keeps a choice until a person changes it. */
export interface RestorePin {
  /** A whole number; raising it takes today's choice. */
  readonly epoch: number;
}

/** From which backups a restore target is chosen, and how. */
export interface RestoreTargetProps {
  /**
   * The backups to choose from; of one instance, unless by id. Where the query writes no output
   * (`BackupOutputs.NONE`), nothing else reads it and the newest is wanted, the last eight days (at most
   * `maxAge`) are asked for first, and all only where none of those will do.
   */
  readonly backups: BackupQuery;
  /** Which of them. @default Selection.latest(); of a list without full backups (TaurusDB's incremental ones) Selection.newestMoment() */
  readonly selection?: Selection;
  /**
   * How old the chosen backup may be, counted from its `beginTime`: its RPO. What acts on the target
   * is guarded by it at plan and at apply as well. @default - any age
   */
  readonly maxAge?: Duration;
  /** What a restore would make; the chosen backup has to fit when it is chosen. @default - not checked */
  readonly destination?: RestoreDestination;
  /**
   * The instance that it would be restored onto, looked up; not one that is being created, is frozen or has failed. GaussDB and GeminiDB of
   * Huawei Cloud are asked whether they can restore the choice onto it; of the others engine, version and
   * volume have to fit, as far as both lists say them. @default - not checked
   */
  readonly onto?: Instances;
  /**
   * The moment until which the choice has to be there: a restore that is planned. An automated backup is
   * chosen only where the instance's policy keeps it that long; the policy is looked up for that. Not beside
   * `mustLastFor`.
   * @default - however long it is kept
   */
  readonly mustLastUntil?: Date;
  /** The same as a length of time from `asOf` on. @default - however long it is kept */
  readonly mustLastFor?: Duration;
  /** What happens where the target is unmet. CDKTF_BACKUPS_UNMET=warn overrides it. @default Unmet.FAIL */
  readonly onUnmet?: Unmet;
  /**
   * Keeps the choice until the epoch is raised, so that a newer backup changes nothing by itself.
   * @default - the choice follows the newest
   */
  readonly pin?: RestorePin;
  /**
   * Whether a `check` block warns at plan where the chosen backup has become older than `maxAge`.
   * @default false
   */
  readonly warnAtPlan?: boolean;
}

/**
 * Which backup a restore would start from, and why.
 *
 * It writes one output named after it, `{backup, restore_time}` (where it is pinned, the pin's), and
 * its decision into `restore-decisions.json` in the stack's output folder. `isMet` is always safe to ask.
 */
export class RestoreTarget extends Construct {
  private readonly props: RestoreTargetProps;
  private readonly selection: Selection;
  /** Where a set decides for it, and tells what is wrong with it. */
  private readonly member?: SetMember;
  private readonly windows?: WindowLookup;
  private readonly recent?: RecentLookup;
  private readonly policy?: PolicyLookup;
  private readonly onto?: OntoLookup;
  private memo?: Outcome<RestoreDecision>;
  private decided?: Outcome<RestoreDecision>;
  /** What whatever acts on it reads, and the gate in front of it. @internal */
  public readonly _choice: RestoreChoice;

  /**
   * @param props From which backups it is chosen, and what it must be.
   * @throws `INVALID_DURATION`, `INVALID_PIN`, `INVALID_PROPERTY`, `INVALID_SIZE` or `INVALID_TIME` for a
   * property that can't be, or is none; of a moment `NO_INSTANCE`
   * where the query names none, `NO_POINT_IN_TIME` where the service can't restore to one; `HCL_OUTPUT`
   * or `OUTSIDE_A_STACK` for where it stands.
   */
  constructor(scope: Construct, id: string, props: RestoreTargetProps) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "a RestoreTarget");
    this.props = props;
    this.member = memberOf(props);
    const { member } = this;
    this.selection = props.selection ?? defaultSelection(props.backups);
    const moment = member ? undefined : this.selection._moment();
    if (moment) this.windows = new WindowLookup(this, props.backups, moment.time);
    if (props.onto) {
      this.onto = new OntoLookup(this, props.backups, props.onto, () => this._cloudName);
    }
    if (isToLast(props, this.node.path)) this.policy = new PolicyLookup(this, props.backups);
    const among = (backups: readonly Backup[], since: Date) => this.decide(backups, since);
    this.recent = member
      ? undefined
      : RecentLookup.of(this, props.backups, this.selection, props.maxAge, among);
    const { service } = props.backups._query();
    const grounds = this.recent
      ? { isKnown: () => this.isKnown, lookups: () => [this.lookup, ...this._furtherLookups] }
      : groundsOf([props.backups], () => [...(this.windows?.all ?? []), ...this._furtherLookups]);
    this._choice = new RestoreChoice({
      construct: this,
      epoch: props.pin?.epoch,
      setPin: member && (() => member.pin()),
      gates: member?.gates,
      service,
      instanceId: props.backups._isOfOne() ? () => props.backups._instanceId() ?? "" : undefined,
      isMoment: this._isMoment,
      named: this.selection._names(),
      maxAgeMs: member ? member.maxAgeMs : props.maxAge?.toMilliseconds(),
      hasDestination: props.destination !== undefined || props.onto !== undefined,
      outcome: () => this.outcome,
      freshUntil: () => (member ? member.freshUntil() : this.freshUntil()),
    });
    writeDecision(this, (previous) => this.recorded(previous));
    if (member) return;
    const report = judge(
      this,
      grounds,
      () => this.problem(),
      () => this.outcome.value && this.sentence(this.outcome.value),
    );
    writeOutput(this, `The backup that ${id} would restore, as of the synthesis`, (context) => {
      const decision = settledIn(context, report, this.outcome, this.isFatal);
      // A newer backup changes nothing of a pinned target, not even its output.
      if (props.pin) return pinnedOutput(this._choice.values);
      return {
        backup: decision?.chosen ? literal(decision.chosen) : null,
        restore_time: literal(decision?.restoreTime),
      };
    });
    if (props.warnAtPlan) this.writeCheck();
  }

  /**
   * Whether there is a suitable backup and it is good enough; always safe to ask. False also where
   * the lookup failed, which its query reports.
   */
  public get isMet(): boolean {
    return this.outcome.isKnown && this.outcome.problem === undefined;
  }

  /**
   * The chosen backup; also one that is merely too old or does not fit.
   * @throws `NO_RESTORABLE_BACKUP`, with the nearest candidates and what kept each, where none is
   * suitable. Of a moment: `MOMENT_NOT_RESTORABLE` where it can't be restored to, else
   * `NO_BACKUP_LISTED` where none is listed that it builds on (`BACKUP_NOT_GOOD_ENOUGH` if the moment
   * falls short as well). What `decision` throws.
   */
  public get backup(): Backup {
    const { chosen } = this.decision;
    if (chosen !== undefined) return chosen;
    if (this.outcome.problem) throw this.outcome.problem;
    throw refusal(
      "NO_BACKUP_LISTED",
      `the target is the moment ${formatted(this.restoreTime)}, and no backup is listed that it builds on`,
      "Read `restoreTime`: a moment is restored by its time.",
      { constructPath: this.node.path },
    );
  }

  /**
   * The moment to restore to, where the selection is of a moment and it can be restored to; undefined
   * where it is of a backup.
   * @throws What `decision` throws.
   */
  public get restoreTime(): Date | undefined {
    return this.decision.restoreTime;
  }

  /**
   * What was chosen, and why each other backup was not.
   * @throws `SEVERAL_INSTANCES` where the backups are of several and it is not chosen by its id; what
   * `BackupQuery.all` throws.
   */
  public get decision(): RestoreDecision {
    return this.outcome.required;
  }

  /** Which cloud is asked, as far as it is known now; a lookup that can't know it reports that. @internal */
  public get _cloudName(): string | undefined {
    const lookups = [this.props.backups._lookup(), this.recent?.lookup];
    const names = lookups.map(
      (lookup) => lookup && Outcome.of(() => sessionOf(this).cloudOf(lookup)).value,
    );
    return names.find((name) => name !== undefined);
  }

  /** By whom the backups were answered that it has chosen from. @internal */
  public _answered(): Answered | undefined {
    return sessionOf(this).settledOf(this.lookup)?.entry?.answered;
  }

  /** Whether it chooses a moment, not a backup. @internal */
  public get _isMoment(): boolean {
    return this.member ? this.member.isMoment : this.windows !== undefined;
  }

  /** Which backups it chooses from. @internal */
  public get _backups(): BackupQuery {
    return this.props.backups;
  }

  /** How old its choice may be. @internal */
  public get _maxAge(): Duration | undefined {
    return this.props.maxAge;
  }

  /** What keeps the choice of a member from being good enough, but for the set as a whole. @internal */
  public get _shortcomings(): string[] {
    return this.decisionAlone.required.shortcomings;
  }

  /** What it asks besides the backups and their windows, as far as it was needed. @internal */
  public get _furtherLookups(): Lookup[] {
    return [...(this.policy?.lookups ?? []), ...(this.onto?.lookups ?? [])];
  }

  /** The decision, and why nothing may act on it. */
  private get outcome(): Outcome<RestoreDecision> {
    this.memo ??= Outcome.of(
      () => this.decisionAlone.required,
      (decision) =>
        this.member
          ? this.member.outcome().problem
          : decision.isMet
            ? undefined
            : this.unmet(decision),
    );
    return this.memo;
  }

  private get decisionAlone(): Outcome<RestoreDecision> {
    this.decided ??= Outcome.of(() => this.recent?.decision ?? this.decide(this.props.backups.all));
    return this.decided;
  }

  private get isFatal(): boolean {
    return isFatal(this.props.onUnmet) || this._choice.neededBy.length > 0;
  }

  private decide(among: readonly Backup[], since?: Date): RestoreDecision {
    const { backups, destination, maxAge } = this.props;
    const { set, pick } = this.member?.pick() ?? {};
    return RestoreDecision._of({
      subject: this.node.path,
      backups: among,
      since,
      selection: this.selection,
      asOf: backups._asOf(),
      instanceId: backups._instanceId(),
      moment: this.windows?.search(),
      picked: set && { pick, isMet: set.isMet, reason: set.reason },
      maxAgeMs: maxAge?.toMilliseconds(),
      destination,
      misfits: this.onto && ((chosen, restoreTime) => this.onto!.misfits(chosen, restoreTime)),
      lasting: this.lasting,
    });
  }

  /** How long the choice has to be there. */
  private get lasting(): Lasting | undefined {
    if (!this.policy) return undefined;
    const { backups, mustLastFor, mustLastUntil } = this.props;
    const ms = backups._asOf().getTime() + (mustLastFor?.toMilliseconds() ?? 0);
    return { until: mustLastUntil ?? new Date(ms), policy: this.policy.value };
  }

  /** What of the newest could not be understood stands here: the query, which was not asked, says nothing. */
  private problem(): Problem {
    const { error, warnings } = unmetProblem(this.outcome, this.props.onUnmet, [this._choice]);
    const past = this.pastDemand();
    return {
      error,
      warnings: [
        ...warnings,
        ...(past === undefined ? [] : [past]),
        ...(this.isOfRecent ? this.recent!.warnings : []),
      ],
    };
  }

  /** A moment that has passed keeps nothing from being chosen: a year may be mistyped. */
  private pastDemand(): string | undefined {
    const { backups, mustLastUntil } = this.props;
    if (!mustLastUntil || mustLastUntil > backups._asOf()) return undefined;
    return `mustLastUntil is ${formatted(mustLastUntil)}, which has passed: it demands nothing. Give a moment to come, or leave it out.`;
  }

  /** Whether it was decided among the newest alone. */
  private get isOfRecent(): boolean {
    const { value } = this.outcome;
    return value !== undefined && value === this.recent?.decision;
  }

  /** Whether the backups to choose from are there. */
  private get isKnown(): boolean {
    return this.isOfRecent || this.props.backups._outcome().isKnown;
  }

  /** That of the backups that it was decided among. */
  private get lookup(): Lookup {
    return this.isOfRecent ? this.recent!.lookup : this.props.backups._lookup();
  }

  /**
   * The decision, and for a pinned target what this output folder saw first under its epoch: what the
   * pin holds is known to Terraform's state alone. Says on standard output where today's differs.
   */
  private recorded(previous: unknown): unknown {
    const decision = this.outcome.value;
    const { pin } = this.props;
    if (this.props.maxAge && decision?.isMet) {
      tellIfOutdated(this, this.props.backups, this.freshUntil());
    }
    if (!pin) return decision?.toJson();
    const before = pinnedIn(previous);
    if (!decision) return { pinned: before ?? null };
    const today = decision.chosen?.id ?? formatted(decision.restoreTime);
    const known = before?.epoch === pin.epoch ? before.first_seen : undefined;
    if (known !== undefined && known !== today) {
      tell(
        `${this.node.path}: under epoch ${pin.epoch} this folder saw ${excerpt(known)} first; today's choice would be ${excerpt(today)}. Raise the epoch to take it.`,
      );
    }
    const pinned = {
      epoch: pin.epoch,
      first_seen: known ?? today,
      differs: known !== undefined && known !== today,
    };
    return { ...decision.toJson(), pinned };
  }

  /** With `plantimestamp()` alone: a check with `timestamp()` prints "known after apply" on every plan. */
  private writeCheck(): void {
    if (this.props.maxAge === undefined) return;
    const deadline = writeLocal(this, "fresh_until", () => formatted(this.freshUntil()));
    writeCheck(this, "check", () =>
      this.freshUntil() === undefined
        ? []
        : [
            {
              condition: `\${timecmp(plantimestamp(), ${deadline}) <= 0}`,
              error_message: `The backup that ${this.node.id} chose was fresh enough until ${deadline}.`,
            },
          ],
    );
  }

  /** What was decided, for those who review a lock. */
  private sentence({ chosen, restoreTime }: RestoreDecision): string {
    const { pin } = this.props;
    const held = pin ? `, once the pin's epoch ${pin.epoch} is raised` : "";
    if (restoreTime) return `moment ${formatted(restoreTime)}${held}`;
    return chosen ? `backup ${chosen.id}${held}` : "none";
  }

  private freshUntil(): Date | undefined {
    const decision = this.outcome.value;
    const begin = decision?.restoreTime ?? decision?.chosen?.beginTime;
    return begin && new Date(begin.getTime() + (this.props.maxAge?.toMilliseconds() ?? 0));
  }

  private unmet(decision: RestoreDecision): BackupsError {
    const { chosen, restoreTime, reason, shortcomings } = decision;
    if (this.windows && !restoreTime) {
      return refusal("MOMENT_NOT_RESTORABLE", reason, "Choose one of these moments, or a backup.", {
        constructPath: this.node.path,
      });
    }
    const what = chosen ? `backup ${chosen.id}` : `moment ${formatted(restoreTime)}`;
    const isChosen = chosen !== undefined || restoreTime !== undefined;
    return refusal(
      isChosen ? "BACKUP_NOT_GOOD_ENOUGH" : "NO_RESTORABLE_BACKUP",
      isChosen ? `the chosen ${what} falls short: ${shortcomings.join("; ")}` : reason,
      isChosen
        ? "Make a newer or fitting backup, or change what the target demands. CDKTF_BACKUPS_UNMET=warn synthesises all the same, to destroy or repair."
        : `${decision._nearest()} Make a backup, or widen the query or the selection.`,
      { constructPath: this.node.path },
    );
  }
}

function pinnedOutput({ backup_id, instance_id, begin_time, restore_time }: Choice) {
  return { backup: { id: backup_id, instance_id, begin_time }, restore_time };
}

/** Where a list has no backup that a restore starts from, there is only how far the windows reach. */
function defaultSelection(backups: BackupQuery): Selection {
  return listOf(backups._query()).hasFullBackups ? Selection.latest() : Selection.newestMoment();
}

/** What the synthesis before wrote of the pin; what somebody else wrote there is as good as nothing. */
function pinnedIn(previous: unknown): { epoch: number; first_seen: string } | undefined {
  const { pinned } = (previous ?? {}) as { pinned?: { epoch?: unknown; first_seen?: unknown } };
  const { epoch, first_seen } = pinned ?? {};
  return typeof epoch === "number" && typeof first_seen === "string"
    ? { epoch, first_seen }
    : undefined;
}

/** Whether it is said how long the choice has to be there. */
function isToLast(props: RestoreTargetProps, constructPath: string): boolean {
  const { backups, mustLastFor, mustLastUntil } = props;
  if (mustLastFor !== undefined && mustLastUntil !== undefined) {
    throw refusal(
      "INVALID_PROPERTY",
      "both mustLastUntil and mustLastFor are given",
      "Give one of them.",
      { constructPath },
    );
  }
  if (mustLastFor?.toMilliseconds() === 0) {
    throw refusal(
      "INVALID_DURATION",
      "mustLastFor is no time at all, so it would demand nothing",
      "Allowed is a Duration longer than nothing, such as Duration.days(3).",
      { constructPath },
    );
  }
  const isGiven = mustLastFor !== undefined || mustLastUntil !== undefined;
  if (!isGiven || backups._isOfOne()) return isGiven;
  throw refusal(
    "NO_INSTANCE",
    "how long backups are kept says the policy of an instance, but the query names none",
    "Give the query an `instanceId` or an `instanceName`.",
    { constructPath },
  );
}

const EPOCH = {
  ...by("INVALID_PIN", whole(0)),
  allowed: "a whole number from 0; raise it by one to take today's choice",
};

/** Of a target, and of a member of a group. */
export const DESTINATION = struct<RestoreDestination>({
  engineVersion: TEXT,
  volumeSizeBytes: SIZE,
});

/** Of a target, and of a group. */
export const PIN = by("INVALID_PIN", struct<RestorePin>({ epoch: required(EPOCH) }));

declareProps<RestoreTargetProps>(RestoreTarget, "RestoreTarget", {
  backups: required(made("BackupQuery")),
  selection: made("Selection", ", such as Selection.latest()"),
  maxAge: DURATION,
  destination: DESTINATION,
  onto: made("Instances"),
  mustLastUntil: DATE,
  mustLastFor: DURATION,
  onUnmet: ON_UNMET,
  pin: PIN,
  warnAtPlan: FLAG,
});
