import { merged, Stretch } from "../../model/stretch";

/**
 * What lies between the covered stretches from `start` to `end`, oldest first. The edge after the
 * last one always counts; the edge before the first one only if something is known to have come
 * before `start`, or else its lack would only mean that nobody looked.
 */
export function gapsOf(
  covered: readonly Stretch[],
  start: number,
  end: number,
  isKnownBefore: boolean,
): Stretch[] {
  const inside = covered.filter((each) => each.end >= start && each.start <= end);
  const edges = isKnownBefore ? [start, end] : [end];
  const held = merged([...inside, ...edges.map((edge) => ({ start: edge, end: edge }))]);
  return held.slice(1).map((next, i) => ({ start: held[i]!.end, end: next.start }));
}

/** The longest, of equal ones the newest. */
export function longest(gaps: readonly Stretch[]): Stretch | undefined {
  let found: Stretch | undefined;
  for (const each of gaps) {
    if (!found || each.end - each.start >= found.end - found.start) found = each;
  }
  return found;
}
