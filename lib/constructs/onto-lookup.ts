import { Construct } from "constructs";
import { Lookup } from "../lookup/lookup";
import { Backup } from "../model/backup";
import { restorableOnto } from "../query/question";
import { misfitsOf } from "../restore/misfits";
import { BackupQuery } from "./backup-query";
import { Instances } from "./instances";
import { declared, sessionOf } from "./provider";

/** Asks whether a choice can be restored onto an instance: the service, where it tells, else both lists. */
export class OntoLookup {
  private readonly asked = new Map<string, Lookup<readonly string[]>>();

  constructor(
    private readonly construct: Construct,
    private readonly backups: BackupQuery,
    private readonly onto: Instances,
    private readonly cloudName: () => string | undefined,
  ) {}

  /** As far as they were needed. */
  public get lookups(): Lookup[] {
    return [...this.onto._lookups(), ...this.asked.values()];
  }

  public misfits(chosen: Backup | undefined, restoreTime: Date | undefined): string[] {
    return misfitsOf(chosen, this.onto.only, this.restorable(chosen, restoreTime));
  }

  /** Undefined where nobody can be asked: Open Telekom Cloud has no page of it, and a cloud of one's own may not know the call. */
  private restorable(
    chosen: Backup | undefined,
    restoreTime: Date | undefined,
  ): readonly string[] | undefined {
    const instanceId = chosen?.instanceId ?? this.backups._instanceId();
    if (instanceId === undefined) return undefined;
    const source = restoreTime
      ? { instanceId, momentMs: restoreTime.getTime() }
      : { instanceId, backupId: chosen?.id };
    const question = restorableOnto(this.backups._query().service, source);
    if (!question || this.cloudName() === "otc") return undefined;
    const lookup =
      this.asked.get(question.label) ??
      declared(this.construct, question, () => this.backups._source());
    this.asked.set(question.label, lookup);
    const { problem, value } = sessionOf(this.construct).settle(lookup);
    if (problem && problem.code !== "NOT_FOUND") throw problem;
    return value;
  }
}
