import { Lock, timeOf } from "../../lock/format";
import { rewriteLock, withoutUnasked } from "../../lock/merge";
import { refusal } from "../../model/errors";
import { excerpt, nearest, shown } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { durationIn } from "../arguments";
import { ExitCode } from "../exit";
import { json, markdown } from "../formats";
import { wholeLock } from "../lock";
import { Told } from "../output";

export interface LockPruneOptions {
  readonly olderThan?: string;
  readonly stack?: readonly string[];
  readonly dryRun?: boolean;
}

/** Removes what no stack of the lock asks any more. */
export function lockPrune(file: string | undefined, options: LockPruneOptions): Told {
  const { dryRun: isDryRun = false, olderThan, stack: given = [] } = options;
  const olderMs = olderThan === undefined ? undefined : durationIn(olderThan).toMilliseconds();
  const { name, read, store } = wholeLock(file);
  for (const id of given) checkStack(id, read.lock);
  const without = new Set(given);
  // Without a limit all of them, also one from the future.
  const before = olderMs === undefined ? Infinity : Date.now() - olderMs;
  const prune = (lock: Lock) => withoutUnasked(lock, without, before);
  const planned = removedBy({ before: read.lock, after: prune(read.lock) });
  // A file that somebody else has formatted is not written for nothing.
  const isNothing = planned.stacks.length + planned.lookups.length === 0;
  const removed =
    isDryRun || isNothing ? planned : removedBy(rewriteLock(store, name, read, prune));
  const told = { name, isDryRun, ...removed };
  return {
    exit: ExitCode.MET,
    as: {
      text: () => textOf(told),
      json: () => jsonOf(told),
      markdown: () => markdownOf(told),
    },
  };
}

function checkStack(id: string, { stacks }: Lock): void {
  if (stacks.has(id)) return;
  const ids = [...stacks.keys()];
  const near = nearest(id, ids, 3).slice(0, 3);
  throw refusal(
    "INVALID_ARGUMENT",
    `the lock has no stack ${shown(id)}`,
    near.length > 0
      ? `Did you mean ${near.map((each) => shown(each)).join(" or ")}?`
      : `It has ${ids.length === 0 ? "none" : ids.slice(0, 10).map(shown).join(", ")}.`,
  );
}

interface Removed {
  readonly key: string;
  readonly label: string;
  readonly answeredAt: Date;
  readonly records: number;
}

interface Pruned {
  readonly name: string;
  readonly isDryRun: boolean;
  readonly stacks: readonly string[];
  readonly lookups: readonly Removed[];
  readonly left: number;
}

function removedBy({ after, before }: { readonly before: Lock; readonly after: Lock }) {
  const gone = [...before.entries].filter(([key]) => !after.entries.has(key));
  return {
    stacks: [...before.stacks.keys()].filter((id) => !after.stacks.has(id)),
    lookups: gone.map(([key, entry]): Removed => {
      const answeredAt = new Date(timeOf(entry));
      return { key, label: entry.label, answeredAt, records: entry.records.length };
    }),
    left: after.entries.size,
  };
}

function summary({ isDryRun, left, lookups, stacks }: Pruned): string {
  const verb = isDryRun ? "would be removed" : "removed";
  const stacksToo =
    stacks.length > 0 ? ` and ${stacks.length === 1 ? "1 stack" : `${stacks.length} stacks`}` : "";
  const count = lookups.length === 1 ? "1 lookup" : `${lookups.length} lookups`;
  return `${count}${stacksToo} ${verb}, ${left} left`;
}

function linesOf({ lookups, stacks }: Pruned): string[] {
  return [
    ...stacks.map((id) => `the stack ${excerpt(id)}`),
    ...lookups.map(({ answeredAt, label, records }) => {
      const count = records === 1 ? "1 record" : `${records} records`;
      return `${excerpt(label)} (answered ${toRfc3339(answeredAt)}, ${count})`;
    }),
  ];
}

function textOf(told: Pruned): string {
  const lines = linesOf(told).map((line) => `  ${line}`);
  return [`${excerpt(told.name)}: ${summary(told)}`, ...lines].join("\n");
}

function jsonOf(told: Pruned): string {
  return json({
    file: told.name,
    is_dry_run: told.isDryRun,
    stacks: told.stacks,
    lookups: told.lookups.map(({ answeredAt, key, label, records }) => {
      return { key, label, answered_at: toRfc3339(answeredAt), records };
    }),
    left: told.left,
  });
}

function markdownOf(told: Pruned): string {
  const lines = linesOf(told).map((line) => `- ${markdown(line)}`);
  const head = `**${markdown(excerpt(told.name))}**: ${summary(told)}`;
  return lines.length > 0 ? [head, "", ...lines].join("\n") : head;
}
