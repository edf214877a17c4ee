import { ThreadSide } from "../../../lib/thread/side";

export function start({ port }: ThreadSide): void {
  port.on("message", () => {
    setImmediate(() => {
      throw new Error("crashed on the way");
    });
  });
}
