import { Construct } from "constructs";
import { BackupService } from "../model/service";
import { refusal } from "../model/errors";
import { Outcome } from "../model/outcome";
import { toRfc3339 } from "../model/time";
import { RestoreDecision } from "../restore/decision";
import { Choice, LazyChoice, literalChoice, Pin, writePin } from "../terraform/choice";
import { Gate, GateCommand, GateSet, writeGate } from "../terraform/gate";
import { isForgiven } from "./unmet";

/** What has to be known of a target to act on it; nothing is asked before the synthesis resolves it. */
export interface Chooser {
  /** The target itself. */
  readonly construct: Construct;
  /** The epoch of its pin, if it has one. */
  readonly epoch?: number;
  /** What keeps the choice of a member of a set, instead of a pin of its own. */
  readonly setPin?: () => Pin;
  /** The gates of the set that it is a member of. */
  readonly gates?: GateSet;
  readonly service: BackupService;
  /** The instance that was asked about; of a named one it is asked for then. */
  readonly instanceId?: () => string;
  readonly isMoment: boolean;
  /** The id of the backup, or the moment, where the program names it. */
  readonly named?: string;
  readonly maxAgeMs?: number;
  readonly hasDestination: boolean;
  /** The decision, and why nothing may act on it. */
  readonly outcome: () => Outcome<RestoreDecision>;
  readonly freshUntil: () => Date | undefined;
}

/** What whatever acts on a target reads of its choice, and the gate in front of it. */
export class RestoreChoice {
  private written?: { readonly choice: Choice; readonly pin?: Pin };
  private readonly acting = new Set<string>();

  constructor(private readonly chooser: Chooser) {}

  /** What a resource may hold of it: references to the pin, or literals. */
  public get values(): Choice {
    return this.write().choice;
  }

  /** Whether there is something that a gate has to look at, be it that nothing acts by itself. */
  public get isGuarded(): boolean {
    const { maxAgeMs, hasDestination } = this.chooser;
    return this.isPinned || maxAgeMs !== undefined || hasDestination;
  }

  /** What tells it from another choice. */
  public get identity(): string[] {
    const { service, instance_id, backup_id, restore_time } = this.values;
    return [service, instance_id, this.chooser.isMoment ? restore_time : backup_id];
  }

  /** A gate for one action, in the scope of what acts. `onto` tells what it acts on. */
  public gate(scope: Construct, preflight?: GateCommand, onto: readonly string[] = []): Gate {
    const { construct, gates, service, instanceId, isMoment, maxAgeMs, named } = this.chooser;
    const { choice, pin } = this.write();
    return writeGate(scope, {
      choice,
      pin,
      maxAgeMs,
      preflight,
      set: gates,
      identity: [...this.identity, ...onto],
      asked: { by: construct.node.path, service, instanceId, isMoment, named },
    });
  }

  /** Refuses what would act again at every newer backup, unless that was asked for. */
  public requirePin(what: string, onEveryNewBackup: boolean | undefined): void {
    if (this.isPinned || onEveryNewBackup) return;
    throw refusal(
      "NOT_PINNED",
      `${what} would act again whenever a newer backup is found`,
      "Give the target a pin (`pin: { epoch: 1 }`), or say `onEveryNewBackup: true` if that is meant.",
      { constructPath: this.chooser.construct.node.path },
    );
  }

  /** What acts needs a target that is met, whatever `onUnmet` says; the target tells it once for all that act. */
  public requireMet(acting: Construct): void {
    this.acting.add(acting.node.path);
  }

  /** The paths of what acts on it, for which it has to be met. */
  public get neededBy(): string[] {
    return isForgiven() ? [] : [...this.acting];
  }

  private get isPinned(): boolean {
    return this.chooser.epoch !== undefined;
  }

  private write() {
    this.written ??= this.writeOnce();
    return this.written;
  }

  private writeOnce(): { readonly choice: Choice; readonly pin?: Pin } {
    const { construct, epoch, setPin } = this.chooser;
    if (epoch === undefined) return { choice: literalChoice(construct, this.today) };
    const pin = setPin ? setPin() : writePin(construct, epoch, this.today);
    return { choice: pin.choice, pin };
  }

  /** What is chosen today. */
  public get today(): LazyChoice {
    const { outcome, freshUntil, maxAgeMs, instanceId, service } = this.chooser;
    const decision = () => outcome().value;
    const chosen = () => decision()?.chosen;
    return {
      service: () => service,
      instance_id: () => chosen()?.instanceId ?? instanceId?.() ?? "",
      backup_id: () => chosen()?.id ?? "",
      begin_time: () => formatted(chosen()?.beginTime),
      restore_time: () => formatted(decision()?.restoreTime),
      restore_time_ms: () => String(decision()?.restoreTime?.getTime() ?? ""),
      fresh_until: () => (maxAgeMs === undefined ? "" : formatted(freshUntil())),
      // What is written refuses by itself: a synthesis can be told to go on after its errors.
      problem: () => (outcome().isKnown ? (outcome().problem?.code ?? "") : "LOOKUP_FAILED"),
      decision: () => decision()?._summary() ?? "",
    };
  }
}

/** For Terraform; empty where there is none. */
export function formatted(time: Date | undefined): string {
  return time ? toRfc3339(time) : "";
}
