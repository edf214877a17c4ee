import { CloudClient, Deadline } from "../cloud/client";
import { BackupsError, ErrorDetails } from "../model/errors";
import { deadlineExceeded } from "./deadline";
import { JobMessage, ListJob, WorkerMessage } from "./protocol";
import { deadlineIn, readList } from "./read-list";
import { withoutWasmTiering } from "./wasm-tiering";
import { Slot, tell, ThreadSide } from "../thread/side";

// A thread and its 17 MB are not kept for lookups that may never come.
const IDLE_MS = 2_000;

/** What the bootstrap calls in the worker thread. */
export function start(side: ThreadSide): void {
  const clients = new Map<string, CloudClient>();
  let idle: NodeJS.Timeout | undefined;
  let running = 0;

  const clientOf = ({ account }: ListJob): CloudClient => {
    const key = JSON.stringify(account);
    const client = clients.get(key) ?? new CloudClient(account);
    clients.set(key, client);
    return client;
  };
  const send = (message: WorkerMessage) => tell(side, message);

  const run = async ({ job, list, remainingMs }: JobMessage): Promise<void> => {
    let client: CloudClient | undefined;
    try {
      client = clientOf(list);
      const deadline = deadlineIn(remainingMs);
      const reading = readList(client, list, deadline, (_page, attempt, index, text) =>
        send({ kind: "page", job, attempt, index, text }),
      );
      // A sign-in that others share may take longer than this list has time.
      await within(reading, deadline);
      send({ kind: "done", job, project: client.project, clockAheadMs: client.clockAheadMs });
    } catch (error) {
      send({ kind: "failed", job, project: client?.project, details: detailsOf(error) });
    }
  };

  let restoreTiering: (() => void) | undefined = withoutWasmTiering();

  side.port.on("message", (message: JobMessage) => {
    clearTimeout(idle);
    running++;
    void run(message).finally(() => {
      if (--running > 0) return;
      restoreTiering?.();
      restoreTiering = undefined;
      idle = setTimeout(() => {
        // Only if no call is open; what is opened from here on sees that this thread is leaving.
        const isFree = Atomics.compareExchange(side.flags, Slot.OPEN, 0, -1_000_000) === 0;
        if (isFree) process.exit(0);
      }, IDLE_MS);
    });
  });
}

async function within(reading: Promise<unknown>, deadline: Deadline): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const left = Math.max(0, Math.min(deadline.remaining(), 2 ** 31 - 1));
    timer = setTimeout(() => reject(deadlineExceeded()), left);
  });
  await Promise.race([reading, late]).finally(() => clearTimeout(timer));
}

/** What crosses to the main thread: texts alone, which no class check can trip over. */
function detailsOf(error: unknown): ErrorDetails {
  if (BackupsError.isBackupsError(error)) return { ...error.details, cause: undefined };
  return {
    code: "WORKER_FAILED",
    what: `the lookup failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`,
    advice: "This is a defect of cdktf-backups: please report it.",
  };
}
