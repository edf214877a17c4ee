import { BackupService, ILockStore, MemoryLock } from "../../lib";
import { Records } from "../../lib/services/records";
import { checkedQuery } from "../../lib/query/query";
import { identityOf, keyOf } from "../../lib/query/identity";
import { Lock, LockedStack, LockEntry } from "../../lib/lock/format";
import { parseLock } from "../../lib/lock/parse";
import { backupsOf } from "../../lib/query/question";

/** An answer as a lock holds it, of so many records or of these. */
export function entryOf(
  instanceId: string,
  records: number | any[] = 3,
  at = "2026-11-21T03:00:00Z",
): [string, LockEntry] {
  const which = { service: BackupService.RDS, list: "backups" };
  const question = backupsOf(checkedQuery(which, { instanceId }, ""));
  const identity = identityOf(question, { region: "eu-de", projectId: "p1" });
  const all = typeof records === "number" ? Array.from({ length: records }, record) : records;
  return [
    keyOf(identity),
    {
      label: question.label,
      query: identity,
      answered: {
        ...{ at, cloud: "otc", region: "eu-de", project_id: "p1" },
        host: "rds.eu-de.otc.t-systems.com",
      },
      records: Records.of(all),
    },
  ];
}

/** The i-th record of a list, as RDS sends it. */
export function record(_: unknown, i: number) {
  const hour = new Date(Date.UTC(2026, 0, 1, i)).toISOString().slice(0, 19);
  return {
    id: `backup-${String(i).padStart(6, "0")}br01`,
    name: `orders-${i}`,
    instance_id: "orders",
    type: "auto",
    status: "COMPLETED",
    size: 2_048 + i,
    begin_time: `${hour}+0000`,
    end_time: `${hour.slice(0, 14)}40:00+0000`,
    datastore: { type: "MySQL", version: "8.0" },
  };
}

/** A lock of these answers, asked for by one stack. */
export function lockOf(entries: [string, LockEntry][], stack: Partial<LockedStack> = {}): Lock {
  const lookups = Object.fromEntries(entries.map(([key], i) => [`recovery/q${i}`, [key]]));
  const recovery = { with: [], lookups, decisions: {}, ...stack };
  return { stacks: new Map([["recovery", recovery]]), entries: new Map(entries) };
}

/** A lock with all its records, where a program reads those that it uses: their digests are checked then. */
export function readWhole(content: string | Buffer, name: string): Lock {
  const { stacks, entries } = parseLock(content, name);
  const read = ([key, { asRead: _, records, ...entry }]: [string, LockEntry]) =>
    [key, { ...entry, records: Records.of(records.all()) }] as const;
  return { stacks, entries: new Map([...entries].map(read)) };
}

/** A store of a program's own, without a name: what is told of a lock is told of it. */
export class OwnStore implements ILockStore {
  private readonly kept = new MemoryLock();

  public read(): string | undefined {
    return this.kept.read();
  }

  public write(text: string, previous?: string): boolean {
    return this.kept.write(text, previous);
  }
}
