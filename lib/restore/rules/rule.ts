import { Duration } from "../../model/duration";
import { refusal } from "../../model/errors";
import { adviceOn, brand, isStruct, shownName } from "../../model/shape";
import { shown } from "../../model/text";
import { automatedBackups } from "./automated-backups";
import { automatedOnly } from "./automated-only";
import { count } from "./count";
import { coverage } from "./coverage";
import { engineVersion } from "./engine-version";
import { failures } from "./failures";
import { gap, GapRuleOptions } from "./gap";
import { RuleId, RuleKind, RuleLevel, RuleObservation, RuleSubject } from "./kind";
import { missedWindow } from "./missed-window";
import { retention } from "./retention";
import { rpo } from "./rpo";
import { serviceFlag } from "./service-flag";
import { size, SizeRuleOptions } from "./size";
import { stuck } from "./stuck";
import { windowGap, WindowGapRuleOptions } from "./window-gap";

/**
 * A rule of a recovery policy: what has to hold of a query's backups, and how much it weighs where it
 * doesn't. RULES.md has all of them in a table.
 *
 * Each is made by the function of its name, which refuses at once what it can't use; what is left out
 * has its default. A backup is usable where a restore could start from it. What is said of full
 * backups is not asked of a list that has none, TaurusDB's of incremental ones.
 */
export class Rule {
  /**
   * The newest usable backup is no older than the RPO: how much would be lost by a restore now,
   * counted from its begin. An error where it is older, or where there is none.
   *
   * In a list of incremental backups alone (TaurusDB's) it counts from the newest end of one: up to
   * there the instance can be restored. Elsewhere they don't count; `windowGap` tells of restores to a
   * moment.
   *
   * @param maxAge The RPO. Default: `Duration.hours(26)`.
   * @throws `INVALID_RULE_PARAMETER` for what is no Duration.
   */
  public static rpo(maxAge?: Duration): Rule {
    return Rule._of(rpo, { maxAge });
  }

  /**
   * Not all of the last attempts at a full backup failed, automatic and manual ones alike. An error
   * where so many did in a row.
   *
   * One that is still being made is not an outcome and is passed over. Any other state ends the row: a
   * backup that was deleted since may have been a good one. Incremental backups and those of single
   * tables are no attempts at the instance.
   *
   * @param attempts How many failed ones in a row are too many. Default: `2`.
   * @throws `INVALID_RULE_PARAMETER` for what is no whole number from 1.
   */
  public static failures(attempts?: number): Rule {
    return Rule._of(failures, { attempts });
  }

  /**
   * Of the past days, no stretch longer than the schedule is without the begin of a usable full
   * backup. A warning where one is.
   *
   * The stretch from the newest to now counts. The one before the oldest counts, from the start of the
   * past days on, only where the list shows some backup, usable or not, from before that start: else
   * the instance or its policy may be younger, or the query may not have asked so far back.
   *
   * @param options How often backups are to begin, and how far it looks back.
   * @throws `INVALID_RULE_PARAMETER` for a value that an option can't have, `UNKNOWN_RULE_PARAMETER` for an
   * option that is none, `INVALID_RULE_SETTING` for what is no object.
   */
  public static gap(options: GapRuleOptions = {}): Rule {
    return Rule._of(gap, options);
  }

  /**
   * There are so many usable full backups: one alone may turn out damaged. A warning where there are
   * fewer.
   *
   * @param minBackups How many. Default: `2`.
   * @throws `INVALID_RULE_PARAMETER` for what is no whole number from 1.
   */
  public static count(minBackups?: number): Rule {
    return Rule._of(count, { minBackups });
  }

  /**
   * The usable full backups reach back so far, from now to the begin of the oldest. A warning where
   * they don't. What lies between is told by `gap`.
   *
   * @param minReach How far. Default: `Duration.days(6)`, as a retention of 7 days keeps the oldest
   * backup between 6 and 7.
   * @throws `INVALID_RULE_PARAMETER` for what is no Duration.
   */
  public static coverage(minReach?: Duration): Rule {
    return Rule._of(coverage, { minReach });
  }

  /**
   * Of the past days, no stretch longer than allowed is without a moment to which the instance can be
   * restored. A warning where one is. Holds only where it is given: it has the service asked for its
   * restore windows, a request for each day.
   *
   * The stretch after the last window counts: what was written since is not yet safe. The one before
   * the first counts, from the start of the past days on, only where a window reaches back that far.
   * Windows that touch or overlap are one; one whose ends can't be read or are exchanged is none.
   * TaurusDB has windows, DCS has none. GeminiDB may give points instead of stretches: between two of them lies a gap,
   * so `maxGap` should fit.
   *
   * Asked of queries of one instance alone: of the instances of a project no windows are asked for, a request
   * each and for each day, so it finds nothing there.
   *
   * @param options The longest stretch that is allowed, and how far it looks back.
   * @throws `INVALID_RULE_PARAMETER` for a value that an option can't have, `UNKNOWN_RULE_PARAMETER` for an
   * option that is none, `INVALID_RULE_SETTING` for what is no object.
   */
  public static windowGap(options: WindowGapRuleOptions = {}): Rule {
    return Rule._of(windowGap, options);
  }

  /**
   * No backup, of any kind, is being made for too long. A warning where one is.
   *
   * One that waits and has not begun (DCS) counts from when it was created. TaurusDB sends no state
   * of its incremental backups, so nothing is ever found among them.
   *
   * @param maxDuration How long it may take. Default: `Duration.hours(6)`.
   * @throws `INVALID_RULE_PARAMETER` for what is no Duration.
   */
  public static stuck(maxDuration?: Duration): Rule {
    return Rule._of(stuck, { maxDuration });
  }

  /**
   * The newest usable full backup is about as large as those before it. A warning where it isn't: a
   * database that was emptied, or a table that grows without end. Automatic and manual ones are judged
   * apart.
   *
   * With m the median of the sizes before it, and MAD the median of their distances from m, its own
   * distance from m is at most the greatest of `deviations` × 1.4826 × MAD (1.4826 makes the MAD of
   * normally distributed sizes their standard deviation), `floorPercent` of m, and `floorMebibytes`.
   *
   * @param options Which sizes it compares, and what it takes for usual.
   * @throws `INVALID_RULE_PARAMETER` for a value that an option can't have, `UNKNOWN_RULE_PARAMETER` for an
   * option that is none, `INVALID_RULE_SETTING` for what is no object.
   */
  public static size(options: SizeRuleOptions = {}): Rule {
    return Rule._of(size, options);
  }

  /**
   * Not all usable full backups are automated ones, which are deleted with their instance. A warning
   * where all are.
   *
   * A query for automatic backups alone sees no manual one: suppress it there. None at all is told by
   * `rpo` and `count`.
   */
  public static automatedOnly(): Rule {
    return Rule._of(automatedOnly, {});
  }

  /**
   * The service itself does not forbid a restore of the newest completed full backup. A warning where
   * it does: `latest` then passes it over without a word and takes an older one.
   *
   * DCS alone sends such a flag; one that can't be read counts as forbidden. A backup of single
   * databases or tables is none of the instance and is passed over.
   */
  public static serviceFlag(): Rule {
    return Rule._of(serviceFlag, {});
  }

  /**
   * The newest usable backup is of the engine version that the instance will have, compared as the
   * service sends it. An error where it is of another, or of none that is known. Holds only where it
   * is given. Not asked of lists whose records name no version, such as that of DCS.
   *
   * @param version Such as "5.7".
   * @throws `INVALID_RULE_PARAMETER` for a text that is blank or known only at deploy.
   */
  public static engineVersion(version: string): Rule {
    return Rule._of(engineVersion, { version });
  }

  /**
   * The service backs the instance up by itself. A warning where its policy is off.
   *
   * Judged of the instances of a project (`RecoveryPolicyProps.projects`) whose policy is known, as that of
   * DCS is where `withPolicies` asks for it.
   */
  public static automatedBackups(): Rule {
    return Rule._of(automatedBackups, {});
  }

  /**
   * The service keeps its automated backups of the instance for so long. A warning where its policy says less.
   *
   * Judged of the instances of a project (`RecoveryPolicyProps.projects`) whose policy is known and on.
   *
   * @param minimum For how long. Default: `Duration.days(7)`.
   * @throws `INVALID_RULE_PARAMETER` for what is no Duration.
   */
  public static retention(minimum?: Duration): Rule {
    return Rule._of(retention, { minimum });
  }

  /**
   * Since the last window of the instance's backup policy an automatic backup was begun, in whatever state but
   * failed. A warning where none was. Holds only where it is given: the lists of the database services do not
   * say on which weekdays their policies run, so that each day counts there.
   *
   * A window counts once it has ended so long ago, in UTC; a backup from a quarter of an hour before its begin
   * on. Judged of the instances of a project (`RecoveryPolicyProps.projects`) whose policy is on and its
   * window known, if they were there when it began. `ProjectBackupsProps.within` should reach back as far.
   *
   * @param grace How long ago. Default: `Duration.hours(3)`.
   * @throws `INVALID_RULE_PARAMETER` for what is no Duration.
   */
  public static missedWindow(grace?: Duration): Rule {
    return Rule._of(missedWindow, { grace });
  }

  /** With each value as given, else its default. @internal */
  public static _of<P extends object>(kind: RuleKind<P>, given: Partial<P>): Rule {
    return new Rule(kind, valuesOf(kind, given), kind.level);
  }

  private constructor(
    private readonly kind: RuleKind<any>,
    private readonly values: object,
    /** How much its findings weigh. */
    public readonly level: RuleLevel,
  ) {}

  /** Which rule it is. */
  public get id(): RuleId {
    return this.kind.id;
  }

  /**
   * The same rule with another level, such as `Rule.size().withLevel(RuleLevel.OFF)`.
   *
   * @param level How much its findings weigh from then on; OFF: it is not run.
   * @throws `INVALID_RULE_LEVEL` for what is none.
   */
  public withLevel(level: RuleLevel): Rule {
    if (Object.values(RuleLevel).includes(level)) return new Rule(this.kind, this.values, level);
    throw refusal(
      "INVALID_RULE_LEVEL",
      `the level of the rule ${this.id} is ${shown(level)}`,
      `Allowed are ${Object.values(RuleLevel).join(", ")}.`,
    );
  }

  /** What is wrong as of that moment. @internal */
  public _check(subject: RuleSubject, asOf: Date): RuleObservation[] {
    const { needs, check } = this.kind;
    return needs && !subject[needs] ? [] : check(subject, this.values, asOf);
  }

  /** What it wants, where it is of that kind and is run. @internal */
  public _valuesOf<P>({ id }: RuleKind<P>): P | undefined {
    return this.id === id && this.level !== RuleLevel.OFF ? (this.values as P) : undefined;
  }
}

brand(Rule, "Rule");

/** All rules, in the order in which their findings are told. */
export const RULES: readonly RuleKind<any>[] = [
  rpo,
  failures,
  gap,
  count,
  coverage,
  windowGap,
  stuck,
  size,
  automatedOnly,
  serviceFlag,
  engineVersion,
  automatedBackups,
  retention,
  missedWindow,
];

function valuesOf<P extends object>(kind: RuleKind<P>, given: Partial<P>): P {
  if (!isStruct(given)) {
    const what = `the parameters of the rule ${kind.id} are ${shown(given)}`;
    throw refusal("INVALID_RULE_SETTING", what, "Allowed is an object.");
  }
  const names = Object.keys(kind.parameters) as (keyof P & string)[];
  for (const name of Object.keys(given)) {
    if (given[name as keyof P] === undefined || names.some((each) => each === name)) continue;
    throw refusal(
      "UNKNOWN_RULE_PARAMETER",
      `the rule ${kind.id} has no parameter ${shownName(name)}`,
      adviceOn(name, names),
    );
  }
  const values = names.map((name) => {
    const { usual, text, is } = kind.parameters[name];
    const value = given[name] === undefined ? usual : given[name];
    if (is(value)) return [name, value];
    throw refusal(
      "INVALID_RULE_PARAMETER",
      `the parameter ${name} of the rule ${kind.id} is ${shown(value)}`,
      `Allowed is ${text}.`,
    );
  });
  return Object.fromEntries(values) as P;
}
