import { BackupsError, errorOf, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { tell } from "../cloud/notice";
import { Fetch } from "./fetch";
import { Progress } from "./progress";
import { JobMessage, WorkerMessage } from "./protocol";
import { Thread } from "../thread/thread";

const WORKER_FILE = "wire/worker";
const SHOWN_EVERY_MS = 250;

/** The way to the worker: starts it at the first need, hands it lists, hands out what comes back. */
export class Bridge {
  private thread?: Thread;
  private readonly open = new Map<number, { fetch: Fetch; thread: Thread }>();
  private lastJob = 0;
  private isInterrupted = false;

  constructor(
    private readonly workerFile = WORKER_FILE,
    private readonly progress = new Progress(),
  ) {}

  /** Sends it; `remainingMs` is what the worker may take, of `limitMs` in all. */
  public send(fetch: Fetch, remainingMs: number, limitMs: number): void {
    if (this.isInterrupted) return fetch.fail(interrupted());
    const job = ++this.lastJob;
    let thread: Thread;
    try {
      thread = this.openThread();
    } catch (error) {
      if (BackupsError.isBackupsError(error)) return fetch.fail(error);
      return fetch.fail(workerFailed(error instanceof Error ? error.message : String(error)));
    }
    this.open.set(job, { fetch, thread });
    this.progress.add(fetch);
    fetch.onSettled(() => {
      this.open.delete(job);
      thread.close();
    });
    // The worker knows more about why than this side: let it speak first.
    const message: JobMessage = {
      job,
      list: fetch.list,
      remainingMs: Math.max(1, remainingMs - Math.min(250, remainingMs / 10)),
      limitMs,
    };
    thread.post(message);
  }

  /** Blocks until `isDone`, the deadline, or the worker's end or Ctrl-C, which settle what was open. */
  public wait(isDone: () => boolean, remaining: () => number): void {
    const isOver = () => {
      if (isDone()) return true;
      this.progress.show();
      return false;
    };
    this.progress.start();
    try {
      while (!isDone() && this.thread) {
        const end = this.thread.wait(isOver, remaining);
        if (end === "interrupted") this.interrupt();
        else if (end === "over" && remaining() <= 0) return;
      }
    } finally {
      this.progress.stop();
    }
  }

  /** Nothing is asked any more until the program's handler of Ctrl-C has had its turn. */
  private interrupt(): void {
    this.isInterrupted = true;
    setImmediate(() => (this.isInterrupted = false));
    for (const { fetch } of [...this.open.values()]) fetch.fail(interrupted());
    this.thread?.terminate();
  }

  /** Keeps the process alive until the promise that is awaited is settled. */
  public async hold<T>(promise: Promise<T>): Promise<T> {
    const { thread } = this;
    thread?.hold();
    this.progress.start();
    const timer = setInterval(() => this.progress.show(), SHOWN_EVERY_MS).unref();
    try {
      return await promise;
    } finally {
      clearInterval(timer);
      this.progress.stop();
      thread?.release();
    }
  }

  /** Ends the worker if it no longer turns; one that does may still serve others. */
  public abandonIfStuck(): void {
    if (this.thread?.isStuck) this.thread.terminate();
  }

  /** Starts the worker for what is sure to be sent: that takes as long as all the rest. */
  public warm(): void {
    try {
      if (!this.thread) this.start();
    } catch {
      // Whoever sends is told.
    }
  }

  private openThread(): Thread {
    if (this.thread?.open()) return this.thread;
    const thread = this.start();
    thread.open();
    return thread;
  }

  private start(): Thread {
    const thread: Thread = new Thread(
      this.workerFile,
      this.progress.requests,
      (message) => this.receive(message as WorkerMessage),
      (reason) => this.ended(thread, reason),
    );
    this.thread = thread;
    return thread;
  }

  private receive(message: WorkerMessage): void {
    if (message.kind === "held-back") return this.progress.heldBack(message.host, message.ms);
    if (message.kind === "notice") {
      this.progress.clear();
      return tell(message.line);
    }
    const fetch = this.open.get(message.job)?.fetch;
    // What comes after its deadline nobody waits for any more.
    if (!fetch) return;
    if (message.kind === "page") return fetch.receive(message);
    fetch.project = message.project;
    switch (message.kind) {
      case "done":
        fetch.clockAheadMs = message.clockAheadMs;
        return fetch.complete();
      case "failed":
        return fetch.fail(errorOf(message.details));
    }
  }

  /** A thread may end long after another has taken its place. */
  private ended(thread: Thread, reason: string): void {
    if (this.thread === thread) this.thread = undefined;
    for (const open of [...this.open.values()]) {
      if (open.thread === thread) open.fetch.fail(workerFailed(reason));
    }
  }
}

function interrupted(): BackupsError {
  return refusal("INTERRUPTED", "the lookup was broken off by Ctrl-C (SIGINT)", "Run again.");
}

function workerFailed(reason: string): BackupsError {
  return refusal(
    "WORKER_FAILED",
    `the thread that asks the cloud is gone: ${excerpt(reason, 400)}`,
    "Run again.",
  );
}
