import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { refusal } from "../model/errors";
import { checkedName } from "../model/ids";
import { AutomatedBackups, Instance } from "../model/instance";
import { literal } from "../model/literal";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { excerpt } from "../model/text";
import { instancesOf, InstancesResult, policyOf } from "../query/question";
import { SERVICES } from "../services/registry";
import { settledIn, writeOutput } from "../terraform/output";
import { reportProblems, requireStack } from "../terraform/problems";
import { whenWritten } from "../terraform/stack-files";
import { BackupOutputs } from "./backup-query";
import { onlyOf } from "./named-instance";
import { BackupProvider, sessionOf, sourceOf } from "./provider";

/** Which instances, and whom to ask for them. */
export interface InstancesProps {
  /** Whose instances are listed. */
  readonly service: BackupService;
  /** Only those of this name, letter for letter; the services allow several of one name. @default - all */
  readonly name?: string;
  /**
   * Whether the backup policies are asked for where the list does not have them (DCS): a request for each
   * instance that can be backed up.
   * @default false
   */
  readonly withPolicies?: boolean;
  /** Whom to ask. @default - the one BackupProvider of the nearest scope, else the environment */
  readonly provider?: BackupProvider;
  /** What to write as a Terraform output. @default BackupOutputs.SUMMARY */
  readonly outputs?: BackupOutputs;
}

/**
 * The instances of a service in the project, looked up while the stack is synthesised, as backups are: in
 * one batch with them, complete or an error, kept in the lock, and out of it on a frozen run.
 *
 * It writes one output, named after the construct: `{service, count, instances}`.
 *
 * Vendor's pages: "Querying DB Instances" of RDS, GaussDB and TaurusDB, "Querying Instances and Details" of
 * GeminiDB and DDS, "Querying All DCS Instances".
 * @see https://support.huaweicloud.com/intl/en-us/api-rds/rds_01_0004.html
 */
export class Instances extends Construct {
  private readonly lookup: Lookup<InstancesResult>;
  private readonly props: InstancesProps;
  private memo?: Outcome<InstancesResult>;

  /**
   * @param props Which instances, and whom to ask for them.
   * @throws `INVALID_NAME` or `INVALID_SERVICE` for a property that can't be; `HCL_OUTPUT` or
   * `OUTSIDE_A_STACK` for where it stands; `INVALID_PRUNE_DAYS` for CDKTF_BACKUPS_PRUNE_DAYS.
   */
  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    requireStack(this, "a list of instances");
    const { name, service } = props;
    if (!Object.hasOwn(SERVICES, service)) {
      throw refusal(
        "INVALID_SERVICE",
        `the instances are of ${excerpt(String(service), 40)}`,
        `Allowed are the values of BackupService (${Object.keys(SERVICES).join(", ")}).`,
        { constructPath: this.node.path },
      );
    }
    if (name !== undefined) checkedName("name", name, this.node.path);
    this.props = props;
    this.lookup = this.declare(instancesOf(service, name));
    const session = sessionOf(this);
    whenWritten(this, session.save);
    const report = reportProblems(this, () => {
      const { problem, value } = this.memo ?? session.settledOf(this.lookup)?.outcome ?? {};
      return { error: problem?.message, warnings: value?.warnings ?? [] };
    });
    if (props.outputs === BackupOutputs.NONE) return;
    writeOutput(this, `${this.lookup.question.label}, as of the synthesis`, (context) => {
      const found = settledIn(context, report, this._outcome())?.instances;
      const isWhole = props.outputs === BackupOutputs.ALL;
      return {
        service,
        count: found?.length ?? null,
        ...(isWhole ? { instances: found?.map(literal) ?? null } : {}),
      };
    });
  }

  /**
   * All instances that were asked for, by name, then by id.
   * @throws What `BackupQuery.all` throws.
   */
  public get all(): Instance[] {
    return [...this._outcome().required.instances];
  }

  /**
   * The only one.
   * @throws `INSTANCE_NOT_FOUND` where there is none, `SEVERAL_INSTANCES` where there are several, each with
   * what there is; what `BackupQuery.all` throws.
   */
  public get only(): Instance {
    const { name, service } = this.props;
    return onlyOf(this._outcome().required.instances, service, name, () => {
      const lookup = this.declare(instancesOf(service));
      return sessionOf(this).settle(lookup).value?.instances ?? [];
    });
  }

  /**
   * What could not be understood in the service's answer, field by field; empty as a rule.
   * @throws What `BackupQuery.all` throws.
   */
  public get warnings(): string[] {
    return [...this._outcome().required.warnings];
  }

  /** The moment that ages count back from. @internal */
  public _asOf(): Date {
    return sessionOf(this).asOf(this.source());
  }

  /** What came of the lookup; asks if it has not yet. @internal */
  public _outcome(): Outcome<InstancesResult> {
    this.memo ??= this.withPolicies(sessionOf(this).settle(this.lookup));
    return this.memo;
  }

  /** The lookup behind it. @internal */
  public _lookup(): Lookup {
    return this.lookup;
  }

  private withPolicies(outcome: Outcome<InstancesResult>): Outcome<InstancesResult> {
    const { service, withPolicies } = this.props;
    if (!withPolicies || !outcome.value || !SERVICES[service].instances.detail) return outcome;
    const { instances, warnings } = outcome.value;
    const asked = instances.map((instance) => {
      const question = policyOf(service, instance.id);
      return { instance, lookup: instance.canBeBackedUp ? this.declare(question) : undefined };
    });
    // Declared first, all of them: so they are asked for side by side.
    return Outcome.of(() => ({
      instances: asked.map(({ instance, lookup }) => {
        if (!lookup) return instance;
        const automatedBackups = sessionOf(this).settle(lookup).required;
        return Instance.of({ ...instance, automatedBackups });
      }),
      warnings,
    }));
  }

  private declare<T extends InstancesResult | AutomatedBackups | undefined>(
    question: Lookup<T>["question"],
  ): Lookup<T> {
    const findSource = () => this.source();
    const lookup = { question, constructPath: this.node.path, findSource };
    sessionOf(this).declare(lookup);
    return lookup;
  }

  private source(): Source {
    return sourceOf(this, this.props.provider);
  }
}
