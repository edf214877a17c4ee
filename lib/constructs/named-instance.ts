import { Construct } from "constructs";
import { Lookup, Source } from "../lookup/lookup";
import { refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { distance, excerpt } from "../model/text";
import { toRfc3339 } from "../model/time";
import { instancesOf, InstancesResult } from "../query/question";
import { SERVICES } from "../services/registry";
import { sessionOf } from "./provider";

const MAX_SHOWN = 5;

/** Finds the one instance of a name. */
export class NamedInstance {
  public readonly lookup: Lookup<InstancesResult>;
  private memo?: Outcome<Instance>;

  /** @param onSettled Called once it is known, or failed. */
  constructor(
    private readonly construct: Construct,
    private readonly service: BackupService,
    private readonly name: string,
    private readonly findSource: () => Source,
    onSettled: () => void = () => undefined,
  ) {
    this.lookup = this.lookupOf(name, onSettled);
    sessionOf(construct).declare(this.lookup);
  }

  /** Whether it is known by now, or has failed. */
  public get isSettled(): boolean {
    return sessionOf(this.construct).settledOf(this.lookup) !== undefined;
  }

  /** The instance, where it is known by now that it is the only one; asks nobody. */
  public get found(): Instance | undefined {
    const instances = sessionOf(this.construct).settledOf(this.lookup)?.outcome.value?.instances;
    return instances?.length === 1 ? instances[0] : undefined;
  }

  /** Asks if it is not settled yet. */
  public get outcome(): Outcome<Instance> {
    this.memo ??= Outcome.of(() => this.only()).at({
      constructPath: this.construct.node.path,
      query: this.lookup.question.label,
    });
    return this.memo;
  }

  private only(): Instance {
    const { instances } = sessionOf(this.construct).settle(this.lookup).required;
    return onlyOf(instances, this.service, this.name, () => this.all());
  }

  /** All that there are; none where that can't be asked. */
  private all(): readonly Instance[] {
    const all = this.lookupOf(undefined);
    const session = sessionOf(this.construct);
    session.declare(all);
    return session.settle(all).value?.instances ?? [];
  }

  private lookupOf(name: string | undefined, onSettled?: () => void): Lookup<InstancesResult> {
    return {
      question: instancesOf(this.service, name),
      constructPath: this.construct.node.path,
      findSource: this.findSource,
      onSettled,
    };
  }
}

/**
 * The only one, or an error that says which there are.
 * @param all Of the service, for the names that are most like it.
 */
export function onlyOf(
  instances: readonly Instance[],
  service: BackupService,
  name: string | undefined,
  all: () => readonly Instance[],
): Instance {
  const [one, ...others] = instances;
  if (one && others.length === 0) return one;
  const { label } = SERVICES[service];
  const named = name === undefined ? "" : ` named "${name}"`;
  if (one) {
    throw refusal(
      "SEVERAL_INSTANCES",
      `there are ${instances.length} ${label} instances${named}`,
      "Give the id of one of them:",
      { list: instances.map(described) },
    );
  }
  const near = name === undefined ? [] : nearest(name, all());
  throw refusal(
    "INSTANCE_NOT_FOUND",
    `there is no ${label} instance${named}`,
    near.length > 0
      ? `The nearest are ${near.map((each) => `"${excerpt(each, 80)}"`).join(", ")}. A name counts letter for letter.`
      : "Check the name, the region and the project. Where this stack creates the instance, `ifInstanceMissing: IfInstanceMissing.EMPTY` takes it for one without backups.",
  );
}

/** The names that are most like it. */
function nearest(name: string, all: readonly Instance[]): string[] {
  const names = [...new Set(all.flatMap((each) => each.name ?? []))];
  return names
    .map((each) => ({ each, far: distance(each.toLowerCase(), name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(3, name.length / 2))
    .sort((a, b) => a.far - b.far)
    .slice(0, MAX_SHOWN)
    .map(({ each }) => each);
}

function described({ createdAt, engine, engineVersion, id, status }: Instance): string {
  const created = createdAt ? `, created ${toRfc3339(createdAt)}` : "";
  const what = [engine, engineVersion].filter(Boolean).join(" ");
  return `${excerpt(id)}: ${what}${created}, ${status}`;
}
