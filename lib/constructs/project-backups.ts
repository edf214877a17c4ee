import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { BackupsError, refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { literal, writtenAs } from "../model/literal";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import {
  checkedProps,
  declareProps,
  DURATION,
  FLAG,
  listOf,
  required,
  SERVICE,
  TEXT,
} from "../model/shape";
import { checkWindow } from "../query/query";
import { latestRestorable } from "../restore/candidates";
import { matchesGlob } from "../restore/selection";
import { SERVICES } from "../services/registry";
import { settledIn, writeOutput } from "../terraform/output";
import { Problem, reportProblems, requireStack } from "../terraform/problems";
import { whenWritten } from "../terraform/stack-files";
import { BackupOutputs, OUTPUTS } from "./backup-query";
import { BackupProvider, callerOf, PROVIDER, sessionOf, sourceOf } from "./provider";
import { ServiceBackups } from "../lookup/service-backups";
import { isJudged } from "../query/subjects";

// Of sixty lists that fail, each for itself, ten tell enough.
const MAX_TOLD = 10;

/** Which instances of the project, and whom to ask for them. */
export interface ProjectBackupsProps {
  /** Whose instances: at least one service, each once. */
  readonly services: BackupService[];
  /**
   * Only instances whose names match: `*` is any text, `?` any character; letters count as they are.
   * @default - any name
   */
  readonly nameGlob?: string;
  /** Only instances of this engine, "MySQL" say; not compared by case. @default - any engine */
  readonly engine?: string;
  /**
   * Only backups begun this long before `asOf` or less. An instance whose backups are all older then counts
   * as one without. @default - all
   */
  readonly within?: Duration;
  /**
   * Whether the backup policies are asked for where the list of instances does not have them (DCS): a request
   * for each instance that can be backed up.
   * @default false
   */
  readonly withPolicies?: boolean;
  /** Whom to ask. @default - the one BackupProvider of the nearest scope, else the environment */
  readonly provider?: BackupProvider;
  /** What to write as a Terraform output. @default BackupOutputs.SUMMARY */
  readonly outputs?: BackupOutputs;
}

/** An instance of a project, and its backups. */
export interface ProjectInstance {
  /** The instance. */
  readonly instance: Instance;
  /** Its backups, newest first; none where it can't be backed up. */
  readonly backups: Backup[];
  /** The newest of them that a restore can start from. @default - there is none */
  readonly latest?: Backup;
}

/** What came of its lookups. */
interface ProjectResult {
  readonly instances: ProjectInstance[];
  readonly warnings: string[];
}

/**
 * The backups of all instances of a project, of one service or several: which instances there are is looked
 * up as well, so that none is forgotten. A `RecoveryPolicy` judges each of them for itself.
 *
 * The backups come from one list of the project where the service has such a list: GaussDB, GeminiDB, DDS, and
 * of TaurusDB the full ones. RDS and DCS are asked for the backups of each instance that matches, side by
 * side, once the instances are known.
 * Backups of instances that do not match, or are deleted by now, are left out.
 *
 * It is complete, or an error: where one of its lookups fails, no value can be read. It writes one output,
 * named after the construct: `{instances, without_backup, all}`, of which `all` stands there for ALL only.
 */
export class ProjectBackups extends Construct {
  private readonly parts: ServiceBackups[];
  private memo?: Outcome<ProjectResult>;

  /**
   * @param props Which instances, and whom to ask for them.
   * @throws `INVALID_PROPERTY`, `INVALID_SERVICE`, `INVALID_DURATION` or `INVALID_WINDOW` for a property that
   * can't be; `AFTER_SYNTHESIS`, `HCL_OUTPUT` or `OUTSIDE_A_STACK` for where it stands; `INVALID_PRUNE_DAYS` for
   * CDKTF_BACKUPS_PRUNE_DAYS.
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ProjectBackupsProps,
  ) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "a list of a project's backups");
    const { services, within, withPolicies = false } = checked(props, this.node.path);
    const asked = {
      matches: (instance: Instance) => isMatch(instance, props),
      within,
      withPolicies,
    };
    const caller = callerOf(this, () => this._source());
    this.parts = [...services].sort().map((each) => new ServiceBackups(caller, each, asked));
    for (const part of this.parts) {
      sessionOf(this).addJudge({
        constructPath: this.node.path,
        lookups: () => [part.listed],
        isBroken: () => part.isRefuted,
      });
    }
    whenWritten(this, sessionOf(this).save);
    const report = reportProblems(this, () => this.problem());
    if (props.outputs === BackupOutputs.NONE) return;
    writeOutput(this, `${this._label}, as of the synthesis`, (context) => {
      const found = settledIn(context, report, this._outcome())?.instances;
      const isWhole = props.outputs === BackupOutputs.ALL;
      return {
        instances: found?.length ?? null,
        without_backup: found ? found.filter(isWithoutBackup).map(named) : null,
        ...(isWhole ? { all: found?.map(summary) ?? null } : {}),
      };
    });
  }

  /**
   * All instances that match, by service, name and id, those as well that are being created, are replicas or
   * can't be backed up.
   * @throws What `BackupQuery.all` throws; `LOOKUPS_FAILED` where several lookups failed.
   */
  public get instances(): ProjectInstance[] {
    return [...this._outcome().required.instances];
  }

  /**
   * The instances that can be backed up, are not being created, and have no backup from which a restore could
   * start.
   * @throws What `instances` throws.
   */
  public get withoutBackup(): Instance[] {
    return this.instances.filter(isWithoutBackup).map(({ instance }) => instance);
  }

  /**
   * What could not be understood in the services' answers, field by field; empty as a rule.
   * @throws What `instances` throws.
   */
  public get warnings(): string[] {
    return [...this._outcome().required.warnings];
  }

  /** The moment that ages count back from. @internal */
  public _asOf(): Date {
    return sessionOf(this).asOf(this._source());
  }

  /** Whom it asks. @internal */
  public _source(): Source {
    return sourceOf(this, this.props.provider);
  }

  /** How far back it asks. @internal */
  public _within(): Duration | undefined {
    return this.props.within;
  }

  /** Whose instances. @internal */
  public get _services(): readonly BackupService[] {
    return this.props.services;
  }

  /** The lookups behind it, as far as they were needed. @internal */
  public _lookups(): Lookup[] {
    return this.parts.flatMap(({ lookups }) => lookups);
  }

  /** What came of the lookups; asks if they have not been asked yet. @internal */
  public _outcome(): Outcome<ProjectResult> {
    this.memo ??= Outcome.of(() => this.find());
    return this.memo;
  }

  private find(): ProjectResult {
    // All are declared before the first is settled, so that they go side by side.
    for (const part of this.parts) part.declareOfInstances();
    const outcomes = this._lookups().map((lookup) => sessionOf(this).settle(lookup));
    const failed = together(outcomes.flatMap(({ problem }) => problem ?? []));
    if (failed) throw failed;
    const asOf = this._asOf();
    const warnings: string[] = [];
    const found = this.parts.flatMap((part) => part.found(warnings));
    const instances = found.map(({ backups, instance }) => {
      const whole = { instance, backups, latest: latestRestorable(backups, asOf) };
      return writtenAs(whole, (each) => ({ ...each }));
    });
    return { instances, warnings };
  }

  private problem(): Problem {
    if (this.memo) {
      const { problem, value } = this.memo;
      return { error: problem?.message, warnings: value?.warnings ?? [] };
    }
    // Nobody read it: what is known without asking.
    const known = this._lookups().flatMap(
      (lookup) => sessionOf(this).settledOf(lookup)?.outcome.problem ?? [],
    );
    return { error: together(known)?.message, warnings: [] };
  }

  /** What it asks, as a person reads it. @internal */
  public get _label(): string {
    const services = this.props.services.map((service) => SERVICES[service].label).sort();
    return `Instances of ${services.join(", ")} and their backups`;
  }
}

/** Several problems as one; what is the same in all of them is told once. */
function together(problems: readonly BackupsError[]): BackupsError | undefined {
  const distinct = new Map<string, BackupsError>();
  for (const each of problems) {
    const key = `${each.code} ${each.details.what}`;
    if (!distinct.has(key)) distinct.set(key, each);
  }
  const told = [...distinct.values()];
  if (told.length <= 1) return told[0];
  const more = told.length - MAX_TOLD;
  return refusal("LOOKUPS_FAILED", `${problems.length} lookups failed:`, undefined, {
    list: [
      ...told.slice(0, MAX_TOLD).map(({ message }) => message),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ],
  });
}

function isMatch({ engine, name = "" }: Instance, props: ProjectBackupsProps): boolean {
  const { engine: wanted, nameGlob } = props;
  if (nameGlob !== undefined && !matchesGlob(name, nameGlob)) return false;
  return wanted === undefined || engine?.toLowerCase() === wanted.toLowerCase();
}

function isWithoutBackup({ instance, latest }: ProjectInstance): boolean {
  return isJudged(instance) && latest === undefined;
}

function named({ instance: { id, name, service } }: ProjectInstance) {
  return { service, id: literal(id), name: literal(name) };
}

function summary({ instance, latest }: ProjectInstance) {
  return { instance: literal(instance), latest: literal(latest) };
}

function checked(props: ProjectBackupsProps, constructPath: string): ProjectBackupsProps {
  const { services, within } = props;
  const twice = services.find((each, i) => services.indexOf(each) !== i);
  if (services.length === 0 || twice !== undefined) {
    throw refusal(
      "INVALID_PROPERTY",
      `services ${twice === undefined ? "is empty" : `has ${twice} several times`}`,
      "Give it values of BackupService, at least one and each once.",
      { constructPath },
    );
  }
  checkWindow({ within }, constructPath);
  return props;
}

declareProps<ProjectBackupsProps>(ProjectBackups, "ProjectBackups", {
  services: required(listOf(SERVICE)),
  nameGlob: TEXT,
  engine: TEXT,
  within: DURATION,
  withPolicies: FLAG,
  provider: PROVIDER,
  outputs: OUTPUTS,
});
