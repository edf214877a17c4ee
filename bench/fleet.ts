// A company's thousand instances of 200 backups each, at 20 ms a request: asked, and then out of the lock,
// whose floor is an app of as many outputs without the library. Memory is counted above an app of one.
import { beside, main, medians, run, Server } from "./support/measure";

void main(async ({ isQuick, rounds }) => {
  const instances = isQuick ? 20 : 1_000;
  const lists = ["rds"];
  const few = Math.ceil(rounds / 3);
  const asked = await beside({
    ...{ lists, instances, rounds: few, latencyMs: 20, records: 200 },
    wanted: { ratio: 1.15, aboveMb: 200 },
  });
  const server = await Server.start({ records: 200 });
  const settings = { lists, instances, endpoints: server.endpoints };
  await run("lookups", settings);
  const { app, empty, ours } = await medians(few, {
    app: () => run("app", { lists, instances }),
    empty: () => run("app", { lists: [] }),
    ours: () => run("lookups", { ...settings, mode: "frozen" }, true),
  });
  server.close();
  const frozen = {
    what: "the same, FROZEN",
    floorMs: app.ms,
    oursMs: ours.ms,
    aboveMb: ours.mb - empty.mb,
    wanted: { oursMs: 1_500, aboveMb: 200 },
  };
  return [asked, frozen];
});
