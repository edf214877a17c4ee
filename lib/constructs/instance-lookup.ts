import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { instancesOf, InstancesResult, policyOf, PolicyResult, Question } from "../query/question";
import { sessionOf } from "./provider";

/** The instances of one service, and their policies where the list does not have them. */
export class InstanceLookup {
  private readonly list: Lookup<InstancesResult>;
  private readonly policies: Lookup<PolicyResult>[] = [];

  /** @param name Only those of this name. */
  constructor(
    private readonly construct: Construct,
    private readonly service: BackupService,
    private readonly findSource: () => Source,
    name?: string,
  ) {
    this.list = this.declare(instancesOf(service, name));
  }

  /** What it asks, as a person reads it. */
  public get label(): string {
    return this.list.question.label;
  }

  /** All that were needed so far. */
  public get lookups(): Lookup[] {
    return [this.list, ...this.policies];
  }

  /** What came of the list; asks if it has not yet. */
  public outcome(): Outcome<InstancesResult> {
    return sessionOf(this.construct).settle(this.list);
  }

  /** What came of the list, where anything has: asks nobody. */
  public settled(): Outcome<InstancesResult> | undefined {
    return sessionOf(this.construct).settledOf(this.list)?.outcome;
  }

  /**
   * Has the policies asked for where the list does not have them, a request for each of these instances that
   * can be backed up; whoever calls what is returned waits for them. So others may be declared meanwhile.
   */
  public declarePolicies(instances: readonly Instance[]): () => InstancesResult {
    const asked = instances.map((instance) => {
      const question = policyOf(this.service, instance.id);
      const lookup = question && instance.canBeBackedUp ? this.declare(question) : undefined;
      if (lookup) this.policies.push(lookup);
      return { instance, lookup };
    });
    return () => {
      const warnings: string[] = [];
      const complete = asked.map(({ instance, lookup }) => {
        if (!lookup) return instance;
        const policy = sessionOf(this.construct).settle(lookup).required;
        warnings.push(...policy.warnings);
        return Instance.of({ ...instance, automatedBackups: policy.automatedBackups });
      });
      return { instances: complete, warnings };
    };
  }

  private declare<T>(question: Question<T>): Lookup<T> {
    const { findSource } = this;
    const lookup = { question, constructPath: this.construct.node.path, findSource };
    sessionOf(this.construct).declare(lookup);
    return lookup;
  }
}
