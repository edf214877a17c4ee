import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { BackupsError, refusal } from "../model/errors";
import { by, checkedValue, required, TEXT } from "../model/shape";
import { alone, kindOf } from "./alone";
import { ILockStore } from "./store";

const { O_RDONLY } = constants;
// Windows has none.
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;
// Two million records; what is read whole, as it was formatted by others, is half of that at most.
const MAX_BYTES = 1024 ** 3;
const PART_BYTES = 1024 ** 2;

/** Where it is, unless a program says otherwise. */
export const DEFAULT_LOCK_FILE = "backups.lock.json";

export const LOCK_PATH = {
  ...by("INVALID_LOCK", TEXT),
  allowed: 'a path from the current folder, such as "backups.lock.json"',
};

/**
 * A lock in a file that people commit.
 *
 * It is written to a new file beside it (`.cdktf-backups.<random>.tmp`), flushed to the disk and renamed:
 * whoever reads finds the old one or the new one. Who writes holds a lock of the operating system on an
 * empty file beside it (`.cdktf-backups.lock`), which no process leaves held, however it ends.
 */
export class LockFile implements ILockStore {
  /** Where it lies, however its path is written. @internal */
  public readonly _file: string;

  /**
   * @param path Where the file is or will be, from the current folder; the folder must exist.
   * @throws `INVALID_LOCK` for what is no path.
   */
  constructor(private readonly path: string) {
    checkedValue("path", path, required(LOCK_PATH), { source: "LockFile" });
    this._file = resolve(path);
  }

  /**
   * Its text; undefined where there is no such file.
   * @throws `LOCK_UNREADABLE` where there is something and it can't be read, or is no file;
   * `LOCK_TOO_LARGE` above 1 GiB.
   */
  public read(): string | undefined {
    return this._read()?.toString();
  }

  /** The same, as it lies there. @internal */
  public _read(): Buffer | undefined {
    // What says that it is empty, as files of the kernel do, may have no end.
    return this.opened((handle, { size }) => (size === 0 ? Buffer.alloc(0) : readFileSync(handle)));
  }

  /**
   * Replaces it, unless it is another one by now than `previous`: then it returns false.
   * @param text The lock as it is to be kept.
   * @param previous The lock as it was read; undefined where there was none.
   * @throws `LOCK_BUSY` where other processes hold it for 10 s, `LOCK_BLOCKED` where something else lies
   * in the place of the file that they hold, `LOCK_UNREADABLE` and `LOCK_TOO_LARGE` as `read`, and what
   * the file system refuses, as Node throws it.
   */
  public write(text: string, previous?: string): boolean {
    return this._write(
      [Buffer.from(text)],
      previous === undefined ? undefined : Buffer.from(previous),
    );
  }

  /** The same piece by piece. @internal */
  public _write(pieces: Iterable<Buffer>, previous: Buffer | undefined): boolean {
    const target = realPath(this._file);
    return alone(`${target}.cdktf-backups.lock`, (isAlone) => {
      if (!this.holds(previous)) return false;
      if (isAlone) removeLitter(target);
      // A name that nobody else has or can foresee: where nothing locks, two writers would share a fixed
      // one, and what lies under a fixed one may be a pipe, or another name of somebody's file.
      const beside = `${target}.cdktf-backups.${randomUUID()}.tmp`;
      try {
        this.fill(beside, pieces, statSync(target, { throwIfNoEntry: false }));
        // Once more: others may not have been kept out.
        if (!this.holds(previous)) return false;
        renameSync(beside, target);
      } finally {
        rmSync(beside, { force: true });
      }
      syncFolder(dirname(target));
      return true;
    });
  }

  /** As the user knows it. */
  public toString(): string {
    return this.path;
  }

  /** Whether just this lies there. */
  private holds(expected: Buffer | undefined): boolean {
    const isHeld = this.opened((handle, { size }) => {
      if (size !== expected?.length) return false;
      const part = Buffer.allocUnsafe(Math.min(size, PART_BYTES));
      for (let at = 0; at < size;) {
        const length = readSync(handle, part);
        const isSame = part.subarray(0, length).equals(expected.subarray(at, at + length));
        if (length === 0 || !isSame) return false;
        at += length;
      }
      return true;
    });
    return isHeld ?? expected === undefined;
  }

  /** Undefined where there is none. */
  private opened<T>(act: (handle: number, stats: Stats) => T): T | undefined {
    try {
      this.check(statSync(this._file));
      // Whatever lies there by now, opening it waits for nobody, as a named pipe would.
      const handle = openSync(this._file, O_RDONLY | O_NONBLOCK);
      try {
        const stats = fstatSync(handle);
        this.check(stats);
        return act(handle, stats);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      if (BackupsError.isBackupsError(error)) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      throw this.unreadable(` (${code})`);
    }
  }

  /** With the owner and the permissions of what it replaces. */
  private fill(file: string, pieces: Iterable<Buffer>, former: Stats | undefined): void {
    // Nobody who may not read the former one reads this one meanwhile.
    const handle = openSync(file, "wx", former ? 0o600 : 0o666);
    try {
      let bytes = 0;
      for (const part of inParts(pieces)) {
        this.checkSize((bytes += part.length));
        // Not `writeSync`: on a disk that is nearly full that writes a part, and says so in a number only.
        writeFileSync(handle, part);
      }
      if (former) {
        fchmodSync(handle, former.mode);
        const own = fstatSync(handle);
        if (own.uid !== former.uid || own.gid !== former.gid) {
          tolerating(["EPERM", "EINVAL", "ENOSYS"], () =>
            fchownSync(handle, former.uid, former.gid),
          );
        }
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  private check(stats: Stats): void {
    if (!stats.isFile()) throw this.unreadable(`: it is ${kindOf(stats)}`);
    this.checkSize(stats.size);
  }

  private checkSize(bytes: number): void {
    if (bytes <= MAX_BYTES) return;
    throw refusal(
      "LOCK_TOO_LARGE",
      `${this.path} has ${bytes} bytes, and a lock at most ${MAX_BYTES}`,
      "Check the path (`lockFile`); give programs that ask for this much a lock each, or ask for less (`within`).",
    );
  }

  private unreadable(why: string): BackupsError {
    return refusal(
      "LOCK_UNREADABLE",
      `${this.path} can't be read${why}`,
      "Check the path (`lockFile`) and its permissions.",
    );
  }
}

/** A call of the system for each piece would take longer than all the rest. */
function* inParts(pieces: Iterable<Buffer>): Generator<Buffer> {
  let part: Buffer[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    part.push(piece);
    bytes += piece.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(part);
    [part, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(part);
}

/** What processes that were killed have left beside the file. */
function removeLitter(target: string): void {
  const start = `${basename(target)}.cdktf-backups.`;
  for (const each of readdirSync(dirname(target), { withFileTypes: true })) {
    const isOurs = each.name.startsWith(start) && each.name.endsWith(".tmp") && each.isFile();
    if (isOurs) rmSync(join(dirname(target), each.name), { force: true });
  }
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
  // Links in a circle are an error here.
  if (statSync(file, { throwIfNoEntry: false })) return realpathSync(file);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? realPath(resolve(dirname(file), readlinkSync(file))) : file;
}
