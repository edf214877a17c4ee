import { Backup } from "../model/backup";

// Enough that few programs ever meet it, and little beside what their records take.
const MAX_KEPT = 5_000;

/**
 * What a lookup came to. Its backups are made when they are read; where there are many they may be given up,
 * and are made again when they are read again.
 */
export class Result {
  private known?: readonly string[];

  /** @param make The backups, newest first; what can't be understood in them goes to `onWarning`. */
  constructor(
    private readonly shelf: Shelf,
    private readonly make: (onWarning: (warning: string) => void) => Backup[],
  ) {}

  /** Newest first. */
  public get backups(): Backup[] {
    return this.shelf.take(this, () => {
      const warnings: string[] = [];
      const backups = this.make((warning) => warnings.push(warning));
      this.known ??= Object.freeze(warnings);
      return backups;
    });
  }

  public get warnings(): string[] {
    if (!this.known) void this.backups;
    return this.known as string[];
  }
}

/** Keeps the backups of results, of the last 5,000 that were read: decoded, a fleet's would not fit. */
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
