/**
 * Where a lock is kept: as one text, which is replaced as a whole. For a store of your own, such as a
 * shared bucket; a service with conditional writes (`If-Match`) has all it needs.
 *
 * Both methods are synchronous, as a synthesis is: a program that reads and writes over the network
 * does so in a process or thread of its own and waits for it.
 */
export interface ILockStore {
  /**
   * What is kept; undefined where nothing was kept yet.
   * @throws Whatever kept it from being read: lookups then fail by `LOCK_UNREADABLE`.
   */
  read(): string | undefined;

  /**
   * Replaces what was read by `text`: at once, or not at all.
   *
   * False where something else is kept by now than `previous` (undefined: nothing): then it is read and
   * merged again.
   * @param text The lock as it is to be kept.
   * @param previous The lock as it was read.
   * @throws Whatever kept it from being written: that is told, and the synthesis goes on.
   */
  write(text: string, previous?: string): boolean;
}

/**
 * A lock that is forgotten with the process: for tests, and for data that is not worth keeping. Nothing of it
 * is told on standard output.
 */
export class MemoryLock implements ILockStore {
  private text?: string;

  /** What is kept; undefined where nothing was kept yet. */
  public read(): string | undefined {
    return this.text;
  }

  /**
   * Replaces it, unless it is another one by now than `previous`: then it returns false.
   * @param text The lock as it is to be kept.
   * @param previous The lock as it was read.
   */
  public write(text: string, previous?: string): boolean {
    if (this.text !== previous) return false;
    this.text = text;
    return true;
  }
}
