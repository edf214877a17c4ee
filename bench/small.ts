// What a synthesis pays for asking at all: five lookups of three records, a service each, beside the same
// app without the library. Over TLS each of the five hosts takes a handshake.
import { certificatesFor } from "../test/support/certificates";
import { FIVE, main, medians, run, Server } from "./support/measure";

void main(async ({ rounds }) => {
  const { caFile, cert, key } = certificatesFor("localhost");
  const lines = [];
  for (const tls of [undefined, { cert, key }]) {
    const server = await Server.start({ records: 3, tls });
    const lookups = { lists: FIVE, endpoints: server.endpoints, caFile: tls && caFile };
    const { app, ours } = await medians(rounds, {
      app: () => run("app", { lists: FIVE }),
      ours: () => run("lookups", lookups),
    });
    server.close();
    lines.push({
      what: `five lookups of 3 records${tls ? " over TLS" : ""}, beside the app alone`,
      floorMs: app.ms,
      oursMs: ours.ms,
      wanted: { aboveMs: tls ? 130 : 80 },
    });
  }
  return lines;
});
