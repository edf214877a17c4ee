// What a frozen synthesis pays, which asks nobody: five lookups out of the lock, beside an app without the
// library.
import { FIVE, main, medians, run, Server } from "./support/measure";

void main(async ({ rounds }) => {
  const server = await Server.start({ records: 3 });
  const settings = { lists: FIVE, endpoints: server.endpoints };
  await run("lookups", settings);
  const { app, ours } = await medians(rounds, {
    app: () => run("app", { lists: FIVE }),
    ours: () => run("lookups", { ...settings, mode: "frozen" }, true),
  });
  server.close();
  return [
    {
      what: "the same five, FROZEN, beside an app without the library",
      floorMs: app.ms,
      oursMs: ours.ms,
      wanted: { aboveMs: 20 },
    },
  ];
});
