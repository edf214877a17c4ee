import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync, Stats } from "node:fs";
import { BackupsError, refusal } from "../model/errors";

const { O_CREAT, O_WRONLY } = constants;
// Windows has neither.
const [O_NOFOLLOW, O_NONBLOCK] = [constants.O_NOFOLLOW ?? 0, constants.O_NONBLOCK ?? 0];
const PATIENCE_MS = 10_000;
const NAP_MS = 5;

/**
 * Runs `act` while no other process does so; it is told whether that is sure. `file` is empty, and there
 * only meanwhile.
 */
export function alone<T>(file: string, act: (isAlone: boolean) => T): T {
  const tryLock = systemLock();
  if (!tryLock) return act(false);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    refuseForeign(file);
    const handle = openSync(file, O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o666);
    try {
      const isAlone = lockedBefore(deadline, () => tryLock(handle), file);
      // Whoever had it before has removed it: another file may have its name by now.
      if (!isStill(handle, file)) continue;
      try {
        return act(isAlone);
      } finally {
        rmSync(file, { force: true });
      }
    } finally {
      closeSync(handle);
    }
  }
}

/** Waits for the lock; false on a file system that has none. */
function lockedBefore(deadline: number, tryLock: () => boolean, file: string): boolean {
  try {
    while (!tryLock()) {
      if (performance.now() > deadline) throw busy(file);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS);
    }
    return true;
  } catch (error) {
    if (BackupsError.isBackupsError(error)) throw error;
    return false;
  }
}

/**
 * The lock of the operating system on an open file: it is gone when the process is. Undefined on a
 * system without a prebuilt addon. Where nothing locks, what was read is still compared right before it
 * is replaced.
 */
function systemLock(): ((handle: number) => boolean) | undefined {
  try {
    // Loaded here alone: a frozen run needs none.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require("fs-native-extensions") as { tryLock(handle: number): boolean }).tryLock;
  } catch {
    return undefined;
  }
}

function isStill(handle: number, path: string): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(handle);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/** Only a file of its own is ever opened, and removed, in this place. */
function refuseForeign(file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (!there || (there.isFile() && there.nlink <= 1)) return;
  throw refusal(
    "LOCK_BLOCKED",
    `${file} is ${kindOf(there)}`,
    "Writers of the lock hold a file of that name: remove what lies there.",
  );
}

/** What lies there, where it is no file that has one name. */
export function kindOf(stats: Stats): string {
  if (stats.isFile()) return "another name of some file (a hard link)";
  if (stats.isDirectory()) return "a directory (EISDIR)";
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

function busy(file: string): BackupsError {
  return refusal(
    "LOCK_BUSY",
    `another process has held ${file} for ${PATIENCE_MS / 1000} s`,
    "Run again.",
  );
}
