import { setMaxListeners } from "node:events";
import { BackupsError, refusal } from "../model/errors";
import { lengthOf } from "../model/duration";

/** A timer that is set for longer goes off at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

let begun = 0;

/** Something that is read from the cloud, a list as a rule: what it waits for, and for how long it may. */
export class Reading {
  /** In the order in which they were begun. */
  public readonly number = ++begun;
  /** How many requests it will still send, as far as is known. */
  public left = 1;
  /** The request that it last sent or waits to send. */
  public waitingFor?: string;
  private readonly stopper = new AbortController();
  private until: number;

  /** @param limitMs All that lookups have; it is named where that was too little. */
  constructor(
    remainingMs: number,
    public limitMs = remainingMs,
  ) {
    this.until = performance.now() + remainingMs;
    // Each of its requests listens, however many they are; Node would warn of eleven.
    setMaxListeners(0, this.signal);
  }

  public remaining(): number {
    return this.until - performance.now();
  }

  /** Gives it at least as long as the other one has. */
  public extend(other: Reading): void {
    if (other.until <= this.until) return;
    this.until = other.until;
    this.limitMs = other.limitMs;
  }

  /** Aborted when nobody wants it any more. */
  public get signal(): AbortSignal {
    return this.stopper.signal;
  }

  /** Nothing more is sent for it, and what is under way is broken off. */
  public stop(): void {
    this.stopper.abort();
  }

  /** Waits, or throws as soon as it is stopped. */
  public async sleep(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= LONGEST_TIMER_MS) {
      await this.nap(Math.min(left, LONGEST_TIMER_MS));
    }
  }

  private nap(milliseconds: number): Promise<void> {
    const { signal } = this;
    signal.throwIfAborted();
    return new Promise<void>((resolve, reject) => {
      const stopped = () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stopped);
        resolve();
      }, milliseconds);
      signal.addEventListener("abort", stopped);
    });
  }
}

/** The error of a lookup whose time is up. */
export function deadlineExceeded(limitMs: number, waitingFor: string): BackupsError {
  return refusal(
    "DEADLINE_EXCEEDED",
    `${waitingFor} had no answer when the ${lengthOf(limitMs)} that lookups have were over`,
    "Try again, ask for less (`within`), or give the BackupProvider a longer `timeout: Duration.minutes(5)`.",
  );
}
