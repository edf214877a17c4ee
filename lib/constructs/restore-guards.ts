import { Construct } from "constructs";
import { Lookup } from "../lookup/lookup";
import { BackupsUsageError } from "../model/errors";
import { toRfc3339 } from "../model/time";
import { RestoreDecision } from "../restore/decision";
import {
  Choice,
  chosenGuard,
  freshnessCommand,
  freshnessGuards,
  Guard,
  lazyText,
  literalChoice,
  neverGuard,
  pinnedChoice,
} from "../terraform/choice";
import { isForgiven, judge } from "./judge";

const UNMET_GATE = "echo The target is unmet, so nothing is restored. >&2 && exit 1";

/** What guards have to know of a target; nothing is asked before the synthesis resolves it. */
export interface Guarded {
  /** The target itself. */
  readonly construct: Construct;
  /** The epoch of its pin, if it has one. */
  readonly epoch?: number;
  readonly isMoment: boolean;
  readonly hasMaxAge: boolean;
  /** Whether an unmet target fails the synthesis by itself. */
  readonly isFatal: () => boolean;
  /** Undefined where the lookup failed. */
  readonly decision: () => RestoreDecision | undefined;
  /** The instance that was asked about. */
  readonly instanceId?: string;
  readonly freshUntil: () => Date | undefined;
  /** Why nothing may act on it. */
  readonly problem: () => string | undefined;
  readonly lookups: () => Lookup[];
}

/** What whatever acts on a target reads of its choice, and what keeps it from acting. */
export class RestoreGuards {
  private written?: Choice;
  private ownGuards?: Guard[];

  constructor(private readonly target: Guarded) {}

  /** What a resource may hold of the choice: references to the pin, or literals. */
  public get choice(): Choice {
    const { construct, decision, epoch, freshUntil, hasMaxAge, instanceId } = this.target;
    const chosen = () => decision()?.chosen;
    const choice = {
      backup_id: () => chosen()?.id ?? "",
      instance_id: () => chosen()?.instanceId ?? instanceId ?? "",
      begin_time: () => formatted(chosen()?.beginTime),
      restore_time: () => formatted(decision()?.restoreTime),
      restore_time_ms: () => String(decision()?.restoreTime?.getTime() ?? ""),
      fresh_until: () => (hasMaxAge ? formatted(freshUntil()) : ""),
      decision: () => decision()?._summary() ?? "",
    };
    this.written ??=
      epoch === undefined
        ? literalChoice(choice)
        : pinnedChoice(construct, epoch, choice, this.clockGuards(construct));
    return this.written;
  }

  /** What stops an action where nothing is chosen, or it has become too old meanwhile. */
  public on(scope: Construct): Guard[] {
    const { isMoment } = this.target;
    const isChosen = chosenGuard(scope, this.choice, this.isPinned, isMoment);
    return [isChosen, ...this.clockGuards(scope)];
  }

  /** The same for a resource that restores by itself: nothing forgives an unmet target there. */
  public strictlyOn(scope: Construct): Guard[] {
    const guards = this.on(scope);
    return isForgiven()
      ? [...guards, neverGuard(scope, () => this.target.problem() ?? "")]
      : guards;
  }

  /** The strict guards for a resource that is the user's own. */
  public get own(): Guard[] {
    this.ownGuards ??= this.strictlyOn(new Construct(this.target.construct, "block"));
    return this.ownGuards;
  }

  /** Commands that run before an action, and stop it by failing. */
  public get gates(): string[] {
    const gates = [];
    if (this.isPinned && this.target.hasMaxAge) gates.push(freshnessCommand(this.choice));
    // Forgiving the synthesis never forgives the action.
    if (isForgiven()) gates.push(lazyText(() => (this.target.problem() ? UNMET_GATE : "exit 0")));
    return gates;
  }

  /** Refuses what would act again at every newer backup, unless that was asked for. */
  public requirePin(what: string, onEveryNewBackup: boolean | undefined): void {
    if (this.isPinned || onEveryNewBackup) return;
    throw new BackupsUsageError({
      code: "NOT_PINNED",
      what: `${what} would act again whenever a newer backup is found`,
      advice:
        "Give the target a pin (`pin: { epoch: 1 }`), or say `onEveryNewBackup: true` if that is meant.",
      constructPath: this.target.construct.node.path,
    });
  }

  /** What acts needs a target that is met, whatever `onUnmet` says. */
  public requireMet(acting: Construct): void {
    const { construct, isFatal, lookups, problem } = this.target;
    // Its own report says so already.
    if (acting === construct && isFatal()) return;
    judge(acting, lookups, () => ({ error: isForgiven() ? undefined : problem(), warnings: [] }));
  }

  private get isPinned(): boolean {
    return this.target.epoch !== undefined;
  }

  /** A person who destroys or repairs must not be stopped by a clock; gates stop the action itself. */
  private clockGuards(scope: Construct): Guard[] {
    if (!this.target.hasMaxAge || isForgiven()) return [];
    // Nothing chosen: nothing may act.
    return freshnessGuards(scope, () => formatted(this.target.freshUntil() ?? new Date(0)));
  }
}

/** For Terraform; empty where there is none. */
export function formatted(time: Date | undefined): string {
  return time ? toRfc3339(time) : "";
}
