/**
 * How much of a time budget is used: the union of all stretches in which somebody waited. What the
 * program computes in between does not count, and who waits beside another does not count twice.
 */
export class Stopwatch {
  private waiting = 0;
  private since = 0;
  private spent = 0;

  public get elapsed(): number {
    return this.spent + (this.waiting > 0 ? performance.now() - this.since : 0);
  }

  public start(): void {
    if (this.waiting++ === 0) this.since = performance.now();
  }

  public stop(): void {
    if (--this.waiting === 0) this.spent += performance.now() - this.since;
  }
}
