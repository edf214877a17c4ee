import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { checkedName } from "../model/ids";
import { Instance } from "../model/instance";
import { literal } from "../model/literal";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { checkedProps, declareProps, FLAG, OWN_CHECK, required, SERVICE } from "../model/shape";
import { InstancesResult } from "../query/question";
import { settledIn, writeOutput } from "../terraform/output";
import { reportProblems, requireStack } from "../terraform/problems";
import { whenWritten } from "../terraform/stack-files";
import { BackupOutputs, OUTPUTS } from "./backup-query";
import { InstanceLookup } from "../lookup/instance-lookup";
import { BackupProvider, callerOf, PROVIDER, sessionOf, sourceOf } from "./provider";

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
  private readonly lookup: InstanceLookup;
  private readonly props: InstancesProps;
  private policies?: () => InstancesResult;
  private memo?: Outcome<InstancesResult>;

  /**
   * @param props Which instances, and whom to ask for them.
   * @throws `INVALID_NAME`, `INVALID_PROPERTY` or `INVALID_SERVICE` for a property that can't be; `AFTER_SYNTHESIS`, `HCL_OUTPUT` or
   * `OUTSIDE_A_STACK` for where it stands; `INVALID_PRUNE_DAYS` for CDKTF_BACKUPS_PRUNE_DAYS.
   */
  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    checkedProps(new.target, props, this.node.path);
    requireStack(this, "a list of instances");
    const { name, service } = props;
    if (name !== undefined) checkedName("name", name, this.node.path);
    this.props = props;
    this.lookup = new InstanceLookup(
      callerOf(this, () => this.source()),
      service,
      name,
      props.withPolicies ? () => this.declarePolicies() : undefined,
    );
    const session = sessionOf(this);
    whenWritten(this, session.save);
    const report = reportProblems(this, () => {
      const { problem, value } = this.memo ?? this.lookup.settled() ?? {};
      return { error: problem?.message, warnings: value?.warnings ?? [] };
    });
    if (props.outputs === BackupOutputs.NONE) return;
    writeOutput(this, `${this.lookup.label}, as of the synthesis`, (context) => {
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
    return this.lookup.onlyOf(this._outcome().required.instances);
  }

  /**
   * What could not be understood in the service's answer, field by field; empty as a rule.
   * @throws What `BackupQuery.all` throws.
   */
  public get warnings(): string[] {
    return [...this._outcome().required.warnings];
  }

  /** What came of the lookup; asks if it has not yet. @internal */
  public _outcome(): Outcome<InstancesResult> {
    this.memo ??= this.withPolicies(this.lookup.outcome());
    return this.memo;
  }

  /** The lookups behind it, as far as they were needed. @internal */
  public _lookups(): Lookup[] {
    return this.lookup.lookups;
  }

  private withPolicies(outcome: Outcome<InstancesResult>): Outcome<InstancesResult> {
    const { policies } = this;
    const listed = outcome.value;
    if (!policies || !listed) return outcome;
    return Outcome.of(() => {
      const { instances, warnings } = policies();
      return { instances, warnings: [...listed.warnings, ...warnings] };
    });
  }

  /** Once the instances are known. */
  private declarePolicies(): void {
    const listed = this.lookup.settled()?.value;
    if (listed) this.policies = this.lookup.declarePolicies(listed.instances);
  }

  private source(): Source {
    return sourceOf(this, this.props.provider);
  }
}

declareProps<InstancesProps>(Instances, "Instances", {
  service: required(SERVICE),
  name: OWN_CHECK,
  withPolicies: FLAG,
  provider: PROVIDER,
  outputs: OUTPUTS,
});
