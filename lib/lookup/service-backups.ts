import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { Instance, InstanceStatus } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { checkedQuery, Declared } from "../query/query";
import { backupsOf, InstancesResult } from "../query/question";
import { Result } from "../query/result";
import { byInstance, InstanceBackups } from "../query/subjects";
import { fullListOf, listOf, SERVICES } from "../services/registry";
import { Caller, declareFor } from "./caller";
import { InstanceLookup } from "./instance-lookup";
import { Lookup } from "./lookup";

/** What is asked of each service. */
export interface AskedOfServices {
  readonly matches: (instance: Instance) => boolean;
  readonly within?: Duration;
  readonly withPolicies: boolean;
}

/**
 * The instances of one service that match, and the backups of each: of one list of the project where the
 * service has such a list, which travels with that of the instances; else of a list for each instance, which
 * can be asked for only once the instances are known.
 */
export class ServiceBackups {
  private readonly instances: InstanceLookup;
  private readonly ofProject?: Lookup<Result>;
  private readonly ofInstance = new Map<string, Lookup<Result>>();
  private matching?: Instance[];
  private readonly complete = new Map<string, () => InstancesResult>();

  constructor(
    private readonly caller: Caller,
    private readonly service: BackupService,
    private readonly asked: AskedOfServices,
  ) {
    const follow = () => this.declareOfInstances();
    this.instances = new InstanceLookup(caller, service, undefined, follow);
    const list = fullListOf(service);
    if (!listOf({ service, list }).isInstanceRequired) this.ofProject = this.declare({});
  }

  /** All that were needed so far. */
  public get lookups(): Lookup[] {
    const ofProject = this.ofProject ? [this.ofProject] : [];
    return [...this.instances.lookups, ...ofProject, ...this.ofInstance.values()];
  }

  /** The list of the instances. */
  public get listed(): Lookup {
    return this.instances.lookups[0]!;
  }

  /** Whether a service knows nothing of an instance that the list has: the list is of before. */
  public get isRefuted(): boolean {
    const { session } = this.caller;
    return [...this.ofInstance.values()].some((lookup) => {
      return session.settledOf(lookup)?.outcome.problem?.code === "INSTANCE_NOT_FOUND";
    });
  }

  /** Declares what is asked of the instances that match, once these are known; waits for them. */
  public declareOfInstances(): void {
    const { instances } = this.instances.outcome().value ?? {};
    if (!instances || this.matching) return;
    this.matching = instances.filter((each) => this.asked.matches(each));
    if (this.asked.withPolicies) {
      for (const each of this.matching) {
        this.complete.set(each.id, this.instances.declarePolicies([each]));
      }
    }
    if (this.ofProject) return;
    for (const { canBeBackedUp, id, status } of this.matching) {
      if (!canBeBackedUp) continue;
      // One that is being created need not be known yet to the list of backups.
      const ifInstanceMissing = status === InstanceStatus.CREATING ? "empty" : "fail";
      this.ofInstance.set(id, this.declare({ instanceId: id, ifInstanceMissing }));
    }
  }

  /** Each that matches; what could not be understood goes to `warnings`. All lookups have succeeded. */
  public found(warnings: string[]): InstanceBackups[] {
    return this.outcomes(warnings).map(({ instance, backups }) => {
      return { instance, backups: backups.required };
    });
  }

  /** The same where what was asked of one instance may have failed; an error where the list of all has. */
  public outcomes(warnings: string[]): { instance: Instance; backups: Outcome<Backup[]> }[] {
    warnings.push(...this.instances.outcome().required.warnings);
    const backupsOf = this.ofProject
      ? this.sharedOut(this.ofProject, warnings)
      : (id: string) => this.backupsIn(this.ofInstance.get(id), warnings);
    return (this.matching ?? []).map((instance) => {
      const policy = Outcome.of(() => this.complete.get(instance.id)?.());
      warnings.push(...(policy.value?.warnings ?? []));
      const backups = Outcome.of(() => {
        void policy.required;
        return backupsOf(instance.id);
      });
      return { instance: policy.value?.instances[0] ?? instance, backups };
    });
  }

  /**
   * Those of the list of a project whose instance the service does not list, such as one that was deleted;
   * none where it has no such list. Both lists have succeeded.
   */
  public unlisted(): Backup[] {
    if (!this.ofProject) return [];
    const listed = new Set(this.instances.outcome().required.instances.map(({ id }) => id));
    const { backups } = this.caller.session.settle(this.ofProject).required;
    return backups.filter(({ instanceId }) => instanceId === undefined || !listed.has(instanceId));
  }

  /** Of the list of a project each instance's. */
  private sharedOut(list: Lookup<Result>, warnings: string[]): (id: string) => Backup[] {
    const groups = byInstance(this.backupsIn(list, warnings));
    const strays = groups.get(undefined) ?? [];
    if (strays.length > 0) {
      const { label } = SERVICES[this.service];
      warnings.push(
        `${label}: ${strays.length} of the listed backups name no instance, the first of them is ${strays[0]!.id}: they are counted for none`,
      );
    }
    return (id) => groups.get(id) ?? [];
  }

  private backupsIn(lookup: Lookup<Result> | undefined, warnings: string[]): Backup[] {
    if (!lookup) return [];
    const result = this.caller.session.settle(lookup).required;
    warnings.push(...result.warnings);
    return result.backups;
  }

  private declare(of: Pick<Declared, "instanceId" | "ifInstanceMissing">): Lookup<Result> {
    const { within } = this.asked;
    const which = { service: this.service, list: fullListOf(this.service) };
    const query = checkedQuery(which, { ...of, within }, this.caller.constructPath);
    return declareFor(this.caller, backupsOf(query));
  }
}
