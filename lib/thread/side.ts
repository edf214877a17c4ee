import type { MessagePort } from "node:worker_threads";

/** Where a thread and the main thread see each other without a message. */
export enum Slot {
  /** Counts up with each message to the main thread, which waits on it. */
  SIGNAL,
  /** Counts up while the thread's event loop turns. */
  HEARTBEAT,
  /** 1 once the thread has ended, or is about to. */
  ENDED,
  /** Calls that are open; the thread may only leave at 0, by making it negative. */
  OPEN,
}

/** What a thread's file gets: `exports.start(side)`. */
export interface ThreadSide {
  readonly port: MessagePort;
  readonly flags: Int32Array;
  readonly data: unknown;
}

/** Sends a message, and wakes the main thread if it waits. What is transferred is gone on this side. */
export function tell(
  { port, flags }: ThreadSide,
  message: unknown,
  transfer?: ArrayBuffer[],
): void {
  port.postMessage(message, transfer);
  Atomics.add(flags, Slot.SIGNAL, 1);
  Atomics.notify(flags, Slot.SIGNAL);
}
