import { Backup } from "../../model/backup";
import { Instance } from "../../model/instance";
import { RestoreWindow } from "../../model/window";
import { Parameter } from "./parameter";

/** The rules of a recovery policy; RULES.md tells what each finds. */
export enum RuleId {
  /** `Rule.rpo` */
  RPO = "rpo",
  /** `Rule.failures` */
  FAILURES = "failures",
  /** `Rule.gap` */
  GAP = "gap",
  /** `Rule.count` */
  COUNT = "count",
  /** `Rule.coverage` */
  COVERAGE = "coverage",
  /** `Rule.windowGap` */
  WINDOW_GAP = "window-gap",
  /** `Rule.stuck` */
  STUCK = "stuck",
  /** `Rule.size` */
  SIZE = "size",
  /** `Rule.automatedOnly` */
  AUTOMATED_ONLY = "automated-only",
  /** `Rule.serviceFlag` */
  SERVICE_FLAG = "service-flag",
  /** `Rule.engineVersion` */
  ENGINE_VERSION = "engine-version",
  /** `Rule.automatedBackups` */
  AUTOMATED_BACKUPS = "automated-backups",
  /** `Rule.retention` */
  RETENTION = "retention",
  /** `Rule.missedWindow` */
  MISSED_WINDOW = "missed-window",
}

/** How much a finding weighs. */
export enum RuleLevel {
  /** Synthesis fails. */
  ERROR = "error",
  /** People are told. */
  WARNING = "warning",
  /** The rule is not run. */
  OFF = "off",
}

/** What one query saw, or what is known of one instance of a project. */
export interface RuleSubject {
  /** The construct path of the query; of an instance that of the project, and its id. */
  readonly path: string;
  /** As a person reads it: "RDS backups of instance a48e…", "RDS instance orders (a48e…)". */
  readonly label: string;
  /** Whether the list holds full backups; the one of TaurusDB's incremental ones doesn't. */
  readonly hasFullBackups: boolean;
  /** Whether its records name the version of the engine. */
  readonly hasVersions: boolean;
  /** Where no backups from before were asked for. @default - all were */
  readonly since?: Date;
  /** What it listed, newest first, unknown times last. */
  readonly backups: readonly Backup[];
  /**
   * The stretches that the service can restore to any moment of, of all the days that `window-gap`
   * looks at: a day that was not asked for looks like a gap.
   * @default - not asked for, or the service has none
   */
  readonly windows?: readonly RestoreWindow[];
  /** The instance whose backups they are. @default - not known: a query lists backups alone */
  readonly instance?: Instance;
}

/** What a rule found wrong. */
export interface RuleFinding {
  /** The rule. */
  readonly rule: RuleId;
  /** How much it weighs; never OFF. */
  readonly level: RuleLevel;
  /** The construct path of the query it was found in; of an instance that of the project, and its id. */
  readonly subject: string;
  /** The query or the instance, and what was seen: values with units, times in RFC 3339. */
  readonly evidence: string;
  /** What to do. */
  readonly advice: string;
}

/** What a rule has to tell about one subject. */
export interface RuleObservation {
  /** What was seen, as a clause: values with units, times in RFC 3339. */
  readonly evidence: string;
  /** What to do, as a sentence. */
  readonly advice: string;
}

/** What a rule is but for its values: pure, so that equal subjects always have equal findings. */
export interface RuleKind<P> {
  readonly id: RuleId;
  /** What it finds, in one sentence. */
  readonly title: string;
  /** Its level where the policy doesn't say. */
  readonly level: RuleLevel;
  /** Whether it holds only where it is given. @default - it always holds */
  readonly isOptIn?: boolean;
  /** What a subject has to have: of one that hasn't it says nothing. @default - nothing */
  readonly needs?: "hasFullBackups" | "hasVersions" | "instance";
  /** What each of its values may be; units in the names where they are numbers. */
  readonly parameters: { readonly [K in keyof P]: Parameter<P[K]> };
  /** What is wrong as of that moment; nothing is an empty list. */
  check(subject: RuleSubject, values: P, asOf: Date): RuleObservation[];
}
