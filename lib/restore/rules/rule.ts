import { Backup, BackupService } from "../../model/backup";
import { RestoreWindow } from "../../model/window";
import { Allowed } from "./allowed";

/** How much a finding weighs. */
export enum RuleLevel {
  /** Synthesis fails. */
  ERROR = "error",
  /** People are told. */
  WARNING = "warning",
  /** The rule is not run. */
  OFF = "off",
}

/** What one query saw. */
export interface RuleSubject {
  /** The construct path of the query. */
  readonly path: string;
  /** The query as a person reads it: "RDS backups of instance a48e…". */
  readonly label: string;
  /** The service that was asked. */
  readonly service: BackupService;
  /** What it listed, newest first, unknown times last. */
  readonly backups: readonly Backup[];
  /**
   * The stretches that the service can restore to any moment of, of all the days that `window-gap`
   * looks at: a day that was not asked for looks like a gap.
   * @default - not asked for, or the service has none
   */
  readonly windows?: readonly RestoreWindow[];
}

/** What a rule found wrong. */
export interface RuleFinding {
  /** The rule's id: "rpo". */
  readonly rule: string;
  /** How much it weighs; never OFF. */
  readonly level: RuleLevel;
  /** The construct path of the query it was found in. */
  readonly subject: string;
  /** The query, and what was seen: values with units, times in RFC 3339. */
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

/** A rule of a recovery policy: pure, so that equal subjects always have equal findings. */
export interface Rule<P> {
  /** In kebab-case; settings and suppressions name it. */
  readonly id: string;
  /** What it finds, in one sentence. */
  readonly title: string;
  /** Its level where the settings don't say. */
  readonly level: RuleLevel;
  /** Its parameters with their defaults; units in the names. */
  readonly parameters: P;
  /** What each parameter may be. @default - of the type of its own default */
  readonly allowed?: { readonly [K in keyof P]?: Allowed };
  /** What is wrong as of that moment; nothing is an empty list. */
  check(subject: RuleSubject, parameters: P, asOf: Date): RuleObservation[];
}
