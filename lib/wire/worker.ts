import { CloudClient } from "../cloud/client";
import { Queues } from "../cloud/queue";
import { deadlineExceeded, Reading } from "../cloud/reading";
import { BackupsError, ErrorDetails } from "../model/errors";
import { JobMessage, ListJob, pageMessage, WorkerMessage } from "./protocol";
import { readList } from "./read-list";
import { withoutWasmTiering } from "./wasm-tiering";
import { Slot, tell, ThreadSide } from "../thread/side";

// A thread and its 17 MB are not kept for lookups that may never come.
const IDLE_MS = 2_000;

/** What the bootstrap calls in the worker thread. */
export function start(side: ThreadSide): void {
  const clients = new Map<string, CloudClient>();
  const requests = side.data as Int32Array;
  const queues = new Queues((line) => send({ kind: "notice", line }), {
    sent: () => void Atomics.add(requests, 0, 1),
    heldBack: (host, ms) => send({ kind: "held-back", host, ms }),
  });
  let idle: NodeJS.Timeout | undefined;
  let running = 0;

  const clientOf = ({ account }: ListJob): CloudClient => {
    const key = JSON.stringify(account);
    const client = clients.get(key) ?? new CloudClient(account, queues);
    clients.set(key, client);
    return client;
  };
  const send = (message: WorkerMessage, transfer?: ArrayBuffer[]) => tell(side, message, transfer);

  const run = async ({ job, list, remainingMs, limitMs }: JobMessage): Promise<void> => {
    const reading = new Reading(remainingMs, limitMs);
    let client: CloudClient | undefined;
    try {
      client = clientOf(list);
      const whole = readList(client, list, reading, (page, attempt, index) => {
        const message = pageMessage(job, page, list, { attempt, index });
        send(message, [message.lines.buffer as ArrayBuffer]);
      });
      // A sign-in that others share may take longer than this list has time.
      await within(whole, reading);
      send({ kind: "done", job, project: client.project, clockAheadMs: client.clockAheadMs });
    } catch (error) {
      send({ kind: "failed", job, project: client?.project, details: detailsOf(error) });
    } finally {
      // Others of its requests may be under way, or wait.
      reading.stop();
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

async function within(whole: Promise<unknown>, reading: Reading): Promise<void> {
  const late = reading.sleep(reading.remaining()).then(() => {
    throw deadlineExceeded(reading.limitMs, reading.waitingFor ?? "the cloud");
  });
  await Promise.race([whole, late]);
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
