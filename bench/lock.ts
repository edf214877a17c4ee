// A lock of 10,000 records: its size, its read and write time beside a floor (the same bytes by JSON and
// one file, flushed to the disk), and what one new backup changes in it.
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LockFile } from "../lib";
import { formatLock } from "../lib/lock/format";
import { parseLock } from "../lib/lock/parse";
import { entryOf, lockOf, record } from "../test/support/locks";

const ROUNDS = 15;
const INSTANCES = 10;
const RECORDS = 10_000;

const folder = mkdtempSync(join(tmpdir(), "bench-lock-"));
const file = join(folder, "backups.lock.json");
const store = new LockFile(file);
const each = RECORDS / INSTANCES;
const recordsOf = (instance: number, count: number) =>
  Array.from({ length: count }, (_, i) => record(_, instance * each * 2 + i));
const first = entryOf("instance-0", recordsOf(0, each));
const others = Array.from({ length: INSTANCES - 1 }, (_, i) =>
  entryOf(`instance-${i + 1}`, recordsOf(i + 1, each)),
);

const before = lockOf([first, ...others]);
const next = entryOf("instance-0", recordsOf(0, each + 1), "2026-11-22T03:00:00Z");
const after = lockOf([next, ...others]);
const text = formatLock(before);
store.write(text);

function read(): unknown {
  return parseLock(store.read()!, file);
}

function readFloor(): unknown {
  const bytes = readFileSync(file);
  return [JSON.parse(bytes.toString("utf8")), createHash("sha256").update(bytes).digest("hex")];
}

function write(): void {
  store.write(formatLock(before), text);
}

function writeFloor(): void {
  const temporary = join(folder, "floor.tmp");
  const bytes = JSON.stringify([...before.entries]);
  const handle = openSync(temporary, "w");
  writeFileSync(handle, bytes);
  createHash("sha256").update(bytes).digest("hex");
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, join(folder, "floor.json"));
}

function timed(act: () => unknown): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Both by turns, so that what else the machine does befalls both. */
function compare(what: string, act: () => unknown, floor: () => unknown): void {
  for (const warm of [act, floor, act, floor]) warm();
  const pairs = Array.from({ length: ROUNDS }, () => [timed(act), timed(floor)] as const);
  const [ours, theirs] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
  console.log(
    `${what}: ${ours.toFixed(1)} ms, floor ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(2)}`,
  );
}

const old = new Set(text.split("\n"));
const lines = formatLock(after).split("\n");
console.log(
  `size: ${RECORDS} records of ${INSTANCES} lookups are ${Buffer.byteLength(text)} bytes in ${text.split("\n").length} lines`,
);
compare("read", read, readFloor);
compare("write", write, writeFloor);
console.log(
  `one new backup: ${lines.filter((line) => !old.has(line)).length} lines differ of ${lines.length}`,
);
