import { Construct } from "constructs";
import { Lookup } from "../lookup/lookup";
import { AutomatedBackups } from "../model/instance";
import { policyOf, PolicyResult } from "../query/question";
import { BackupQuery } from "./backup-query";
import { declared, sessionOf } from "./provider";

/** Asks by which policy the instance of a query is backed up. */
export class PolicyLookup {
  private lookup?: Lookup<PolicyResult>;

  constructor(
    private readonly construct: Construct,
    private readonly backups: BackupQuery,
  ) {
    // With everything else; of a named one the list that finds it may say so already.
    if (backups._query().instanceId !== undefined) this.asked();
  }

  /** As far as they were needed. */
  public get lookups(): Lookup[] {
    return this.lookup ? [this.lookup] : [];
  }

  /** Undefined where nothing tells. */
  public get value(): AutomatedBackups | undefined {
    const known = this.backups._instance()?.automatedBackups;
    return known ?? sessionOf(this.construct).settle(this.asked()).required.automatedBackups;
  }

  private asked(): Lookup<PolicyResult> {
    if (this.lookup) return this.lookup;
    const { service } = this.backups._query();
    const question = policyOf(service, this.backups._requireInstanceId()!);
    this.lookup = declared(this.construct, question, () => this.backups._source());
    return this.lookup;
  }
}
