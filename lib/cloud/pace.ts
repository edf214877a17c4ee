import { Level } from "./level";

/** How many requests a cloud lets through in how long, by what it says when it refuses one. */
export interface Quota {
  /** Infinity where the refusal doesn't say. */
  readonly limit: number;
  readonly windowMs: number;
}

/** A request that was refused by HTTP 429. */
export interface Refused {
  /** The text that came with it. */
  readonly message?: string;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs?: number;
  /** What the server's clock says, in epoch milliseconds. */
  readonly serverTime?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS = new Map([
  ["second", 1_000],
  ["minute", MINUTE],
  ["hour", 60 * MINUTE],
  ["day", DAY],
]);

/** Out of "policy user over ratelimit,limit:60,time:1 minute"; undefined where no number is said. */
export function readQuota(message: string | undefined): Quota | undefined {
  const said = /limit:\s*(\d{1,9})\s*,\s*time:\s*(\d{1,9})\s*(second|minute|hour|day)/i.exec(
    message ?? "",
  );
  if (!said) return undefined;
  const [, limit, count, unit] = said;
  const windowMs = Number(count) * UNITS.get(unit!.toLowerCase())!;
  return Number(limit) > 0 && windowMs > 0 && windowMs <= DAY
    ? { limit: Number(limit), windowMs }
    : undefined;
}

/**
 * What speaks for sending again: what the refusal said, the oldest request leaving the window, the
 * server's clock entering another one, or some time.
 */
type Sign = "said" | "oldest" | "clock" | "time";

interface Allowance {
  limit: number;
  readonly windowMs: number;
  /** How many went through before a refusal: others of this user may need the rest. */
  share: number;
  /** Where it was seen that the server's window began anew; what went through before counts no more. */
  since: number;
}

/**
 * When the next request of one user may be sent to one host.
 *
 * Nothing is held back until the cloud refuses a request and says its quota. From then on no more are
 * sent in any stretch of that length than it allows, so that a server that counts by the clock and one
 * that looks back both let them through; beyond what went through before, one at a time. After a
 * refusal nothing is sent until there is a sign for it; then one request goes first.
 *
 * All times are milliseconds of one clock that the caller reads.
 */
export class Pace {
  private readonly level = new Level();
  private inFlight = 0;
  /** When those that went through were answered. The cloud counted them before. */
  private readonly passed: number[] = [];
  private readonly allowances: Allowance[] = [];
  /** One after the other, since one went through last. */
  private refusals = 0;
  private pausedUntil = -Infinity;
  /** What the pause waits for. */
  private sign: Sign = "said";
  private isTrying = false;
  /** Those that have not misled. */
  private readonly trusted = new Set<Sign>(["clock", "time"]);

  /** The quota that holds most back; undefined until one was said. */
  public get quota(): Quota | undefined {
    const rate = ({ limit, windowMs }: Quota) => limit / windowMs;
    return this.allowances
      .filter(({ limit }) => limit < Infinity)
      .sort((a, b) => rate(a) - rate(b))[0];
  }

  /** Whether a request was ever refused. */
  public get isLimited(): boolean {
    return this.allowances.length > 0;
  }

  /** Whether a request may be sent now. */
  public mayStart(now: number): boolean {
    if (this.inFlight >= this.level.limit || now < this.pausedUntil) return false;
    if (this.refusals > 0) return this.inFlight === 0;
    return this.allowances.every((allowance) => {
      const count = this.counted(allowance, now).length + this.inFlight;
      return count < allowance.limit && (count < allowance.share || this.inFlight === 0);
    });
  }

  /** One is sent. */
  public start(): void {
    this.isTrying = this.refusals > 0;
    this.inFlight++;
  }

  /** One ended without an answer: nothing tells whether it was counted. */
  public end(): void {
    this.inFlight--;
  }

  /** One was answered, by whatever but 429; `isWaiting`: others were kept waiting by it. */
  public pass(now: number, isWaiting = false): void {
    const isFull = isWaiting && this.inFlight === this.level.limit;
    this.level.answered(now, isFull && !this.isLimited);
    this.inFlight--;
    if (this.isTrying) {
      // Nobody else's requests left the window earlier than one's own did.
      if (this.sign === "oldest") this.trusted.delete("time");
      for (const allowance of this.allowances) {
        // It went through although the window was full: it is another window.
        const counted = this.counted(allowance, now);
        if (counted.length >= allowance.limit) allowance.since = counted.at(-1)!;
      }
      this.refusals = 0;
      this.isTrying = false;
    }
    this.passed.push(now);
    for (const allowance of this.allowances) {
      allowance.share = Math.max(allowance.share, this.counted(allowance, now).length);
    }
    const longest = Math.max(MINUTE, ...this.allowances.map(({ windowMs }) => windowMs));
    while (this.passed[0]! <= now - longest) this.passed.shift();
  }

  /** The host can't serve as many. */
  public slowDown(): void {
    this.level.tooMany();
  }

  /** One was refused. */
  public refuse(now: number, refused: Refused, random: () => number = Math.random): void {
    this.inFlight--;
    const allowance = this.learn(readQuota(refused.message), now);
    // The others of the same burst tell nothing new.
    if (this.refusals > 0 && !this.isTrying) return;
    this.level.limited();
    if (this.isTrying && this.sign === "clock") this.trusted.delete("clock");
    this.isTrying = false;
    this.pause(now, allowance, refused, random);
    this.refusals++;
  }

  /** When to look again whether one may start, where none is under way. */
  public next(now: number): number {
    return this.refusals > 0 ? this.pausedUntil : this.forecast(now)(1);
  }

  /** Tells when the nth request from now can be sent at the earliest, were there no others. */
  public forecast(now: number): (count: number) => number {
    const paused = Math.max(now, this.pausedUntil);
    const each = this.allowances.map((allowance) => {
      const { limit, windowMs } = allowance;
      const taken = [
        ...this.counted(allowance, now).map((at) => at + windowMs),
        ...Array<number>(this.inFlight).fill(now + windowMs),
      ];
      const free = limit - taken.length;
      return (count: number) => {
        const place = (count - 1) % limit;
        const inFirst = place < free ? paused : Math.max(paused, taken[place - free]!);
        return inFirst + Math.floor((count - 1) / limit) * windowMs;
      };
    });
    return (count) => Math.max(paused, ...each.map((at) => at(count)));
  }

  /** Those that its window still holds. */
  private counted({ windowMs, since }: Allowance, now: number): number[] {
    const from = Math.max(since, now - windowMs);
    let first = this.passed.length;
    while (first > 0 && this.passed[first - 1]! > from) first--;
    return this.passed.slice(first);
  }

  /** Where no number is said, it is a minute, and what went through is the only measure. */
  private learn(said: Quota = { limit: Infinity, windowMs: MINUTE }, now: number): Allowance {
    let allowance = this.allowances.find(({ windowMs }) => windowMs === said.windowMs);
    if (!allowance) this.allowances.push((allowance = { ...said, share: 0, since: -Infinity }));
    allowance.limit = said.limit;
    allowance.share = Math.max(1, this.counted(allowance, now).length);
    return allowance;
  }

  private pause(
    now: number,
    allowance: Allowance,
    { retryAfterMs, serverTime }: Refused,
    random: () => number,
  ): void {
    const { limit, windowMs } = allowance;
    // The vendor advises 2 to 5 s.
    const nap = Math.min((2_000 + 3_000 * random()) * 2 ** this.refusals, windowMs / 6);
    const [oldest, ...others] = this.counted(allowance, now);
    const signs = new Map<Sign, number>();
    if (retryAfterMs !== undefined) {
      // A server that says 0 and refuses again is not asked as fast as it answers.
      signs.set("said", this.refusals === 0 ? retryAfterMs : Math.max(retryAfterMs, nap));
    } else {
      if (oldest !== undefined) signs.set("oldest", oldest + windowMs - now);
      // Whoever had nearly all of it himself waits for nobody else.
      const isAlone = others.length + 1 >= 0.9 * limit;
      if (oldest === undefined || (this.trusted.has("time") && !isAlone)) signs.set("time", nap);
      if (serverTime !== undefined && this.trusted.has("clock")) {
        signs.set("clock", windowMs - (serverTime % windowMs));
      }
    }
    const [sign, wait] = [...signs].reduce((a, b) => (b[1] < a[1] ? b : a));
    this.sign = sign;
    this.pausedUntil = now + wait;
  }
}
