/** A stretch of time in milliseconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

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
  const inside = covered
    .filter((each) => each.end >= start && each.start <= end)
    .sort((a, b) => a.start - b.start);
  const gaps: Stretch[] = [];
  let reached = isKnownBefore ? start : undefined;
  for (const each of inside) {
    if (reached !== undefined && each.start > reached) {
      gaps.push({ start: reached, end: each.start });
    }
    reached = Math.max(reached ?? each.end, each.end);
  }
  if (reached !== undefined && reached < end) gaps.push({ start: reached, end });
  return gaps;
}

/** The longest, of equal ones the newest. */
export function longest(gaps: readonly Stretch[]): Stretch | undefined {
  let found: Stretch | undefined;
  for (const each of gaps) {
    if (!found || each.end - each.start >= found.end - found.start) found = each;
  }
  return found;
}
