import { LockEntry } from "../lock/format";
import { Lookup } from "./lookup";

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
