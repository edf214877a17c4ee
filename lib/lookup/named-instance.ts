import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { Caller } from "./caller";
import { InstanceLookup } from "./instance-lookup";
import { Lookup } from "./lookup";

/** Finds the one instance of a name. */
export class NamedInstance {
  private readonly list: InstanceLookup;
  private memo?: Outcome<Instance>;

  /** @param onSettled Called once it is known, or failed. */
  constructor(
    private readonly caller: Caller,
    service: BackupService,
    name: string,
    onSettled: () => void,
    /** Whether it is an error where nobody has the name. */
    private readonly isRequired: boolean,
  ) {
    this.list = new InstanceLookup(caller, service, name, onSettled);
  }

  /** The lookup of its name. */
  public get lookup(): Lookup {
    return this.list.lookups[0]!;
  }

  /** Whether it is known by now, or has failed. */
  public get isSettled(): boolean {
    return this.list.settled() !== undefined;
  }

  /** The instance, where it is known by now that it is the only one; asks nobody. */
  public get found(): Instance | undefined {
    const instances = this.list.settled()?.value?.instances;
    return instances?.length === 1 ? instances[0] : undefined;
  }

  /** Asks if it is not settled yet. */
  public get outcome(): Outcome<Instance> {
    const only = () => this.list.onlyOf(this.list.outcome().required.instances, this.isRequired);
    this.memo ??= Outcome.of(only).at({
      constructPath: this.caller.constructPath,
      query: this.list.label,
    });
    return this.memo;
  }
}
