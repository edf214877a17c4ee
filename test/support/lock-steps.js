// Loaded before `lock-writer.js` (`node -r`): says `waits` once it waits for another writer, and sends itself
// the signal `LOCK_SIGNAL` before the step `LOCK_STEP` of a write: a call of the file system. With
// `LOCK_WITHOUT_ADDON` there is no addon.
const fs = require("node:fs");
const Module = require("node:module");

const { LOCK_SIGNAL: signal, LOCK_STEP: step, LOCK_WITHOUT_ADDON: isWithout } = process.env;
const say = fs.writeSync.bind(undefined, 1);
const { wait } = Atomics;
const load = Module._load;

Atomics.wait = (...args) => {
  say("waits\n");
  Atomics.wait = wait;
  return wait(...args);
};

if (!isWithout) require("fs-native-extensions");
Module._load = (request, ...more) => {
  if (isWithout && request === "fs-native-extensions") throw new Error("not there");
  return load(request, ...more);
};

let left = Infinity;
for (const name of Object.keys(fs).filter((each) => each.endsWith("Sync"))) {
  const call = fs[name];
  fs[name] = (...args) => {
    if (left-- === 0) {
      say(`step ${name}\n`);
      process.kill(process.pid, signal);
    }
    return call(...args);
  };
}

const { LockFile } = require("../../build/lock/file.js");
const { _write: write } = LockFile.prototype;
LockFile.prototype._write = function (...args) {
  // The first one alone: it may have to write again.
  LockFile.prototype._write = write;
  if (signal) left = Number(step);
  try {
    return write.apply(this, args);
  } finally {
    left = Infinity;
  }
};
