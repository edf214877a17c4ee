import { BackupsEnvironmentError } from "../model/errors";
import { excerpt } from "../model/text";
import { Fetch } from "./fetch";
import { JobMessage, WorkerMessage } from "./protocol";
import { Thread } from "./thread";

const WORKER_FILE = "lookup/worker";

/** The way to the worker: starts it at the first need, hands it lists, hands out what comes back. */
export class Bridge {
  private thread?: Thread;
  private readonly open = new Map<number, Fetch>();
  private lastJob = 0;

  constructor(private readonly workerFile = WORKER_FILE) {}

  /** Sends it; `remainingMs` is what the worker may take. */
  public send(fetch: Fetch, remainingMs: number): void {
    const job = ++this.lastJob;
    const thread = this.openThread();
    this.open.set(job, fetch);
    fetch.onSettled(() => {
      this.open.delete(job);
      thread.close();
    });
    // The worker knows more about why than this side: let it speak first.
    const message: JobMessage = {
      job,
      list: fetch.list,
      remainingMs: Math.max(1, remainingMs - Math.min(250, remainingMs / 10)),
    };
    thread.post(message);
  }

  /** Blocks until `isDone`, the deadline or the worker's end, which settles what was open. */
  public wait(isDone: () => boolean, remaining: () => number): void {
    while (!isDone() && this.thread) {
      if (!this.thread.wait(isDone, remaining) && remaining() <= 0) return;
    }
  }

  /** Keeps the process alive until the promise that is awaited is settled. */
  public async hold<T>(promise: Promise<T>): Promise<T> {
    const { thread } = this;
    thread?.hold();
    try {
      return await promise;
    } finally {
      thread?.release();
    }
  }

  /** Ends the worker: what it still does is of no use to anyone. */
  public abandon(): void {
    this.thread?.terminate();
  }

  private openThread(): Thread {
    if (this.thread?.open()) return this.thread;
    this.thread = new Thread(
      this.workerFile,
      undefined,
      (message) => this.receive(message as WorkerMessage),
      (reason) => this.ended(reason),
    );
    this.thread.open();
    return this.thread;
  }

  private receive(message: WorkerMessage): void {
    const fetch = this.open.get(message.job);
    if (!fetch) return;
    switch (message.kind) {
      case "page":
        return fetch.receive(message);
      case "done":
        return fetch.complete();
      case "failed":
        return fetch.fail(new BackupsEnvironmentError(message.details));
    }
  }

  private ended(reason: string): void {
    this.thread = undefined;
    for (const fetch of [...this.open.values()]) {
      fetch.fail(
        new BackupsEnvironmentError({
          code: "WORKER_FAILED",
          what: `the thread that asks the cloud is gone: ${excerpt(reason, 400)}`,
          advice:
            "Run again. If it stays: the library's file lookup/worker.js must lie beside its others, so don't bundle the library into one file.",
        }),
      );
    }
  }
}
