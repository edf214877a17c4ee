import { Backup } from "../model/backup";
import { BackupService } from "../model/service";
import { Duration } from "../model/duration";
import { RestoreWindow } from "../model/window";
import { RestoreDecision } from "../restore/decision";
import { RuleFinding, SizeRuleOptions } from "../restore/rules";

/** What a report shows: its bytes depend on nothing else. */
export interface ReportModel {
  /** What it is of: a stack, a lock file, a project. */
  readonly title: string;
  /** The moment that ages count back from. */
  readonly asOf: Date;
  /** One for each instance, or for a query of several. */
  readonly lanes: readonly ReportLane[];
  readonly findings: readonly ReportFinding[];
  readonly decisions: readonly ReportDecision[];
  /** Where it is from, in this order: "answered by", "lock", "version". */
  readonly provenance: readonly ReportFact[];
}

/** What an instance is held to, as far as it is drawn. */
export interface ReportLimits {
  /** @default - none is set, so nothing is said of it */
  readonly rpo?: Duration;
  /** What sizes are usual. @default - as the rule has it */
  readonly size?: Required<SizeRuleOptions>;
  /** How long there may be nothing between restore windows. @default - as the rule has it */
  readonly windowGap?: Duration;
}

/** What is known of one instance. */
export interface ReportLane extends ReportLimits {
  /** By which findings and decisions name it; of one report each is another. */
  readonly path: string;
  /** "RDS instance orders (a48e…)". */
  readonly label: string;
  /** As people call it, "orders". @default - by its label */
  readonly name?: string;
  readonly service: BackupService;
  readonly instanceId?: string;
  /** Newest first; empty where the lookup failed. */
  readonly backups: readonly Backup[];
  /** The stretches whose every moment can be restored to. @default - not asked for, or the service has none */
  readonly windows?: readonly RestoreWindow[];
  /** Where no backups from before were asked for. */
  readonly since?: Date;
  /** Whether the list holds full backups; TaurusDB's of incremental ones doesn't. */
  readonly hasFullBackups: boolean;
  /** Why nothing is known of it. */
  readonly problem?: string;
}

/** Suppressed where it has a reason. */
export interface ReportFinding extends RuleFinding {
  readonly reason?: string;
}

export interface ReportDecision {
  /** The construct that decided. */
  readonly path: string;
  /** That of the lane whose backups it chose from. */
  readonly lane: string;
  readonly decision: RestoreDecision;
  /** Whether no program decided it: what a restore of the newest backup would be. */
  readonly isAssumed?: boolean;
}

export interface ReportFact {
  readonly name: string;
  readonly value: string;
}
