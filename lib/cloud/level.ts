/** As many as a host is asked at first, and at most as many. */
const START = 8;
export const MAX_IN_FLIGHT = 16;

/** What more than this makes faster is worth another step. */
const GAIN = 1.1;
const STEP = 1.5;
/** Rounds until it is tried again whether more help by now. */
const HOLD = 20;

/**
 * How many requests one host gets side by side: more as long as that is faster, fewer where it says that
 * it has too many.
 *
 * A round is two answers for each request that may be under way, all in a time in which as many were. Its
 * rate is held against that of the round before, at the level below.
 */
export class Level {
  private current = START;
  private below?: { readonly limit: number; readonly rate: number };
  private held = 0;
  private since = 0;
  private answers = 0;

  /** How many may be under way. */
  public get limit(): number {
    return this.current;
  }

  /** One was answered; `isFull`: others wait, and as many were under way as may be. */
  public answered(now: number, isFull: boolean): void {
    if (!isFull) this.answers = 0;
    else if (this.answers++ === 0) this.since = now;
    else if (this.answers > 2 * this.current) this.judge((this.answers - 1) / (now - this.since));
  }

  /** The host says so. */
  public tooMany(): void {
    this.settle(Math.max(1, Math.floor(this.current / 2)));
  }

  /** It counts the requests of a time: more at once are only more that are refused. */
  public limited(): void {
    this.settle(Math.min(START, this.current));
  }

  private judge(rate: number): void {
    this.answers = 0;
    if (this.held > 0) {
      this.held--;
    } else if (this.below && rate < GAIN * this.below.rate) {
      this.settle(this.below.limit);
    } else if (this.current < MAX_IN_FLIGHT) {
      this.below = { limit: this.current, rate };
      this.current = Math.min(MAX_IN_FLIGHT, Math.ceil(this.current * STEP));
    }
  }

  private settle(limit: number): void {
    this.current = limit;
    this.below = undefined;
    this.held = HOLD;
    this.answers = 0;
  }
}
