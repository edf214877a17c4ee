import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LockFile } from "../../lib";
import { formatLock } from "../../lib/lock/format";
import { entryOf, lockOf, readWhole } from "../support/locks";

const WRITER = join(__dirname, "..", "support", "lock-writer.js");
// A socket that is left behind.
const LISTEN =
  "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
const newFolder = () => mkdtempSync(join(tmpdir(), "lock-file-"));
const labelsIn = (file: string) =>
  [...readWhole(readFileSync(file), file).entries.values()].map(({ label }) => label);

/** A process that adds answers to the lock file; `written` grows as it says so. */
function startWriter(file: string, name: string, times: number) {
  const child = spawn(process.execPath, [WRITER, file, name, String(times)]);
  const written: string[] = [];
  let rest = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    written.push(...lines);
  });
  child.stderr.on("data", (chunk) => (errors += chunk));
  const started = new Promise((resolve) => child.stdout.once("data", resolve));
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(errors)));
  return { child, written, started, ended };
}

describe("a lock file", () => {
  test("is replaced whole, through a link as well, and nothing else is left beside it", () => {
    const [folder, links] = [newFolder(), newFolder()];
    const file = join(folder, "backups.lock.json");
    symlinkSync(file, join(links, "link.json"));
    writeFileSync(file, "one");
    chmodSync(file, 0o640);
    const before = statSync(file).ino;
    expect(new LockFile(join(links, "link.json")).write("two", "one")).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(statSync(file).ino).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(links, "link.json")).isSymbolicLink()).toBe(true);
    expect([readdirSync(folder), readdirSync(links)]).toEqual([
      ["backups.lock.json"],
      ["link.json"],
    ]);
  });

  test("that can't be read is an error that says why", () => {
    const folder = newFolder();
    expect(() => new LockFile(folder).read()).toThrow(/^LOCK_UNREADABLE: .*\(EISDIR\)/);
  });

  test("leaves the files beside it alone", () => {
    const folder = newFolder();
    const file = join(folder, "backups.lock.json");
    for (const end of ["bak", "1", "20261121", "lock", "tmp"])
      writeFileSync(`${file}.${end}`, "mine");
    new LockFile(file).write("one");
    expect(readdirSync(folder)).toHaveLength(6);
  });

  test("is made where a link leads that leads nowhere yet", () => {
    const [folder, links] = [newFolder(), newFolder()];
    symlinkSync(join(folder, "backups.lock.json"), join(links, "link.json"));
    symlinkSync("link.json", join(links, "again.json"));
    expect(new LockFile(join(links, "again.json")).write("one")).toBe(true);
    expect(readFileSync(join(folder, "backups.lock.json"), "utf8")).toBe("one");
    expect(lstatSync(join(links, "again.json")).isSymbolicLink()).toBe(true);
  });

  const FOREIGN: [string, (path: string, important: string) => void][] = [
    ["named pipe", (path) => spawnSync("mkfifo", [path])],
    ["hard link", (path, important) => linkSync(important, path)],
    ["symbolic link", (path, important) => symlinkSync(important, path)],
    ["symbolic link", (path) => symlinkSync("/dev/zero", path)],
    ["directory", (path) => mkdirSync(path)],
    ["socket", (path) => spawnSync(process.execPath, ["-e", LISTEN, path])],
  ];

  test.each(FOREIGN)("is not written through a %s where its writers hold a file", (kind, put) => {
    const folder = newFolder();
    const [file, important] = [join(folder, "backups.lock.json"), join(folder, "important.txt")];
    writeFileSync(file, "one");
    writeFileSync(important, "mine");
    put(`${file}.cdktf-backups.lock`, important);
    expect(() => new LockFile(file).write("two", "one")).toThrow(
      new RegExp(`^LOCK_BLOCKED: .*\\.cdktf-backups\\.lock is .*${kind}.*remove what lies there`),
    );
    expect([file, important].map((each) => readFileSync(each, "utf8"))).toEqual(["one", "mine"]);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test.each(FOREIGN)(
    "leaves a %s alone that lies where a killed writer has left its text",
    (_, put) => {
      const folder = newFolder();
      const [file, important] = [join(folder, "backups.lock.json"), join(folder, "important.txt")];
      writeFileSync(important, "mine");
      put(`${file}.cdktf-backups.tmp`, important);
      expect(new LockFile(file).write("one")).toBe(true);
      expect(readFileSync(file, "utf8")).toBe("one");
      expect(readFileSync(important, "utf8")).toBe("mine");
    },
  );

  test.each([
    ["a named pipe", (path: string) => spawnSync("mkfifo", [path])],
    ["a device", (path: string) => symlinkSync("/dev/zero", path)],
    ["a socket", (path: string) => spawnSync(process.execPath, ["-e", LISTEN, path])],
  ])("that is %s is an error that says so, read or written", (kind, put) => {
    const file = join(newFolder(), "backups.lock.json");
    put(file);
    const problem = new RegExp(
      `^LOCK_UNREADABLE: .* can't be read: it is ${kind}\\. Check the path`,
    );
    expect(() => new LockFile(file).read()).toThrow(problem);
    expect(() => new LockFile(file).write("one")).toThrow(problem);
    expect(readdirSync(join(file, ".."))).toEqual(["backups.lock.json"]);
  });

  test("that is empty to the kernel, and has no end, is empty", () => {
    const file = join(newFolder(), "backups.lock.json");
    symlinkSync("/proc/self/pagemap", file);
    expect(new LockFile(file).read()).toBe("");
  });

  test("behind links in a circle is an error, read or written", () => {
    const folder = newFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    expect(() => new LockFile(join(folder, "a")).read()).toThrow(/^LOCK_UNREADABLE: .*\(ELOOP\)/);
    expect(() => new LockFile(join(folder, "a")).write("one")).toThrow(/^ELOOP/);
  });

  test("of more than 1 GiB is neither read nor written", () => {
    const file = join(newFolder(), "backups.lock.json");
    writeFileSync(file, "");
    truncateSync(file, 1024 ** 3 + 1);
    const problem = /^LOCK_TOO_LARGE: .* has 1073741825 bytes, and a lock at most 1073741824\. /;
    expect(() => new LockFile(file).read()).toThrow(problem);
    const pieces = [Buffer.alloc(1), Buffer.alloc(1024 ** 3)];
    expect(() => new LockFile(`${file}.new`)._write(pieces, undefined)).toThrow(problem);
    expect(readdirSync(dirname(file))).toEqual(["backups.lock.json"]);
  });

  test("that others may not read is never open to them while it is written", () => {
    const file = join(newFolder(), "backups.lock.json");
    writeFileSync(file, "one", { mode: 0o600 });
    const fs: typeof import("node:fs") = jest.requireActual("node:fs");
    const { fchmodSync } = fs;
    const modes: number[] = [];
    const spy = jest.spyOn(fs, "fchmodSync").mockImplementation((handle, mode) => {
      modes.push(fs.fstatSync(handle).mode & 0o777);
      fchmodSync(handle, mode);
    });
    new LockFile(file).write("two", "one");
    spy.mockRestore();
    expect(modes).toEqual([0o600]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is the old one where the new one does not fit on the disk", () => {
    const file = join(newFolder(), "backups.lock.json");
    const text = formatLock(lockOf([entryOf("orders", 400)]));
    writeFileSync(file, text);
    // No file of this process may be larger: the system then writes a part.
    const blocks = Math.floor(Buffer.byteLength(text) / 1_024) - 20;
    const limited = `ulimit -f ${blocks}; trap "" XFSZ; exec "$0" "$@"`;
    const { stderr } = spawnSync(
      "bash",
      ["-c", limited, process.execPath, WRITER, file, "w", "1"],
      {
        encoding: "utf8",
      },
    );
    expect(stderr).toContain("EFBIG");
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(readdirSync(join(file, ".."))).toEqual(["backups.lock.json"]);
  });

  test("keeps the answers of eight processes that write at once", async () => {
    const file = join(newFolder(), "backups.lock.json");
    const writers = Array.from({ length: 8 }, (_, i) => startWriter(file, `w${i}`, 12));
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(Array(8).fill(""));
    const expected = writers.flatMap((_, i) => Array.from({ length: 12 }, (__, n) => `w${i} ${n}`));
    expect(labelsIn(file).sort()).toEqual(expected.sort());
    expect(readdirSync(join(file, ".."))).toEqual(["backups.lock.json"]);
  });

  test("is the old one or the new one whenever a process is killed, 200 times, and the next one goes on", async () => {
    const folder = newFolder();
    const file = join(folder, "backups.lock.json");
    // Large enough that its writing takes a while.
    writeFileSync(file, formatLock(lockOf([entryOf("orders", 2_000)])));
    let kept: string[] = [];
    const kills = { between: 0, during: 0 };
    for (let round = 0; round < 200; round++) {
      const writer = startWriter(file, `r${round % 20}-`, 1_000);
      await writer.started;
      await new Promise((resolve) => setTimeout(resolve, (round * 7) % 41));
      writer.child.kill("SIGKILL");
      expect(await writer.ended).toBe("");
      const left = readdirSync(folder).filter((name) => name !== "backups.lock.json");
      kills[left.length > 0 ? "during" : "between"]++;
      const labels = new Set(labelsIn(file));
      // What it said is written is there, and so is all that was before.
      for (const label of [...kept, ...writer.written]) expect(labels).toContain(label);
      kept = [...labels];
    }
    // Otherwise no kill came while the file was written.
    expect(kills.during).toBeGreaterThan(0);
    expect(kills.between).toBeGreaterThan(0);
    const last = startWriter(file, "last", 1);
    expect(await last.ended).toBe("");
    expect(readdirSync(folder)).toEqual(["backups.lock.json"]);
  }, 240_000);
});

describe("a folder that can't be written", () => {
  test("leaves the lock file as it is, and is an error of the system", () => {
    const file = join(newFolder(), "not", "there", "backups.lock.json");
    expect(() => new LockFile(file).write("one")).toThrow(/ENOENT/);
    expect(existsSync(file)).toBe(false);
  });
});
