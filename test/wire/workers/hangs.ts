import { ThreadSide } from "../../../lib/thread/side";

export function start({ port }: ThreadSide): void {
  port.on("message", () => {
    for (;;);
  });
}
