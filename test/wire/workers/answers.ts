import { JobMessage } from "../../../lib/wire/protocol";
import { tell, ThreadSide } from "../../../lib/thread/side";

/** Answers, and ends in the same breath: the exit must not overtake the answer. */
export function start(side: ThreadSide): void {
  side.port.on("message", ({ job }: JobMessage) => {
    const text = JSON.stringify({ backups: [{ id: `of job ${job}` }], total_count: 1 });
    tell(side, { kind: "page", job, attempt: 0, index: 0, text });
    tell(side, { kind: "done", job, attempt: 0 });
    process.exit(0);
  });
}
