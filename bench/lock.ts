// A lock of 10,000 records: its read and write time beside a floor (the same bytes by JSON and one file,
// flushed to the disk), and what one new backup changes in it.
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockFile } from "../lib";
import { formatLock } from "../lib/lock/format";
import { parseLock } from "../lib/lock/parse";
import { entryOf, lockOf, record } from "../test/support/locks";
import { FOLDER, main, medianOf } from "./support/measure";

const INSTANCES = 10;

void main(async ({ isQuick, rounds }) => {
  const each = isQuick ? 100 : 1_000;
  const file = join(FOLDER, "backups.lock.json");
  const store = new LockFile(file);
  const recordsOf = (instance: number, count: number) =>
    Array.from({ length: count }, (_, i) => record(_, instance * each * 2 + i));
  const first = entryOf("instance-0", recordsOf(0, each));
  const others = Array.from({ length: INSTANCES - 1 }, (_, i) =>
    entryOf(`instance-${i + 1}`, recordsOf(i + 1, each)),
  );
  const before = lockOf([first, ...others]);
  const next = entryOf("instance-0", recordsOf(0, each + 1), "2026-11-22T03:00:00Z");
  const text = formatLock(before);
  store.write(text);

  const floors = {
    read: () => {
      const bytes = readFileSync(file);
      return [JSON.parse(bytes.toString("utf8")), createHash("sha256").update(bytes).digest("hex")];
    },
    write: () => {
      const temporary = join(FOLDER, "floor.tmp");
      const bytes = JSON.stringify(
        [...before.entries].map(([key, { records, ...entry }]) => [key, entry, records.all()]),
      );
      const handle = openSync(temporary, "w");
      writeFileSync(handle, bytes);
      createHash("sha256").update(bytes).digest("hex");
      fsyncSync(handle);
      closeSync(handle);
      renameSync(temporary, join(FOLDER, "floor.json"));
    },
  };
  const ours = {
    read: () => {
      const { entries } = parseLock(store._read()!, file);
      return [...entries.values()].map(({ records }) => records.all());
    },
    write: () => store.write(formatLock(before), text),
  };
  const lines = formatLock(lockOf([next, ...others])).split("\n");
  const old = new Set(text.split("\n"));
  const changed = lines.filter((line) => !old.has(line)).length;
  return (["read", "write"] as const).map((what) => {
    const pairs = Array.from({ length: rounds + 2 }, () => [
      ...[timed(ours[what]), timed(floors[what])],
    ]).slice(2);
    return {
      what: `a lock of ${each * INSTANCES} records: ${what}`,
      oursMs: medianOf(pairs.map(([time]) => time!)),
      floorMs: medianOf(pairs.map(([, time]) => time!)),
      note: `${Buffer.byteLength(text)} bytes, one new backup changes ${changed} of ${lines.length} lines`,
      wanted: {},
    };
  });
});

function timed(act: () => unknown): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}
