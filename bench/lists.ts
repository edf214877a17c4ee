// Five long lists, at 50 ms a request, beside the app alone that gets the same pages by undici.
import { FIVE, beside, main } from "./support/measure";

void main(async ({ isQuick, rounds }) => {
  const load = { lists: FIVE, instances: 1, latencyMs: 50 };
  const [few, many] = isQuick ? [150, 300] : [1_000, 10_000];
  return [
    await beside({ ...load, records: few, rounds, wanted: { ratio: 1.2 } }),
    await beside({ ...load, records: many, rounds: Math.ceil(rounds / 2), wanted: { ratio: 1.1 } }),
  ];
});
