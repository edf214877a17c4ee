import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ILockStore, LockFile, MemoryLock } from "../../lib";

/** What a user may hand in: a bucket whose objects have tags, written on condition. */
class Bucket implements ILockStore {
  private object?: { tag: number; text: string };
  private tags = 0;
  private seen?: { tag: number; text: string };

  public read(): string | undefined {
    this.seen = this.object;
    return this.seen?.text;
  }

  public write(text: string, previous?: string): boolean {
    const isSeen = this.seen?.text === previous && this.object?.tag === this.seen?.tag;
    if (!isSeen) return false;
    this.object = { tag: ++this.tags, text };
    return true;
  }
}

const STORES: [string, () => ILockStore][] = [
  ["a file", () => new LockFile(join(mkdtempSync(join(tmpdir(), "lock-store-")), "a.lock.json"))],
  ["memory", () => new MemoryLock()],
  ["a store of the user's own", () => new Bucket()],
];

describe.each(STORES)("a lock in %s", (_name, create) => {
  test("is nothing before it is written", () => {
    expect(create().read()).toBeUndefined();
  });

  test("is what was written last, whatever it is", () => {
    const store = create();
    let previous = store.read();
    for (const text of ["one", "", "three\r\n\u2028 ñ 漢 🙂\n"]) {
      expect(store.write(text, previous)).toBe(true);
      expect((previous = store.read())).toBe(text);
    }
  });

  test("is not replaced by who has not read what is there", () => {
    const store = create();
    store.read();
    expect(store.write("one")).toBe(true);
    store.read();
    expect(store.write("two")).toBe(false);
    expect(store.write("two", "another one")).toBe(false);
    expect(store.read()).toBe("one");
    expect(store.write("two", "one")).toBe(true);
    expect(store.read()).toBe("two");
  });

  test("is not begun twice", () => {
    const store = create();
    store.read();
    expect(store.write("one", "what was there")).toBe(false);
    expect(store.read()).toBeUndefined();
  });
});
