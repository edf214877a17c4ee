/** All moments from `start` to `end`, both included, in milliseconds; a single one where they are equal. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** From one time to another, or a single moment; without a time it is none. */
export function stretch(start: Date | undefined, end = start): Stretch {
  return { start: start?.getTime() ?? NaN, end: end?.getTime() ?? NaN };
}

/** The same moments in stretches that are in order and apart from each other. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  // Written so that a stretch without a valid time, or that ends before it starts, holds no moment.
  const valid = stretches.filter(({ start, end }) => start <= end);
  for (const next of valid.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last === undefined || next.start > last.end) result.push(next);
    else result.splice(-1, 1, { start: last.start, end: Math.max(last.end, next.end) });
  }
  return result;
}
