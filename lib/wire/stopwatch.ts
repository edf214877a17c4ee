/**
 * How much of a time budget is used: the union of all stretches in which somebody waited. What the
 * program computes in between does not count, and who waits beside another does not count twice.
 */
export class Stopwatch {
  private waiting = 0;
  private since = 0;
  private spent = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  public get elapsed(): number {
    return this.spent + (this.isRunning ? this.now() - this.since : 0);
  }

  public get isRunning(): boolean {
    return this.waiting > 0;
  }

  public start(): void {
    if (this.waiting++ === 0) this.since = this.now();
  }

  public stop(): void {
    if (--this.waiting === 0) this.spent += this.now() - this.since;
  }
}
