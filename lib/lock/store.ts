/**
 * Where a lock is kept: as one text, which is replaced as a whole. For a store of your own, such as a
 * shared bucket; a service with conditional writes (`If-Match`) has all it needs.
 *
 * Both methods are synchronous, as a synthesis is: a program that reads and writes over the network
 * does so in a process or thread of its own and waits for it.
 */
export interface ILockStore {
  /** What is kept; undefined where nothing was kept yet. */
  read(): string | undefined;

  /**
   * Replaces what was read by `text`: at once, or not at all.
   *
   * False where something else is kept by now than `previous` (undefined: nothing): then it is read and
   * merged again.
   */
  write(text: string, previous?: string): boolean;
}

/** A lock that is forgotten with the process: for tests, and for data that is not worth keeping. */
export class MemoryLock implements ILockStore {
  private text?: string;

  public read(): string | undefined {
    return this.text;
  }

  public write(text: string, previous?: string): boolean {
    if (this.text !== previous) return false;
    this.text = text;
    return true;
  }
}
