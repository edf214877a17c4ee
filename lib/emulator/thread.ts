import { tell, ThreadSide } from "../thread/side";
import { EmulatorServer } from "./server";
import type { ControlCommand, EmulatorConfig } from "./types";

/** From the main thread; answered in order. */
export type Request = ControlCommand | { readonly op: "close" };

/** To the main thread: where it listens first, then an answer to each request. */
export type Reply =
  | { readonly endpoints: Record<string, string> }
  | { readonly value: unknown }
  | { readonly error: string };

/** What the bootstrap calls in the emulator's thread. */
export function start(side: ThreadSide): void {
  const server = new EmulatorServer(side.data as EmulatorConfig);
  const reply = (message: Reply) => tell(side, message);
  side.port.on("message", (request: Request) => {
    if (request.op === "close") {
      void server.close().then(() => process.exit(0));
      return;
    }
    try {
      reply({ value: server.control(request) });
    } catch (error) {
      reply({ error: String(error) });
    }
  });
  server.listen().then(
    (endpoints) => reply({ endpoints }),
    (error: Error) => reply({ error: error.message }),
  );
}
