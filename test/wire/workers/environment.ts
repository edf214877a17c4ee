import { tell, ThreadSide } from "../../../lib/thread/side";

export function start(side: ThreadSide): void {
  tell(side, { env: { ...process.env }, execArgv: process.execArgv });
}
