import { gatewayError, type Refusal } from "./answers";
import { splitUrl } from "./query";
import type { Owner, Quota } from "./types";

const MINUTE_MS = 60_000;

/** What a quota has counted. */
export class Meter {
  private readonly counted = new Map<string, number[]>();

  public constructor(private readonly quota: Quota) {}

  /**
   * Counts a request; undefined where the quota has room for it, else the refusal. A refused one is not
   * counted, and that of the metadata service never meets a gateway: choices made here.
   */
  public refuse(owner: Owner, url: string, id: string): Refusal | undefined {
    if (owner === "metadata") return undefined;
    const { limit, windowMs, retryAfter } = this.quota;
    const now = performance.now();
    const key = this.keyOf(owner, url);
    const times = this.inWindow(this.counted.get(key) ?? [], now);
    this.counted.set(key, times);
    if (times.length < limit) {
      times.push(now);
      return undefined;
    }
    // Whether Retry-After is sent was not found (docs/apis/shared.md, Quota), so both can be had.
    const seconds = String(Math.ceil(((times[0] ?? now) + windowMs - now) / 1000));
    const headers: Record<string, string> = retryAfter ? { "Retry-After": seconds } : {};
    return gatewayError(429, "APIGW.0308", this.text(), id, headers);
  }

  /** That a window begins with the first request it counts is a choice made here. */
  private inWindow(times: number[], now: number): number[] {
    const isInside = (time: number | undefined) =>
      time !== undefined && now - time < this.quota.windowMs;
    if (this.quota.sliding) return times.filter(isInside);
    return isInside(times[0]) ? times : [];
  }

  /**
   * The emulator knows one user, and is called from one address. That signing in counts for itself is a
   * choice made here: it is at a host of its own, so what calls a service can't know when its window began.
   */
  private keyOf(owner: Owner, url: string): string {
    const { policy, perService } = this.quota;
    const api = splitUrl(url).path.replace(/\/instances\/[^/]+/, "/instances/{id}");
    if (policy === "api") return `${owner} ${api}`;
    return perService || owner === "iam" ? owner : "";
  }

  /** docs/apis/shared.md, Quota: the text as it was seen. */
  private text(): string {
    const { limit, policy = "user", windowMs } = this.quota;
    const minutes = windowMs / MINUTE_MS;
    const time = Number.isInteger(minutes) ? `${minutes} minute` : `${windowMs / 1000} second`;
    return `The throttling threshold has been reached: policy ${policy} over ratelimit,limit:${limit},time:${time}`;
  }
}
