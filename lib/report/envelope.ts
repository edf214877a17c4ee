/** A point of a line. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The lowest and the highest that a line comes to in each of the columns, so that no peak is lost
 * where there are more points than pixels; undefined where it doesn't go.
 * @param line From left to right, in columns.
 */
export function envelope(
  line: readonly Point[],
  columns: number,
): ({ readonly low: number; readonly high: number } | undefined)[] {
  const result: ({ low: number; high: number } | undefined)[] = Array(columns).fill(undefined);
  const add = (column: number, y: number) => {
    const bin = (result[column] ??= { low: y, high: y });
    bin.low = Math.min(bin.low, y);
    bin.high = Math.max(bin.high, y);
  };
  line.forEach((to, i) => {
    const from = line[i - 1] ?? to;
    const first = Math.max(0, Math.floor(from.x));
    const last = Math.min(columns - 1, Math.floor(to.x));
    for (let column = first; column <= last; column++) {
      for (const edge of [column, column + 1]) {
        const x = Math.min(Math.max(edge, from.x), to.x);
        const share = to.x > from.x ? (x - from.x) / (to.x - from.x) : 1;
        add(column, from.y + share * (to.y - from.y));
      }
      if (column === Math.floor(from.x)) add(column, from.y);
    }
  });
  return result;
}

/** The area between both, as a path of whole numbers. */
export function envelopePath(
  bins: ReturnType<typeof envelope>,
  yOf: (value: number) => number,
): string {
  let path = "";
  for (let from = 0; from < bins.length; from++) {
    if (!bins[from]) continue;
    let to = from;
    while (bins[to]) to++;
    const run = bins.slice(from, to).map((bin) => ({
      // At least a pixel high.
      top: Math.round(yOf(bin!.high)) - 1,
      bottom: Math.round(yOf(bin!.low)),
    }));
    path += `M${from} ${run[0]!.top}${steps(
      run.map(({ top }) => top),
      1,
    )}`;
    const back = run.map(({ bottom }) => bottom).reverse();
    path += `V${back[0]!}${steps(back, -1)}z`;
    from = to;
  }
  return path;
}

/** One column wide each, those of equal height in one. */
function steps(values: readonly number[], direction: 1 | -1): string {
  let path = "";
  for (let from = 0; from < values.length;) {
    let to = from;
    while (to < values.length && values[to] === values[from]) to++;
    path += `h${(to - from) * direction}`;
    if (to < values.length) path += `v${values[to]! - values[from]!}`;
    from = to;
  }
  return path;
}
