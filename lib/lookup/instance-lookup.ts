import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { instancesOf, InstancesResult, policyOf, PolicyResult, Question } from "../query/question";
import { SERVICES } from "../services/registry";
import { Caller, declareFor } from "./caller";
import { Lookup } from "./lookup";
import { onlyOf } from "./only-of";

/** The instances of one service, and their policies where the list does not have them. */
export class InstanceLookup {
  private readonly list: Lookup<InstancesResult>;
  private readonly policies: Lookup<PolicyResult>[] = [];

  /**
   * @param name Only those of this name.
   * @param onSettled Called once they are known, or failed.
   */
  constructor(
    private readonly caller: Caller,
    private readonly service: BackupService,
    private readonly name?: string,
    onSettled?: () => void,
  ) {
    this.list = this.declare(instancesOf(service, name), onSettled);
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
    return this.caller.session.settle(this.list);
  }

  /** What came of the list, where anything has: asks nobody. */
  public settled(): Outcome<InstancesResult> | undefined {
    return this.caller.session.settledOf(this.list)?.outcome;
  }

  /**
   * Has the policies asked for where the list does not have them, a request for each of these instances that
   * can be backed up; whoever calls what is returned waits for them. So others may be declared meanwhile.
   */
  public declarePolicies(instances: readonly Instance[]): () => InstancesResult {
    const { detail } = SERVICES[this.service].instances;
    const asked = instances.map((instance) => {
      const isAsked = detail !== undefined && instance.canBeBackedUp;
      const lookup = isAsked ? this.declare(policyOf(this.service, instance.id)) : undefined;
      if (lookup) this.policies.push(lookup);
      return { instance, lookup };
    });
    return () => {
      const warnings: string[] = [];
      const complete = asked.map(({ instance, lookup }) => {
        if (!lookup) return instance;
        const policy = this.caller.session.settle(lookup).required;
        warnings.push(...policy.warnings);
        return Instance._of({ ...instance, automatedBackups: policy.automatedBackups });
      });
      return { instances: complete, warnings };
    };
  }

  /**
   * The only one of these, or an error that says which there are, else which names are most like its own.
   * @param isShown Whether anybody will read the error: the names have to be asked for.
   */
  public onlyOf(instances: readonly Instance[], isShown = true): Instance {
    return onlyOf(instances, this.service, this.name, () => {
      if (!isShown) return [];
      const all = this.declare(instancesOf(this.service));
      return this.caller.session.settle(all).value?.instances ?? [];
    });
  }

  private declare<T>(question: Question<T>, onSettled?: () => void): Lookup<T> {
    return declareFor(this.caller, question, { onSettled });
  }
}
