import { Declared, checkedQuery } from "../query/query";
import { backupsOf } from "../query/question";
import { Result } from "../query/result";
import { declareFor } from "../lookup/caller";
import { Lookup } from "../lookup/lookup";
import { NamedInstance } from "../lookup/named-instance";
import { ServiceBackups } from "../lookup/service-backups";
import { Backup } from "../model/backup";
import { Duration } from "../model/duration";
import { Instance } from "../model/instance";
import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { Query, WhichList } from "../services/query";
import { fullListOf } from "../services/registry";
import { Enquiry } from "./enquiry";

/** Of what: an instance by its id or its name. */
export interface OfInstance {
  readonly id?: string;
  readonly name?: string;
}

/** The instance that the options name, if any. */
export function instanceIn(options: { readonly instance?: string; readonly name?: string }) {
  const { instance: id, name } = options;
  if (id !== undefined && name !== undefined) {
    throw refusal(
      "INVALID_ARGUMENT",
      "both --instance and --name are given",
      "Give --instance with its id, or --name.",
    );
  }
  return id === undefined && name === undefined ? undefined : { id, name };
}

/** What is asked of a list besides. */
export type Filters = Pick<
  Declared,
  "backupId" | "backupType" | "beginTime" | "endTime" | "within"
>;

/** The backups of one instance: declared at once, or once the id of its name is known. */
export class InstanceQuery {
  private readonly named?: NamedInstance;
  private found?: { readonly query: Query; readonly lookup: Lookup<Result> };

  constructor(
    private readonly enquiry: Enquiry,
    private readonly which: WhichList,
    of: OfInstance,
    private readonly filters: Filters = {},
  ) {
    if (of.name === undefined) this.declare(of.id);
    else {
      // Checked before anything is sent.
      checkedQuery(which, { ...filters, instanceName: of.name }, enquiry.constructPath);
      const follow = () => this.follow();
      this.named = new NamedInstance(enquiry, which.service, of.name, follow, true);
    }
  }

  /** As the service lists it, where it was looked for by its name. */
  public get instance(): Instance | undefined {
    return this.named?.found;
  }

  public get query(): Query {
    this.follow();
    return this.found!.query;
  }

  /** What came of it; waits. */
  public outcome(): Outcome<Result> {
    return Outcome.of(() => {
      if (!this.found) this.declare(this.named!.outcome.required.id);
      return this.enquiry.session.settle(this.found!.lookup).required;
    });
  }

  private follow(): void {
    const { found } = this.named ?? {};
    if (found && !this.found) this.declare(found.id);
  }

  private declare(instanceId: string | undefined): void {
    const { constructPath } = this.enquiry;
    const query = checkedQuery(this.which, { ...this.filters, instanceId }, constructPath);
    this.found = { query, lookup: declareFor(this.enquiry, backupsOf(query)) };
  }
}

/** The instances of a service with their backups, some of which may have failed, and what could not be understood. */
export interface Members {
  readonly instances: ReturnType<ServiceBackups["outcomes"]>;
  /** The backups of no instance that the service lists, such as of deleted ones. */
  readonly unlisted: () => readonly Backup[];
  readonly warnings: readonly string[];
}

/**
 * The backups of all instances of a service, where those that are known stay so whichever others fail; an
 * error for a list that has to be asked instance by instance.
 */
export function membersOf(
  enquiry: Enquiry,
  which: WhichList,
  within: Duration | undefined,
  withPolicies: boolean,
  matches: (instance: Instance) => boolean = () => true,
): () => Outcome<Members> {
  if (which.list !== fullListOf(which.service)) {
    throw refusal(
      "INVALID_ARGUMENT",
      "incremental backups can only be listed for one instance",
      "Give --instance or --name.",
    );
  }
  const part = new ServiceBackups(enquiry, which.service, { matches, within, withPolicies });
  return () =>
    Outcome.of(() => {
      const warnings: string[] = [];
      part.declareOfInstances();
      return { instances: part.outcomes(warnings), unlisted: () => part.unlisted(), warnings };
    });
}

/** A backup, and the instance it is of where that is known. */
export interface Listed {
  readonly backup: Backup;
  readonly instance?: Instance;
}
