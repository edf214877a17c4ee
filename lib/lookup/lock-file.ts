import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { BackupsEnvironmentError } from "../model/errors";
import { ILockStore } from "./lock-store";

const PATIENCE_MS = 10_000;
const NAP_MS = 5;

/**
 * A lock in a file that people commit.
 *
 * It is replaced by a rename, under a lock of the operating system on a file beside it, which no
 * process leaves behind, however it ends.
 */
export class LockFile implements ILockStore {
  private readonly file: string;

  /** @param path from the current folder */
  constructor(private readonly path: string) {
    this.file = resolve(path);
  }

  public read(): string | undefined {
    try {
      return readFileSync(this.file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new BackupsEnvironmentError({
        code: "LOCK_UNREADABLE",
        what: `${this.path} can't be read (${(error as NodeJS.ErrnoException).code})`,
        advice: "Check the path (`lockFile`) and its permissions.",
      });
    }
  }

  public write(text: string, previous?: string): boolean {
    const target = realPath(this.file);
    return alone(`${target}.lock`, () => {
      if (this.read() !== previous) return false;
      removeAbandoned(target);
      // Loaded here alone: most runs write nothing.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { sync } = require("write-file-atomic") as {
        sync(file: string, text: string): void;
      };
      sync(target, text);
      syncFolder(dirname(target));
      return true;
    });
  }

  /** As the user knows it. */
  public toString(): string {
    return this.path;
  }
}

/** Runs `act` while no other process does so for the same guard file. */
function alone<T>(guard: string, act: () => T): T {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const handle = openSync(guard, "a");
    try {
      if (!locked(handle, deadline)) throw busy(guard);
      // Whoever had it before has removed the file: another one may have its place by now.
      if (isStill(handle, guard)) {
        try {
          return act();
        } finally {
          rmSync(guard, { force: true });
        }
      }
    } finally {
      closeSync(handle);
    }
  }
}

function locked(handle: number, deadline: number): boolean {
  const tryLock = systemLock();
  while (!tryLock(handle)) {
    if (performance.now() > deadline) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS);
  }
  return true;
}

/**
 * The lock of the operating system on an open file: it is gone when the process is. Where there is
 * none (a system without a prebuilt addon, a file system without locks), what was read is still
 * compared right before it is replaced.
 */
function systemLock(): (handle: number) => boolean {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const addon = require("fs-native-extensions") as { tryLock(handle: number): boolean };
    return (handle) => {
      try {
        return addon.tryLock(handle);
      } catch {
        return true;
      }
    };
  } catch {
    return () => true;
  }
}

function isStill(handle: number, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(handle);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/** What a process left that was killed while it wrote: nobody else writes now. */
function removeAbandoned(target: string): void {
  const prefix = `${basename(target)}.`;
  for (const name of readdirSync(dirname(target))) {
    const isOurs = name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
    if (isOurs) rmSync(join(dirname(target), name), { force: true });
  }
}

/** A rename is on the disk only when its folder is. Where folders can't be opened, nobody needs to. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A link stays a link; what it leads to is replaced. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function busy(guard: string): BackupsEnvironmentError {
  return new BackupsEnvironmentError({
    code: "LOCK_BUSY",
    what: `another process has held ${guard} for ${PATIENCE_MS / 1000} s`,
    advice: "Run again.",
  });
}
