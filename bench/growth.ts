// How time and memory grow: with the records, from a thousand to a million in lists of a thousand, and with
// the stacks, each with a lookup of its own.
import { Line, main, medians, run, Server } from "./support/measure";

void main(async ({ isQuick }) => {
  const lines: Line[] = [];
  const server = await Server.start({ records: 1_000 });
  for (const instances of isQuick ? [1, 4] : [1, 10, 100, 1_000]) {
    const settings = { lists: ["rds"], instances, endpoints: server.endpoints };
    const { app, asked, frozen } = await medians(1, {
      app: () => run("app", { lists: [] }),
      asked: () => run("lookups", settings),
      frozen: () => run("lookups", { ...settings, mode: "frozen" }, true),
    });
    const each = (ours: { ms: number }) =>
      `${((ours.ms - app.ms) / instances).toFixed(1)} ms for each thousand`;
    for (const [how, ours] of [
      ["asked", asked],
      ["FROZEN", frozen],
    ] as const) {
      lines.push({
        what: `${(instances * 1_000).toLocaleString("en")} records, ${how}`,
        floorMs: app.ms,
        oursMs: ours.ms,
        aboveMb: ours.mb - app.mb,
        note: each(ours),
        wanted: {},
      });
    }
  }
  server.close();
  return [...lines, ...(await ofStacks(isQuick))];
});

/** FROZEN, beside as many stacks with an output each. */
async function ofStacks(isQuick: boolean): Promise<Line[]> {
  const lines: Line[] = [];
  const server = await Server.start({ records: 3 });
  for (const instances of isQuick ? [2, 4] : [125, 250, 500, 1_000]) {
    const lists = { lists: ["rds"], instances, isStackEach: true };
    const settings = { ...lists, endpoints: server.endpoints };
    await run("lookups", settings);
    const { app, frozen } = await medians(1, {
      app: () => run("app", lists),
      frozen: () => run("lookups", { ...settings, mode: "frozen" }, true),
    });
    lines.push({
      what: `${instances.toLocaleString("en")} stacks with a lookup each, FROZEN`,
      floorMs: app.ms,
      oursMs: frozen.ms,
      aboveMb: frozen.mb - app.mb,
      note: `${((frozen.ms - app.ms) / instances).toFixed(1)} ms for each stack`,
      wanted: {},
    });
  }
  server.close();
  return lines;
}
