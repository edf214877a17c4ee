// How time and memory grow with the records: from a thousand to a million, in lists of a thousand.
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
  return lines;
});
