import { lengthOf } from "../model/duration";
import { Pace, Refused } from "./pace";
import { LONGEST_TIMER_MS, Reading } from "./reading";

/** By its quota, the host would let it through only after the deadline. */
export class NotInTime extends Error {
  constructor(
    /** What the host allows, and what that means for what is left; one clause. */
    message: string,
    /** How long it would take, from now. */
    public readonly neededMs: number,
  ) {
    super(message);
  }
}

interface Waiting {
  readonly reading: Reading;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Who follows what becomes of requests. */
export interface Follower {
  /** One is sent. */
  readonly sent: () => void;
  /** A host's quota holds the next one back for so long; 0: no longer. */
  readonly heldBack: (host: string, ms: number) => void;
}

const NOBODY: Follower = { sent: () => undefined, heldBack: () => undefined };

const WORTH_FOLLOWING_MS = 1_000;
const WORTH_A_LINE_MS = 3_000;
const BETWEEN_LINES_MS = 30_000;
const A_MOMENT_MS = 250;

/** The requests of one user to one host: each waits here for its turn. */
export class Queue {
  private readonly pace = new Pace();
  private readonly waiting: Waiting[] = [];
  private timer?: NodeJS.Timeout;
  private toldUntil = -Infinity;
  private heldUntil = -Infinity;

  constructor(
    private readonly host: string,
    private readonly tell: (line: string) => void,
    private readonly follower = NOBODY,
  ) {}

  /**
   * Returns when the request may be sent; its end has to be said by `leave`. Rejects by `NotInTime` as
   * soon as it is clear that the reading's deadline can't be kept, and with its reason where it is stopped.
   */
  public enter(reading: Reading): Promise<void> {
    const { signal } = reading;
    return new Promise<void>((resolve, reject) => {
      const stop = () => this.remove(one, signal.reason);
      const one: Waiting = {
        reading,
        start: () => {
          signal.removeEventListener("abort", stop);
          resolve();
        },
        refuse: (error) => {
          signal.removeEventListener("abort", stop);
          reject(error as Error);
        },
      };
      if (signal.aborted) return one.refuse(signal.reason);
      signal.addEventListener("abort", stop);
      this.waiting.splice(this.placeOf(reading), 0, one);
      this.turn();
    });
  }

  /** It was answered ("passed"), by a 503 ("busy"), by a 429, or not at all. */
  public leave(end: "passed" | "busy" | "unanswered" | Refused): void {
    const now = performance.now();
    if (end === "busy") this.pace.slowDown();
    if (end === "passed" || end === "busy") this.pace.pass(now, this.waiting.length > 0);
    else if (end === "unanswered") this.pace.end();
    else this.pace.refuse(now, end);
    this.turn();
  }

  /** Behind its own and those that came before: a list that was begun is finished before others are begun. */
  private placeOf({ number }: Reading): number {
    let [low, high] = [0, this.waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.waiting[middle]!.reading.number <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private remove(one: Waiting, reason: unknown): void {
    const index = this.waiting.indexOf(one);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    one.refuse(reason);
  }

  /** Lets go whose turn it is, and refuses who would wait in vain. */
  private turn(): void {
    clearTimeout(this.timer);
    const now = performance.now();
    while (this.waiting.length > 0 && this.pace.mayStart(now)) {
      this.pace.start();
      this.follower.sent();
      this.waiting.shift()!.start();
    }
    if (!this.pace.isLimited) return;
    this.refuseTheLate(now);
    const wait = this.waiting.length === 0 ? 0 : this.pace.next(now) - now;
    this.follow(now, wait);
    if (wait <= 0) return;
    this.timer = setTimeout(() => this.turn(), Math.min(Math.ceil(wait), LONGEST_TIMER_MS));
    if (wait < WORTH_A_LINE_MS || now < this.toldUntil) return;
    this.toldUntil = now + Math.max(wait, BETWEEN_LINES_MS);
    // When the others of the burst are back, too.
    setTimeout(() => this.tellWhy(), A_MOMENT_MS);
  }

  /** Each refusal and each answer moves the moment a little: that is no news. */
  private follow(now: number, wait: number): void {
    const until = wait < WORTH_FOLLOWING_MS ? now : now + wait;
    if (Math.abs(until - Math.max(now, this.heldUntil)) < A_MOMENT_MS) return;
    this.heldUntil = until;
    this.follower.heldBack(this.host, until - now);
  }

  private tellWhy(): void {
    const now = performance.now();
    if (this.waiting.length === 0) return;
    const wait = inSeconds(this.pace.next(now) - now);
    this.tell(`Waiting ${wait}: ${this.quota()}. ${this.left(now)}.`);
  }

  private refuseTheLate(now: number): void {
    const earliest = this.pace.forecast(now);
    for (let index = 0; index < this.waiting.length;) {
      const one = this.waiting[index]!;
      const { reading } = one;
      // Those before it go first; its own others come after it.
      const needed = Math.max(earliest(index + 1), earliest(reading.left));
      if (needed - now < reading.remaining()) {
        index++;
        continue;
      }
      const message = `${this.quota()}; ${this.left(now)}, and only ${inSeconds(reading.remaining())} are left`;
      this.remove(one, new NotInTime(message, needed - now));
    }
  }

  private quota(): string {
    const { quota } = this.pace;
    return quota === undefined
      ? `${this.host} refuses more requests of this user for now`
      : `${this.host} lets this user send ${quota.limit} requests in ${inSeconds(quota.windowMs)}`;
  }

  private left(now: number): string {
    const readings = new Map<Reading, number>();
    for (const { reading } of this.waiting) {
      readings.set(reading, (readings.get(reading) ?? 0) + 1);
    }
    const count = [...readings].reduce((sum, [{ left }, own]) => sum + Math.max(left, own), 0);
    const needed = this.pace.forecast(now)(count) - now;
    return `${count} more ${count === 1 ? "is" : "are"} to be sent, which takes ${inSeconds(needed)}`;
  }
}

function inSeconds(milliseconds: number): string {
  return lengthOf(Math.max(0, milliseconds), Math.ceil);
}

/** One queue for each host and user, whoever asks. */
export class Queues {
  private readonly queues = new Map<string, Queue>();

  /** @param tell Takes a line for people where a wait is worth one. */
  constructor(
    private readonly tell: (line: string) => void = () => undefined,
    private readonly follower = NOBODY,
  ) {}

  public of(host: string, user: string): Queue {
    const key = JSON.stringify([host, user]);
    const queue = this.queues.get(key) ?? new Queue(host, this.tell, this.follower);
    this.queues.set(key, queue);
    return queue;
  }
}
