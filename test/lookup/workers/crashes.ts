import { ThreadSide } from "../../../lib/lookup/thread-side";

export function start({ port }: ThreadSide): void {
  port.on("message", () => {
    setImmediate(() => {
      throw new Error("crashed on the way");
    });
  });
}
