import { Backup } from "../model/backup";

// Of about a kilobyte each.
const MAX_KEPT = 5_000;

/** What a lookup came to. Its backups may be given up where there are many, and are made again when they are read. */
export class Result {
  /** @param make The backups again. */
  constructor(
    private readonly shelf: Shelf,
    backups: Backup[],
    private readonly make: () => Backup[],
    public readonly warnings: string[],
  ) {
    shelf.take(this, () => backups);
  }

  /** Newest first. */
  public get backups(): Backup[] {
    return this.shelf.take(this, this.make);
  }
}

/** Keeps the backups of results, of the last 20,000 that were read: decoded, a fleet's would not fit. */
export class Shelf {
  /** The one that was read last at the end. */
  private readonly kept = new Map<Result, Backup[]>();
  private count = 0;

  public take(result: Result, make: () => Backup[]): Backup[] {
    const known = this.kept.get(result);
    const backups = known ?? make();
    if (known) this.kept.delete(result);
    else this.count += backups.length;
    this.kept.set(result, backups);
    for (const [oldest, { length }] of this.kept) {
      if (this.count <= MAX_KEPT || oldest === result) break;
      this.kept.delete(oldest);
      this.count -= length;
    }
    return backups;
  }
}
