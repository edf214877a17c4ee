import type { Fault, Owner } from "./types";

interface Pending {
  fault: Fault;
  skip: number;
  times: number;
}

/** Faults that wait for their request. */
export class Faults {
  private pending: Pending[] = [];

  public add(fault: Fault): void {
    this.pending.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  public clear(): void {
    this.pending = [];
  }

  /**
   * The first fault that matches and has times left, one time of which is used up. A request that a
   * fault lets pass may still meet the next; one that an earlier fault answers is not counted by
   * later ones.
   */
  public take(owner: Owner, url: string): Fault | undefined {
    for (const candidate of this.pending) {
      const { service, path } = candidate.fault;
      if (service !== undefined && service !== owner) continue;
      if (path !== undefined && !url.includes(path)) continue;
      if (candidate.times === 0) continue;
      if (candidate.skip > 0) {
        candidate.skip -= 1;
        continue;
      }
      candidate.times -= 1; // From -1 it never comes to 0.
      return candidate.fault;
    }
    return undefined;
  }
}
