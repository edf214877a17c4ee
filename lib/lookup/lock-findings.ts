import { excerpt } from "../model/text";
import { Answered, Lock, LockedStack, LockEntry } from "../lock/format";
import { Lookup } from "./lookup";

/** By construct: what it decided; undefined where an expectation was broken. */
export type Decisions = { readonly [construct: string]: string | undefined };

/** What the cloud answered, by key; where two answered the same question differently, the last one. */
export function newAnswers(asked: readonly Lookup[]): Map<string, LockEntry> {
  const fresh = asked.filter(({ entry, isFromLock }) => entry && !isFromLock);
  return new Map(fresh.map(({ entry, place }) => [place.key, entry!]));
}

/** The questions that were put to two, though nothing that is declared tells the two apart. */
export class Doubts {
  public static of(asked: readonly Lookup[]): Doubts {
    const doubts = new Doubts();
    for (const lookup of asked) doubts.add(lookup);
    return doubts;
  }

  /** By key: why nothing tells whose an answer is. */
  public readonly found = new Map<string, string>();
  private readonly first = new Map<string, Lookup>();

  public add(lookup: Lookup): void {
    const { key } = lookup.place;
    const first = this.first.get(key) ?? lookup;
    this.first.set(key, first);
    const doubt = doubtBetween(first, lookup);
    if (doubt !== undefined) this.found.set(key, doubt);
  }

  /** Whether a lookup of this key was added. */
  public hasSeen(key: string): boolean {
    return this.first.has(key);
  }
}

/** Why two lookups of the same key may be of two accounts. */
function doubtBetween(one: Lookup, two: Lookup): string | undefined {
  const isSame = one.place.asker === two.place.asker && isAnsweredAlike(one, two);
  return isSame
    ? undefined
    : `"${two.question.label}" is asked of two that nothing declared tells apart (${one.constructPath}, ${two.constructPath}): give both providers a \`projectId\`, one address, and the same \`asOf\``;
}

function isAnsweredAlike({ entry: one }: Lookup, { entry: two }: Lookup): boolean {
  if (!one || !two) return true;
  const [was, is] = [one, two].map(({ answered }) => JSON.stringify({ ...answered, at: "" }));
  return was === is;
}

/**
 * What each stack asked and decided; where an expectation was broken, what it decided before. So where
 * `isAsBefore`: a run that only took from the lock decides by another clock than the one that wrote it.
 */
export function stackRecords(
  asked: readonly Lookup[],
  decisions: Decisions,
  before: Lock,
  isAsBefore: boolean,
): ReadonlyMap<string, LockedStack> {
  const ids = [...new Set(asked.map(({ constructPath }) => stackIn(constructPath)))];
  const record = (id: string): LockedStack => {
    const lookups: { [construct: string]: string[] } = {};
    for (const { constructPath, place } of asked) {
      if (stackIn(constructPath) !== id) continue;
      const keys = (lookups[constructPath] ??= []);
      if (!keys.includes(place.key)) keys.push(place.key);
    }
    const former = before.stacks.get(id)?.decisions ?? {};
    const decided = Object.keys(decisions).flatMap((construct) => {
      const now = decisions[construct];
      const decision = isAsBefore ? (former[construct] ?? now) : (now ?? former[construct]);
      return decision === undefined || stackIn(construct) !== id ? [] : [[construct, decision]];
    });
    const others = ids.filter((other) => other !== id);
    return { with: others, lookups, decisions: Object.fromEntries(decided) };
  };
  return new Map(ids.map((id) => [id, record(id)]));
}

/** What stands directly under the App; stacks are synthesised together. */
export function stackIn(constructPath: string): string {
  return constructPath.split("/")[0]!;
}

/** On one line, whatever a lock of somebody else holds. */
export function whoseIs(answered: Answered): string {
  const { cloud, region, host, project_id: project, as_of: asOf } = answered;
  const where = [cloud, region, asOf && `as of ${asOf}`].filter(Boolean).join(", ");
  return excerpt(`project ${project ?? "unknown"} (${where}) at ${host ?? "an unknown host"}`, 300);
}
