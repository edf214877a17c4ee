import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { BackupsError, refusal } from "../model/errors";
import { ILockStore } from "./store";

const { O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
const PATIENCE_MS = 10_000;
const NAP_MS = 5;

/**
 * A lock in a file that people commit.
 *
 * It is written to a file beside it (`.cdktf-backups.tmp`), flushed to the disk and renamed: whoever reads finds the
 * old one or the new one. Who writes holds a lock of the operating system on the file beside it, which
 * no process leaves behind, however it ends.
 */
export class LockFile implements ILockStore {
  /** Where it lies, however its path is written. @internal */
  public readonly _file: string;

  /** @param path Where the file is or will be, from the current folder; the folder must exist. */
  constructor(private readonly path: string) {
    this._file = resolve(path);
  }

  /**
   * Its text; undefined where there is no such file.
   * @throws `LOCK_UNREADABLE` where there is one and it can't be read.
   */
  public read(): string | undefined {
    try {
      return readFileSync(this._file, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      throw refusal(
        "LOCK_UNREADABLE",
        `${this.path} can't be read (${code})`,
        "Check the path (`lockFile`) and its permissions.",
      );
    }
  }

  /**
   * Replaces it, unless it is another one by now than `previous`: then it returns false.
   * @param text The lock as it is to be kept.
   * @param previous The lock as it was read; undefined where there was none.
   * @throws `LOCK_BUSY` where other processes hold it for 10 s, `LOCK_UNREADABLE` as `read`, and what
   * the file system refuses, as Node throws it.
   */
  public write(text: string, previous?: string): boolean {
    const target = realPath(this._file);
    const beside = `${target}.cdktf-backups.tmp`;
    return alone(beside, (handle) => {
      let isRenamed = false;
      try {
        if (this.read() !== previous) return false;
        fill(handle, text, statSync(target, { throwIfNoEntry: false }));
        renameSync(beside, target);
        isRenamed = true;
      } finally {
        // What has its name after the rename is the next writer's.
        if (!isRenamed) rmSync(beside, { force: true });
      }
      syncFolder(dirname(target));
      return true;
    });
  }

  /** As the user knows it. */
  public toString(): string {
    return this.path;
  }
}

/** With the owner and the permissions of what it replaces. */
function fill(handle: number, text: string, former: Stats | undefined): void {
  // A process that was killed may have left something in it.
  ftruncateSync(handle);
  // Not `writeSync`: on a disk that is nearly full that writes a part, and says so in a number only.
  writeFileSync(handle, text);
  if (former) {
    fchmodSync(handle, former.mode);
    const own = fstatSync(handle);
    if (own.uid !== former.uid || own.gid !== former.gid) {
      tolerating(["EPERM", "EINVAL", "ENOSYS"], () => fchownSync(handle, former.uid, former.gid));
    }
  }
  fsyncSync(handle);
}

/** Opens the file, and runs `act` while no other process does so. */
function alone<T>(file: string, act: (handle: number) => T): T {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    // Not through a link: it would lead to a file of somebody else.
    const handle = openSync(file, O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0), 0o666);
    try {
      if (!lockedBefore(deadline, handle)) throw busy(file);
      // Whoever had it before has renamed or removed it: another file may have its name by now.
      if (isStill(handle, file)) return act(handle);
    } finally {
      closeSync(handle);
    }
  }
}

function lockedBefore(deadline: number, handle: number): boolean {
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
    // Loaded here alone: a frozen run needs none.
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
  const there = lstatSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(handle);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/** A rename is on the disk only when its folder is. Where folders can't be opened, nobody needs to. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    tolerating(["EINVAL", "ENOTSUP"], () => fsyncSync(handle));
  } finally {
    closeSync(handle);
  }
}

function tolerating(codes: string[], act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** A link stays a link; what it leads to is replaced, or made. */
function realPath(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? realPath(resolve(dirname(file), readlinkSync(file))) : file;
}

function busy(file: string): BackupsError {
  return refusal(
    "LOCK_BUSY",
    `another process has held ${file} for ${PATIENCE_MS / 1000} s`,
    "Run again.",
  );
}
