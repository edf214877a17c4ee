import { Records } from "../../lib/services/records";
import { BackupService, Duration, LookupMode, MemoryLock } from "../../lib";
import { EMPTY_LOCK, LockedStack, LockEntry } from "../../lib/lock/format";
import { Asked, askedOf, putByKey, Run, Source } from "../../lib/lookup/lookup";
import { checkedQuery } from "../../lib/query/query";
import { backupsOf } from "../../lib/query/question";

export const NOW = new Date("2026-11-21T04:00:00Z");
export const HOST = "rds.eu-de.otc.t-systems.com";
const HOUR_MS = 3_600_000;

/** As text, so many hours before the run began. */
export const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS).toISOString();

export interface Asking {
  readonly instanceId?: string;
  readonly within?: Duration;
  readonly path?: string;
  readonly source?: Partial<Source>;
  /** That of another account, where nothing declared tells the two apart. */
  readonly asker?: string;
}

/** A question of a construct in the stack `recovery`, in the mode CACHED unless it says otherwise. */
export function ask({
  instanceId = "orders",
  within,
  path = "recovery/q",
  ...more
}: Asking): Asked {
  const source: Source = {
    settings: { region: "eu-de", projectId: "p1" },
    ...{ timeoutMs: 1, mode: LookupMode.CACHED, maxLockAgeMs: HOUR_MS, store: new MemoryLock() },
    ...more.source,
  };
  const question = backupsOf(
    checkedQuery({ service: BackupService.RDS, list: "backups" }, { instanceId, within }, ""),
  );
  const asked = askedOf({ question, constructPath: path, findSource: () => source });
  return { ...asked, asker: more.asker ?? "we" };
}

/** What a lock has of it. */
export function answerTo(asked: Asked, more: Partial<LockEntry["answered"]> = {}): LockEntry {
  const answered = {
    at: hoursAgo(0.5),
    cloud: "otc",
    region: "eu-de",
    project_id: "p1",
    host: HOST,
  };
  const { question, identity } = asked;
  return {
    label: question.label,
    query: identity,
    answered: { ...answered, ...more },
    records: Records.of([]),
  };
}

/** A run in which these were asked, with a lock of those answers. */
export function runOf(
  asked: readonly Asked[],
  answers: readonly [Asked, LockEntry][] = [],
  more: Partial<Run> & { readonly formerly?: { readonly [id: string]: LockedStack } } = {},
): Run {
  const byKey = new Map<string, Asked[]>();
  for (const each of asked) putByKey(byKey, each);
  const entries = new Map(answers.map(([{ key }, entry]) => [key, entry]));
  const stacks = new Map(Object.entries(more.formerly ?? {}));
  return {
    ...{ name: "the lock", now: NOW, asked: byKey, hostOf: () => HOST },
    lock: answers.length + stacks.size > 0 ? { entries, stacks } : EMPTY_LOCK,
    stacks: new Set(["recovery"]),
    asOfFor: ({ asOf }) => asOf ?? NOW,
    ...more,
  };
}

/** What a stack asked last time, each by a construct of its own. */
export function formerly(asked: readonly Asked[], others: string[] = []): LockedStack {
  const lookups = Object.fromEntries(asked.map(({ constructPath, key }) => [constructPath, [key]]));
  return { with: others, lookups, decisions: {} };
}
